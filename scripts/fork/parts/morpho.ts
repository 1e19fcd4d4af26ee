// Morpho Blue 1.0.0 from its own sources. Its licence (BUSL-1.1) allows tests; nothing of it is here.
import { compile, contractOf } from "../compile.ts";
import type { Compilation } from "../compile.ts";
import type { Foreign, ForeignChain } from "../foreign.ts";

const PACKAGE = "@morpho-org/morpho-blue/src";
const SOURCES = {
  name: "morpho-blue",
  files: [`${PACKAGE}/Morpho.sol`, `${PACKAGE}/mocks/OracleMock.sol`],
  compiler: "solc-0.8.19",
  settings: { viaIR: true, optimizer: { enabled: true, runs: 999_999 }, evmVersion: "paris" },
};

export const compileMorpho = (onCompile: (name: string) => void): Compilation => compile(SOURCES, onCompile);

/** Markets are created by whoever wants one: the suites do. */
export function deployMorpho(chain: ForeignChain, compilation: Compilation): Promise<Foreign> {
  return chain.deploy(contractOf(compilation, "Morpho"), [chain.deployer]);
}

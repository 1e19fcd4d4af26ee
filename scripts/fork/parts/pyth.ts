// Pyth as far as npm has it: the SDK's MockPyth keeps prices, asks for the fee and refuses what is old as the real one does, but checks no
// signatures of guardians. The real contract is not on npm.
import { AbiCoder } from "ethers";

import { compile, contractOf } from "../compile.ts";
import type { Compilation } from "../compile.ts";
import type { Foreign, ForeignChain } from "../foreign.ts";

const SOURCES = {
  name: "pyth-mock",
  files: ["@pythnetwork/pyth-sdk-solidity/MockPyth.sol"],
  compiler: "solc",
  settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
};
/** Seconds for which `getPrice` answers. */
const VALID_TIME = 3_600;
/** Wei for an update. */
const FEE = 1n;
/** Pyth's name of ETH/USD, the same on every chain. */
export const ETH_USD = "0xff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace";
/** Identifier; price, confidence, exponent and time; the same of the moving average; time of the update before. */
const PRICE = ["int64", "uint64", "int32", "uint256"];
const UPDATE = ["bytes32", ...PRICE, ...PRICE, "uint64"];

/** A price as Pyth states it: price and confidence times 10^exponent. */
export interface PythPrice {
  readonly id: string;
  readonly price: bigint;
  readonly confidence: bigint;
  readonly exponent: number;
  readonly publishTime: bigint;
}

export const compilePyth = (onCompile: (name: string) => void): Compilation => compile(SOURCES, onCompile);

export function deployPyth(chain: ForeignChain, compilation: Compilation): Promise<Foreign> {
  return chain.deploy(contractOf(compilation, "MockPyth"), [VALID_TIME, FEE]);
}

/** What MockPyth takes for an update: the feed encoded, where the real one takes guardians' messages. */
export function pythUpdate({ id, price, confidence, exponent, publishTime }: PythPrice): string {
  const now = [price, confidence, exponent, publishTime];
  return AbiCoder.defaultAbiCoder().encode(UPDATE, [id, ...now, ...now, publishTime - 1n]);
}

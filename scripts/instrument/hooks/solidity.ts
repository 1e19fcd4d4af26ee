import { readFileSync } from "node:fs";
import type { HookContext, SolidityHooks } from "hardhat/types/hooks";
import type { CompilerInput } from "hardhat/types/solidity";

import { CHANGES, variable } from "../environment.ts";
import { fileOf } from "../sources.ts";
import { SWITCH_FILE, SWITCH_SOURCE } from "../switch.ts";
import type { Sources } from "../tree.ts";

export default (): Promise<Partial<SolidityHooks>> => {
  // Read once: Hardhat asks for every file that it may have to compile.
  const changes = JSON.parse(readFileSync(variable(CHANGES), "utf8")) as Sources;
  return Promise.resolve({
    preprocessSolcInputBeforeBuilding: (context, input, next) => next(context, withChanges(input, changes)),
  } satisfies { preprocessSolcInputBeforeBuilding: Preprocess });
};

type Preprocess = (
  context: HookContext,
  input: CompilerInput,
  next: (context: HookContext, input: CompilerInput) => Promise<CompilerInput>,
) => Promise<CompilerInput>;

/** What runs of tests read. Trees and source maps of everything do not fit into the compiler's memory beside the instruments. */
const OUTPUT = {
  "*": {
    "*": [
      "abi",
      "evm.bytecode.object",
      "evm.bytecode.linkReferences",
      "evm.deployedBytecode.object",
      "evm.deployedBytecode.linkReferences",
      "evm.deployedBytecode.immutableReferences",
    ],
  },
};

function withChanges(input: CompilerInput, changes: Sources): CompilerInput {
  const sources: CompilerInput["sources"] = { ...input.sources, [SWITCH_FILE]: { content: SWITCH_SOURCE } };
  for (const name of Object.keys(input.sources)) {
    const changed = changes[fileOf(name)];
    if (changed !== undefined) sources[name] = changed;
  }
  return { ...input, sources, settings: { ...input.settings, outputSelection: OUTPUT } };
}

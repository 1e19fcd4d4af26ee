// Almost half of what the compiler writes is the code once more as a list of names: 140 MB with the tests, which the simulator wants to
// find and does not use, and which every process with a chain would read.
import type { SolidityHooks } from "hardhat/types/hooks";
import type { CompilerInput, CompilerOutput } from "hardhat/types/solidity";

/** The code as names of its instructions. */
const NAMES = ".opcodes";

type Handlers = Required<Pick<SolidityHooks, "preprocessSolcInputBeforeBuilding" | "invokeSolc">>;

export default (): Promise<Partial<SolidityHooks>> =>
  Promise.resolve({
    preprocessSolcInputBeforeBuilding: async (context, input, next) => withoutNames(await next(context, input)),
    invokeSolc: async (context, compiler, input, settings, next) =>
      withEmptyNames(await next(context, compiler, input, settings)),
  } satisfies Handlers);

function withoutNames(input: CompilerInput): CompilerInput {
  const outputSelection = { ...input.settings.outputSelection };
  for (const [file, contracts] of Object.entries(outputSelection)) {
    const kept = Object.entries(contracts).map(([name, outputs]) => [
      name,
      outputs.filter((each) => !each.endsWith(NAMES)),
    ]);
    outputSelection[file] = Object.fromEntries(kept) as typeof contracts;
  }
  return { ...input, settings: { ...input.settings, outputSelection } };
}

/** The simulator reads no output in which they are missing. */
function withEmptyNames(output: CompilerOutput): CompilerOutput {
  for (const file of Object.values(output.contracts ?? {})) {
    for (const { evm } of Object.values(file)) {
      for (const code of [evm?.bytecode, evm?.deployedBytecode]) if (code !== undefined) code.opcodes = "";
    }
  }
  return output;
}

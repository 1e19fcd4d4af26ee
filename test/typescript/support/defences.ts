import { createHash } from "node:crypto";

import hre from "hardhat";

import type { Deployment } from "./deployment.ts";
import { compileCopies, deploymentsOf, replaceOnce, sourcesFrom, withChildrenOf } from "./mutants.ts";
import type { Sources } from "./mutants.ts";

/*
 * Several defences, one compilation. In the copy each defence stands beside its weakened form, and the last word of a contract's code says which
 * one is out; without that word none is. So compiling for ten attacks takes as long as for one, and still each attack meets a copy in which
 * nothing but its own defence is missing.
 */

/** A defence and what it becomes. */
export interface Defence {
  /** Contracts whose code is exchanged: all that the attack goes through and that hold the defence. */
  readonly contracts: readonly string[];
  /**
   * The file, what stands there, white space apart, exactly once, and the weakened form. Statements end in `;` or `}` and declare nothing that
   * is used after them; anything else is an expression.
   */
  readonly edits: readonly (readonly [file: string, defence: string, weakened: string])[];
}

/** Where an attack is played: only what the exchange of code needs. */
type Chain = Pick<Deployment, "provider" | "ethers" | "administrator">;

/** In front of a defence's number in the last word of the code. */
const MARK = BigInt(`0x${createHash("sha256").update("which defence is out").digest("hex").slice(0, 56)}00000000`);

/** Added to every file in which something is weakened; nothing but the running contract's own code is read. */
const SWITCH = `
function _isOut(uint256 which) pure returns (bool isOut) {
    assembly ("memory-safe") {
        codecopy(0x00, sub(codesize(), 0x20), 0x20)
        isOut := eq(mload(0x00), add(${MARK}, which))
    }
}
`;

/** Copies of contracts that carry these defences, each of which can be taken out alone. */
export function withDefences<Name extends string>(defences: Readonly<Record<Name, Defence>>) {
  const names = Object.keys(defences) as Name[];
  const contracts = [...new Set(names.flatMap((name) => defences[name].contracts))];
  let compiled: Promise<ReadonlyMap<string, string>> | undefined;
  const creationCodes = () => (compiled ??= compileAll(Object.values<Defence>(defences), contracts));

  /** Code of a contract as it is once deployed with these arguments, one defence out. */
  const codeWithout = async (chain: Chain, name: Name, contract: string, constructorArguments = "", at?: string) => {
    const creation = (await creationCodes()).get(contract) ?? "";
    const receipt = await (
      await chain.administrator.sendTransaction({ data: creation + constructorArguments.replace(/^0x/, "") })
    ).wait();
    const copy = receipt?.contractAddress ?? "";
    const code = await chain.ethers.provider.getCode(copy);
    if (code === "0x") throw new Error(`the copy of ${contract} was not deployed`);
    const word = (MARK + BigInt(names.indexOf(name) + 1)).toString(16).padStart(64, "0");
    return (at === undefined ? code : withChildrenOf(code, copy, at)) + word;
  };

  return {
    codeWithout,
    /** Exchanges the code of all deployed contracts that hold the defence. Storage and addresses stay. */
    async takeOut(chain: Chain, name: Name): Promise<void> {
      for (const contract of defences[name].contracts) {
        const { bytecode } = await hre.artifacts.readArtifact(contract);
        const deployments = await deploymentsOf(chain, bytecode);
        if (deployments.length === 0) throw new Error(`${contract} is not deployed`);
        for (const { address, constructorArguments } of deployments) {
          const code = await codeWithout(chain, name, contract, constructorArguments, address);
          await chain.provider.request({ method: "hardhat_setCode", params: [address, code] });
        }
      }
    },
  };
}

/** The source with each defence beside its weakened form. */
export function besideEachOther(source: string, file: string, edits: readonly NumberedEdit[]): string {
  const text = edits.reduce(
    (before, { defence, weakened, number }) =>
      replaceOnce(
        before,
        file,
        defence,
        /[;}]\s*$/.test(defence)
          ? `if (_isOut(${number})) { ${weakened} } else { ${defence} }`
          : `(_isOut(${number}) ? ${weakened} : ${defence})`,
      ),
    source,
  );
  return text + SWITCH;
}

/** An edit, and what is in the code's last word when it is in force. */
export interface NumberedEdit {
  readonly defence: string;
  readonly weakened: string;
  readonly number: number;
}

async function compileAll(
  defences: readonly Defence[],
  contracts: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const contract of contracts) {
    files.set(contract, (await hre.artifacts.readArtifact(contract)).sourceName);
  }
  const sources = [...files.values()].reduce((found, file) => sourcesFrom(file, found), {} as Sources);
  for (const file of new Set(defences.flatMap(({ edits }) => edits.map(([place]) => place)))) {
    const original = sources[file];
    if (original === undefined) throw new Error(`${contracts.join(", ")} do not use ${file}`);
    const edits = defences.flatMap((each, index) =>
      each.edits
        .filter(([place]) => place === file)
        .map(([, defence, weakened]) => ({ defence, weakened, number: index + 1 })),
    );
    sources[file] = { content: besideEachOther(original.content, file, edits) };
  }
  return compileCopies(sources, files);
}

// What a contract was given when it was created and keeps in its code (GOV-02). The comparison with the build leaves these places out, because
// only a constructor knows what it writes there: so each constructor is run again by the node, without a transaction, with what the journal
// says that it was given, and the code that it answers is compared in those places.
import { getAddress, Interface } from "ethers";
import type { InterfaceAbi, Provider } from "ethers";

import type { Compare } from "./check.ts";
import type { Recorded } from "./manifest.ts";

/** Two who create nothing: what differs between them depends on the address, as a domain separator does. */
const CREATORS = [1, 2].map((digit) => getAddress(`0x${String(digit).repeat(40)}`));
/** Seconds by which the time of a call may differ from that of the last block. */
const CLOCK = 86_400n;

/** Compares all contracts of a deployment. */
export async function checkConstructed(
  runner: Provider,
  recorded: readonly Recorded[],
  compare: Compare,
): Promise<void> {
  const now = BigInt((await runner.getBlock("latest"))?.timestamp ?? 0);
  for (const one of recorded) {
    const places = Object.values(one.artifact.immutableReferences ?? {});
    if (places.length === 0) continue;
    const [first, second] = await Promise.all(CREATORS.map((creator) => createdBy(runner, one, creator)));
    if (first === undefined || second === undefined) {
      compare(`${one.name}: its constructor, run again`, "code", "a revert");
      continue;
    }
    const code = await runner.getCode(one.address);
    const expected: string[] = [];
    const found: string[] = [];
    for (const [place] of places) {
      if (place === undefined) continue;
      const [value, other, actual] = [first, second, code].map((text) => valueAt(text, place));
      const isTime = isNear(value!, now) && actual!.length === value!.length && BigInt(actual!) < BigInt(value!);
      if (value !== other || isTime) continue;
      expected.push(value!);
      found.push(actual!);
    }
    compare(`${one.name}: what its constructor was given`, expected.join(","), found.join(","));
  }
}

/** Code that a creation would leave; undefined when the constructor refuses. */
async function createdBy(runner: Provider, { artifact, constructed }: Recorded, from: string) {
  const data = artifact.bytecode + new Interface(artifact.abi as InterfaceAbi).encodeDeploy(constructed).slice(2);
  return runner.call({ from, data }).catch(() => undefined);
}

const valueAt = (code: string, { start, length }: { start: number; length: number }): string =>
  `0x${code.slice(2 + 2 * start, 2 + 2 * (start + length))}`;

/** A constructor that keeps its time keeps another one now. */
function isNear(value: string, now: bigint): boolean {
  const difference = BigInt(value) - now;
  return difference < CLOCK && -difference < CLOCK;
}

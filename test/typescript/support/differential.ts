import { expect } from "chai";
import type { BaseContract, ParamType } from "ethers";
import { BulwarkError } from "../../../sdk/errors.ts";
import { Random, seedOfRun } from "./random.ts";

/** A value as the ABI carries it: structs and several return values are lists. */
export type AbiValue = bigint | boolean | readonly AbiValue[];

/** One function of a library and its twin. */
export interface TwinCase<Arguments extends readonly AbiValue[] = readonly AbiValue[]> {
  readonly name: string;
  /** Arguments in the order of the ABI. */
  readonly draw: (random: Random) => Arguments;
  /** What the twin returns, as the ABI carries it. */
  readonly twin: (...values: Arguments) => AbiValue;
  /** Least share of draws that must succeed, so that a test of failures only is seen (default 0.5). */
  readonly leastSuccess?: number;
}

/** Keeps the types of one case's arguments together. */
export function twinCase<const Arguments extends readonly AbiValue[]>(options: TwinCase<Arguments>): TwinCase {
  return options as unknown as TwinCase;
}

const CASES_PER_LIBRARY = Number(process.env["BULWARK_CASES"] ?? 10_000);
const CASES_PER_CALL = 500;

/** One test per function: chain and twin agree on every result, and one fails exactly when the other does. */
export function itAgreesWithItsTwin(deploy: () => Promise<BaseContract>, cases: readonly TwinCase[]): void {
  const seed = seedOfRun();
  const count = Math.ceil(CASES_PER_LIBRARY / cases.length);
  let harness: BaseContract;

  before(async () => {
    harness = await deploy();
  });

  for (const { name, draw, twin, leastSuccess = 0.5 } of cases) {
    it(`${name}: ${count} draws, seed ${seed}`, async () => {
      const random = new Random(seed).for(name);
      let successes = 0;
      for (let done = 0; done < count; done += CASES_PER_CALL) {
        const draws = Array.from({ length: Math.min(CASES_PER_CALL, count - done) }, () => draw(random));
        const answers = await ask(harness, name, draws);
        draws.forEach((values, i) => {
          const expected = outcomeOf(() => twin(...values));
          const found = answers[i];
          if (found !== undefined) successes++;
          if (!agree(found, expected)) {
            expect.fail(`${name}(${show(values)}), seed ${seed}: chain ${show(found)}, twin ${show(expected)}`);
          }
        });
      }
      expect(successes / count, "share of draws that succeed").to.be.at.least(leastSuccess);
    });
  }
}

/*
 * All functions of the harnesses take and return values of fixed size, one word each, so their data is a row of words.
 * Writing it here instead of with ethers' coder makes the tests several times as fast.
 */

/** Results of the chain as rows of words; undefined where it reverted. */
async function ask(
  harness: BaseContract,
  name: string,
  draws: readonly (readonly AbiValue[])[],
): Promise<(readonly bigint[] | undefined)[]> {
  const fragment = harness.interface.getFunction(name);
  if (fragment === null || !fragment.inputs.concat(fragment.outputs).every(hasFixedSize)) {
    throw new Error(`${name} is no function of the harness, or has arguments or results of variable size`);
  }
  const types = leavesOf(fragment.outputs);
  const calls = draws.map((values) => fragment.selector.slice(2) + wordsOf(values).map(toHex).join(""));
  const callSize = (calls[0]?.length ?? 0) / 2;
  const records = String(
    await harness.getFunction("batch").staticCall(`0x${calls.join("")}`, callSize, 32 * types.length),
  );

  const recordDigits = 64 * (1 + types.length);
  return draws.map((_, i) => {
    const record = records.slice(2 + i * recordDigits, 2 + (i + 1) * recordDigits);
    const [succeeded, ...words] = (record.match(/.{64}/g) ?? []).map((digits) => BigInt(`0x${digits}`));
    if (succeeded !== 1n) return undefined;
    return words.map((word, k) => (types[k]?.startsWith("int") ? BigInt.asIntN(256, word) : word));
  });
}

function hasFixedSize(type: ParamType): boolean {
  if (type.isTuple()) return type.components.every(hasFixedSize);
  return /^(u?int\d*|bool)$/.test(type.type);
}

/** Names of the elementary types, from left to right. */
function leavesOf(types: readonly ParamType[]): string[] {
  return types.flatMap((type) => (type.isTuple() ? leavesOf(type.components) : [type.type]));
}

/** Elementary values, from left to right. */
function wordsOf(value: AbiValue): bigint[] {
  if (typeof value === "bigint") return [value];
  if (typeof value === "boolean") return [value ? 1n : 0n];
  return value.flatMap(wordsOf);
}

function toHex(word: bigint): string {
  return BigInt.asUintN(256, word).toString(16).padStart(64, "0");
}

/** Undefined where the twin refuses; any other error is a bug of the twin. */
function outcomeOf(run: () => AbiValue): readonly bigint[] | undefined {
  try {
    return wordsOf(run());
  } catch (error) {
    if (error instanceof BulwarkError) return undefined;
    throw error;
  }
}

function agree(a: readonly bigint[] | undefined, b: readonly bigint[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((word, i) => word === b[i]);
}

function show(value: AbiValue | undefined): string {
  if (value === undefined) return "fails";
  return typeof value === "object" ? `[${value.map(show).join(", ")}]` : value.toString();
}

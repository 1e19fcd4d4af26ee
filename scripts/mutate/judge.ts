import type { SuiteFacts } from "../instrument/learn.ts";
import type { Suites } from "../instrument/suites.ts";
import type { TypeScriptTests } from "../instrument/typescript.ts";
import type { Result } from "./results.ts";

/** Those that reach a number, the quickest first. */
const reaching = (facts: readonly SuiteFacts[], number: number) =>
  facts.filter(({ reports }) => reports.includes(number)).sort((a, b) => a.milliseconds - b.milliseconds);

/** A suite that takes so many times as long as it should, and some seconds, does not end. */
const MANY_TIMES = 8;
const LEAST_SECONDS = 8;

/** Shows a mutant to the Solidity suites that reach it until one notices. */
export async function judgeBySolidity(
  suites: Suites,
  facts: readonly SuiteFacts[],
  { number, seconds }: { readonly number: number; readonly seconds: number },
): Promise<Result> {
  for (const { name, milliseconds } of reaching(facts, number)) {
    const patience = Math.min(seconds, LEAST_SECONDS + (MANY_TIMES * milliseconds) / 1000);
    const answer = await suites.run({ suites: [name], chosen: number, isListening: false }, patience);
    // It was through when nothing was chosen: a test that does not end has noticed.
    if (answer === undefined) return { status: "timed out", by: name };
    if (answer.failures.length > 0) return { status: "killed", by: name };
  }
  return { status: "survived", isPartial: true };
}

/** Shows a mutant to the TypeScript suites that reach it until one notices. */
export async function judgeByTypeScript(
  tests: TypeScriptTests,
  facts: readonly SuiteFacts[],
  { number, seconds }: { readonly number: number; readonly seconds: number },
): Promise<Result> {
  for (const { name, milliseconds } of reaching(facts, number)) {
    // Whoever is slow anyway proves nothing by being late: those are not asked.
    if (milliseconds / 1000 > seconds / 2) continue;
    const isNoticed = await tests.notices(name, number, seconds);
    if (isNoticed === undefined) return { status: "timed out", by: name };
    if (isNoticed) return { status: "killed", by: name };
  }
  return { status: "survived" };
}

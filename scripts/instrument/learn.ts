import { inLanes } from "./lanes.ts";
import type { MochaAnswer } from "./mocha-worker.ts";
import type { TestFacts } from "./reach.ts";
import { EndedError } from "./resident.ts";
import { NOTHING, LISTENING } from "./switch.ts";
import type { Suites } from "./suites.ts";
import type { TypeScriptTests } from "./typescript.ts";

/** What is known of a suite before anything is chosen. */
export interface SuiteFacts {
  readonly name: string;
  readonly milliseconds: number;
  /** The numbers that it asks for or passes. */
  readonly reports: readonly number[];
  /** Its tests, where they can run without each other. */
  readonly tests?: readonly TestFacts[];
}

/** A suite that fails although nothing is chosen would fail for every mutant: why it is left out. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export type Learnt = SuiteFacts | LeftOut;

/** Suites that call at random, from a fixed seed. What they reach is not reached on purpose, so it does not count as covered. */
export const isCampaign = (name: string) => /invariants/i.test(name);

/** A suite gets so long when nothing is chosen. */
const PATIENCE_SECONDS = 600;

type OnLearnt = (learnt: Learnt) => void;

/**
 * Runs every suite listening, for what it reaches and how long it takes. Reports cost gas, which a few tests count: a suite that fails so
 * runs once more as it is. One that fails although nothing is chosen and nobody listens is left out.
 */
export async function learnSolidity(
  lanes: readonly Suites[],
  names: readonly string[],
  onLearnt: OnLearnt,
): Promise<void> {
  await inLanes(names, lanes, async (name, suites) => {
    const heard = await suites.run({ suites: [name], chosen: LISTENING, isListening: true }, PATIENCE_SECONDS);
    const isHeardWell = heard !== undefined && heard.failures.length === 0;
    const order = { suites: [name], chosen: NOTHING, isListening: false };
    const plain = isHeardWell ? heard : await suites.run(order, PATIENCE_SECONDS);
    if (plain === undefined || heard === undefined || plain.failures.length > 0) {
      onLearnt({ name, reason: plain?.failures[0] ?? "not through in time" });
    } else {
      onLearnt({ name, milliseconds: plain.milliseconds, reports: heard.reports });
    }
  });
}

/** The same of TypeScript files; those of the second lanes do not listen. */
export async function learnTypeScript(
  { listening, plain }: { readonly listening: readonly TypeScriptTests[]; readonly plain: readonly TypeScriptTests[] },
  names: readonly string[],
  onLearnt: OnLearnt,
): Promise<void> {
  const unsure = new Map<string, readonly number[]>();
  await inLanes(names, listening, async (name, tests) => {
    const answer = await runOne(tests, name, LISTENING);
    const file = typeof answer === "string" ? undefined : answer.files[0];
    if (typeof answer === "string" || file === undefined || answer.failures.length > 0) {
      unsure.set(name, file?.reports ?? []);
    } else {
      onLearnt(file);
    }
  });
  for (const tests of listening) tests.stop();
  await inLanes([...unsure], plain, async ([name, reports], tests) => {
    const answer = await runOne(tests, name, NOTHING);
    if (typeof answer === "string") onLearnt({ name, reason: answer });
    else if (answer.failures[0] !== undefined) {
      const { title, message } = answer.failures[0];
      onLearnt({ name, reason: `${title}: ${message}` });
    } else {
      onLearnt({ name, milliseconds: answer.files[0]?.milliseconds ?? 0, reports });
    }
  });
}

/** One file's answer, or why there is none. */
async function runOne(tests: TypeScriptTests, name: string, chosen: number): Promise<MochaAnswer | string> {
  try {
    const answer = await tests.run({ files: [{ name }], chosen, isFirstEnough: false }, PATIENCE_SECONDS);
    return answer ?? "not through in time";
  } catch (error) {
    if (error instanceof EndedError) return error.message;
    throw error;
  }
}

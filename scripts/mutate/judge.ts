import { isCampaign } from "../instrument/learn.ts";
import type { SuiteFacts } from "../instrument/learn.ts";
import type { Failure, FileOrder } from "../instrument/mocha-worker.ts";
import { RunError } from "../instrument/errors.ts";
import { EndedError } from "../instrument/resident.ts";
import type { Suites } from "../instrument/suites.ts";
import { NOTHING } from "../instrument/switch.ts";
import { LOADING } from "../instrument/typescript.ts";
import type { TypeScriptTests } from "../instrument/typescript.ts";
import { inTurn, millisecondsOf, selected } from "./order.ts";
import type { Target } from "./order.ts";
import type { Result } from "./results.ts";

/** The mutant that is judged, and how long it may take. */
export interface Case extends Target {
  /** TypeScript tests get so long for it. */
  readonly seconds: number;
  /** Without those that have passed with it before: what these rested on, by name. */
  readonly passed: Readonly<Record<string, string>>;
  readonly basisOf: (suite: string) => string;
}

export const SURVIVED: Result = { status: "survived" };

/** Campaigns, and whoever computes longer than this when nothing is chosen, are asked last. */
const SLOW_MILLISECONDS = 1_500;
export const isSlow = ({ name, milliseconds }: SuiteFacts) => isCampaign(name) || milliseconds > SLOW_MILLISECONDS;

/** A test that takes so many times as long as it should, and some seconds, does not end. */
const MANY_TIMES = 8;
const LEAST_SECONDS = 8;
const patience = (milliseconds: number) => LEAST_SECONDS + (MANY_TIMES * milliseconds) / 1000;
/** Where a test of TypeScript may have to deploy everything first. */
const MORE_SECONDS = 30;

/** So many failing tests are named. */
const NAMED = 3;

/** Shows a mutant to the Solidity suites that reach it until one notices. */
export async function judgeBySolidity(suites: Suites, facts: readonly SuiteFacts[], given: Case): Promise<Result> {
  const { number } = given;
  for (const { name, milliseconds } of inTurn(facts, given)) {
    const run = (chosen: number, seconds: number) =>
      suites.run({ suites: [name], chosen, isListening: false }, seconds);
    const answer = await run(number, patience(milliseconds));
    if (answer === undefined) {
      if (await isEndless(run, number)) return { status: "timed out", by: name };
    } else if (answer.failures.length > 0) {
      return { status: "killed", by: name, tests: answer.failures.slice(0, NAMED) };
    }
  }
  return SURVIVED;
}

/** The longest that anybody waits for what nobody chose a mutant for. */
const MOST_SECONDS = 600;

/**
 * Whether it is the mutant that does not end. On a machine that is busy everything takes long: the same is run without the mutant first,
 * and then with it, so much longer.
 */
async function isEndless(run: (chosen: number, seconds: number) => Promise<unknown>, number: number): Promise<boolean> {
  const started = performance.now();
  if ((await run(NOTHING, MOST_SECONDS)) === undefined) return false;
  return (await run(number, patience(performance.now() - started))) === undefined;
}

/** Shows a mutant to the TypeScript tests that reach it until one notices, in one run of as many files as the time allows. */
export async function judgeByTypeScript(
  tests: TypeScriptTests,
  facts: readonly SuiteFacts[],
  given: Case,
): Promise<Result> {
  const { number, seconds, passed, basisOf } = given;
  const turn = inTurn(facts, given).filter(({ name }) => passed[name] !== basisOf(name));
  let waiting = withinTime(turn, number, seconds);
  const through = Object.fromEntries(waiting.map(({ name }) => [name, basisOf(name)]));
  const survived = { ...SURVIVED, seconds, passed: { ...passed, ...through } };
  while (waiting.length > 0) {
    const longest = Math.max(...waiting.map((suite) => millisecondsOf(suite, number)));
    const files = waiting.map((suite) => selected(suite, number));
    const order = { files, chosen: number, isFirstEnough: true };
    const failure = await firstFailure(tests, order, MORE_SECONDS + patience(longest));
    if (failure === undefined) return survived;
    const at = files.findIndex(({ name }) => name === failure.file);
    const suite = files[at];
    if (suite === undefined) throw new RunError(`a test failed in a file that was not asked: ${failure.file}`);
    const by = { by: suite.name, tests: [failure.title] };
    if (failure.isLate) {
      const run = (chosen: number, most: number) => tests.run({ files: [suite], chosen, isFirstEnough: true }, most);
      if (await isEndless(run, number)) return { status: "timed out", ...by };
    } else if (await isTrue(tests, number, failure, MORE_SECONDS + patience(longest))) {
      return { status: "killed", ...by };
    }
    waiting = waiting.slice(at + 1);
  }
  return survived;
}

/** Who is slow anyway proves nothing by being late, and there is no time for all: as many as fit, in their order. */
function withinTime(list: readonly SuiteFacts[], number: number, seconds: number): SuiteFacts[] {
  let left = seconds * 1000;
  return list.filter((suite) => {
    const milliseconds = millisecondsOf(suite, number);
    if (milliseconds > (seconds * 1000) / 2 || milliseconds > left) return false;
    left -= milliseconds;
    return true;
  });
}

interface Found extends Pick<Failure, "file" | "title"> {
  readonly isLate: boolean;
}

interface Order {
  readonly files: readonly FileOrder[];
  readonly chosen: number;
  readonly isFirstEnough: boolean;
}

/** The first test that fails or does not end. */
async function firstFailure(tests: TypeScriptTests, order: Order, seconds: number): Promise<Found | undefined> {
  const answer = await tests.run(order, seconds).catch((error: unknown) => {
    // A process that has run for long may end for reasons of its own: once more in a new one.
    if (error instanceof EndedError) return tests.run(order, seconds);
    throw error;
  });
  if (answer === undefined) return { ...tests.at, isLate: true };
  const [failure] = answer.failures;
  return failure === undefined ? undefined : { ...failure, isLate: false };
}

/** Tests that pass alone and without a mutant, by file. */
const sound = new Map<string, Set<string>>();

/** Whether a test's failure comes of the mutant: alone and without it the test passes, which each has to show once. */
async function isTrue(
  tests: TypeScriptTests,
  number: number,
  { file, title }: Found,
  seconds: number,
): Promise<boolean> {
  const known = sound.get(file) ?? new Set();
  sound.set(file, known);
  if (known.has(title)) return true;
  const run = (chosen: number, order: FileOrder) =>
    firstFailure(tests, { files: [order], chosen, isFirstEnough: true }, seconds);
  // What is set up for several tests bears no test's name: then all of the file must pass.
  const isTest = !title.includes('" hook') && title !== LOADING;
  if ((await run(NOTHING, isTest ? { name: file, titles: [title] } : { name: file })) === undefined) {
    known.add(title);
    return true;
  }
  // Some tests may need others before them, or the process has kept something: all tests of the file, in a new one.
  tests.stop();
  return (await run(number, { name: file })) !== undefined && (await run(NOTHING, { name: file })) === undefined;
}

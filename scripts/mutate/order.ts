import type { SuiteFacts } from "../instrument/learn.ts";
import type { FileOrder } from "../instrument/mocha-worker.ts";

/** A suite beside its contract goes before one that is so many times quicker, and so does one of the same folder. */
const NEAR = { contract: 8, folder: 3 } as const;

const baseOf = (path: string) =>
  (path.split(":")[0] ?? path).replace(/^.*\//, "").replace(/\..*$/, "").replaceAll("-", "").toLowerCase();
const folderOf = (path: string) => path.split("/").at(path.startsWith("contracts/") ? 1 : 2) ?? "";

/** Compares every slot that is written with what was foretold, so it is near to all that is stored. */
const EVERY_SLOT = "test/typescript/twin/";

/** How near a suite is to a file. */
export function nearness(suite: string, file: string): number {
  if (suite.startsWith(EVERY_SLOT)) return NEAR.contract;
  const [tested, mutated] = [baseOf(suite), baseOf(file)];
  if (tested.startsWith(mutated) || mutated.startsWith(tested)) return NEAR.contract;
  return folderOf(suite) === folderOf(file) ? NEAR.folder : 1;
}

/** A mutant, where it is, and who has noticed others there. */
export interface Target {
  readonly number: number;
  readonly file: string;
  readonly watchful: ReadonlySet<string>;
}

/**
 * Those that reach a mutant: the quickest first, and what is near its file, or has noticed another one in it, before what is not much quicker.
 */
export function inTurn(facts: readonly SuiteFacts[], { number, file, watchful }: Target): SuiteFacts[] {
  return facts
    .filter(({ reports }) => reports.includes(number))
    .map((suite) => ({
      suite,
      rank: millisecondsOf(suite, number) / (watchful.has(suite.name) ? NEAR.contract : nearness(suite.name, file)),
    }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ suite }) => suite);
}

/** The tests of a suite that reach a number; all of them when that is not known of each. */
export function selected({ name, tests }: SuiteFacts, number: number): FileOrder {
  const titles = (tests ?? []).filter(({ reports }) => reports.includes(number)).map(({ title }) => title);
  return titles.length === 0 ? { name } : { name, titles };
}

/** Of what is set up for a file most is there already when several run at a time: all of them share one deployment. */
const OWN_SETUP = 0.25;

/** How long these take, in the company of others. */
export function millisecondsOf({ milliseconds, tests }: SuiteFacts, number: number): number {
  const chosen = tests?.filter(({ reports }) => reports.includes(number)) ?? [];
  if (tests === undefined || chosen.length === 0) return milliseconds;
  const sum = (list: typeof chosen) => list.reduce((total, test) => total + test.milliseconds, 0);
  return Math.max(1, sum(chosen) + OWN_SETUP * Math.max(0, milliseconds - sum([...tests])));
}

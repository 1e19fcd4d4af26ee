import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { inLanes } from "../instrument/lanes.ts";
import { isCampaign } from "../instrument/learn.ts";
import type { SuiteFacts } from "../instrument/learn.ts";
import { ROOT } from "../instrument/root.ts";
import type { Suites } from "../instrument/suites.ts";
import type { TypeScriptTests } from "../instrument/typescript.ts";
import { brokenBy, INVARIANTS, invariantsIn } from "./invariants.ts";
import type { Listed, Operator } from "./mutant.ts";
import { nearness, selected } from "./order.ts";
import type { Result } from "./results.ts";

/** A test that speaks of an invariant. */
interface Witness {
  readonly id: string;
  readonly suite: SuiteFacts;
  readonly test: string;
}

/** A witness with a mutant that it was seen to notice, or none of those that it was shown. */
export interface Row extends Witness {
  readonly mutant?: Listed;
  readonly failure?: string;
  readonly shown: number;
}

export interface TableGiven {
  /** Where the build lies. */
  readonly folder: string;
  readonly mutants: readonly Listed[];
  readonly results: readonly Result[];
  readonly solidity: readonly SuiteFacts[];
  readonly typescript: readonly SuiteFacts[];
  readonly suites: readonly Suites[];
  readonly tests: readonly TypeScriptTests[];
}

/** So many mutants are shown to a witness at most: to the quickest of an invariant, and to each of the others while none has noticed one. */
const MOST_SHOWN = 10;
const MOST_SHOWN_TO_OTHERS = 5;
const MOST_WITNESSES = 6;
const MOST_SHOWN_TO_CAMPAIGN = 30;
const SECONDS = 120;
/** What rather breaks books than bounds. */
const COARSE: readonly Operator[] = ["statement", "arithmetic", "layer", "condition", "extreme", "rounding"];
/** What rather gives somebody a right that is not his. */
const GUARDS: readonly Operator[] = ["modifier", "guard", "condition"];
const TELLING: ReadonlyMap<string, readonly Operator[]> = new Map([
  ["INV-16", GUARDS],
  ["INV-17", GUARDS],
]);

/** Names of a Solidity suite's tests, as the build has them. */
function testsOf(folder: string, suite: string): string[] {
  const file = join(ROOT, folder, "artifacts", `${suite.replace(":", "/")}.json`);
  if (!existsSync(file)) return [];
  const { abi } = JSON.parse(readFileSync(file, "utf8")) as { abi: { type: string; name?: string }[] };
  return abi.flatMap(({ type, name }) =>
    type === "function" && /^(test|invariant)/.test(name ?? "") ? [name ?? ""] : [],
  );
}

/** For each invariant that has any its directed tests, the quickest first, a few at most. */
export function witnessesOf(given: Pick<TableGiven, "folder" | "solidity" | "typescript">): Witness[][] {
  const all: Witness[] = [];
  const add = (suite: SuiteFacts, test: string) => {
    for (const id of invariantsIn(test)) all.push({ id, suite, test });
  };
  for (const suite of given.solidity) for (const test of testsOf(given.folder, suite.name)) add(suite, test);
  for (const suite of given.typescript) for (const { title } of suite.tests ?? []) add(suite, title);
  all.sort((a, b) => a.suite.milliseconds - b.suite.milliseconds);
  return INVARIANTS.flatMap((id) => {
    const directed = all.filter((witness) => witness.id === id && !isCampaign(witness.suite.name));
    return directed.length === 0 ? [] : [directed.slice(0, MOST_WITNESSES)];
  });
}

/** Shows mutants to campaigns, and to the witnesses of every invariant until one of them notices one. */
export async function tableOf(given: TableGiven, onRow: (row: Row) => void): Promise<Row[]> {
  const rows: Row[] = [];
  await inLanes(
    given.solidity.filter(({ name }) => isCampaign(name)),
    given.suites,
    async (suite, suites) => {
      for (const row of await rowsOfCampaign(suite, given, suites)) {
        rows.push(row);
        onRow(row);
      }
    },
  );
  const lanes = given.suites.map((suites, lane) => ({ suites, tests: given.tests[lane] }));
  await inLanes(witnessesOf(given), lanes, async (witnesses, { suites, tests }) => {
    const found: Row[] = [];
    for (const [index, witness] of witnesses.entries()) {
      const most = index === 0 ? MOST_SHOWN : MOST_SHOWN_TO_OTHERS;
      const row = await rowOf({ witness, most }, given, async (number) => {
        if (!witness.suite.name.endsWith(".ts")) {
          const order = { suites: [witness.suite.name], chosen: number, isListening: false };
          return (await suites.run(order, SECONDS))?.failures ?? [];
        }
        const files = [{ name: witness.suite.name, titles: [witness.test] }];
        const answer = await tests?.run({ files, chosen: number, isFirstEnough: true }, SECONDS);
        return (answer?.failures ?? []).map(({ title }) => title);
      });
      found.push(row);
      if (row.mutant !== undefined) break;
    }
    const row = bestOf(found);
    rows.push(row);
    onRow(row);
  });
  return rows.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** The one that noticed a mutant; else the quickest, with all that were shown. */
export function bestOf(rows: readonly Row[]): Row {
  const seen = rows.find(({ mutant }) => mutant !== undefined);
  const [first] = rows;
  if (first === undefined) throw new RangeError("an invariant without a witness has no row");
  return seen ?? { ...first, shown: rows.reduce((sum, { shown }) => sum + shown, 0) };
}

/** Shows mutants to a campaign, and keeps the first for each property that it says is broken. */
async function rowsOfCampaign(suite: SuiteFacts, { mutants }: TableGiven, suites: Suites): Promise<Row[]> {
  const rows = new Map<string, Row>();
  let shown = 0;
  for (const number of candidates({ suite }, mutants).slice(0, MOST_SHOWN_TO_CAMPAIGN)) {
    shown++;
    const order = { suites: [suite.name], chosen: number, isListening: false };
    for (const failure of (await suites.run(order, SECONDS))?.failures ?? []) {
      const test = /\.(\w+)/.exec(failure)?.[1] ?? failure;
      const told = brokenBy(failure);
      const id = told.length === 1 ? (told[0] ?? "") : "several";
      const row = { id, suite, test, mutant: mutants[number - 1] as Listed, failure, shown };
      if (!rows.has(id)) rows.set(id, row);
    }
  }
  return [...rows.values()];
}

async function rowOf(
  { witness, most }: { readonly witness: Witness; readonly most: number },
  { mutants, results }: TableGiven,
  failures: (number: number) => Promise<readonly string[]>,
): Promise<Row> {
  const { id, suite, test } = witness;
  const isIts = (failure: string) =>
    brokenBy(failure).includes(id) && (failure === test || failure.includes(`.${test}`));
  const reached = candidates(witness, mutants);
  for (const number of reached) {
    const known = results[number - 1];
    const failure = known?.by === suite.name ? known.tests?.find(isIts) : undefined;
    if (failure !== undefined) return { ...witness, mutant: mutants[number - 1] as Listed, failure, shown: 0 };
  }
  let shown = 0;
  for (const number of reached.slice(0, most)) {
    shown++;
    const failure = (await failures(number)).find(isIts);
    if (failure !== undefined) return { ...witness, mutant: mutants[number - 1] as Listed, failure, shown };
  }
  return { ...witness, shown };
}

/** Mutants that a witness reaches: coarse ones near it first. */
function candidates(
  { id, suite, test }: Partial<Witness> & Pick<Witness, "suite">,
  mutants: readonly Listed[],
): number[] {
  const telling = TELLING.get(id ?? "") ?? COARSE;
  const numbers = mutants.flatMap((_, index) => {
    const titles = selected(suite, index + 1).titles;
    return suite.reports.includes(index + 1) && (test === undefined || (titles?.includes(test) ?? true))
      ? [index + 1]
      : [];
  });
  const rank = (number: number) => {
    const { file, operator } = mutants[number - 1] as Listed;
    return nearness(suite.name, file) * (telling.includes(operator) ? 4 : 1);
  };
  // Of equal ones from everywhere, not from the first files alone.
  const spread = (number: number) => (number * 379) % 1_009;
  return numbers.sort((a, b) => rank(b) - rank(a) || spread(a) - spread(b));
}

/** As the document has it. */
export function linesOf(rows: readonly Row[]): string[] {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return rows.map(({ id, suite, test, mutant, failure, shown }) => {
    const place = suite.name.split(":")[0] ?? suite.name;
    const seen =
      mutant === undefined
        ? `none of the ${shown} drawn mutants that it was shown`
        : `\`${mutant.file}:${mutant.line}\`: \`${cell(mutant.before)}\` -> \`${cell(mutant.after) || "nothing"}\``;
    const [, words] = /"(.*)"/.exec(failure ?? "") ?? [];
    const told = words === undefined ? "" : ` ("${cell(words)}")`;
    return `| ${id} | \`${place}\`: ${cell(test)} | ${seen}${told} |`;
  });
}

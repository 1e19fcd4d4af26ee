import { join } from "node:path";
import { CommanderError } from "commander";

import { stopAll } from "../instrument/build.ts";
import { InstrumentError, OptionError } from "../instrument/errors.ts";
import { inLanes } from "../instrument/lanes.ts";
import { readListed, wrongEntries } from "../instrument/listed.ts";
import { Progress } from "../instrument/progress.ts";
import { stopResidents } from "../instrument/resident.ts";
import { ROOT } from "../instrument/root.ts";
import { Suites } from "../instrument/suites.ts";
import { TypeScriptTests } from "../instrument/typescript.ts";
import { InputError } from "../replay/errors.ts";
import { createRandom } from "../replay/random.ts";
import { solidityFacts, typeScriptFacts } from "./facts.ts";
import type { Given } from "./facts.ts";
import { isSlow, judgeBySolidity, judgeByTypeScript, SURVIVED } from "./judge.ts";
import type { Case } from "./judge.ts";
import type { Listed } from "./mutant.ts";
import { command, parseOptions } from "./options.ts";
import type { MutateOptions } from "./options.ts";
import { FOLDER, prepare } from "./prepare.ts";
import type { Built } from "./prepare.ts";
import { reportOf } from "./report.ts";
import type { Judged } from "./report.ts";
import { linesOf, tableOf } from "./table.ts";
import { Results, STAGES } from "./results.ts";
import type { Result, Stage } from "./results.ts";

const progress = new Progress(process.stderr);

type Judge = (given: Case) => Promise<Result>;

/** Who judges in a stage: one for each lane. */
async function judgesOf(stage: Stage, options: MutateOptions, given: Given): Promise<Judge[]> {
  const numbers = Array.from({ length: options.lanes }, (_, lane) => lane);
  if (stage === "typescript") {
    const lanes = numbers.map((lane) => new TypeScriptTests(FOLDER, lane, false));
    const facts = await typeScriptFacts(lanes, given);
    return lanes.map((lane) => (mutant) => judgeByTypeScript(lane, facts, mutant));
  }
  const lanes = numbers.map(() => new Suites(FOLDER));
  const facts = (await solidityFacts(lanes, given)).filter((suite) => isSlow(suite) === (stage === "slow"));
  return lanes.map((lane) => (mutant) => judgeBySolidity(lane, facts, mutant));
}

/** Judges every mutant and keeps what comes out, one by one. */
async function judgeAll(
  options: MutateOptions,
  { digest, mutants }: Built,
  { results, excused }: { readonly results: Results; readonly excused: ReadonlyMap<string, string> },
): Promise<Result[]> {
  const found = mutants.map(({ identity }) => (options.isResumed ? results.find(identity) : undefined) ?? SURVIVED);
  const asked = (index: number) => found[index]?.asked ?? [];
  const others = (index: number) => found.filter((_, other) => mutants[other]?.file === mutants[index]?.file);
  const isThrough = (index: number, stage: Stage) =>
    asked(index).includes(stage) && (stage !== "typescript" || (found[index]?.seconds ?? 0) >= options.seconds);
  // In random order: what is judged when the run is interrupted is a sample of all files. Nobody is expected to notice those that are
  // excused, which takes longest, so they come last.
  const isExcused = (index: number) => (excused.has(mutants[index]?.identity ?? "") ? 1 : 0);
  const order = createRandom(options.seed)
    .shuffled([...found.keys()])
    .reverse()
    .sort((a, b) => isExcused(a) - isExcused(b));
  const stages = options.isTable ? [] : STAGES.filter((each) => options.hasTypeScript || each !== "typescript");
  for (const stage of stages) {
    const waiting = order.filter((index) => found[index]?.status === "survived" && !isThrough(index, stage));
    if (waiting.length === 0) continue;
    const judges = await judgesOf(stage, options, { digest, results, progress });
    progress.start();
    let done = 0;
    await inLanes(waiting, judges, async (index, judge) => {
      const { identity, file } = mutants[index] as Listed;
      const result = await judge({
        number: index + 1,
        file,
        watchful: new Set(others(index).flatMap(({ by }) => (by === undefined ? [] : [by]))),
        seconds: options.seconds,
        passed: found[index]?.passed ?? {},
        basisOf: (suite) => results.basisOf(suite),
      });
      const asking = [...new Set([...asked(index), stage])];
      found[index] = result.status === "survived" ? { ...found[index], ...result, asked: asking } : result;
      results.keep(identity, found[index]);
      results.save();
      progress.step(SHOWN[stage], ++done, waiting.length, file);
    });
    stopResidents();
  }
  return found;
}

const SHOWN: Readonly<Record<Stage, string>> = {
  quick: "shown to quick Solidity suites",
  typescript: "shown to TypeScript tests",
  slow: "shown to campaigns and slow suites",
};

/** For the tests of each invariant a mutant that they notice. */
async function showTable(options: MutateOptions, { digest, mutants }: Built, results: Results): Promise<void> {
  const numbers = Array.from({ length: options.lanes }, (_, lane) => lane);
  const given = { digest, results, progress };
  const suites = numbers.map(() => new Suites(FOLDER));
  // In folders of their own, so that a table can be made while mutants are judged.
  const tests = numbers.map((lane) => new TypeScriptTests(FOLDER, options.lanes + lane, false));
  const rows = await tableOf(
    {
      folder: FOLDER,
      mutants,
      results: mutants.map(({ identity }) => results.find(identity) ?? SURVIVED),
      solidity: await solidityFacts(suites, given),
      typescript: await typeScriptFacts(tests, given),
      suites,
      tests,
    },
    (row) => progress.say(linesOf([row])[0] ?? ""),
  );
  console.log(linesOf(rows).join("\n"));
}

async function mutate(options: MutateOptions): Promise<boolean> {
  const reasons = readListed(new URL("equivalents.json", import.meta.url));
  const results = new Results(join(ROOT, FOLDER, "results.json"));
  const built = await prepare(options, results, progress);
  const judged = (await judgeAll(options, built, { results, excused: reasons })).map((result, index): Judged => {
    const mutant = built.mutants[index] as Listed;
    const reason = reasons.get(mutant.identity);
    return reason === undefined ? { mutant, result } : { mutant, result, equivalent: reason };
  });
  const { lines, isEnough } = reportOf(judged);
  if (options.isTable) await showTable(options, built, results);
  else console.log(lines.join("\n"));
  const noticed = judged.filter(({ result }) => result.status !== "survived").map(({ mutant }) => mutant.identity);
  // With chosen files only those were looked at.
  const existing = new Set(built.existing);
  const listed = new Map([...reasons].filter(([identity]) => options.files.length === 0 || existing.has(identity)));
  const wrong = wrongEntries(listed, existing, new Set(noticed));
  for (const complaint of wrong) console.log(complaint);
  return isEnough && wrong.length === 0;
}

/** Leaves no process behind. */
function stop(): void {
  stopResidents();
  stopAll();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stop();
    progress.say("mutate: interrupted; `npm run mutate -- --resume` with the same options goes on from here.");
    process.exit(130);
  });
}

try {
  process.exitCode = (await mutate(parseOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  if (error instanceof CommanderError && error.exitCode === 0) {
    process.exitCode = 0;
  } else if (error instanceof CommanderError || error instanceof InputError || error instanceof InstrumentError) {
    console.error(`mutate: ${error.message.replace(/^error: /, "")}`);
    if (error instanceof CommanderError) console.error(command().helpInformation());
    process.exitCode = error instanceof InstrumentError && !(error instanceof OptionError) ? 1 : 2;
  } else throw error;
} finally {
  stop();
}

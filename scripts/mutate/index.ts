import { join } from "node:path";
import { CommanderError } from "commander";

import { stopAll } from "../instrument/build.ts";
import { InstrumentError, OptionError } from "../instrument/errors.ts";
import { readListed, wrongEntries } from "../instrument/listed.ts";
import { Progress } from "../instrument/progress.ts";
import { ROOT } from "../instrument/root.ts";
import { Suites } from "../instrument/suites.ts";
import { TypeScriptTests } from "../instrument/typescript.ts";
import { InputError } from "../replay/errors.ts";
import { createRandom } from "../replay/random.ts";
import { judgeBySolidity, judgeByTypeScript } from "./judge.ts";
import type { Listed } from "./mutant.ts";
import { command, parseOptions } from "./options.ts";
import type { MutateOptions } from "./options.ts";
import { FOLDER, learnSolidity, learnTypeScript, prepare } from "./prepare.ts";
import type { Built } from "./prepare.ts";
import { reportOf } from "./report.ts";
import type { Judged } from "./report.ts";
import { Results } from "./results.ts";
import type { Result } from "./results.ts";

const progress = new Progress(process.stderr);
const suites = new Suites(FOLDER);

/** Judges every mutant and keeps what comes out, one by one. */
async function judgeAll(options: MutateOptions, { digest, mutants }: Built, results: Results): Promise<Result[]> {
  const found = mutants.map(({ identity }) => (options.isResumed ? results.find(identity) : undefined));
  const settle = (index: number, result: Result) => {
    found[index] = result;
    results.keep(mutants[index]?.identity ?? "", result);
    results.save();
  };
  const go = async (name: string, waiting: readonly number[], judge: (number: number) => Promise<Result>) => {
    progress.start();
    for (const [done, index] of waiting.entries()) {
      settle(index, await judge(index + 1));
      progress.step(name, done + 1, waiting.length, mutants[index]?.file);
    }
  };
  const { seconds, seed } = options;
  // In random order: what is judged when the run is interrupted is a sample of all files.
  const order = createRandom(seed).shuffled([...found.keys()]);
  const fresh = order.filter((index) => found[index] === undefined);
  if (fresh.length > 0) {
    const facts = await learnSolidity(suites, digest, progress);
    await go("shown to Solidity suites", fresh, (number) => judgeBySolidity(suites, facts, { number, seconds }));
  }
  suites.stop();
  const partial = order.filter((index) => found[index]?.isPartial);
  if (options.hasTypeScript && partial.length > 0) {
    const tests = new TypeScriptTests(FOLDER);
    tests.prepare();
    const facts = await learnTypeScript(tests, digest, progress);
    await go("shown to TypeScript suites", partial, (number) => judgeByTypeScript(tests, facts, { number, seconds }));
  }
  return found.map((result) => result ?? { status: "survived" });
}

async function mutate(options: MutateOptions): Promise<boolean> {
  const reasons = readListed(new URL("equivalents.json", import.meta.url));
  const results = new Results(join(ROOT, FOLDER, "results.json"));
  const built = await prepare(options, results.everything, progress);
  const judged = (await judgeAll(options, built, results)).map((result, index): Judged => {
    const mutant = built.mutants[index] as Listed;
    const reason = reasons.get(mutant.identity);
    return reason === undefined ? { mutant, result } : { mutant, result, equivalent: reason };
  });
  const { lines, isEnough } = reportOf(judged);
  console.log(lines.join("\n"));
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
  suites.stop();
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

import { build, stopAll } from "../instrument/build.ts";
import { InstrumentError, OptionError } from "../instrument/errors.ts";
import { isCampaign } from "../instrument/learn.ts";
import { readListed } from "../instrument/listed.ts";
import { Progress } from "../instrument/progress.ts";
import { readSources } from "../instrument/sources.ts";
import { Suites } from "../instrument/suites.ts";
import { NOTHING } from "../instrument/switch.ts";
import { TypeScriptTests } from "../instrument/typescript.ts";
import { planBranches } from "./plan.ts";
import { reportOf } from "./report.ts";

/*
 * `npm run branches`: which ways of every decision in the contracts some test takes. Hardhat counts statements and lines only.
 */

const FOLDER = "cache/branches";
/** Longer than any suite takes. */
const SECONDS = 900;
const progress = new Progress(process.stderr);
const suites = new Suites(FOLDER);

async function run(isShort: boolean): Promise<boolean> {
  progress.say("branches: reading the contracts.");
  const { changes, branches } = planBranches(readSources());
  progress.say(`branches: building a copy that reports ${branches.length} branches; this takes minutes.`);
  await build({ folder: FOLDER, tests: [], changes });
  const reached = new Set<number>();
  const names = (await suites.names()).filter((name) => !isCampaign(name));
  progress.start();
  for (const [index, name] of names.entries()) {
    const answer = await suites.run({ suites: [name], chosen: NOTHING, isListening: true }, SECONDS);
    if (answer === undefined) progress.say(`branches: not through in time: ${name}`);
    for (const failure of answer?.failures ?? []) progress.say(`branches: fails when it is measured: ${failure}`);
    for (const number of answer?.reports ?? []) reached.add(number);
    progress.step("Solidity suites", index + 1, names.length);
  }
  suites.stop();
  if (!isShort) {
    progress.say("branches: running the TypeScript suites; this takes minutes.");
    const tests = new TypeScriptTests(FOLDER);
    tests.prepare();
    for (const { reports } of await tests.learn()) for (const number of reports) reached.add(number);
  }
  const unreachable = readListed(new URL("unreachable.json", import.meta.url));
  const { lines, isComplete } = reportOf(branches, reached, unreachable);
  console.log(lines.join("\n"));
  return isComplete;
}

function stop(): void {
  suites.stop();
  stopAll();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stop();
    process.exit(130);
  });
}

try {
  const given = process.argv.slice(2);
  const wrong = given.find((argument) => argument !== "--solidity");
  if (wrong !== undefined)
    throw new OptionError("argument", wrong, "the only option is --solidity: no TypeScript suites");
  process.exitCode = (await run(given.includes("--solidity"))) ? 0 : 1;
} catch (error) {
  if (!(error instanceof InstrumentError)) throw error;
  console.error(`branches: ${error.message}`);
  process.exitCode = error instanceof OptionError ? 2 : 1;
} finally {
  stop();
}

import { join } from "node:path";

import { build, stopAll } from "../instrument/build.ts";
import { InstrumentError, OptionError, RunError } from "../instrument/errors.ts";
import { isCampaign } from "../instrument/learn.ts";
import { readListed } from "../instrument/listed.ts";
import { Progress } from "../instrument/progress.ts";
import { stopResidents } from "../instrument/resident.ts";
import { ROOT } from "../instrument/root.ts";
import { readSources } from "../instrument/sources.ts";
import { Suites } from "../instrument/suites.ts";
import { testFiles } from "../instrument/typescript.ts";
import { Kept, digestOf } from "./kept.ts";
import { measureSolidity, measureTypeScript } from "./measure.ts";
import { parseOptions } from "./options.ts";
import type { BranchesOptions } from "./options.ts";
import { planBranches } from "./plan.ts";
import { reportOf, scopeOf } from "./report.ts";

/*
 * `npm run branches`: which ways of every decision in the contracts some test takes. Hardhat counts statements and lines only.
 */

const FOLDER = "cache/branches";
const KEPT = join(ROOT, FOLDER, "kept.json");
const progress = new Progress(process.stderr);
const suites = new Suites(FOLDER);

/** Builds the copy: all of it for a whole run, else what is new of the tests. */
async function prepare({ changes, branches }: ReturnType<typeof planBranches>, isWhole: boolean): Promise<Kept> {
  const digest = digestOf(changes);
  const earlier = isWhole ? undefined : Kept.find(KEPT, digest);
  if (!isWhole && earlier === undefined)
    throw new RunError("--only adds to a run on the same contracts, and there is none: run it without --only first");
  progress.say(`branches: building a copy that reports ${branches.length} branches; this takes minutes.`);
  await build({ folder: FOLDER, tests: [], ...(isWhole ? { changes } : {}) });
  return earlier ?? Kept.begin(KEPT, digest);
}

async function run({ hasTypeScript, only }: BranchesOptions): Promise<boolean> {
  progress.say("branches: reading the contracts.");
  const unreachable = readListed(new URL("unreachable.json", import.meta.url));
  const plan = planBranches(readSources());
  const kept = await prepare(plan, only.length === 0);

  const names = (await suites.names()).filter((name) => !isCampaign(name));
  const files = hasTypeScript ? testFiles() : [];
  const all = [...names, ...files];
  const isChosen = (name: string) => only.length === 0 || only.some((part) => name.includes(part));
  // Side by side; each has a progress of its own, as each has its own pace.
  await Promise.all([
    measureSolidity(suites, names.filter(isChosen), { kept, progress }),
    measureTypeScript(FOLDER, files.filter(isChosen), { kept, progress: new Progress(process.stderr) }),
  ]);

  const reached = new Set(all.flatMap((name) => kept.of(name) ?? []));
  const { lines, isComplete } = reportOf(plan.branches, reached, unreachable);
  const measured = new Set(all.filter((name) => kept.of(name) !== undefined));
  console.log([...lines, "", scopeOf(all, new Set(all.filter(isChosen)), measured)].join("\n"));
  return isComplete;
}

function stop(): void {
  stopResidents();
  stopAll();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    stop();
    process.exit(130);
  });
}

try {
  process.exitCode = (await run(parseOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  if (!(error instanceof InstrumentError)) throw error;
  console.error(`branches: ${error.message}`);
  process.exitCode = error instanceof OptionError ? 2 : 1;
} finally {
  stop();
}

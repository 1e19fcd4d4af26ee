import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "../instrument/build.ts";
import type { Progress } from "../instrument/progress.ts";
import { ROOT } from "../instrument/root.ts";
import { readSources } from "../instrument/sources.ts";
import type { Listed } from "./mutant.ts";
import type { MutateOptions } from "./options.ts";
import { planMutants } from "./plan.ts";
import type { Results } from "./results.ts";

/** Where the instrumented copy and all that is learnt of it lies. */
export const FOLDER = "cache/mutate";

/** What a build is made of, kept beside it. */
export interface Built {
  /** Of contracts and draw. */
  readonly digest: string;
  /** Of the tests that were built. */
  readonly tests: string;
  readonly mutants: readonly Listed[];
  /** All mutants there are in the files that were looked at. */
  readonly existing: readonly string[];
}

const FILE = join(ROOT, FOLDER, "built.json");

/** Builds, unless there is a build of the same sources, tests and draw and the run is a resumed one. */
export async function prepare(options: MutateOptions, results: Results, progress: Progress): Promise<Built> {
  const { seed, count, files, isResumed } = options;
  const digest = createHash("sha256")
    .update(JSON.stringify([results.sources, seed, count, files]))
    .digest("hex");
  const { solidity: tests } = results;
  const earlier = isResumed && existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Built) : undefined;
  if (earlier?.digest === digest) {
    if (earlier.tests === tests) return earlier;
    progress.say("mutate: building the tests that changed; this takes minutes.");
    await build({ folder: FOLDER, tests: [] });
    const again = { ...earlier, tests };
    writeFileSync(FILE, JSON.stringify(again));
    return again;
  }
  progress.say("mutate: reading the contracts.");
  const plan = planMutants(readSources(), { seed, count, files }, (text) => progress.say(`mutate: ${text}`));
  progress.say(`mutate: building ${plan.mutants.length} mutants into one copy; this takes minutes.`);
  await build({ folder: FOLDER, tests: [], changes: plan.changes });
  const mutants = plan.mutants.map(({ identity, operator, file, line, before, after }) => {
    return { identity, operator, file, line, before, after };
  });
  const built: Built = { digest, tests, mutants, existing: plan.existing };
  writeFileSync(FILE, JSON.stringify(built));
  return built;
}

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "../instrument/build.ts";
import { learn } from "../instrument/learn.ts";
import type { SuiteFacts } from "../instrument/learn.ts";
import type { Progress } from "../instrument/progress.ts";
import { ROOT } from "../instrument/root.ts";
import { readSources } from "../instrument/sources.ts";
import type { Suites } from "../instrument/suites.ts";
import type { TypeScriptTests } from "../instrument/typescript.ts";
import type { Listed } from "./mutant.ts";
import type { MutateOptions } from "./options.ts";
import { planMutants } from "./plan.ts";

/** Where the instrumented copy and all that is learnt of it lies. */
export const FOLDER = "cache/mutate";

/** What a build is made of, kept beside it. */
export interface Built {
  readonly digest: string;
  readonly mutants: readonly Listed[];
  /** All mutants there are in the files that were looked at. */
  readonly existing: readonly string[];
}

const pathOf = (name: string) => join(ROOT, FOLDER, name);

/** What is kept under a name, when it was made from the same. */
function kept<T extends { readonly digest: string }>(name: string, digest: string): T | undefined {
  if (!existsSync(pathOf(name))) return undefined;
  const found = JSON.parse(readFileSync(pathOf(name), "utf8")) as T;
  return found.digest === digest ? found : undefined;
}

/** Builds, unless there is a build of the same sources, tests and draw and the run is a resumed one. */
export async function prepare(options: MutateOptions, everything: string, progress: Progress): Promise<Built> {
  const { seed, count, files, isResumed } = options;
  const digest = createHash("sha256")
    .update(JSON.stringify([everything, seed, count, files]))
    .digest("hex");
  const earlier = isResumed ? kept<Built>("built.json", digest) : undefined;
  if (earlier !== undefined) return earlier;
  progress.say("mutate: reading the contracts.");
  const plan = planMutants(readSources(), { seed, count, files }, (text) => progress.say(`mutate: ${text}`));
  progress.say(`mutate: building ${plan.mutants.length} mutants into one copy; this takes minutes.`);
  await build({ folder: FOLDER, tests: [], changes: plan.changes });
  const mutants = plan.mutants.map(({ identity, operator, file, line, before, after }) => {
    return { identity, operator, file, line, before, after };
  });
  const built: Built = { digest, mutants, existing: plan.existing };
  writeFileSync(pathOf("built.json"), JSON.stringify(built));
  return built;
}

interface Learnt {
  readonly digest: string;
  readonly facts: readonly SuiteFacts[];
}

/** What Solidity suites reach, learnt once for each build. */
export async function learnSolidity(
  suites: Suites,
  digest: string,
  progress: Progress,
): Promise<readonly SuiteFacts[]> {
  const earlier = kept<Learnt>("solidity.json", digest);
  if (earlier !== undefined) return earlier.facts;
  const names = await suites.names();
  progress.start();
  const { facts, leftOut } = await learn(suites, names, (done) =>
    progress.step("learning what Solidity suites reach", done, names.length),
  );
  for (const name of leftOut) progress.say(`mutate: left out, fails without a mutant: ${name}`);
  writeFileSync(pathOf("solidity.json"), JSON.stringify({ digest, facts } satisfies Learnt));
  return facts;
}

/** What TypeScript suites reach, learnt once for each build. */
export async function learnTypeScript(
  tests: TypeScriptTests,
  digest: string,
  progress: Progress,
): Promise<readonly SuiteFacts[]> {
  const earlier = kept<Learnt>("typescript.json", digest);
  if (earlier !== undefined) return earlier.facts;
  progress.say("mutate: learning what TypeScript suites reach; this takes minutes.");
  const facts = await tests.learn();
  writeFileSync(pathOf("typescript.json"), JSON.stringify({ digest, facts } satisfies Learnt));
  return facts;
}

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { learnSolidity, learnTypeScript } from "../instrument/learn.ts";
import type { Learnt, SuiteFacts } from "../instrument/learn.ts";
import type { Progress } from "../instrument/progress.ts";
import { ROOT } from "../instrument/root.ts";
import type { Suites } from "../instrument/suites.ts";
import { testFiles, TypeScriptTests } from "../instrument/typescript.ts";
import { FOLDER } from "./prepare.ts";
import type { Results } from "./results.ts";

interface Kept {
  readonly basis: string;
  readonly learnt: Learnt;
}

/** What suites of one kind reach, kept by build; of a suite as long as its file and the tests' helpers are the same. */
class Facts {
  readonly #file: string;
  readonly #digest: string;
  readonly #results: Results;
  readonly #kept: Record<string, Kept>;

  constructor(name: string, digest: string, results: Results) {
    this.#file = join(ROOT, FOLDER, name);
    this.#digest = digest;
    this.#results = results;
    const found = existsSync(this.#file)
      ? (JSON.parse(readFileSync(this.#file, "utf8")) as { digest: string; kept: Record<string, Kept> })
      : undefined;
    this.#kept = found?.digest === digest ? found.kept : {};
  }

  find(name: string): Learnt | undefined {
    const kept = this.#kept[name];
    return kept?.basis === this.#results.basisOf(name) ? kept.learnt : undefined;
  }

  readonly keep = (learnt: Learnt): void => {
    this.#kept[learnt.name] = { basis: this.#results.basisOf(learnt.name), learnt };
    writeFileSync(`${this.#file}.new`, JSON.stringify({ digest: this.#digest, kept: this.#kept }));
    renameSync(`${this.#file}.new`, this.#file);
  };

  /** Those of these names that can be asked; the others are named. */
  usable(names: readonly string[], progress: Progress): SuiteFacts[] {
    return names.flatMap((name) => {
      const learnt = this.find(name);
      if (learnt === undefined) return [];
      if ("reports" in learnt) return [learnt];
      progress.say(`mutate: left out, fails without a mutant: ${name}: ${learnt.reason}`);
      return [];
    });
  }
}

/** What belongs to a build, and who is told how far it is. */
export interface Given {
  readonly digest: string;
  readonly results: Results;
  readonly progress: Progress;
}

/** What Solidity suites reach, learnt once for each build. */
export async function solidityFacts(
  lanes: readonly Suites[],
  { digest, results, progress }: Given,
): Promise<SuiteFacts[]> {
  const facts = new Facts("solidity.json", digest, results);
  const names = (await lanes[0]?.names()) ?? [];
  const unknown = names.filter((name) => facts.find(name) === undefined);
  progress.start();
  let done = 0;
  await learnSolidity(lanes, unknown, (learnt) => {
    facts.keep(learnt);
    progress.step("learning what Solidity suites reach", ++done, unknown.length);
  });
  return facts.usable(names, progress);
}

/** What TypeScript files reach, learnt once for each build. */
export async function typeScriptFacts(
  plain: readonly TypeScriptTests[],
  { digest, results, progress }: Given,
): Promise<SuiteFacts[]> {
  const facts = new Facts("typescript.json", digest, results);
  const names = testFiles();
  const unknown = names.filter((name) => facts.find(name) === undefined);
  const listening = plain.map((_, lane) => new TypeScriptTests(FOLDER, lane, true));
  progress.start();
  let done = 0;
  await learnTypeScript({ listening, plain }, unknown, (learnt) => {
    facts.keep(learnt);
    progress.step("learning what TypeScript suites reach", ++done, unknown.length);
  });
  return facts.usable(names, progress);
}

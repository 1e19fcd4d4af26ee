import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { runHardhat } from "./build.ts";
import { RunError } from "./errors.ts";
import type { SuiteFacts } from "./learn.ts";
import { TOOK } from "./reporter.ts";
import { ROOT } from "./root.ts";
import { LISTENING, NOTHING, choose, hasSwitch } from "./switch.ts";

/** Folders of suites that put contracts on a chain in order to try them; the others try programs. */
export const FOLDERS =
  "attacks,claims,clearing,coverage,differential,fund,governance,incidents,liquidation,math,oracle,periphery,risk,twin,vectors";

/** All of them together, when they listen. */
const LEARN_SECONDS = 3_600;

/** The TypeScript suites, on artifacts in which a number is chosen. */
export class TypeScriptTests {
  readonly #built: string;
  readonly #folder: string;
  readonly #switched = new Map<string, string>();
  readonly #healthy = new Map<string, boolean>();

  constructor(folder: string) {
    this.#built = join(ROOT, folder, "artifacts");
    this.#folder = `${folder}/chosen`;
  }

  /** Copies the artifacts once; those with a switch are kept at hand. */
  prepare(): void {
    rmSync(join(ROOT, this.#folder), { recursive: true, force: true });
    for (const file of globSync("{contracts,@*}/**/*.json", { cwd: this.#built })) {
      const text = readFileSync(join(this.#built, file), "utf8");
      const target = join(ROOT, this.#folder, "artifacts", file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      if (hasSwitch(text)) this.#switched.set(target, text);
    }
    writeFileSync(join(ROOT, this.#folder, "changes.json"), "{}");
  }

  /** Runs all suites once, listening: which file reaches what, and how long it takes. */
  async learn(pattern = `test/typescript/{${FOLDERS}}/**/*.test.ts`): Promise<SuiteFacts[]> {
    const files = globSync(pattern, { cwd: ROOT }).sort();
    const reports = join(ROOT, this.#folder, "reports.txt");
    rmSync(reports, { force: true });
    this.#choose(LISTENING);
    const { code, lines } = await runHardhat({
      folder: this.#folder,
      args: ["test", "mocha", "--no-compile", ...files],
      reports,
      seconds: LEARN_SECONDS,
    });
    if (code === undefined || !existsSync(reports)) {
      throw new RunError(`the TypeScript suites did not run:\n${lines.slice(-12).join("\n")}`);
    }
    return factsIn(readFileSync(reports, "utf8"));
  }

  /** Whether a file notices a number; undefined when it was not through after so many seconds. */
  async notices(file: string, number: number, seconds: number): Promise<boolean | undefined> {
    const passed = await this.#passes(file, number, seconds);
    if (passed !== false) return passed === undefined ? undefined : false;
    // A file that fails although nothing is chosen notices nothing.
    const isHealthy = this.#healthy.get(file) ?? (await this.#passes(file, NOTHING, seconds)) === true;
    this.#healthy.set(file, isHealthy);
    return isHealthy;
  }

  async #passes(file: string, number: number, seconds: number): Promise<boolean | undefined> {
    this.#choose(number);
    const args = ["test", "mocha", "--no-compile", file];
    const { code, lines } = await runHardhat({ folder: this.#folder, args, seconds });
    if (code === undefined) return undefined;
    if (code === 0) return true;
    if (!lines.some((line) => /^\s*\d+ failing\b/.test(line))) {
      throw new RunError(`${file} did not run:\n${lines.slice(-12).join("\n")}`);
    }
    return false;
  }

  #choose(number: number): void {
    for (const [file, text] of this.#switched) writeFileSync(file, choose(text, number));
  }
}

/** What the listening run wrote: lines `file number` and `file took milliseconds`. */
export function factsIn(text: string): SuiteFacts[] {
  const facts = new Map<string, { milliseconds: number; reports: number[] }>();
  for (const line of text.split("\n")) {
    const [name, word, value] = line.split(" ");
    if (name === undefined || word === undefined || !name.endsWith(".ts")) continue;
    const fact = facts.get(name) ?? { milliseconds: 0, reports: [] };
    facts.set(name, fact);
    if (word === TOOK) fact.milliseconds += Number(value);
    else fact.reports.push(Number(word));
  }
  return [...facts].map(([name, fact]) => ({ name, ...fact }));
}

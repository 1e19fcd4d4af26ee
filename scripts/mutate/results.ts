import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { ROOT } from "../instrument/root.ts";
import { FOLDERS } from "../instrument/typescript.ts";

/** What became of a mutant; `by` names the test file that a killed one failed. */
export interface Result {
  readonly status: "killed" | "survived" | "timed out";
  readonly by?: string;
  /** Whether the TypeScript suites have not been asked. */
  readonly isPartial?: boolean;
}

interface Kept {
  readonly result: Result;
  /** Digest of what the result rests on. */
  readonly basis: string;
}

const SOURCES = "contracts/**/*.sol";
const TESTS = `test/{solidity,typescript/{${FOLDERS},support}}/**/*.{sol,ts}`;
const TOOL = "scripts/{instrument,mutate}/**/*.ts";
const isTest = (file: string) => /\.t\.sol$|\.test\.ts$/.test(file);

const filesLike = (pattern: string) =>
  globSync(pattern, { cwd: ROOT })
    .map((file) => file.replaceAll("\\", "/"))
    .sort();

function digest(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(ROOT, file)))
      .update("\0");
  return hash.digest("hex");
}

/**
 * Results of earlier runs. A kill holds while the contracts, the test that killed and the tests' helpers are the same; a survival only
 * while every test is.
 */
export class Results {
  readonly #file: string;
  readonly #kept: Record<string, Kept>;
  readonly #sources: string;
  readonly #helpers: string;
  readonly #tests: string;

  constructor(file: string) {
    this.#file = file;
    this.#kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, Kept>) : {};
    const tests = filesLike(TESTS);
    this.#sources = digest([...filesLike(SOURCES), "package-lock.json"]);
    this.#helpers = digest(tests.filter((test) => !isTest(test)));
    this.#tests = digest(tests);
  }

  /** Of everything that a build depends on, beside what is drawn: also of what draws and rewrites. */
  get everything(): string {
    return this.#sources + this.#tests + digest(filesLike(TOOL));
  }

  find(identity: string): Result | undefined {
    const kept = this.#kept[identity];
    if (kept === undefined || kept.basis !== this.#basisOf(kept.result)) return undefined;
    return kept.result;
  }

  keep(identity: string, result: Result): void {
    this.#kept[identity] = { result, basis: this.#basisOf(result) };
  }

  /** Written beside and moved, so that an interrupt never leaves half a file. */
  save(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#kept, undefined, 1));
    renameSync(`${this.#file}.new`, this.#file);
  }

  #basisOf({ status, by }: Result): string {
    if (status !== "killed" || by === undefined) return this.#sources + this.#tests;
    const file = by.split(":")[0] ?? by;
    return this.#sources + this.#helpers + (existsSync(join(ROOT, file)) ? digest([file]) : "");
  }
}

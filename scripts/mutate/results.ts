import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { ROOT } from "../instrument/root.ts";
import { FOLDERS } from "../instrument/typescript.ts";

/** What became of a mutant; `by` names the test file that a killed one failed. */
export interface Result {
  readonly status: "killed" | "survived" | "timed out";
  readonly by?: string;
  /** Tests that failed, the first few. */
  readonly tests?: readonly string[];
  /** Who was asked and did not notice. */
  readonly asked?: readonly Stage[];
  /** How long the TypeScript tests got, and which files of them passed: what these rested on, by name. */
  readonly seconds?: number;
  readonly passed?: Readonly<Record<string, string>>;
}

/** Who is asked, one after the other: what takes seconds is left for what nothing else has noticed. */
export const STAGES = ["quick", "typescript", "slow"] as const;
export type Stage = (typeof STAGES)[number];

interface Kept {
  readonly result: Result;
  /** Digest of what the result rests on. */
  readonly basis: string;
  /** Of a survivor: the same without the tests themselves. */
  readonly ground?: string;
}

const SOURCES = "contracts/**/*.sol";
const TESTS = `test/{solidity,typescript/{${FOLDERS},support}}/**/*.{sol,ts}`;
/** What draws and rewrites. */
const TOOL =
  "scripts/{instrument/{rewrite,sources,switch,tree}.ts,instrument/hooks/solidity.ts,mutate/{draw,drafts,find,mutant,plan}.ts,mutate/operators/*.ts}";
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

  /** Of what the rewritten contracts depend on, beside what is drawn: also of what draws and rewrites. */
  get sources(): string {
    return this.#sources + digest(filesLike(TOOL));
  }

  /** Of the tests that are built with them. */
  get solidity(): string {
    return digest(filesLike(TESTS).filter((test) => test.endsWith(".sol")));
  }

  get #ground(): string {
    return this.#sources + this.#helpers;
  }

  /** Of a suite's file and of what it may lean on. */
  basisOf(suite: string): string {
    const file = suite.split(":")[0] ?? suite;
    return this.#helpers + (existsSync(join(ROOT, file)) ? digest([file]) : "");
  }

  find(identity: string): Result | undefined {
    const kept = this.#kept[identity];
    if (kept?.basis === undefined) return undefined;
    if (kept.basis === this.#basisOf(kept.result)) return kept.result;
    // After other tests have come a survivor is shown to those that have not passed with it yet.
    const { status, passed } = kept.result;
    return status === "survived" && passed !== undefined && kept.ground === this.#ground
      ? { status, passed }
      : undefined;
  }

  keep(identity: string, result: Result): void {
    const basis = this.#basisOf(result);
    this.#kept[identity] = result.status === "survived" ? { result, basis, ground: this.#ground } : { result, basis };
  }

  /** Written beside and moved, so that an interrupt never leaves half a file. */
  save(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#kept, undefined, 1));
    renameSync(`${this.#file}.new`, this.#file);
  }

  #basisOf({ status, by }: Result): string {
    if (status !== "killed" || by === undefined) return this.#sources + this.#tests;
    return this.#sources + this.basisOf(by);
  }
}

import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

import type { Sources } from "../instrument/tree.ts";

interface Stored {
  readonly digest: string;
  readonly reached: Record<string, readonly number[]>;
}

/** What each suite or test file has reached on one build, kept beside it as it is measured. */
export class Kept {
  readonly #file: string;
  readonly #stored: Stored;

  private constructor(file: string, stored: Stored) {
    this.#file = file;
    this.#stored = stored;
  }

  /** Nothing yet. */
  static begin(file: string, digest: string): Kept {
    const kept = new Kept(file, { digest, reached: {} });
    kept.#save();
    return kept;
  }

  /** What was measured on a build of the same contracts; undefined when there is none. */
  static find(file: string, digest: string): Kept | undefined {
    if (!existsSync(file)) return undefined;
    const stored = JSON.parse(readFileSync(file, "utf8")) as Stored;
    return stored.digest === digest ? new Kept(file, stored) : undefined;
  }

  keep(name: string, reached: readonly number[]): void {
    this.#stored.reached[name] = reached;
    this.#save();
  }

  /** What a suite or file has reached; undefined when it was not measured. */
  of(name: string): readonly number[] | undefined {
    return this.#stored.reached[name];
  }

  /** Written beside and moved, so that an interrupt never leaves half a file. */
  #save(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#stored));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Tells instrumented contracts from others; tests may have changed since. */
export const digestOf = (changes: Sources) => createHash("sha256").update(JSON.stringify(changes)).digest("hex");

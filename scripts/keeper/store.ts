// What survives a restart: who was seen, how far the chain was read, what is on its way, what was laid out, what has failed.
// Whole numbers beyond 2^53 are kept as text: SQLite's have 64 bits.
import { DatabaseSync } from "node:sqlite";

import type { Cursor } from "../../sdk/events/cursor.ts";
import type { RawLog } from "../../sdk/events/source.ts";
import { UnusableStoreError, WrongStoreError } from "./errors.ts";

/** One process at a time: the lock is the system's, and ends with the process, however it ends. */
const SCHEMA = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS seen (
    kind TEXT NOT NULL, id TEXT NOT NULL, detail TEXT NOT NULL,
    block INTEGER NOT NULL, position INTEGER NOT NULL, transaction_hash TEXT NOT NULL,
    PRIMARY KEY (kind, id, block, position)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS seen_by_log ON seen (transaction_hash, position);
  CREATE TABLE IF NOT EXISTS attempts (key TEXT PRIMARY KEY, count INTEGER NOT NULL, tried_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS outlays (id TEXT PRIMARY KEY, amount TEXT NOT NULL, spent_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS pending (nonce INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT;
`;
const CURSOR = "cursor";
const DEPLOYMENT = "deployment";
/** What is kept of events: a store that has read on without keeping all of it reads them again. */
const READING = "reading";
const READING_VERSION = "2";

/** A thing that an event told of. */
export interface Sighting {
  readonly kind: "account" | "series" | "subscriber" | "feed" | "waiting";
  readonly id: string;
  /** What the event said of it; the last one counts. */
  readonly detail: string;
}

export interface Attempts {
  readonly count: number;
  readonly triedAt: bigint;
}

/** A transaction that was signed and whose end is not known. */
export interface Pending {
  readonly nonce: number;
  readonly keys: readonly string[];
  readonly label: string;
  readonly to: string;
  readonly data: string;
  readonly gasLimit: string;
  /** Every version that was signed, with what it pays; the last one is the dearest. */
  readonly versions: readonly { readonly hash: string; readonly maxFee: string; readonly priorityFee: string }[];
}

export class Store {
  readonly #database: DatabaseSync;

  /** @param file path, or ":memory:" @param deployment what the store is of */
  constructor(file: string, deployment: string) {
    this.#database = opened(file);
    const found = this.#fact(DEPLOYMENT);
    if (found === undefined) this.#setFact(DEPLOYMENT, deployment);
    else if (found !== deployment) {
      this.close();
      throw new WrongStoreError(file, deployment, found);
    }
    if (this.#fact(READING) !== READING_VERSION) {
      this.forgetAll();
      this.#setFact(READING, READING_VERSION);
    }
  }

  /** All of it or nothing. */
  together(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /* SEEN */

  get cursor(): unknown {
    const text = this.#fact(CURSOR);
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }

  set cursor(cursor: Cursor) {
    this.#setFact(CURSOR, JSON.stringify(cursor));
  }

  /**
   * Only the first log that tells the same is kept. Whatever is taken back by a reorganisation is taken back with all logs after it, so that a
   * thing whose first log has gone is unknown again.
   */
  see({ kind, id, detail }: Sighting, log: RawLog): void {
    if (this.#latest(kind, id) === detail) return;
    this.#database
      .prepare("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?)")
      .run(kind, id, detail, log.blockNumber, log.index, log.transactionHash);
  }

  forget(log: RawLog): void {
    this.#database
      .prepare("DELETE FROM seen WHERE transaction_hash = ? AND position = ? AND block = ?")
      .run(log.transactionHash, log.index, log.blockNumber);
  }

  /** As if nothing had ever been read. */
  forgetAll(): void {
    this.together(() => {
      this.#database.exec("DELETE FROM seen");
      this.#database.prepare("DELETE FROM facts WHERE name = ?").run(CURSOR);
    });
  }

  /** In the order of ids, each with what was said of it last. */
  all(kind: Sighting["kind"]): { id: string; detail: string }[] {
    const rows = this.#database
      .prepare("SELECT id, detail FROM seen WHERE kind = ? ORDER BY id, block, position")
      .all(kind) as { id: string; detail: string }[];
    return [...new Map(rows.map(({ id, detail }) => [id, { id, detail }])).values()];
  }

  /* TRIED */

  attempts(): Map<string, Attempts> {
    const rows = this.#database.prepare("SELECT key, count, tried_at FROM attempts").all() as {
      key: string;
      count: number;
      tried_at: number;
    }[];
    return new Map(rows.map(({ key, count, tried_at }) => [key, { count, triedAt: BigInt(tried_at) }]));
  }

  countAttempt(key: string, now: bigint): void {
    this.#database
      .prepare(
        "INSERT INTO attempts VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET count = count + 1, tried_at = excluded.tried_at",
      )
      .run(key, now);
  }

  forgetAttempts(key: string): void {
    this.#database.prepare("DELETE FROM attempts WHERE key = ?").run(key);
  }

  /* LAID OUT */

  /** Counted before anything is sent. @param id hash of the first version of the transaction */
  layOut(id: string, amount: bigint, now: bigint): void {
    if (amount === 0n) return;
    this.#database.prepare("INSERT OR REPLACE INTO outlays VALUES (?, ?, ?)").run(id, amount.toString(), now);
  }

  /** What was not spent after all. */
  giveBack(id: string): void {
    this.#database.prepare("DELETE FROM outlays WHERE id = ?").run(id);
  }

  laidOutSince(time: bigint): bigint {
    this.#database.prepare("DELETE FROM outlays WHERE spent_at < ?").run(time);
    const rows = this.#database.prepare("SELECT amount FROM outlays").all() as { amount: string }[];
    return rows.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  }

  /* ON ITS WAY */

  pending(): Pending[] {
    const rows = this.#database.prepare("SELECT content FROM pending ORDER BY nonce").all() as { content: string }[];
    return rows.map(({ content }) => JSON.parse(content) as Pending);
  }

  setPending(pending: Pending): void {
    this.#database.prepare("INSERT OR REPLACE INTO pending VALUES (?, ?)").run(pending.nonce, JSON.stringify(pending));
  }

  clearPending(nonce: number): void {
    this.#database.prepare("DELETE FROM pending WHERE nonce = ?").run(nonce);
  }

  #latest(kind: string, id: string): string | undefined {
    const row = this.#database
      .prepare("SELECT detail FROM seen WHERE kind = ? AND id = ? ORDER BY block DESC, position DESC LIMIT 1")
      .get(kind, id) as { detail: string } | undefined;
    return row?.detail;
  }

  #fact(name: string): string | undefined {
    const row = this.#database.prepare("SELECT value FROM facts WHERE name = ?").get(name) as
      { value: string } | undefined;
    return row?.value;
  }

  #setFact(name: string, value: string): void {
    this.#database.prepare("INSERT OR REPLACE INTO facts VALUES (?, ?)").run(name, value);
  }
}

function opened(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec(SCHEMA);
    return database;
  } catch (error) {
    database?.close();
    throw new UnusableStoreError(file, error);
  }
}

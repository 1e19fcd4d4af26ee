// Where a stream stands: which blocks it has read, and which logs it has given out that a reorganisation could still take back.
import { BulwarkError } from "../errors.ts";
import type { RawLog } from "./source.ts";

const CURSOR_FORMAT = 1;

/** A block that was read to its end, and the logs since the checkpoint before. */
export interface Checkpoint {
  readonly number: number;
  readonly hash: string;
  /** Too deep to be taken back: its logs are forgotten. */
  readonly isSettled: boolean;
  readonly logs: readonly RawLog[];
}

/** JSON through and through: store it, and go on from it in another process. */
export interface Cursor {
  readonly format: typeof CURSOR_FORMAT;
  /** First block of the stream. */
  readonly start: number;
  /** Oldest first; the last one is the block that was read last. Only the first one can be settled. */
  readonly checkpoints: readonly Checkpoint[];
}

/** A cursor before its first block. */
export function cursorAt(start: number): Cursor {
  return { format: CURSOR_FORMAT, start, checkpoints: [] };
}

/** The block that was read last. */
export function lastOf(cursor: Cursor): Checkpoint | undefined {
  return cursor.checkpoints.at(-1);
}

/** The cursor after another range; of what lies at or below `settled` one checkpoint stays, to say where the rest begins. */
export function advanced(cursor: Cursor, checkpoint: Omit<Checkpoint, "isSettled">, settled: number): Cursor {
  const all: Checkpoint[] = [...cursor.checkpoints, { ...checkpoint, isSettled: false }];
  const base = all.findLast(({ number }) => number <= settled);
  const live = all.filter(({ number }) => number > settled);
  return { ...cursor, checkpoints: base === undefined ? live : [{ ...base, isSettled: true, logs: [] }, ...live] };
}

/** Checks a cursor that was stored. */
export function parseCursor(value: unknown): Cursor {
  const cursor = value as Partial<Cursor> | null;
  const isCursor =
    typeof cursor === "object" &&
    cursor?.format === CURSOR_FORMAT &&
    Number.isSafeInteger(cursor.start) &&
    Array.isArray(cursor.checkpoints);
  if (!isCursor || !cursor.checkpoints?.every(isCheckpoint)) throw new InvalidCursorError(value);
  return cursor as Cursor;
}

function isCheckpoint(value: unknown): value is Checkpoint {
  const { number, hash, isSettled, logs } = (value ?? {}) as Partial<Checkpoint>;
  return (
    Number.isSafeInteger(number) && typeof hash === "string" && typeof isSettled === "boolean" && Array.isArray(logs)
  );
}

/** What was passed is no cursor of this version. */
export class InvalidCursorError extends BulwarkError {
  override name = "InvalidCursorError";
  readonly value: unknown;

  constructor(value: unknown) {
    super("This is no cursor of this package's version: pass what the stream gave out, or start from a block instead.");
    this.value = value;
  }
}

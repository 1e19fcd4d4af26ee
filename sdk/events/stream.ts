// Logs in order, without gaps and without doubles, across faults, restarts and reorganisations.
import { BulwarkError } from "../errors.ts";
import { advanced, cursorAt, lastOf, parseCursor } from "./cursor.ts";
import type { Checkpoint, Cursor } from "./cursor.ts";
import { isRangeTooLarge, NodeFaultError, retried, sleep } from "./retry.ts";
import type { RetryOptions } from "./retry.ts";
import type { BlockHead, LogFilter, LogSource, RawLog } from "./source.ts";

export interface StreamOptions extends LogFilter {
  /** First block, when there is no cursor. */
  readonly fromBlock?: number;
  /** Where an earlier stream stood; checked, so that it may come from a file. */
  readonly cursor?: unknown;
  /** Blocks that must stand above one before it is read; 0 reads the newest and takes back what is reorganised. */
  readonly confirmations?: number;
  /** Deepest reorganisation that can be taken back, blocks. */
  readonly depth?: number;
  /** Most blocks of one request; halved where the node finds them too many. */
  readonly range?: number;
  /** Wait at the head of the chain, milliseconds; undefined ends the stream there. */
  readonly poll?: number;
  readonly signal?: AbortSignal;
  readonly retry?: Partial<Omit<RetryOptions, "signal">>;
}

/** What a stream gives out. Store the cursor with the effects of the logs before it, in one step. */
export type StreamItem =
  | { readonly kind: "log"; readonly log: RawLog }
  /** A log that was given out before and is no longer part of the chain; newest first. */
  | { readonly kind: "removed"; readonly log: RawLog }
  /** Everything up to `block` was given out. */
  | { readonly kind: "cursor"; readonly block: number; readonly cursor: Cursor };

const DEFAULTS = { confirmations: 0, depth: 64, range: 2_000 } as const;
const RETRY = { attempts: 8, firstWait: 250, longestWait: 15_000, sleep } as const;

/**
 * Streams logs from where it stood.
 * @example
 * for await (const item of streamLogs(sourceOf(provider), { addresses: [engine], cursor: stored, poll: 4_000 })) {
 *   if (item.kind === "log") await book(item.log);
 *   else if (item.kind === "removed") await undo(item.log);
 *   else await store(item.cursor);
 * }
 */
export async function* streamLogs(source: LogSource, options: StreamOptions): AsyncGenerator<StreamItem, void> {
  const reader = new Reader(source, options);
  while (options.signal?.aborted !== true) {
    yield* await reader.takeBack();
    const step = await reader.next();
    if (Array.isArray(step)) yield* step;
    else if (step === "head" && options.poll === undefined) return;
    else await reader.wait(step);
  }
}

/** Why there is no next range: the head is reached, the chain moved while it was read, or the range was too large. */
type Pause = "head" | "moved" | "halved";

class Reader {
  readonly #source: LogSource;
  readonly #options: StreamOptions;
  readonly #retry: RetryOptions;
  readonly #most: number;
  #range: number;
  #cursor: Cursor;

  constructor(source: LogSource, options: StreamOptions) {
    this.#source = source;
    this.#options = options;
    this.#retry = { ...RETRY, ...options.retry, signal: options.signal };
    this.#most = options.range ?? DEFAULTS.range;
    this.#range = this.#most;
    this.#cursor = options.cursor === undefined ? cursorAt(options.fromBlock ?? 0) : parseCursor(options.cursor);
  }

  async wait(pause: Pause): Promise<void> {
    if (pause === "halved") return;
    const time = pause === "head" ? this.#options.poll : undefined;
    await this.#retry.sleep(time ?? this.#retry.firstWait, this.#options.signal);
  }

  /** Looks whether the chain still goes through what was read, and gives back the logs of what it does not: newest first. */
  async takeBack(): Promise<StreamItem[]> {
    const { checkpoints } = this.#cursor;
    const kept = await this.#canonical(checkpoints);
    if (kept === checkpoints.length) return [];
    if (kept === 0 && checkpoints[0]?.isSettled === true) throw new ReorganisationTooDeepError(checkpoints[0].number);
    const dropped = checkpoints.slice(kept).flatMap(({ logs }) => logs);
    this.#cursor = { ...this.#cursor, checkpoints: checkpoints.slice(0, kept) };
    const block = lastOf(this.#cursor)?.number ?? this.#cursor.start - 1;
    const items: StreamItem[] = dropped.reverse().map((log) => ({ kind: "removed", log }));
    return [...items, { kind: "cursor", block, cursor: this.#cursor }];
  }

  /** The next range, or why there is none. */
  async next(): Promise<StreamItem[] | Pause> {
    const last = lastOf(this.#cursor);
    const from = last === undefined ? this.#cursor.start : last.number + 1;
    const head = await this.#ask(() => this.#source.headNumber());
    const safe = head - (this.#options.confirmations ?? DEFAULTS.confirmations);
    if (from > safe) return "head";
    const settled = head - (this.#options.depth ?? DEFAULTS.depth);
    // No range is half settled: its logs could neither be forgotten nor be given back.
    const to = Math.min(from <= settled ? settled : safe, safe, from + this.#range - 1);
    const [first, end] = [await this.#block(from), await this.#block(to)];
    if (first === undefined || end === undefined) return "moved";
    // The chain that the logs are of must be the one that was read before.
    if (last !== undefined && first.parentHash !== last.hash) return "moved";
    const logs = await this.#logs(from, to);
    if (logs === undefined) return "halved";
    const after = await this.#block(to);
    if (after?.hash !== end.hash || !belong(logs, { from, to, first, end })) return "moved";
    return this.#accept({ number: to, hash: end.hash, logs: sorted(logs) }, settled);
  }

  #accept(checkpoint: Omit<Checkpoint, "isSettled">, settled: number): StreamItem[] {
    this.#cursor = advanced(this.#cursor, checkpoint, settled);
    this.#range = Math.min(this.#range * 2, this.#most);
    const items: StreamItem[] = checkpoint.logs.map((log) => ({ kind: "log", log }));
    return [...items, { kind: "cursor", block: checkpoint.number, cursor: this.#cursor }];
  }

  /** Undefined when the range was halved instead. */
  async #logs(from: number, to: number): Promise<readonly RawLog[] | undefined> {
    const { addresses, topics } = this.#options;
    const filter = { addresses, from, to, ...(topics && { topics }) };
    const isSplittable = to > from;
    try {
      return await retried(
        () => this.#source.logs(filter),
        this.#retry,
        (error) => isSplittable && isRangeTooLarge(error),
      );
    } catch (error) {
      // A node that fails on a range may only be too slow for it.
      if (!isSplittable || !(isRangeTooLarge(error) || error instanceof NodeFaultError)) throw error;
      this.#range = Math.ceil((to - from + 1) / 2);
      return undefined;
    }
  }

  /** How many checkpoints the chain still goes through. A block that the node has not got (yet) says nothing: another node may be behind. */
  async #canonical(checkpoints: readonly Checkpoint[]): Promise<number> {
    let isReplaced = false;
    for (let count = checkpoints.length; count > 0; count--) {
      const { number, hash } = checkpoints[count - 1] as Checkpoint;
      const block = await this.#block(number);
      if (block?.hash === hash) return isReplaced ? count : checkpoints.length;
      if (block !== undefined) isReplaced = true;
    }
    return isReplaced ? 0 : checkpoints.length;
  }

  #block(number: number): Promise<BlockHead | undefined> {
    return this.#ask(() => this.#source.block(number));
  }

  #ask<T>(call: () => Promise<T>): Promise<T> {
    return retried(call, this.#retry);
  }
}

/** Whether logs are of the range that was asked for, and of the blocks whose hashes are known. */
function belong(
  logs: readonly RawLog[],
  { from, to, first, end }: { from: number; to: number; first: BlockHead; end: BlockHead },
): boolean {
  return logs.every(({ blockNumber, blockHash }) => {
    if (blockNumber < from || blockNumber > to) return false;
    if (blockNumber === first.number) return blockHash === first.hash;
    return blockNumber !== end.number || blockHash === end.hash;
  });
}

function sorted(logs: readonly RawLog[]): RawLog[] {
  return [...logs].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
}

/** A chain that has changed further back than the stream remembers. */
export class ReorganisationTooDeepError extends BulwarkError {
  override name = "ReorganisationTooDeepError";
  readonly block: number;

  constructor(block: number) {
    super(
      `Block ${block} and everything after it was replaced: that is deeper than the stream remembers. Drop what was read from there on and ` +
        "start again from a block before it, with a greater depth.",
    );
    this.block = block;
  }
}

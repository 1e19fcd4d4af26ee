// A node of a chain that the test writes: it reorganises, fails, finds ranges too large, and is behind.
import type { BlockHead, LogSource, RawLog } from "../../../../sdk/index.ts";

interface Block extends BlockHead {
  readonly logs: readonly RawLog[];
}

const ADDRESS = "0x000000000000000000000000000000000000dEaD";

export class WrittenChain implements LogSource {
  #blocks: Block[] = [];
  #count = 0;
  /** Faults to come: each call takes one. */
  faults: (Error | undefined)[] = [];
  /** Most blocks of one request. */
  limit = Number.POSITIVE_INFINITY;
  /** Blocks that this node does not have yet. */
  behind = 0;
  /** Ranges that were asked for. */
  readonly asked: number[] = [];
  /** Called before the head is told: between a look back and the reads of the next range. */
  onHead: () => void = () => undefined;
  /** Called between the reads of one range. */
  onLogs: () => void = () => undefined;

  constructor(blocks = 1) {
    this.mine(blocks);
  }

  /** Blocks with `logs` logs each. */
  mine(blocks: number, logs = 1): void {
    for (let left = blocks; left > 0; left--) {
      const number = this.#blocks.length;
      const hash = `0x${(++this.#count).toString(16).padStart(64, "0")}`;
      const parentHash = this.#blocks.at(-1)?.hash ?? `0x${"0".repeat(64)}`;
      const made = Array.from({ length: logs }, (_, index) => this.#log({ number, hash }, index));
      this.#blocks.push({ number, hash, parentHash, logs: made });
    }
  }

  /** Replaces the newest blocks by as many others and `more`. */
  reorganise(depth: number, more = 0, logs = 1): void {
    const dropped = Math.min(depth, this.#blocks.length - 1);
    this.#blocks.length -= dropped;
    this.mine(dropped + more, logs);
  }

  /** Everything that is part of the chain, oldest first. */
  canonical(confirmations = 0): RawLog[] {
    return this.#blocks.slice(0, this.#blocks.length - confirmations).flatMap(({ logs }) => logs);
  }

  get head(): number {
    return this.#blocks.length - 1;
  }

  headNumber(): Promise<number> {
    return this.#answer(() => {
      this.onHead();
      return this.head - this.behind;
    });
  }

  block(number: number): Promise<BlockHead | undefined> {
    return this.#answer(() => (number > this.head - this.behind ? undefined : this.#blocks[number]));
  }

  logs({ from, to }: { readonly from: number; readonly to: number }): Promise<readonly RawLog[]> {
    this.asked.push(to - from + 1);
    return this.#answer(() => {
      if (to - from + 1 > this.limit) throw new Error(`query exceeds max block range ${this.limit}`);
      const found = this.#blocks.slice(from, to + 1).flatMap(({ logs }) => logs);
      this.onLogs();
      return found.reverse(); // In no order that one could rely on.
    });
  }

  #answer<T>(read: () => T): Promise<T> {
    const fault = this.faults.shift();
    return fault === undefined ? Promise.resolve().then(read) : Promise.reject(fault);
  }

  #log({ number: blockNumber, hash: blockHash }: { number: number; hash: string }, index: number): RawLog {
    const transactionHash = `${blockHash.slice(0, -4)}ffff`;
    return { address: ADDRESS, topics: [], data: "0x", blockNumber, blockHash, transactionHash, index };
  }
}

/** A reader that keeps what it was given, and loses what is taken back. */
export class Ledger {
  readonly logs: RawLog[] = [];

  add(log: RawLog): void {
    if (this.logs.some((known) => isSame(known, log))) throw new Error(`given out twice: ${JSON.stringify(log)}`);
    this.logs.push(log);
  }

  remove(log: RawLog): void {
    const last = this.logs.pop();
    if (last === undefined || !isSame(last, log)) throw new Error(`not the newest: ${JSON.stringify(log)}`);
  }
}

function isSame(a: RawLog, b: RawLog): boolean {
  return a.blockHash === b.blockHash && a.index === b.index;
}

import type { Variable } from "../storage/layout.ts";
import { Journal, Table } from "../storage/tables.ts";
import type { Value } from "../storage/tables.ts";

/** A custom error that the chain would answer with. */
export class Refusal extends Error {
  readonly error: string;
  readonly values: readonly unknown[];

  constructor(error: string, values: readonly unknown[]) {
    super(error);
    this.error = error;
    this.values = values;
  }
}

export function refuse(error: string, ...values: unknown[]): never {
  throw new Refusal(error, values);
}

/** What all contracts of a twin share: time, sender, what was written, and what was passed on the way. */
export class World {
  /** Second of the block that a command is mined in. */
  now = 0n;
  /** Lower case. */
  sender = "";
  readonly journal = new Journal();
  /** Steps that a run must have come by, counted. */
  readonly passed = new Map<string, number>();
  /** What lasts as long as a transaction (EIP-1153): a call that is refused takes its own back. */
  transient = new Map<string, unknown>();
  /** Passed by the command that is being played: counted when it is accepted. */
  readonly #passing: string[] = [];

  pass(step: string): void {
    this.#passing.push(step);
  }

  /** Plays a command: its writes and steps count only if it is accepted. */
  attempt<Result>(play: () => Result): Result {
    const mark = this.journal.mark;
    const passing = this.#passing.length;
    const transient = new Map(this.transient);
    try {
      return play();
    } catch (error) {
      this.journal.rollBack(mark);
      this.#passing.length = passing;
      this.transient = transient;
      throw error;
    }
  }

  /** Counts what was passed since the last call, or forgets it. */
  tally(counts: boolean): void {
    if (counts) for (const step of this.#passing) this.passed.set(step, (this.passed.get(step) ?? 0) + 1);
    this.#passing.length = 0;
  }
}

/** A contract of the twin: its address and its tables. */
export class Contract {
  readonly world: World;
  /** Lower case. */
  readonly address: string;
  readonly tables: Table<Value>[] = [];
  readonly #layout: ReadonlyMap<string, Variable>;

  constructor(world: World, address: string, layout: ReadonlyMap<string, Variable>) {
    this.world = world;
    this.address = address.toLowerCase();
    this.#layout = layout;
  }

  get now(): bigint {
    return this.world.now;
  }

  /** State variables that the twin does not play. */
  get untouched(): readonly Variable[] {
    const played = new Set(this.tables.map(({ variable }) => variable.label));
    return [...this.#layout.values()].filter(({ label }) => !played.has(label));
  }

  protected table<T extends Value>(label: string): Table<T> {
    const variable = this.#layout.get(label);
    if (variable === undefined) throw new Error(`${label} is no state variable`);
    const table = new Table<T>(this.address, variable, this.world.journal);
    this.tables.push(table);
    return table;
  }

  protected requireSender(expected: bigint, error: string): void {
    if (BigInt(this.world.sender) !== expected) refuse(error, this.world.sender, addressOf(expected));
  }
}

export const addressOf = (word: bigint): string => `0x${word.toString(16).padStart(40, "0")}`;
export const ownerOf = (account: string): string => account.slice(0, 42);

/** Numbers of the bits that are set, lowest first. */
export function bitsOf(bitmap: bigint): bigint[] {
  const bits: bigint[] = [];
  for (let bit = 0n, rest = bitmap; rest !== 0n; rest >>= 1n, ++bit) if ((rest & 1n) === 1n) bits.push(bit);
  return bits;
}

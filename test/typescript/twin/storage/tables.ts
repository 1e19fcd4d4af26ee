import { slotOf } from "./layout.ts";
import type { Field, Key, Variable } from "./layout.ts";

/** A field of a struct as a twin keeps it: numbers, addresses and enumerations as bigint. */
export type Value = bigint | boolean | { readonly [name: string]: Value };

/** A write that can be taken back. */
interface Write {
  readonly table: Table<Value>;
  readonly key: string;
  readonly before: Value | undefined;
}

/** Everything that was written, in order: a refused command takes its own writes back, and what is left is what the chain must have written. */
export class Journal {
  readonly #writes: Write[] = [];

  get mark(): number {
    return this.#writes.length;
  }

  note(write: Write): void {
    this.#writes.push(write);
  }

  rollBack(mark: number): void {
    while (this.#writes.length > mark) {
      const write = this.#writes.pop();
      write?.table.restore(write.key, write.before);
    }
  }

  /** Fields that hold something else than at `mark`, as `variable.field`. */
  fieldsSince(mark: number): Set<string> {
    const fields = new Set<string>();
    for (const [table, keys] of this.#firstSince(mark)) {
      for (const [key, before] of keys) for (const field of table.changedFields(key, before)) fields.add(field);
    }
    return fields;
  }

  /** What every entry was that has been written since `mark`. */
  #firstSince(mark: number): Map<Table<Value>, Map<string, Value | undefined>> {
    const first = new Map<Table<Value>, Map<string, Value | undefined>>();
    for (const { table, key, before } of this.#writes.slice(mark)) {
      const seen = first.get(table) ?? new Map<string, Value | undefined>();
      first.set(table, seen);
      if (!seen.has(key)) seen.set(key, before);
    }
    return first;
  }

  /** Slots that hold something else than at `mark`, by contract. */
  changedSince(mark: number): Map<string, Map<bigint, bigint>> {
    const changed = new Map<string, Map<bigint, bigint>>();
    for (const [table, keys] of this.#firstSince(mark)) {
      const slots = changed.get(table.contract) ?? new Map<bigint, bigint>();
      changed.set(table.contract, slots);
      for (const [key, before] of keys) {
        const old = table.wordsOf(key, before);
        for (const [slot, word] of table.words(key)) if (old.get(slot) !== word) slots.set(slot, word);
      }
    }
    return changed;
  }
}

/** One state variable of a contract: an entry for each key, or a single one. Entries are replaced, never changed in place. */
export class Table<T extends Value> {
  /** Address of the contract, lower case. */
  readonly contract: string;
  readonly variable: Variable;
  readonly #journal: Journal;
  readonly #entries = new Map<string, T>();
  readonly #keys = new Map<string, { readonly key: readonly Key[]; readonly slot: bigint }>();
  readonly #empty: T;

  constructor(contract: string, variable: Variable, journal: Journal) {
    this.contract = contract;
    this.variable = variable;
    this.#journal = journal;
    this.#empty = emptyOf(variable.fields) as T;
  }

  get(...key: Key[]): T {
    return this.#entries.get(key.join("/")) ?? this.#empty;
  }

  set(value: T, ...key: Key[]): void {
    const name = this.#nameOf(key);
    this.#journal.note({ table: this, key: name, before: this.#entries.get(name) });
    this.#entries.set(name, value);
  }

  /** Some fields of an entry. */
  change(fields: Partial<T>, ...key: Key[]): void {
    this.set({ ...(this.get(...key) as object), ...fields } as T, ...key);
  }

  delete(...key: Key[]): void {
    this.set(this.#empty, ...key);
  }

  restore(name: string, value: Value | undefined): void {
    if (value === undefined) this.#entries.delete(name);
    else this.#entries.set(name, value as T);
  }

  /** All entries that were ever written. */
  get names(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** Takes an entry from the chain's words. */
  load(read: (slot: bigint) => bigint, ...key: Key[]): void {
    const name = this.#nameOf(key);
    const first = this.#slotOf(name);
    const words = new Map(this.#offsets().map((offset) => [first + offset, read(first + offset)]));
    this.#entries.set(name, decode(this.variable.fields, (offset) => words.get(first + offset) ?? 0n) as T);
  }

  /** Slots that an entry takes. */
  slots(...key: Key[]): readonly bigint[] {
    const first = this.#slotOf(this.#nameOf(key));
    return this.#offsets().map((offset) => first + offset);
  }

  words(name: string): Map<bigint, bigint> {
    return this.wordsOf(name, this.#entries.get(name));
  }

  wordsOf(name: string, value: Value | undefined): Map<bigint, bigint> {
    const first = this.#slotOf(name);
    const words = new Map<bigint, bigint>(this.#offsets().map((offset) => [first + offset, 0n]));
    if (value === undefined) return words;
    for (const field of this.variable.fields) {
      const slot = first + field.slot;
      words.set(slot, (words.get(slot) ?? 0n) | (encode(fieldOf(value, field), field) << field.shift));
    }
    return words;
  }

  /** Names of all fields. */
  get fields(): readonly string[] {
    return this.variable.fields.map(({ path }) => this.#labelOf(path));
  }

  changedFields(name: string, before: Value | undefined): string[] {
    const [old, current] = [before ?? this.#empty, this.#entries.get(name) ?? this.#empty];
    return this.variable.fields
      .filter((field) => fieldOf(old, field) !== fieldOf(current, field))
      .map(({ path }) => this.#labelOf(path));
  }

  #labelOf(path: readonly string[]): string {
    return [this.variable.label, ...path].join(".");
  }

  /** What a slot of an entry holds, field by field. */
  describe(name: string, slot: bigint, word: bigint): string {
    const offset = slot - this.#slotOf(name);
    return this.variable.fields
      .filter((field) => field.slot === offset)
      .map((field) => `${field.path.join(".") || "value"} ${fromWord(word, field)}`)
      .join(", ");
  }

  #nameOf(key: readonly Key[]): string {
    const name = key.join("/");
    if (!this.#keys.has(name)) this.#keys.set(name, { key, slot: slotOf(this.variable, key) });
    return name;
  }

  #slotOf(name: string): bigint {
    const known = this.#keys.get(name);
    if (known === undefined) throw new Error(`${this.variable.label} has no entry ${name}`);
    return known.slot;
  }

  #offsets(): readonly bigint[] {
    return [...new Set(this.variable.fields.map(({ slot }) => slot))];
  }
}

function encode(value: bigint | boolean, { bits, path, kind }: Field): bigint {
  const number = BigInt(value);
  const [low, high] = kind === "signed" ? [-(1n << (bits - 1n)), 1n << (bits - 1n)] : [0n, 1n << bits];
  if (number < low || number >= high) throw new Error(`${path.join(".")} = ${number} does not fit in ${bits} bits`);
  return BigInt.asUintN(Number(bits), number);
}

function fromWord(word: bigint, { bits, shift, kind }: Field): bigint | boolean {
  const raw = BigInt.asUintN(Number(bits), word >> shift);
  if (kind === "bool") return raw !== 0n;
  return kind === "signed" ? BigInt.asIntN(Number(bits), raw) : raw;
}

/** A missing name would be a field that the twin has forgotten. */
function fieldOf(value: Value, { path }: Field): bigint | boolean {
  let at: Value | undefined = value;
  for (const name of path) at = typeof at === "object" ? at[name] : undefined;
  if (typeof at !== "bigint" && typeof at !== "boolean") throw new Error(`the twin knows no ${path.join(".")}`);
  return at;
}

function decode(fields: readonly Field[], read: (offset: bigint) => bigint): Value {
  return build(fields, (field) => fromWord(read(field.slot), field));
}

function emptyOf(fields: readonly Field[]): Value {
  return build(fields, ({ kind }) => (kind === "bool" ? false : 0n));
}

function build(fields: readonly Field[], valueOf: (field: Field) => Value): Value {
  const [only] = fields;
  if (only !== undefined && only.path.length === 0) return valueOf(only);
  const value: Record<string, Value> = {};
  for (const field of fields) {
    let at = value;
    field.path.slice(0, -1).forEach((name) => (at = (at[name] ??= {}) as Record<string, Value>));
    at[field.path.at(-1) ?? ""] = valueOf(field);
  }
  return value;
}

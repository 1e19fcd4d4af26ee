// Answers of contracts as plain objects: what ethers returns is an array with names, which no two libraries compare alike.
import { Result } from "ethers";

/** What ethers calls the items of a list; only a list of one shows it. */
const UNNAMED = "_";

type Named<T> = Exclude<keyof T, keyof [] | number | `${number}`>;

/** A struct of the generated types without its array. */
export type Plain<T> = T extends bigint | string | boolean
  ? T
  : [Named<T>] extends [never]
    ? T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : T
    : { readonly [Key in Named<T>]: Plain<T[Key]> };

/** Copies a struct, deep. A tuple whose members all have names becomes an object, any other one an array. */
export function plain<T>(value: T): Plain<T> {
  return plainValue(value) as Plain<T>;
}

function plainValue(value: unknown): unknown {
  if (!(value instanceof Result)) return value;
  const named = namedValues(value);
  if (named === undefined) return Object.freeze(value.toArray().map(plainValue));
  return Object.freeze(Object.fromEntries(Object.entries(named).map(([name, item]) => [name, plainValue(item)])));
}

/** Members by name, or undefined where one has none: a list. */
function namedValues(result: Result): Record<string, unknown> | undefined {
  if (result.length === 0) return undefined;
  try {
    const named: Record<string, unknown> = result.toObject();
    return UNNAMED in named ? undefined : named;
  } catch {
    return undefined; // That is how ethers says that a member has no name.
  }
}

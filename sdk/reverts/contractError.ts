import { BulwarkError } from "../errors.ts";

/** Values of an error by the names that the contract gives them; structs are objects, lists are arrays. */
export type ErrorValues = Readonly<Record<string, unknown>>;

/** What a contract reverted with. */
export interface Reason<Values extends ErrorValues = ErrorValues> {
  readonly name: string;
  readonly signature: string;
  readonly selector: string;
  readonly values: Values;
  /** What to do, values filled in. */
  readonly advice: string;
}

/**
 * A custom error of a contract. `contractErrors` has a class of its own for each, so that `instanceof` tells them apart.
 * @example
 * try {
 *   await client.accounts.withdraw(account, { amount });
 * } catch (error) {
 *   if (error instanceof contractErrors.ClearingHouse_BelowInitialMargin) show(error.values.required);
 *   else throw error;
 * }
 */
export class ContractError<Values extends ErrorValues = ErrorValues> extends BulwarkError {
  override name = "ContractError";
  readonly signature: string;
  /** First four bytes of the revert data. */
  readonly selector: string;
  readonly values: Values;
  /** What to do. */
  readonly advice: string;

  constructor(reason: Reason<Values>, cause?: unknown) {
    super(`${reason.advice} (${reason.name}${inWords(reason.values)})`, cause === undefined ? undefined : { cause });
    this.name = reason.name;
    this.signature = reason.signature;
    this.selector = reason.selector;
    this.values = reason.values;
    this.advice = reason.advice;
  }
}

/** A revert with a text, as tokens of others use it. */
export class RevertTextError extends BulwarkError {
  override name = "RevertTextError";
  readonly text: string;

  constructor(text: string, cause?: unknown) {
    super(`A contract outside of Bulwark refused with "${text}": ask its documentation.`, { cause });
    this.text = text;
  }
}

/** Checked arithmetic, an index out of range and the like: no state that a contract names. */
export class PanicError extends BulwarkError {
  override name = "PanicError";
  readonly code: bigint;

  constructor(code: bigint, cause?: unknown) {
    super(`A contract stopped with panic 0x${code.toString(16)}: check the size of the amounts, then report it.`, {
      cause,
    });
    this.code = code;
  }
}

/** Revert data of no error that this package knows. */
export class UnknownRevertError extends BulwarkError {
  override name = "UnknownRevertError";
  readonly data: string;

  constructor(data: string, cause?: unknown) {
    super(
      `A contract reverted with ${data.slice(0, 10)}, an error that this package does not know: it is a foreign contract's, ` +
        "or the package is older than the deployment.",
      { cause },
    );
    this.data = data;
  }
}

/** A revert without data. */
export class EmptyRevertError extends BulwarkError {
  override name = "EmptyRevertError";

  constructor(cause?: unknown) {
    super("The call reverted without a reason: give it more gas, and check that the address has the contract.", {
      cause,
    });
  }
}

function inWords(values: ErrorValues): string {
  const parts = Object.entries(values).map(([name, value]) => `${name} = ${wordOf(value)}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

/** A value as a reader sees it. */
export function wordOf(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? item.toString() : item)).replace(
    /"/g,
    "",
  );
}

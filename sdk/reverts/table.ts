// Which error has which selector, class and advice.
import type { ErrorFragment, Result } from "ethers";
import { Interface } from "ethers";

import { plain } from "../plain.ts";
import { advice } from "./advice/index.ts";
import type { ErrorName } from "./advice/index.ts";
import { ContractError, wordOf } from "./contractError.ts";
import type { ErrorValues, Reason } from "./contractError.ts";
import { errorFragments } from "./fragments.ts";
import type { ValuesOf } from "./values.ts";

type ContractErrorClass<Values extends ErrorValues = ErrorValues> = new (
  reason: Reason<Values>,
  cause?: unknown,
) => ContractError<Values>;

/** All custom errors of the contracts. */
export const errorInterface = new Interface(errorFragments);

/** A class for every error. */
export const contractErrors = Object.freeze(
  Object.fromEntries((Object.keys(advice) as ErrorName[]).map((name) => [name, classOf(name)])),
) as unknown as { readonly [Name in ErrorName]: ContractErrorClass<ValuesOf<Name>> };

const bySelector = new Map<string, ErrorFragment>();
errorInterface.forEachError((fragment) => bySelector.set(fragment.selector, fragment));

/** The error with this selector, as `LiquidationEngine.BidFailed` and `IncidentNotifier` report it, or undefined. */
export function errorOfSelector(selector: string): ErrorFragment | undefined {
  return bySelector.get(selector.toLowerCase());
}

/** What custom error revert data is, or undefined when it is none that is known. */
export function reasonOf(data: string): { reason: Reason; make: ContractErrorClass } | undefined {
  const fragment = errorOfSelector(data.slice(0, 10));
  if (fragment === undefined) return undefined;
  const values = valuesOf(fragment, data);
  if (values === undefined) return undefined;
  const name = fragment.name as ErrorName;
  const text: string = advice[name];
  const reason = {
    name,
    signature: fragment.format("sighash"),
    selector: fragment.selector,
    values,
    advice: filled(text, values),
  };
  return { reason, make: contractErrors[name] };
}

/** Undefined where the bytes behind the selector are too few: someone else's error with the same four bytes. */
function valuesOf(fragment: ErrorFragment, data: string): ErrorValues | undefined {
  try {
    const decoded = errorInterface.decodeErrorResult(fragment, data);
    const names = fragment.inputs.map((input, index) => input.name || String(index));
    return Object.freeze(Object.fromEntries(names.map((name, index) => [name, plain(itemOf(decoded, index))])));
  } catch {
    return undefined;
  }
}

function itemOf(result: Result, index: number): unknown {
  return result[index] as unknown;
}

/** Puts values in the place of their names in braces. */
function filled(text: string, values: ErrorValues): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? wordOf(values[name]) : whole));
}

function classOf(name: ErrorName): ContractErrorClass {
  // The name of the class is the error's, for stack traces and loggers.
  return { [name]: class extends ContractError {} }[name] as ContractErrorClass;
}

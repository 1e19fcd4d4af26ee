// From whatever a provider or wallet throws to a typed error. Nodes, wallets and ethers each wrap revert data in a way of their own.
import { AbiCoder, isHexString } from "ethers";

import { BulwarkError } from "../errors.ts";
import { EmptyRevertError, PanicError, RevertTextError, UnknownRevertError } from "./contractError.ts";
import type { ContractError } from "./contractError.ts";
import type { ErrorName } from "./advice/index.ts";
import { errorInterface, reasonOf } from "./table.ts";

const TEXT_SELECTOR = "0x08c379a0";
const PANIC_SELECTOR = "0x4e487b71";
const SELECTOR_BYTES = 4;
const WORD_BYTES = 32;
/** Deeper than any wrapper that is known, and an end where an object contains itself. */
const MAX_DEPTH = 8;
/** Where revert data has been seen: ethers' own fields, JSON-RPC errors, and those of wallets. */
const PLACES = ["data", "error", "info", "cause", "revert", "originalError", "value", "result", "body", "message"];

/**
 * The typed error behind whatever was thrown, or undefined when it was no revert: a network fault, a rejected signature.
 * @example
 * const decoded = decodeError(error);
 * if (decoded instanceof ContractError) console.log(decoded.advice, decoded.values);
 */
export function decodeError(error: unknown): BulwarkError | undefined {
  if (error instanceof BulwarkError) return error;
  const found = findRevertData(error);
  if (found !== undefined) return decodeRevertData(found, error);
  return isRevert(error) ? new EmptyRevertError(error) : undefined;
}

/** The typed error that revert data stands for. */
export function decodeRevertData(data: string, cause?: unknown): BulwarkError {
  const known = reasonOf(data);
  if (known !== undefined) return new known.make(known.reason, cause);
  if (data === "0x") return new EmptyRevertError(cause);
  return standardError(data, cause) ?? new UnknownRevertError(data, cause);
}

/** The error that a contract would revert with, for previews that refuse what it would refuse. */
export function contractError(name: ErrorName, values: readonly unknown[]): ContractError {
  return decodeRevertData(errorInterface.encodeErrorResult(name, values)) as ContractError;
}

/** Waits for a call and throws what it reverted with as a typed error; anything else is thrown as it was. */
export async function explained<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw decodeError(error) ?? error;
  }
}

/** Breadth first, so that what stands outermost wins: a wrapper's own reason over one that it quotes. */
function findRevertData(error: unknown): string | undefined {
  const seen = new Set<unknown>();
  let level: unknown[] = [error];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item === "string") {
        const data = dataIn(item);
        if (data !== undefined) return data;
        next.push(...parsed(item));
      } else if (typeof item === "object" && item !== null && !seen.has(item)) {
        seen.add(item);
        next.push(...PLACES.map((place) => (item as Record<string, unknown>)[place]));
      }
    }
    level = next;
  }
  return undefined;
}

/** Revert data that a text is, or ends with as some nodes write it: "Reverted 0x...", "execution reverted: 0x...". */
function dataIn(text: string): string | undefined {
  const candidate = /(?:^|revert(?:ed)?:?\s+|return data:?\s+)(0x[0-9a-fA-F]{8,})\b/i.exec(text)?.[1];
  return candidate !== undefined && hasShapeOfRevert(candidate) ? candidate.toLowerCase() : undefined;
}

/** A selector and whole words. A transaction's hash or an address is neither. */
function hasShapeOfRevert(text: string): boolean {
  return isHexString(text) && ((text.length - 2) / 2) % WORD_BYTES === SELECTOR_BYTES;
}

/** A JSON body that an HTTP provider hands on as text. */
function parsed(text: string): unknown[] {
  if (!text.startsWith("{") && !text.startsWith("[")) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return []; // No JSON: nothing to find in it.
  }
}

function isRevert(error: unknown): boolean {
  return typeof error === "object" && error !== null && (error as { code?: unknown }).code === "CALL_EXCEPTION";
}

function standardError(data: string, cause: unknown): BulwarkError | undefined {
  const selector = data.slice(0, 10);
  if (selector !== TEXT_SELECTOR && selector !== PANIC_SELECTOR) return undefined;
  try {
    const body = `0x${data.slice(10)}`;
    const [value] = AbiCoder.defaultAbiCoder().decode([selector === TEXT_SELECTOR ? "string" : "uint256"], body);
    return selector === TEXT_SELECTOR
      ? new RevertTextError(String(value), cause)
      : new PanicError(BigInt(value as bigint), cause);
  } catch {
    return undefined; // The selector of a standard error with other bytes behind it.
  }
}

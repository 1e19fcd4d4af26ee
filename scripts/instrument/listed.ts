import { readFileSync } from "node:fs";

import { ListError } from "./errors.ts";

/** Something that is known and cannot be otherwise, and why. */
export interface Entry {
  readonly identity: string;
  readonly reason: string;
}

const LEAST_REASON = 20;

export function readListed(file: URL): Map<string, string> {
  return byIdentity(JSON.parse(readFileSync(file, "utf8")) as readonly Entry[]);
}

/** By identity. Each has a reason and stands there once. */
export function byIdentity(list: readonly Entry[]): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { identity, reason } of list) {
    if (reason.trim().length < LEAST_REASON) throw new ListError(`"${identity}" needs a reason, not "${reason}"`);
    if (reasons.has(identity)) throw new ListError(`"${identity}" is listed twice`);
    reasons.set(identity, reason);
  }
  return reasons;
}

/** What is listed but does not exist, and what is listed although it was seen. */
export function wrongEntries(
  reasons: ReadonlyMap<string, string>,
  existing: ReadonlySet<string>,
  seen: ReadonlySet<string>,
): string[] {
  return [...reasons.keys()].flatMap((identity) => {
    if (!existing.has(identity)) return [`listed, but there is none: ${identity}`];
    if (seen.has(identity)) return [`listed, but a test reaches or notices it: ${identity}`];
    return [];
  });
}

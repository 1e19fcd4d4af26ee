import type { Step } from "./steps.ts";

/** What a sequence is about: what it begins with, and how often each verb is drawn after that. */
export interface Mood {
  readonly name: string;
  readonly plan: readonly Step[];
  readonly weights: Readonly<Record<string, number>>;
  /** Times between two commands, seconds. */
  readonly pauses: readonly bigint[];
  readonly moves: readonly bigint[];
  /** One publication's source in so many fails. */
  readonly failures: bigint;
}

export const HOUR = 3_600n;
export const DAY = 24n * HOUR;
/** The market of class mid. */
export const MID = 3n;
export const PAUSES = [0n, 1n, 13n, 60n, 250n, 299n, 900n, HOUR] as const;

import { NOTHING, LISTENING } from "./switch.ts";
import type { Suites } from "./suites.ts";

/** What is known of a suite before anything is chosen. */
export interface SuiteFacts {
  readonly name: string;
  readonly milliseconds: number;
  /** The numbers that it asks for or passes. */
  readonly reports: readonly number[];
}

/** Suites that call at random, from a fixed seed. What they reach is not reached on purpose, so it does not count as covered. */
export const isCampaign = (name: string) => /invariants/i.test(name);

/** A suite gets so long when nothing is chosen. */
const PATIENCE_SECONDS = 600;

/**
 * Runs every suite listening, for what it reaches and how long it takes. Reports cost gas, which a few tests count: a suite that fails so
 * runs once more as it is. One that fails although nothing is chosen and nobody listens would fail for every mutant; it is named and left
 * out.
 */
export async function learn(
  suites: Suites,
  names: readonly string[],
  onDone: (done: number) => void,
): Promise<{ facts: SuiteFacts[]; leftOut: string[] }> {
  const facts: SuiteFacts[] = [];
  const leftOut: string[] = [];
  for (const [index, name] of names.entries()) {
    const heard = await suites.run({ suites: [name], chosen: LISTENING, isListening: true }, PATIENCE_SECONDS);
    const isHeardWell = heard !== undefined && heard.failures.length === 0;
    const order = { suites: [name], chosen: NOTHING, isListening: false };
    const plain = isHeardWell ? heard : await suites.run(order, PATIENCE_SECONDS);
    if (plain === undefined || heard === undefined || plain.failures.length > 0) {
      leftOut.push(`${name}: ${plain?.failures[0] ?? "not through in time"}`);
    } else {
      facts.push({ name, milliseconds: plain.milliseconds, reports: heard.reports });
    }
    onDone(index + 1);
  }
  return { facts, leftOut };
}

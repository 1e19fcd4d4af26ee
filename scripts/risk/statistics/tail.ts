import { SampleError } from "../errors.ts";

/** An estimate and where it lies with 95% confidence. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95% of the standard normal law. */
export const Z95 = 1.959963984540054;

/** A loss and how probable it is. */
export interface Outcome {
  readonly loss: number;
  readonly probability: number;
}

/** Smallest loss that is exceeded with probability 1 - level at most. */
export function valueAtRisk(outcomes: readonly Outcome[], level: number): number {
  let above = 0;
  let value = Number.NaN;
  for (const { loss, probability } of descending(outcomes)) {
    value = loss;
    above += probability;
    // Probabilities are sums of decimals: one that is meant to reach the bound may miss it by rounding.
    if (above > (1 - level) * (1 + 1e-12)) break;
  }
  return value;
}

/** Mean of the worst 1 - level, an atom at its edge counted in part (Acerbi and Tasche 2002, definition 2.6). */
export function expectedShortfall(outcomes: readonly Outcome[], level: number): number {
  let left = 1 - level;
  let sum = 0;
  for (const { loss, probability } of descending(outcomes)) {
    const part = Math.min(left, probability);
    sum += part * loss;
    left -= part;
    if (left <= 0) break;
  }
  return sum / (1 - level);
}

/** Value at risk and expected shortfall of a sample. */
export interface TailRisk {
  readonly level: number;
  readonly valueAtRisk: Estimate;
  readonly expectedShortfall: Estimate;
}

/** Least number of values in the tail for which an interval means something. */
const LEAST_TAIL = 10;

/** Whether so many values are enough to say something of the worst 1 - level. */
export function hasTail(count: number, level: number): boolean {
  return count * (1 - level) >= LEAST_TAIL - 1e-6;
}

/**
 * The interval of value at risk comes from order statistics (the number of exceedances is binomial), that of expected shortfall from its
 * asymptotic variance (Manistre and Hancock 2005, theorem 1).
 */
export function tailRiskOf(losses: Float64Array, level: number): TailRisk {
  const count = losses.length;
  const tail = count * (1 - level);
  if (!hasTail(count, level)) {
    const part = Number((1 - level).toPrecision(6));
    throw new SampleError(`a tail of ${part}`, count, Math.round(LEAST_TAIL / part));
  }
  const worst = Float64Array.from(losses).sort().reverse();
  const at = (rank: number) => worst[Math.max(0, Math.min(count - 1, Math.round(rank)))]!;
  const spread = Z95 * Math.sqrt(tail * level);
  const value = at(tail);
  const size = Math.round(tail);
  const inTail = worst.subarray(0, size);
  const mean = inTail.reduce((sum, loss) => sum + loss, 0) / size;
  const variance = inTail.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / Math.max(1, size - 1);
  const error = Math.sqrt((variance + level * (mean - value) ** 2) / tail);
  return {
    level,
    valueAtRisk: { value, low: at(tail + spread), high: at(tail - spread - 1) },
    expectedShortfall: { value: mean, low: mean - Z95 * error, high: mean + Z95 * error },
  };
}

/** A probability from a count, with Wilson's interval (Wilson 1927): it holds also at 0 and near it. */
export function proportion(hits: number, trials: number): Estimate {
  if (trials < 1) throw new SampleError("a proportion", trials, 1);
  const value = hits / trials;
  const square = Z95 * Z95;
  const middle = (value + square / (2 * trials)) / (1 + square / trials);
  const half =
    (Z95 / (1 + square / trials)) * Math.sqrt((value * (1 - value)) / trials + square / (4 * trials * trials));
  return {
    value,
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === trials ? 1 : Math.min(1, middle + half),
  };
}

function descending(outcomes: readonly Outcome[]): Outcome[] {
  return [...outcomes].sort((one, two) => two.loss - one.loss);
}

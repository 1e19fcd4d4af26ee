import { SampleError } from "../errors.ts";
import { chiSquareTail, lnGamma } from "./gamma.ts";

/** A likelihood ratio and how probable one as large is if the forecast is right. */
export interface RatioTest {
  readonly ratio: number;
  readonly pValue: number;
}

/** How often a bound was passed, and whether passes came alone. */
export interface Backtest {
  readonly trials: number;
  readonly failures: number;
  readonly expected: number;
  /** Whether the number of failures fits (Kupiec 1995). */
  readonly coverage: RatioTest;
  /** Whether a failure makes the next one likelier (Christoffersen 1998). */
  readonly independence: RatioTest;
  /** Both at once. */
  readonly conditional: RatioTest;
}

/** n ln x with 0 ln 0 = 0. */
const power = (count: number, probability: number): number => (count === 0 ? 0 : count * Math.log(probability));

/** Proportion of failures (Kupiec 1995): -2 ln of the likelihood of `probability` over that of the observed rate. */
export function proportionOfFailures(failures: number, trials: number, probability: number): RatioTest {
  if (trials < 1) throw new SampleError("a backtest", trials, 1);
  const observed = failures / trials;
  const rest = trials - failures;
  const expected = power(rest, 1 - probability) + power(failures, probability);
  const ratio = Math.max(0, 2 * (power(rest, 1 - observed) + power(failures, observed) - expected));
  return { ratio, pValue: chiSquareTail(ratio, 1) };
}

/** Independence of failures (Christoffersen 1998, equation 11): a chain of first order against one without memory. */
export function independence(failed: ArrayLike<boolean | number>): RatioTest {
  const counts = [0, 0, 0, 0];
  for (let index = 1; index < failed.length; index++) {
    counts[(failed[index - 1] ? 2 : 0) + (failed[index] ? 1 : 0)]!++;
  }
  const [n00 = 0, n01 = 0, n10 = 0, n11 = 0] = counts;
  const share = (part: number, rest: number) => (part + rest === 0 ? 0 : part / (part + rest));
  const afterFine = share(n01, n00);
  const afterFailure = share(n11, n10);
  const any = share(n01 + n11, n00 + n10);
  const memory =
    power(n00, 1 - afterFine) + power(n01, afterFine) + power(n10, 1 - afterFailure) + power(n11, afterFailure);
  const none = power(n00 + n10, 1 - any) + power(n01 + n11, any);
  const ratio = Math.max(0, 2 * (memory - none));
  return { ratio, pValue: chiSquareTail(ratio, 1) };
}

/** All three tests of a series of passes. */
export function backtest(failed: ArrayLike<boolean | number>, probability: number): Backtest {
  const failures = Array.from(failed).reduce<number>((sum, each) => sum + (each ? 1 : 0), 0);
  const trials = failed.length;
  const coverage = proportionOfFailures(failures, trials, probability);
  const alone = independence(failed);
  const ratio = coverage.ratio + alone.ratio;
  const conditional = { ratio, pValue: chiSquareTail(ratio, 2) };
  return { trials, failures, expected: trials * probability, coverage, independence: alone, conditional };
}

export type Zone = "green" | "yellow" | "red";
const YELLOW_FROM = 0.95;
const RED_FROM = 0.9999;

/** P(X <= count) of a binomial variable. */
export function binomialAtMost(count: number, trials: number, probability: number): number {
  let sum = 0;
  for (let hits = 0; hits <= count; hits++) {
    const ways = lnGamma(trials + 1) - lnGamma(hits + 1) - lnGamma(trials - hits + 1);
    sum += Math.exp(ways + power(hits, probability) + power(trials - hits, 1 - probability));
  }
  return sum;
}

/** Basel's traffic light (Basel Committee 1996, table 2): by how improbable so many failures or fewer are. */
export function zoneOf(failures: number, trials: number, probability: number): Zone {
  const cumulative = binomialAtMost(failures, trials, probability);
  if (cumulative < YELLOW_FROM) return "green";
  return cumulative < RED_FROM ? "yellow" : "red";
}

import { SampleError } from "../errors.ts";
import { minimise } from "./minimise.ts";

/** v' = omega + (alpha + gamma [r < 0]) r^2 + beta v. */
export interface VarianceLaw {
  readonly omega: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly beta: number;
}

/** Weight of the last variance in RiskMetrics' EWMA (RiskMetrics 1996, table 5.7). */
export const LAMBDA = 0.94;
/** Returns that a fit needs: with fewer, a year's end, its parameters say little. */
const LEAST_RETURNS = 1_000;
const START = { persistence: 3, share: -2, tilt: -2 } as const;

/** The law that EWMA is a case of. */
export function ewma(lambda: number): VarianceLaw {
  return { omega: 0, alpha: 1 - lambda, gamma: 0, beta: lambda };
}

/** Variance of the hour after one in which `move` happened. */
export function nextVariance({ alpha, beta, gamma, omega }: VarianceLaw, variance: number, move: number): number {
  return omega + (move < 0 ? alpha + gamma : alpha) * move * move + beta * variance;
}

/** Variances that were forecast before each return, and the one for the hour after the last. */
export function filter(
  law: VarianceLaw,
  returns: Float64Array,
  first: number,
): { forecasts: Float64Array; next: number } {
  const forecasts = new Float64Array(returns.length);
  let variance = first;
  for (let index = 0; index < returns.length; index++) {
    forecasts[index] = variance;
    variance = nextVariance(law, variance, returns[index]!);
  }
  return { forecasts, next: variance };
}

/** Mean square: the variance of hours whose mean is nothing beside it. */
export function meanSquare(returns: Float64Array): number {
  return returns.reduce((sum, each) => sum + each * each, 0) / returns.length;
}

/**
 * GJR-GARCH(1,1) by quasi maximum likelihood (Bollerslev and Wooldridge 1992), with the long-run variance set to that of the sample
 * (Engle and Mezrich 1996), so that three numbers are left; they are searched where the law stays positive and stationary.
 */
export function fitGjr(returns: Float64Array): VarianceLaw {
  if (returns.length < LEAST_RETURNS) throw new SampleError("a fit of GJR-GARCH", returns.length, LEAST_RETURNS);
  const longRun = meanSquare(returns);
  const cost = (point: readonly number[]) => likelihoodCost(lawFrom(point, longRun), returns, longRun);
  const start = [START.persistence, START.share, START.tilt];
  return lawFrom(minimise(cost, start, { step: 0.5 }).point, longRun);
}

/** From three unbounded numbers: persistence below 1, the part of it that is news, and the part of news that only falls have. */
function lawFrom([persistence = 0, share = 0, tilt = 0]: readonly number[], longRun: number): VarianceLaw {
  const total = logistic(persistence);
  const news = total * logistic(share);
  const fallsOnly = news * logistic(tilt);
  // News = alpha + gamma / 2: half of the hours fall.
  return { omega: longRun * (1 - total), alpha: news - fallsOnly, gamma: 2 * fallsOnly, beta: total - news };
}

/** Minus twice the Gaussian log-likelihood by hour, without its constant. */
function likelihoodCost(law: VarianceLaw, returns: Float64Array, first: number): number {
  let [variance, sum] = [first, 0];
  for (let index = 0; index < returns.length; index++) {
    const move = returns[index]!;
    sum += Math.log(variance) + (move * move) / variance;
    variance = nextVariance(law, variance, move);
  }
  return sum / returns.length;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

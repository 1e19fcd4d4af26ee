import { Reserve, Volatility } from "../kernel/constants.ts";
import { Observations } from "../kernel/Observations.ts";
import { scaleOf } from "../kernel/RiskControl.ts";
import { backtest, zoneOf } from "../statistics/backtest.ts";
import type { Backtest, Zone } from "../statistics/backtest.ts";
import { ewma, filter, fitGjr, LAMBDA, meanSquare, nextVariance } from "./variance.ts";

/** Ways to say before an hour how far the price may move in it. */
export const FORECASTERS = ["law", "normal-ewma", "fhs-ewma", "fhs-gjr"] as const;
export type Forecaster = (typeof FORECASTERS)[number];

/** One forecaster at one level against recorded hours. */
export interface RollingResult extends Backtest {
  readonly forecaster: Forecaster;
  readonly level: number;
  /** Windows of WINDOW hours by Basel's zones, at this level. */
  readonly zones: Readonly<Record<Zone, number>>;
}

export const BACKTEST_LEVELS = [0.99, 0.999] as const;
/** Hours of one window of the traffic light, as many as Basel's days. */
export const WINDOW = 250;
/** Hours from which forecasts are judged, and from whose residuals quantiles are drawn: half a year. */
export const LOOKBACK = 4_380;
/** Quantiles are drawn anew once a day, laws fitted once a quarter: only from what lies before. */
const DAY = 24;
const QUARTER = 2_190;
const NORMAL: Readonly<Record<number, number>> = { 0.99: 2.5758293035489004, 0.999: 3.2905267314919255 };

/** Every forecaster at every level: |r| of each hour against the bound that was given before it. */
export function rollingBacktests(returns: Float64Array): readonly RollingResult[] {
  return FORECASTERS.flatMap((forecaster) => {
    const bounds = boundsOf(forecaster, returns);
    return BACKTEST_LEVELS.map((level, index) => {
      const failed = bounds[index]!.slice(LOOKBACK).map((bound, at) =>
        Math.abs(returns[LOOKBACK + at]!) > bound ? 1 : 0,
      );
      return { forecaster, level, ...backtest(failed, 1 - level), zones: zonesOf(failed, 1 - level) };
    });
  });
}

/** For each level the bound of every hour, from what lies before it; those of the first LOOKBACK hours are not judged. */
export function boundsOf(forecaster: Forecaster, returns: Float64Array): Float64Array[] {
  switch (forecaster) {
    case "law":
      return lawBounds(returns);
    case "normal-ewma": {
      const { forecasts } = filter(ewma(LAMBDA), returns, meanSquare(returns.subarray(0, LOOKBACK)));
      return BACKTEST_LEVELS.map((level) => forecasts.map((variance) => NORMAL[level]! * Math.sqrt(variance)));
    }
    case "fhs-ewma":
      return filteredBounds(
        returns,
        filter(ewma(LAMBDA), returns, meanSquare(returns.subarray(0, LOOKBACK))).forecasts,
      );
    case "fhs-gjr":
      return filteredBounds(returns, refitted(returns));
  }
}

/** FND-03's law, with the oracle's own variances: kappa times a quantile of |T| with 4 degrees of freedom. */
function lawBounds(returns: Float64Array): Float64Array[] {
  const seen = new Observations();
  const variance = Volatility.floor;
  seen.load({ price: 1, fast: variance, slow: variance, samplePrice: 1, sampledAt: 0, average: 1, readAt: 0 });
  const scales = new Float64Array(returns.length);
  for (let hour = 0; hour < returns.length; hour++) {
    scales[hour] = scaleOf(Math.max(seen.fastVariance, seen.slowVariance));
    seen.refresh(seen.price * Math.exp(returns[hour]!), (hour + 1) * Reserve.horizon);
  }
  return BACKTEST_LEVELS.map((level) => scales.map((scale) => scale * studentBound(level)));
}

/** Quantile of |T|, T Student with 4 degrees of freedom, in closed form (Shaw 2006, section 3.2). */
export function studentBound(level: number): number {
  const probability = (1 + level) / 2;
  const alpha = 4 * probability * (1 - probability);
  const q = Math.cos(Math.acos(Math.sqrt(alpha)) / 3) / Math.sqrt(alpha);
  return 2 * Math.sqrt(q - 1);
}

function filteredBounds(returns: Float64Array, forecasts: Float64Array): Float64Array[] {
  const sizes = returns.map((move, hour) => Math.abs(move) / Math.sqrt(forecasts[hour]!));
  const bounds = BACKTEST_LEVELS.map(() => new Float64Array(returns.length));
  let quantiles: number[] = [];
  for (let hour = LOOKBACK; hour < returns.length; hour++) {
    if ((hour - LOOKBACK) % DAY === 0) {
      const sorted = sizes.slice(hour - LOOKBACK, hour).sort();
      quantiles = BACKTEST_LEVELS.map((level) => sorted[Math.min(LOOKBACK - 1, Math.ceil(level * LOOKBACK) - 1)]!);
    }
    for (const [index, bound] of bounds.entries()) bound[hour] = quantiles[index]! * Math.sqrt(forecasts[hour]!);
  }
  return bounds;
}

/** Variances of a law that is fitted every quarter to all hours before. */
function refitted(returns: Float64Array): Float64Array {
  const forecasts = new Float64Array(returns.length).fill(meanSquare(returns.subarray(0, LOOKBACK)));
  let law = fitGjr(returns.subarray(0, LOOKBACK));
  let variance = forecasts[0]!;
  for (let hour = 0; hour < returns.length; hour++) {
    if (hour > LOOKBACK && (hour - LOOKBACK) % QUARTER === 0) law = fitGjr(returns.subarray(0, hour));
    forecasts[hour] = variance;
    variance = nextVariance(law, variance, returns[hour]!);
  }
  return forecasts;
}

function zonesOf(failed: Float64Array, probability: number): Record<Zone, number> {
  const zones = { green: 0, yellow: 0, red: 0 };
  for (let from = 0; from + WINDOW <= failed.length; from += WINDOW) {
    const failures = failed.subarray(from, from + WINDOW).reduce((sum, each) => sum + each, 0);
    zones[zoneOf(failures, WINDOW, probability)]++;
  }
  return zones;
}

import { dailyVariances, harForecasts } from "../forecast/har.ts";
import { HOUR, Margin, Reserve, VARIANCE_ONE, Volatility } from "../kernel/constants.ts";
import type { Start } from "../kernel/Kernel.ts";
import { Observations } from "../kernel/Observations.ts";
import type { StressParameters } from "../kernel/parameters.ts";
import { expectedExcess, RiskControl, scaleOf } from "../kernel/RiskControl.ts";
import { dieboldMariano, qlike } from "../statistics/skill.ts";
import type { SkillTest } from "../statistics/skill.ts";
import { distancesOf, pressureAt, realizedPressure } from "./pressure.ts";
import type { Distances } from "./pressure.ts";

/** Hourly returns and the times at which they end. */
export interface Series {
  readonly times: Float64Array;
  readonly returns: Float64Array;
}

/** Ways to say today what the variance of tomorrow will be. Oracle: its fast average at midnight; rule: the greater of both averages. */
export const SOURCES = ["har", "yesterday", "oracle", "rule"] as const;
export type Source = (typeof SOURCES)[number];

/** What a source says of the next day. */
export interface Tomorrow {
  /** A year. */
  readonly volatility: number;
  /** mmr that it stands for, 1e-5. */
  readonly maintenance: number;
  /** E[(|R| - M)+] of an hour, fraction of the price: what the gap premium is charged for. */
  readonly gap: number;
  /** Part of open interest expected to be liquidated. */
  readonly pressure: number;
}

/** What the predictor is worth, and what it says of the day after the last one recorded. */
export interface Prediction {
  /** HAR against each of the others, out of sample: QLIKE of variance, and squared error of the part of open interest liquidated. */
  readonly skill: readonly { readonly against: Source; readonly variance: SkillTest; readonly pressure: SkillTest }[];
  readonly ahead: Ahead;
  readonly next: Readonly<Record<Source, Tomorrow>>;
}

/** What it would have meant to follow the forecast: days, and of them those on which an hour moved by more than mmr. */
export interface Ahead {
  readonly days: number;
  /** Days for which HAR asked for more margin than the rule had at midnight. */
  readonly raised: number;
  readonly beyondRule: number;
  /** With the greater of both. */
  readonly beyondEither: number;
}

const DAY = 86_400;
const DAYS_PER_YEAR = 365;

/** Judges the predictor on recorded hours, with the book of the simulation as it would stand at every midnight. */
export function predict(series: Series, parameters: StressParameters, start: Start): Prediction {
  const { days, variances } = dailyVariances(series.times, series.returns);
  const forecasts: Record<Source, ArrayLike<number>> = {
    har: harForecasts(variances),
    yesterday: variances,
    ...midnights(series, days),
  };
  const control = new RiskControl(parameters);
  const distances = distancesOf(start, control, parameters.addOn * Margin.addOnUnit);
  const realized = realizedPressure(series, days, distances);
  const judged = days.flatMap((_, day) => (Number.isNaN(forecasts.har[day]!) || day + 1 >= days.length ? [] : [day]));
  const losses = (source: Source) => judged.map((day) => qlike(forecasts[source][day]!, variances[day + 1]!));
  const errors = (source: Source) =>
    judged.map((day) => (pressureAt(distances, forecasts[source][day]!) - realized[day + 1]!) ** 2);
  const others = SOURCES.filter((source) => source !== "har");
  const margins = (source: Source) => judged.map((day) => maintenanceOf(control, forecasts[source][day]!));
  const moves = widestMoves(series, days);
  return {
    skill: others.map((against) => ({
      against,
      variance: dieboldMariano(losses("har"), losses(against)),
      pressure: dieboldMariano(errors("har"), errors(against)),
    })),
    ahead: aheadOf(
      margins("har"),
      margins("rule"),
      judged.map((day) => moves[day + 1]!),
    ),
    next: Object.fromEntries(
      SOURCES.map((source) => [source, tomorrow(forecasts[source][days.length - 1]!, control, distances)]),
    ) as Prediction["next"],
  };
}

/** @param moves widest hour of each day, fraction of the price */
function aheadOf(forecast: readonly number[], rule: readonly number[], moves: readonly number[]): Ahead {
  const count = (holds: (day: number) => boolean) => rule.reduce((sum, _, day) => sum + (holds(day) ? 1 : 0), 0);
  const isBeyond = (day: number, maintenance: number) => moves[day]! > maintenance / Margin.rateOne;
  return {
    days: rule.length,
    raised: count((day) => forecast[day]! > rule[day]!),
    beyondRule: count((day) => isBeyond(day, rule[day]!)),
    beyondEither: count((day) => isBeyond(day, Math.max(rule[day]!, forecast[day]!))),
  };
}

const perSecond = (variance: number): number => Math.max((variance / DAY) * VARIANCE_ONE, Volatility.floor);

function maintenanceOf(control: RiskControl, variance: number): number {
  return control.targetOf(perSecond(variance));
}

function tomorrow(variance: number, control: RiskControl, distances: Distances): Tomorrow {
  const maintenance = maintenanceOf(control, variance);
  const scale = scaleOf(perSecond(variance));
  return {
    volatility: Math.sqrt(variance * DAYS_PER_YEAR),
    maintenance,
    gap: expectedExcess(Math.max(maintenance / Margin.rateOne, Reserve.quantile * scale), scale),
    pressure: pressureAt(distances, variance),
  };
}

/** What the chain knows at the end of each day, without the feed's floor, as variances of a day. */
function midnights({ returns, times }: Series, days: readonly number[]): Record<"oracle" | "rule", Float64Array> {
  const seen = new Observations();
  const begun = times[0]! - HOUR;
  const variance = Volatility.floor;
  seen.load({ price: 1, fast: variance, slow: variance, samplePrice: 1, sampledAt: begun, average: 1, readAt: begun });
  const last = new Map<number, { fast: number; slow: number }>();
  returns.forEach((move, index) => {
    const time = times[index]!;
    // A gap is bridged at the price before it, as a feed that stands still.
    if (time - seen.readAt > HOUR) seen.refresh(seen.price, time - HOUR);
    seen.refresh(seen.price * Math.exp(move), time);
    last.set(Math.floor(time / DAY), { fast: seen.fast, slow: seen.slow });
  });
  const daily = (of: (seen: { fast: number; slow: number }) => number) =>
    Float64Array.from(days, (day) => (of(last.get(day) ?? { fast: variance, slow: variance }) * DAY) / VARIANCE_ONE);
  return { oracle: daily(({ fast }) => fast), rule: daily(({ fast, slow }) => Math.max(fast, slow)) };
}

/** Widest hour of each day, fraction of the price. */
function widestMoves({ returns, times }: Series, days: readonly number[]): Float64Array {
  const widest = new Map<number, number>();
  returns.forEach((move, index) => {
    const day = Math.floor(times[index]! / DAY);
    widest.set(day, Math.max(widest.get(day) ?? 0, Math.abs(Math.expm1(move))));
  });
  return Float64Array.from(days, (day) => widest.get(day) ?? 0);
}

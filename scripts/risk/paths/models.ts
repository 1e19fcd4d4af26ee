import type { PathRandom } from "./PathRandom.ts";

/** Hours of a year, as the twins count them. */
export const HOURS_PER_YEAR = 8_760;

/** Geometric Brownian motion, a martingale in the price. */
export interface BrownianModel {
  readonly kind: "gbm";
  /** A year. */
  readonly volatility: number;
}

/** Merton's jump diffusion (Merton 1976, equations 2 and 16): normal jumps of the log price at Poisson times, drift that makes the price a martingale. */
export interface JumpModel {
  readonly kind: "jump";
  /** Of the diffusion, a year. */
  readonly volatility: number;
  readonly jumpsPerYear: number;
  /** Mean and standard deviation of a jump of the log price. */
  readonly jumpMean: number;
  readonly jumpDeviation: number;
}

/**
 * Filtered historical simulation (Hull and White 1998; Barone-Adesi, Giannopoulos and Vosper 1999): residuals of the recorded hours are
 * drawn with replacement and carried by a variance that follows what is drawn.
 * v' = omega + (alpha + gamma [r < 0]) r^2 + beta v (Glosten, Jagannathan and Runkle 1993); EWMA is omega = gamma = 0, alpha = 1 - beta.
 */
export interface FilteredModel {
  readonly kind: "fhs-ewma" | "fhs-gjr";
  readonly omega: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly beta: number;
  /** Of the next hour. */
  readonly variance: number;
  /** With mean 0 and variance 1. */
  readonly residuals: Float64Array;
}

export type PathModel = BrownianModel | JumpModel | FilteredModel;
export const MODEL_KINDS = ["gbm", "jump", "fhs-ewma", "fhs-gjr"] as const satisfies readonly PathModel["kind"][];
export type ModelKind = (typeof MODEL_KINDS)[number];

/** No hour moves the log price by more: a guard against a variance that runs away, far beyond what was ever recorded. */
const WIDEST_MOVE = 2;

/** Writes one path of hourly prices after `price`. */
export function fillPath(model: PathModel, random: PathRandom, price: number, path: Float64Array): void {
  switch (model.kind) {
    case "gbm":
      return fillBrownian(model, random, price, path);
    case "jump":
      return fillJumps(model, random, price, path);
    case "fhs-ewma":
    case "fhs-gjr":
      return fillFiltered(model, random, price, path);
  }
}

function fillBrownian({ volatility }: BrownianModel, random: PathRandom, price: number, path: Float64Array): void {
  const deviation = volatility / Math.sqrt(HOURS_PER_YEAR);
  let log = Math.log(price);
  for (let hour = 0; hour < path.length; hour++) {
    log += deviation * random.normal() - (deviation * deviation) / 2;
    path[hour] = Math.exp(log);
  }
}

function fillJumps(model: JumpModel, random: PathRandom, price: number, path: Float64Array): void {
  const deviation = model.volatility / Math.sqrt(HOURS_PER_YEAR);
  const rate = model.jumpsPerYear / HOURS_PER_YEAR;
  const expected = Math.exp(model.jumpMean + model.jumpDeviation ** 2 / 2) - 1;
  const drift = -(deviation * deviation) / 2 - rate * expected;
  let log = Math.log(price);
  for (let hour = 0; hour < path.length; hour++) {
    log += drift + deviation * random.normal();
    const jumps = random.poisson(rate);
    if (jumps > 0) log += jumps * model.jumpMean + Math.sqrt(jumps) * model.jumpDeviation * random.normal();
    path[hour] = Math.exp(log);
  }
}

function fillFiltered(model: FilteredModel, random: PathRandom, price: number, path: Float64Array): void {
  const { alpha, beta, gamma, omega, residuals } = model;
  let [log, variance] = [Math.log(price), model.variance];
  for (let hour = 0; hour < path.length; hour++) {
    const drawn = Math.sqrt(variance) * residuals[random.below(residuals.length)]!;
    const move = Math.max(-WIDEST_MOVE, Math.min(WIDEST_MOVE, drawn));
    log += move;
    path[hour] = Math.exp(log);
    variance = omega + (move < 0 ? alpha + gamma : alpha) * move * move + beta * variance;
  }
}

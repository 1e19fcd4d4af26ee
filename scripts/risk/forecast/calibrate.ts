import { HOURS_PER_YEAR } from "../paths/models.ts";
import type { FilteredModel, ModelKind, PathModel } from "../paths/models.ts";
import { fitJumps } from "./jumps.ts";
import { ewma, filter, fitGjr, LAMBDA, meanSquare } from "./variance.ts";
import type { VarianceLaw } from "./variance.ts";

/** A model of recorded hourly returns, which starts from a volatility a year. */
export function calibrate(kind: ModelKind, returns: Float64Array, volatility: number): PathModel {
  const variance = (volatility * volatility) / HOURS_PER_YEAR;
  switch (kind) {
    case "gbm":
      return { kind, volatility };
    case "jump":
      return fitJumps(returns);
    case "fhs-ewma":
      return filtered(kind, ewma(LAMBDA), returns, variance);
    case "fhs-gjr":
      return filtered(kind, fitGjr(returns), returns, variance);
  }
}

/** Volatility of recorded hours, a year. */
export function annualVolatility(returns: Float64Array): number {
  return Math.sqrt(meanSquare(returns) * HOURS_PER_YEAR);
}

/** Residuals with mean 0 and variance 1: the filter decides how large an hour is, they only its shape. */
export function residualsOf(law: VarianceLaw, returns: Float64Array): Float64Array {
  const { forecasts } = filter(law, returns, meanSquare(returns));
  const raw = returns.map((move, index) => move / Math.sqrt(forecasts[index]!));
  const mean = raw.reduce((sum, each) => sum + each, 0) / raw.length;
  const deviation = Math.sqrt(raw.reduce((sum, each) => sum + (each - mean) ** 2, 0) / raw.length);
  return raw.map((each) => (each - mean) / deviation);
}

function filtered(
  kind: FilteredModel["kind"],
  law: VarianceLaw,
  returns: Float64Array,
  variance: number,
): FilteredModel {
  return { kind, ...law, variance, residuals: residualsOf(law, returns) };
}

import { SampleError } from "../errors.ts";
import { normalTwoSided } from "./gamma.ts";

/** QLIKE loss of a variance forecast (Patton 2011, equation 24): 0 where it was right; robust to noise in what is taken for the truth. */
export function qlike(forecast: number, realized: number): number {
  const ratio = realized / forecast;
  return ratio - Math.log(ratio) - 1;
}

/** Whether one forecast lost less than another. */
export interface SkillTest {
  readonly days: number;
  readonly meanLoss: number;
  readonly meanLossOfOther: number;
  /** Below 0: the first one is better. */
  readonly statistic: number;
  readonly pValue: number;
}

/** Diebold and Mariano's test (1995) of equal losses, with Newey and West's variance (1987). */
export function dieboldMariano(losses: readonly number[], others: readonly number[]): SkillTest {
  const count = losses.length;
  if (count < 30) throw new SampleError("Diebold and Mariano's test", count, 30);
  const differences = losses.map((loss, index) => loss - others[index]!);
  const mean = average(differences);
  const centred = differences.map((difference) => difference - mean);
  const lags = Math.floor(count ** (1 / 3));
  let variance = average(centred.map((each) => each * each));
  for (let lag = 1; lag <= lags; lag++) {
    const covariance = centred.slice(lag).reduce((sum, each, index) => sum + each * centred[index]!, 0) / count;
    variance += 2 * (1 - lag / (lags + 1)) * covariance;
  }
  const statistic = variance === 0 ? 0 : mean / Math.sqrt(variance / count);
  return {
    days: count,
    meanLoss: average(losses),
    meanLossOfOther: average(others),
    statistic,
    pValue: normalTwoSided(statistic),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { SampleError } from "../errors.ts";

/** Days that a fit looks back on. */
export const FIT_DAYS = 365;
const MONTH = 22;
const WEEK = 5;
const TERMS = 4;

/** Realised variances of whole days (UTC) from hourly returns; days with fewer than 20 recorded hours are left out. */
export function dailyVariances(times: Float64Array, returns: Float64Array): { days: number[]; variances: number[] } {
  const [sums, counts] = [new Map<number, number>(), new Map<number, number>()];
  returns.forEach((move, index) => {
    const day = Math.floor(times[index]! / 86_400);
    sums.set(day, (sums.get(day) ?? 0) + move * move);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  });
  const days = [...sums.keys()].filter((day) => counts.get(day)! >= LEAST_HOURS);
  return { days, variances: days.map((day) => (sums.get(day)! * 24) / counts.get(day)!) };
}
const LEAST_HOURS = 20;

/**
 * The heterogeneous autoregression of realised variance (Corsi 2009, equation 8) in logarithms, so that no forecast is negative
 * (Andersen, Bollerslev and Diebold 2007): tomorrow by today, the mean of five days and of twenty-two. Fitted anew every day to the year
 * before; exp of the fit is corrected by half the residual variance.
 * @returns forecasts made on each day for the next; the first ones are missing as NaN, the last one is for the day after the series
 */
export function harForecasts(variances: readonly number[]): Float64Array {
  const least = FIT_DAYS + MONTH + 1;
  if (variances.length < least) throw new SampleError("a forecast by HAR", variances.length, least);
  const logs = variances.map((variance) => Math.log(variance));
  const features = logs.map((_, day) => (day + 1 < MONTH ? undefined : featuresOf(logs, day)));
  const forecasts = new Float64Array(variances.length).fill(Number.NaN);
  for (let day = least - 1; day < logs.length; day++) {
    const rows = features.slice(day - FIT_DAYS, day) as number[][];
    const targets = logs.slice(day - FIT_DAYS + 1, day + 1);
    const weights = leastSquares(rows, targets);
    const fitted = (row: readonly number[]) => row.reduce((sum, value, term) => sum + value * weights[term]!, 0);
    const residual = rows.reduce((sum, row, at) => sum + (targets[at]! - fitted(row)) ** 2, 0) / (FIT_DAYS - TERMS);
    forecasts[day] = Math.exp(fitted(features[day]!) + residual / 2);
  }
  return forecasts;
}

function featuresOf(logs: readonly number[], day: number): number[] {
  const mean = (days: number) => logs.slice(day + 1 - days, day + 1).reduce((sum, each) => sum + each, 0) / days;
  return [1, logs[day]!, mean(WEEK), mean(MONTH)];
}

/** Ordinary least squares by the normal equations and Gauss's elimination with pivots. */
export function leastSquares(rows: readonly (readonly number[])[], targets: readonly number[]): number[] {
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, (_, one) =>
    Array.from({ length: size + 1 }, (__, other) =>
      rows.reduce((sum, row, at) => sum + row[one]! * (other === size ? targets[at]! : row[other]!), 0),
    ),
  );
  for (let column = 0; column < size; column++) {
    const pivot = matrix.reduce(
      (best, row, at) => (at >= column && Math.abs(row[column]!) > Math.abs(matrix[best]![column]!) ? at : best),
      column,
    );
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / matrix[column]![column]!;
      for (let at = column; at <= size; at++) matrix[row]![at]! -= factor * matrix[column]![at]!;
    }
  }
  return matrix.map((row, at) => row[size]! / row[at]!);
}

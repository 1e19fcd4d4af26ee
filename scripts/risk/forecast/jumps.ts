import { HOURS_PER_YEAR } from "../paths/models.ts";
import type { JumpModel } from "../paths/models.ts";
import { SampleError } from "../errors.ts";

/** Hours over which the local variance is measured: sqrt(252 * 24), the least that Lee and Mykland (2008) recommend for hourly data. */
const WINDOW = 78;
/** E|Z| of the standard normal law. */
const MEAN_ABSOLUTE = Math.sqrt(2 / Math.PI);
/** Chance that the largest of all hours without a jump is taken for one. */
const SIGNIFICANCE = 0.01;

/**
 * A jump diffusion that fits recorded hours. What is a jump is decided by Lee and Mykland's test (2008, equations 7 to 12): a return
 * against local bipower variation, beyond what the largest of as many normal ones would reach.
 */
export function fitJumps(returns: Float64Array): JumpModel {
  if (returns.length < 10 * WINDOW) throw new SampleError("a fit of jumps", returns.length, 10 * WINDOW);
  const bound = criticalValue(returns.length);
  const [jumps, rest]: [number[], number[]] = [[], []];
  let bipower = 0;
  for (let index = 1; index < WINDOW; index++) bipower += Math.abs(returns[index]! * returns[index - 1]!);
  for (let index = WINDOW; index < returns.length; index++) {
    const local = Math.sqrt(bipower / (WINDOW - 2)) / MEAN_ABSOLUTE;
    const move = returns[index]!;
    (Math.abs(move) > bound * local ? jumps : rest).push(move);
    const leaving = index - WINDOW + 1;
    bipower += Math.abs(move * returns[index - 1]!) - Math.abs(returns[leaving]! * returns[leaving - 1]!);
  }
  const mean = jumps.reduce((sum, jump) => sum + jump, 0) / Math.max(1, jumps.length);
  const spread = jumps.reduce((sum, jump) => sum + (jump - mean) ** 2, 0) / Math.max(1, jumps.length - 1);
  const square = rest.reduce((sum, move) => sum + move * move, 0) / rest.length;
  return {
    kind: "jump",
    volatility: Math.sqrt(square * HOURS_PER_YEAR),
    jumpsPerYear: (jumps.length / (jumps.length + rest.length)) * HOURS_PER_YEAR,
    jumpMean: mean,
    jumpDeviation: Math.sqrt(spread),
  };
}

/** How many local deviations the largest of `count` hours without a jump stays below, but for SIGNIFICANCE. */
function criticalValue(count: number): number {
  const root = Math.sqrt(2 * Math.log(count));
  const location = root - (Math.log(Math.PI) + Math.log(Math.log(count))) / (2 * root);
  const gumbel = -Math.log(-Math.log(1 - SIGNIFICANCE));
  return location + gumbel / root;
}

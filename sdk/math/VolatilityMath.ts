import { DivisionByZeroError } from "../errors.ts";
import { asUint256 } from "./checked.ts";
import { WAD } from "./constants.ts";
import { expWad, lnWad } from "./ExpLn.ts";
import { sqrtUp } from "./SquareRoot.ts";

/*
 * Twin of contracts/libraries/VolatilityMath.sol (VOL-01, ORC-07). Variance is WAD per second, at most 2^64 - 1.
 */

/** The first refresh of each interval of this length is a sample, seconds. */
export const GRID = 900n;
export const FAST_TIME = 86_400n;
export const SLOW_TIME = 30n * 86_400n;
/** Longest time that one sample can weigh, seconds. */
export const MAX_WEIGHT_TIME = 3_600n;
export const AVERAGE_TIME = 3_600n;
/** z of ORC-07. */
export const BLIND_DEVIATIONS = 4n;

const MAX_VARIANCE = (1n << 64n) - 1n;
const SECONDS_PER_YEAR = 365n * 86_400n;

/** Whether a refresh at `time` is the first of an interval later than that of the last sample. */
export function isNewInterval(time: bigint, sampledAt: bigint): boolean {
  return time / GRID > sampledAt / GRID;
}

/** Part that is left of something that decays with time constant `tau`, WAD. */
export function decay(elapsed: bigint, tau: bigint): bigint {
  return expWad(-(asUint256(elapsed * WAD) / divisor(tau)));
}

/** ln(price / previous)^2 / elapsed; an elapsed time of 0 counts as 1. */
export function realizedVarianceUp(price: bigint, previous: bigint, elapsed: bigint): bigint {
  const ratio = asUint256(price * WAD) / divisor(previous);
  const move = lnWad(ratio === 0n ? 1n : ratio);
  return divUp(move * move, asUint256(WAD * atLeastOne(elapsed)));
}

/** (1 - w) variance + w realized, w = 1 - exp(-min(elapsed, 1 h) / tau). */
export function blendUp(variance: bigint, realized: bigint, time: { elapsed: bigint; tau: bigint }): bigint {
  const seconds = atLeastOne(time.elapsed);
  const kept = decay(seconds < MAX_WEIGHT_TIME ? seconds : MAX_WEIGHT_TIME, time.tau);
  const blended = divUp(asUint256(variance * kept + realized * (WAD - kept)), WAD);
  return blended < MAX_VARIANCE ? blended : MAX_VARIANCE;
}

/** Moving average after `price` has stood for `elapsed` seconds. */
export function movingAverageDown(average: bigint, price: bigint, elapsed: bigint): bigint {
  const kept = decay(elapsed, AVERAGE_TIME);
  return asUint256(average * kept + price * (WAD - kept)) / WAD;
}

/** Variance per second of an annual volatility, 365 days to the year. */
export function fromAnnualUp(volatility: bigint): bigint {
  return divUp(asUint256(volatility * volatility), WAD * SECONDS_PER_YEAR);
}

/** z * sqrt(variance * age), WAD fraction. */
export function blindMoveUp(variance: bigint, age: bigint): bigint {
  return sqrtUp(asUint256(asUint256(BLIND_DEVIATIONS * BLIND_DEVIATIONS * variance) * age * WAD));
}

function divisor(d: bigint): bigint {
  if (d === 0n) throw new DivisionByZeroError("divisor");
  return d;
}

const divUp = (a: bigint, d: bigint): bigint => (a + d - 1n) / d;
const atLeastOne = (elapsed: bigint): bigint => (elapsed === 0n ? 1n : elapsed);

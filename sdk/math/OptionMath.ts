import { asUint256 } from "./checked.ts";
import { WAD } from "./constants.ts";
import { lnWad } from "./ExpLn.ts";
import { cumulative, ERROR as CUMULATIVE_ERROR } from "./NormalMath.ts";
import { sqrtUp } from "./SquareRoot.ts";
import { min, mulDivDown, mulDivUp, mulWadUp, signedDivUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/OptionMath.sol (CVR-08): expected payment of cover on a price, per unit of limit. Rounded up.
 */

const LN_TOO_HIGH = 1n;
const LN_TOO_LOW = 2n;
const HIGHEST_DEVIATION = 1_000n * WAD;
const ERROR = CUMULATIVE_ERROR + 2n;

/** s = sqrt(variance * duration), WAD; variance in WAD per second, duration in seconds. */
export function deviationUp(variance: bigint, duration: bigint): bigint {
  const product = asUint256(asUint256(variance, "variance") * asUint256(duration, "duration"));
  return sqrtUp(asUint256(product * WAD));
}

/** P(price at the end <= strike). */
export function cashOrNothingPutUp(spot: bigint, strike: bigint, deviation: bigint): bigint {
  if (deviation === 0n) return spot <= strike ? WAD : 0n;
  return cumulativeUp(distance(logUp(spot, strike), capped(deviation)));
}

/** Strikes of a put spread: it pays nothing at `upper` and all at `lower`. */
export interface Strikes {
  readonly upper: bigint;
  readonly lower: bigint;
}

/** E[(upper - price at the end)+ - (lower - price at the end)+] / (upper - lower). */
export function putSpreadUp(spot: bigint, { upper, lower }: Strikes, deviation: bigint): bigint {
  const width = asUint256(upper - lower, "upper - lower");
  if (deviation === 0n) {
    if (spot >= upper) return 0n;
    return spot <= lower ? WAD : mulDivUp(upper - spot, WAD, width);
  }
  const s = capped(deviation);
  const atUpper = distance(logUp(spot, upper), s);
  const atLower = distance(logUp(spot, lower), s);
  const error = asUint256(ERROR * asUint256(asUint256(upper + lower) + asUint256(2n * spot)));
  const paid = asUint256(asUint256(upper * cumulative(atUpper)) + asUint256(spot * cumulative(atLower - s)));
  const gained = asUint256(paid + error);
  const lost = asUint256(asUint256(lower * cumulative(atLower)) + asUint256(spot * cumulative(atUpper - s)));
  const value = gained > lost ? mulDivUp(gained - lost, 1n, width) : 0n;
  return min(value, cumulativeUp(atUpper));
}

/** Which side of the spot a barrier is on. */
export interface Barrier {
  readonly price: bigint;
  readonly isBelow: boolean;
}

/** P(the price touches the barrier before the end). */
export function oneTouchUp(spot: bigint, { price, isBelow }: Barrier, deviation: bigint): bigint {
  if (isBelow ? spot <= price : spot >= price) return WAD;
  if (deviation === 0n) return 0n;
  const ratio = mulDivUp(spot, WAD, price);
  const logarithm = isBelow ? logUp(spot, price) : negativeLogUp(spot, price);
  const s = capped(deviation);
  const near = cumulativeUp(distance(logarithm, s));
  const far = cumulativeUp(distance(logarithm, s) - s);
  const sum = isBelow ? near + mulWadUp(ratio, far) : far + mulWadUp(ratio, near);
  return min(asUint256(sum), WAD);
}

/** (logarithm + s^2/2) / s, rounded up. */
function distance(logarithm: bigint, s: bigint): bigint {
  return signedDivUp(2n * logarithm * WAD + s * s, 2n * s);
}

function capped(deviation: bigint): bigint {
  return min(asUint256(deviation, "deviation"), HIGHEST_DEVIATION);
}

function logUp(spot: bigint, level: bigint): bigint {
  const logarithm = lnWad(BigInt.asIntN(256, mulDivUp(level, WAD, spot))) + LN_TOO_LOW;
  return level <= spot && logarithm > 0n ? 0n : logarithm;
}

function negativeLogUp(spot: bigint, level: bigint): bigint {
  const logarithm = LN_TOO_HIGH - lnWad(BigInt.asIntN(256, mulDivDown(level, WAD, spot)));
  return logarithm > 0n ? 0n : logarithm;
}

function cumulativeUp(x: bigint): bigint {
  return min(cumulative(x) + CUMULATIVE_ERROR, WAD);
}

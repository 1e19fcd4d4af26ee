import { asUint256 } from "./checked.ts";
import { WAD } from "./constants.ts";
import { sqrtDown, sqrtUp } from "./SquareRoot.ts";
import { max, min, mulDivUp, mulWadUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/ReserveMath.sol (FND-02, FND-03): a return R that follows Student's law with 4 degrees of freedom.
 * Everything is rounded up, in favour of the reserve.
 */

/** h of FND-03, seconds. */
export const HORIZON = 3_600n;
/** |R| exceeds so many scales in one of 1,000 horizons, WAD. */
export const QUANTILE = 8_610_300_000_000_000_000n;
/** An expected shortfall is the mean of the worst one of so many horizons. */
export const ONE_OF = 1_000n;

const WAD_SQUARE = WAD * WAD;
const HIGHEST_X = 10n ** 24n;

/** kappa = max(fast, slow, floor) of the volatilities * sqrt(horizon) / sqrt(2), WAD; arguments are variances, WAD per second. */
export function scaleUp(fast: bigint, slow: bigint, floor: bigint): bigint {
  const highest = max(max(asUint256(fast, "fast"), asUint256(slow, "slow")), asUint256(floor, "floor"));
  return sqrtUp(asUint256(highest * HORIZON * WAD) / 2n);
}

/** P(|R| > margin) of one horizon, WAD, at most 1. */
export function tailProbabilityUp(margin: bigint, scale: bigint): bigint {
  if (asUint256(scale, "scale") === 0n) return 0n;
  const x = min(asUint256(asUint256(margin, "margin") * WAD) / scale, HIGHEST_X);
  const square = x * x;
  const w = sqrtDown(square + 4n * WAD_SQUARE);
  const cube = (w * (square + 4n * WAD_SQUARE)) / WAD_SQUARE;
  const other = (x * (square + 6n * WAD_SQUARE)) / WAD_SQUARE;
  return min(mulDivUp(4n * (3n * square + 16n * WAD_SQUARE), WAD, cube * (cube + other)), WAD);
}

/** E[(|R| - margin)+] of one horizon: what is lost on average beyond the margin, WAD fraction of the price. */
export function expectedExcessUp(margin: bigint, scale: bigint): bigint {
  return excessUp(margin, scale, 1n);
}

/** ES_99.9 of one horizon beyond the maintenance margin, WAD fraction of the price. */
export function expectedShortfallUp(maintenanceRate: bigint, scale: bigint): bigint {
  const margin = max(asUint256(maintenanceRate, "maintenanceRate"), mulWadUp(scale, QUANTILE));
  return asUint256(margin - maintenanceRate + excessUp(margin, scale, ONE_OF));
}

function excessUp(margin: bigint, scale: bigint, times: bigint): bigint {
  if (asUint256(scale, "scale") === 0n) return 0n;
  const square = asUint256(scale * scale);
  const hypotenuse = asUint256(asUint256(asUint256(margin, "margin") ** 2n) + asUint256(4n * square));
  const root = sqrtDown(hypotenuse);
  const weight = asUint256(margin * margin + 2n * square + asUint256(margin * root));
  return mulDivUp(asUint256(4n * times * square), square, asUint256(root * weight));
}

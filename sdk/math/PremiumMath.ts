import { asUint256 } from "./checked.ts";
import { BPS_ONE, WAD } from "./constants.ts";
import { max, min, mulDivUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/PremiumMath.sol (CVR-08). Everything rounds up: in favour of underwriters.
 */

/** Rate-on-line floor per year, WAD. */
export const FLOOR_RATE = 30_000_000_000_000_000n;
/** Utilisation at which the curve turns, WAD. */
export const KINK = 800_000_000_000_000_000n;
/** Rate per year at the kink, WAD. */
export const KINK_RATE = 40_000_000_000_000_000n;
/** Rate per year at full utilisation, WAD. */
export const FULL_RATE = 600_000_000_000_000_000n;
/** 365 days, in seconds. */
export const YEAR = 31_536_000n;

/** Part of the capital that is bound, WAD, rounded up, at most 1. Capital that does not exist is fully bound. */
export function utilisationUp(bound: bigint, capital: bigint): bigint {
  const isFull = asUint256(bound, "bound") >= asUint256(capital, "capital");
  return isFull ? WAD : mulDivUp(bound, WAD, capital);
}

/** Rate per year that scarcity of capital asks for, WAD: linear to the kink, steeper behind it; above 1 counts as 1. */
export function curveUp(utilisation: bigint): bigint {
  if (asUint256(utilisation, "utilisation") <= KINK) return mulDivUp(utilisation, KINK_RATE, KINK);
  return KINK_RATE + mulDivUp(min(utilisation, WAD) - KINK, FULL_RATE - KINK_RATE, WAD - KINK);
}

/** Premium per year and unit of limit, WAD, for an expected loss per year with a loading in basis points on top. */
export function ratePerYearUp(hazardRate: bigint, loadingBps: bigint, utilisation: bigint): bigint {
  const model = mulDivUp(hazardRate, asUint256(BPS_ONE + asUint256(loadingBps, "loadingBps")), BPS_ONE);
  return max(max(model, curveUp(utilisation)), FLOOR_RATE);
}

/** Premium for `cost` over `term` seconds, WAD. One rounding for the whole product. */
export function premiumUp(cost: bigint, ratePerYear: bigint, term: bigint): bigint {
  const rate = asUint256(asUint256(ratePerYear, "ratePerYear") * asUint256(term, "term"));
  return mulDivUp(cost, rate, WAD * YEAR);
}

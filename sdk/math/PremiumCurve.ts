import { asUint256 } from "./checked.ts";
import { WAD } from "./constants.ts";
import { expWad } from "./ExpLn.ts";
import { FULL_RATE, KINK, KINK_RATE, YEAR } from "./PremiumMath.ts";
import { max, min, mulDivDown, mulDivUp, mulWadUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/PremiumCurve.sol (CVR-08): a kinked curve whose rate at the kink adapts over time. Rounded up.
 */

/** Rate at full utilisation over that at the kink. */
export const STEEPNESS = FULL_RATE / KINK_RATE;
/** Bounds of the rate per year at the kink, WAD. */
export const LOWEST_KINK_RATE = 10_000_000_000_000_000n;
export const HIGHEST_KINK_RATE = 200_000_000_000_000_000n;
/** Speed of adaptation, per year. */
export const SPEED = 50n;

const FARTHEST = 4n * WAD;

/** Rate at the kink after `elapsed` seconds in which `utilisation` stood, per year, WAD; 0 before means the first one. */
export function adaptedUp(kinkRate: bigint, utilisation: bigint, elapsed: bigint): bigint {
  if (asUint256(kinkRate, "kinkRate") === 0n) return KINK_RATE;
  const rate = mulWadUp(kinkRate, expWad(exponentUp(utilisation, elapsed)));
  return max(min(rate, HIGHEST_KINK_RATE), LOWEST_KINK_RATE);
}

/** Rate per year at one utilisation, WAD; above 1 counts as 1. */
export function rateUp(kinkRate: bigint, utilisation: bigint): bigint {
  if (asUint256(utilisation, "utilisation") <= KINK) return mulDivUp(utilisation, kinkRate, KINK);
  const beyond = min(utilisation, WAD) - KINK;
  return asUint256(kinkRate + mulDivUp(beyond, asUint256((STEEPNESS - 1n) * kinkRate), WAD - KINK));
}

/** Mean rate per year over a purchase that moves utilisation from `from` to `to`, WAD. */
export function meanRateUp(kinkRate: bigint, from: bigint, to: bigint): bigint {
  const [low, high] = [min(from, WAD), min(to, WAD)];
  if (low === high) return rateUp(kinkRate, high);
  const area = asUint256(areaTo(high) - areaTo(low));
  return mulDivUp(area, kinkRate, 2n * KINK * (WAD - KINK) * (high - low));
}

function areaTo(utilisation: bigint): bigint {
  if (utilisation <= KINK) return utilisation * utilisation * (WAD - KINK);
  const beyond = utilisation - KINK;
  return KINK * ((KINK + 2n * beyond) * (WAD - KINK) + (STEEPNESS - 1n) * beyond * beyond);
}

function exponentUp(utilisation: bigint, elapsed: bigint): bigint {
  const time = SPEED * min(asUint256(elapsed, "elapsed"), 100n * YEAR);
  if (asUint256(utilisation, "utilisation") <= KINK) {
    return -min(mulDivDown((KINK - utilisation) * time, WAD, KINK * YEAR), FARTHEST);
  }
  const beyond = min(utilisation, WAD) - KINK;
  return min(mulDivUp(beyond * time, WAD, (WAD - KINK) * YEAR), FARTHEST);
}

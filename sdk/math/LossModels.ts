import { asUint256 } from "./checked.ts";
import { WAD } from "./constants.ts";
import { lnWad } from "./ExpLn.ts";
import { cashOrNothingPutUp, deviationUp, oneTouchUp, putSpreadUp } from "./OptionMath.ts";
import { YEAR } from "./PremiumMath.ts";
import { fromAnnualUp } from "./VolatilityMath.ts";
import { max, min, mulDivDown, mulDivUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/LossModels.sol (CVR-08): expected payment of cover per unit of limit. Rounded up.
 */

/** J of the law of sudden moves, as a logarithm, WAD. */
export const JUMP_SCALE = 200_000_000_000_000_000n;

const VARIANCE_FACTOR = 25n;
const VARIANCE_DIVISOR = 16n;
const CHORD_LIMIT = 44n;
const LN_TOO_HIGH = 1n;

/** A model as far as its loss depends on it; rates per year and levels WAD. */
export type LossTerms =
  | { readonly kind: "hazardRate"; readonly hazardRate: bigint }
  | { readonly kind: "cashOrNothingPut"; readonly hazardRate: bigint; readonly level: bigint }
  | { readonly kind: "putSpread"; readonly hazardRate: bigint; readonly level: bigint; readonly lowerLevel: bigint }
  | { readonly kind: "oneTouch"; readonly hazardRate: bigint; readonly level: bigint; readonly isBelow: boolean };

/** What a model meets: price WAD, variance WAD per second, seconds to the end. */
export interface LossState {
  readonly spot: bigint;
  readonly variance: bigint;
  readonly duration: bigint;
}

/** Variance that cover is priced at: that of 1.25 max(fast, slow, annual floor), WAD per second. */
export function varianceUp(fast: bigint, slow: bigint, volatilityFloor: bigint): bigint {
  const highest = max(max(asUint256(fast, "fast"), asUint256(slow, "slow")), fromAnnualUp(volatilityFloor));
  return mulDivUp(highest, VARIANCE_FACTOR, VARIANCE_DIVISOR);
}

/** How often a year a sudden move goes from `spot` to `level` or beyond, WAD. */
export function jumpHazardUp(spot: bigint, level: bigint, jumpRate: bigint): bigint {
  let distance = 0n;
  if (spot !== level) {
    const ratio = mulDivDown(max(spot, level), WAD, min(spot, level));
    const found = BigInt.asUintN(256, lnWad(BigInt.asIntN(256, ratio)));
    distance = found > LN_TOO_HIGH ? found - LN_TOO_HIGH : 0n;
  }
  const sum = JUMP_SCALE + distance;
  return mulDivUp(asUint256(asUint256(jumpRate, "jumpRate") * JUMP_SCALE ** 3n), 1n, sum ** 3n);
}

/** Expected payment of `terms` per unit of limit, WAD, at most 1. */
export function expectedLossUp(terms: LossTerms, { spot, variance, duration }: LossState): bigint {
  if (terms.kind === "hazardRate") return overTimeUp(terms.hazardRate, duration);
  const deviation = deviationUp(variance, duration);
  const sudden = jumpHazardUp(spot, terms.level, terms.hazardRate);
  switch (terms.kind) {
    case "cashOrNothingPut":
      return max(cashOrNothingPutUp(spot, terms.level, deviation), overTimeUp(sudden, duration));
    case "oneTouch": {
      const barrier = { price: terms.level, isBelow: terms.isBelow };
      return max(oneTouchUp(spot, barrier, deviation), overTimeUp(sudden, duration));
    }
    case "putSpread": {
      const steady = putSpreadUp(spot, { upper: terms.level, lower: terms.lowerLevel }, deviation);
      if (spot >= CHORD_LIMIT * terms.lowerLevel) return max(steady, overTimeUp(sudden, duration));
      const mean = (sudden + jumpHazardUp(spot, terms.lowerLevel, terms.hazardRate) + 1n) / 2n;
      return max(steady, overTimeUp(mean, duration));
    }
  }
}

function overTimeUp(ratePerYear: bigint, duration: bigint): bigint {
  return min(mulDivUp(ratePerYear, duration, YEAR), WAD);
}

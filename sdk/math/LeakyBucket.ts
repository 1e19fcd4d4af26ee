import { asUint256 } from "./checked.ts";
import { BPS_ONE } from "./constants.ts";
import { mulDivDown, mulDivUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/LeakyBucket.sol (FND-02). Rounded so that less is left to use.
 */

/** What is still in the bucket after `elapsed` of `period` seconds, rounded up. */
export function remainingUp(used: bigint, elapsed: bigint, period: bigint): bigint {
  asUint256(used, "used");
  if (asUint256(elapsed, "elapsed") >= asUint256(period, "period")) return 0n;
  return mulDivUp(used, period - elapsed, period);
}

/** What may still be used: share (basis points) * (reserve + used) - used, not below 0, rounded down. */
export function leftDown(share: bigint, reserve: bigint, used: bigint): bigint {
  const budget = mulDivDown(asUint256(asUint256(reserve, "reserve") + asUint256(used, "used")), share, BPS_ONE);
  return budget > used ? budget - used : 0n;
}

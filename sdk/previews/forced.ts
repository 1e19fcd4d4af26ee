// What closing an account without a bidder would do, from its health alone: twin of contracts/liquidation/ForcedClosing.sol (LIQ-05, LIQ-06).
import { deleverageFractionUp, penaltyOf } from "../math/AuctionMath.ts";
import { WAD } from "../math/constants.ts";
import { mulWadUp, positivePart } from "../math/WadMath.ts";
import { fairValue, PENALTY_UNIT, TARGET_RATIO, wholeIfDust } from "./bid.ts";
import type { SaleHealth } from "./bid.ts";

/** WAD. */
export interface ForcedTerms {
  /** V, with what is blind taken in the account's favour. */
  readonly value: bigint;
  /** Part that is closed: up to the target, or all of an account that is worth nothing. */
  readonly fraction: bigint;
  readonly penalty: bigint;
  /** What the account lacks with collateral at haircut value. */
  readonly shortfall: bigint;
}

/** What `deleverage` would close and ask for. */
export function deleverageTerms(health: SaleHealth, minMaintenanceMargin: bigint): ForcedTerms {
  const value = fairValue(health);
  if (value <= 0n) return writeOffTerms(health);
  const penalty = penaltyOf(PENALTY_UNIT, health.penaltyBasis, value, 0n);
  const found = deleverageFractionUp({ ...health, penalty, targetRatio: TARGET_RATIO });
  const fraction = wholeIfDust(health, found, minMaintenanceMargin);
  return { value, fraction, penalty: mulWadUp(penalty, fraction), shortfall: 0n };
}

/** What an account without anything of worth asks of the layers: all that it lacks. */
export function writeOffTerms(health: SaleHealth): ForcedTerms {
  const shortfall = positivePart(-(health.marginBalance + health.blindSpread + health.blindLoss));
  return { value: fairValue(health), fraction: WAD, penalty: 0n, shortfall };
}

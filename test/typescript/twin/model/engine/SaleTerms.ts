import * as auctionMath from "../../../../../sdk/math/AuctionMath.ts";
import { BPS_ONE, WAD } from "../../../../../sdk/math/constants.ts";
import * as bucketMath from "../../../../../sdk/math/LeakyBucket.ts";
import { max, min, mulDivUp, mulWadDown, positivePart, signedMulDivDown } from "../../../../../sdk/math/WadMath.ts";
import type { Health } from "../types.ts";
import { reliefOf } from "../types.ts";
import { AuctionClock, TARGET_RATIO } from "./AuctionClock.ts";

export const PENALTY_UNIT = WAD / BPS_ONE;
const WEEK = 7n * 86_400n;

export interface Terms {
  readonly value: bigint;
  readonly income: bigint;
  readonly price: bigint;
  readonly penalty: bigint;
  readonly maxFraction: bigint;
}

/** Twin of SaleTerms.sol and RewardBucket.sol (LIQ-02, LIQ-03, LIQ-04). */
export class SaleTerms extends AuctionClock {
  protected termsOf(health: Health, elapsed: bigint): Terms {
    const relief = reliefOf(health);
    const value = health.value + relief;
    const maintenance = health.linearMargin + health.sizeMargin;
    const rate = auctionMath.incomeRate(elapsed);
    const income = auctionMath.incomeDown(maintenance, health.marginBalance + relief, rate);
    const price = positivePart(value - income);
    const penalty = auctionMath.penaltyOf(PENALTY_UNIT, health.penaltyBasis, value, income);
    const maxFraction = auctionMath.maxFractionUp({
      marginBalance: health.marginBalance,
      linearMargin: health.linearMargin,
      sizeMargin: health.sizeMargin,
      blindMargin: health.blindMargin,
      retained: retained(price - penalty, health),
      targetRatio: TARGET_RATIO,
    });
    return { value, income, price, penalty, maxFraction };
  }

  protected isBelowAfter({ penalty, price }: Terms, health: Health, taken: bigint): boolean {
    const rest = signedMulDivDown(health.marginBalance, WAD - taken, WAD);
    const balance = rest + mulWadDown(retained(price - penalty, health), taken);
    return balance < this.#marginLeft(health, taken);
  }

  protected withoutDust(health: Health, fraction: bigint): bigint {
    const least = this.house.settings.minMaintenanceMargin;
    if (health.linearMargin <= least) return WAD;
    return this.wholeIfDust(health, max(fraction, mulDivUp(least, WAD, health.linearMargin)));
  }

  protected wholeIfDust(health: Health, fraction: bigint): bigint {
    const isDust = fraction >= WAD || this.#marginLeft(health, fraction) < this.house.settings.minMaintenanceMargin;
    return isDust ? WAD : fraction;
  }

  #marginLeft(health: Health, fraction: bigint): bigint {
    const rest = WAD - fraction;
    const size = mulWadDown(mulWadDown(health.sizeMargin, rest), rest);
    return mulWadDown(health.linearMargin, rest) + health.blindMargin + size;
  }

  /* WHAT BIDDERS MAY BE REWARDED WITH */

  protected get rewardLeft(): bigint {
    return this.#penaltiesLeft() / 2n;
  }

  protected recordPenalty(penalty: bigint, reward: bigint): void {
    if (penalty === 0n && reward === 0n) return;
    const left = this.#penaltiesLeft() + penalty;
    this.bucket.set({ penalties: left - min(left, 2n * reward), updatedAt: this.now });
  }

  #penaltiesLeft(): bigint {
    const { penalties, updatedAt } = this.bucket.get();
    const left = bucketMath.remainingUp(penalties, this.now - updatedAt, WEEK);
    return left !== 0n && this.now !== updatedAt ? left - 1n : left;
  }
}

/** V with what is blind taken in the account's favour. */
export const fairValueOf = (health: Health): bigint => health.value + reliefOf(health);
export const shortfallOf = (health: Health): bigint => positivePart(-(health.marginBalance + reliefOf(health)));

function retained(kept: bigint, health: Health): bigint {
  return kept - min(kept, reliefOf(health));
}

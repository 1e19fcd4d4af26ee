import * as auctionMath from "../../../../../sdk/math/AuctionMath.ts";
import { WAD } from "../../../../../sdk/math/constants.ts";
import { min, mulDivDown, mulWadUp, positivePart } from "../../../../../sdk/math/WadMath.ts";
import { total } from "../../../../../sdk/math/Waterfall.ts";
import type { Assessment } from "../house/ClearingHouse.ts";
import type { Auction, Health } from "../types.ts";
import { isLiquidatable, maintenanceOf } from "../types.ts";
import { ownerOf, refuse } from "../world.ts";
import { INSOLVENT_TIMEOUT, SOLVENT_TIMEOUT, TARGET_RATIO } from "./AuctionClock.ts";
import { fairValueOf, PENALTY_UNIT, SaleTerms, shortfallOf } from "./SaleTerms.ts";

/** Twin of ForcedClosing.sol (CLR-07, LIQ-05, LIQ-06). */
export class ForcedClosing extends SaleTerms {
  flag(account: string): void {
    const { health } = this.house.assessLiquidation(account, account);
    const deficit = positivePart(-(health.value + health.blindSpread));
    this.house.measure(account, deficit, this.resources);
  }

  deleverage(account: string): void {
    const seen = this.measure(account);
    const { feeds, health } = seen;
    this.requireLiquidatable(account, health);
    const { auction, isNew } = this.next(account, feeds, health);
    if (health.blindMargin !== 0n) this.store(account, feeds, auction, isNew);
    else if (!isNew) this.end(account);
    if (fairValueOf(health) <= 0n) return this.#closeWhole(account, seen, auction);
    if (!this.isTimedOut(auction, SOLVENT_TIMEOUT)) {
      refuse("LiquidationEngine_TooEarly", account, auction.elapsed, SOLVENT_TIMEOUT);
    }
    this.#closeToTarget(account, health);
  }

  writeOff(account: string): void {
    this.house.oracle.refreshAll(this.house.listed.get());
    const seen = this.house.assessLiquidation(account, account);
    const { health } = seen;
    const header = () => this.house.headers.get(account);
    const isDebt = fairValueOf(health) < 0n && header().markets === 0n;
    if (!isDebt || (this.isClearingAccount(account) && header().assets !== 0n)) {
      refuse("LiquidationEngine_NotWriteOff", account, health.value);
    }
    if (this.auctions.get(account).isOpen) this.end(account);
    this.#closeInsolvent(account, seen);
    this.world.pass("written off");
  }

  #closeToTarget(account: string, health: Health): void {
    const whole = auctionMath.penaltyOf(PENALTY_UNIT, health.penaltyBasis, fairValueOf(health), 0n);
    const wanted = auctionMath.deleverageFractionUp({
      marginBalance: health.marginBalance,
      penalty: whole,
      linearMargin: health.linearMargin,
      sizeMargin: health.sizeMargin,
      blindMargin: health.blindMargin,
      targetRatio: TARGET_RATIO,
    });
    const fraction = this.wholeIfDust(health, wanted);
    const penalty = mulWadUp(whole, fraction);
    this.house.closeOut({
      account,
      fraction,
      penalty,
      shortfall: 0n,
      drawn: 0n,
      sweepsCollateral: false,
      closesAuction: health.blindMargin === 0n,
    });
    this.recordPenalty(penalty, 0n);
    this.world.pass("deleveraged to target");
  }

  #closeWhole(account: string, seen: Assessment, auction: Auction): void {
    const socialized = this.#closeInsolvent(account, seen);
    this.world.pass(socialized === 0n ? "deleveraged, all covered" : "deleveraged, loss socialised");
    if (socialized !== 0n || this.isTimedOut(auction, INSOLVENT_TIMEOUT)) return;
    if (this.house.measuredSum > this.resources) return;
    refuse("LiquidationEngine_TooEarly", account, auction.elapsed, INSOLVENT_TIMEOUT);
  }

  #closeInsolvent(account: string, { health, weights }: Assessment): bigint {
    const shortfall = shortfallOf(health);
    const request = { shortfallByClass: byClass(weights, shortfall), fraction: WAD, reward: 0n };
    const covered = total(this.fund.cover(this.segment, request).paid);
    this.house.closeOut({
      account,
      fraction: WAD,
      penalty: 0n,
      shortfall,
      drawn: covered,
      sweepsCollateral: !this.isClearingAccount(account),
      closesAuction: health.blindMargin === 0n,
    });
    return shortfall - covered;
  }

  /* STEPS */

  protected get resources(): bigint {
    return total(this.fund.resources(this.segment));
  }

  protected measure(account: string): Assessment {
    this.requireNotClearingAccount(account);
    return this.house.assessLiquidation(account, account);
  }

  protected requireNotClearingAccount(account: string): void {
    if (this.isClearingAccount(account)) refuse("LiquidationEngine_ClearingAccount", account);
  }

  protected requireLiquidatable(account: string, health: Health): void {
    if (isLiquidatable(health)) return;
    refuse("LiquidationEngine_NotLiquidatable", account, health.marginBalance, maintenanceOf(health));
  }

  protected isClearingAccount(account: string): boolean {
    return ownerOf(account) === this.house.address;
  }
}

/** Splits a shortfall by LIQ-05's weights; what has no weight is charged to class tail. */
export function byClass(weights: readonly [bigint, bigint, bigint], shortfall: bigint): [bigint, bigint, bigint] {
  const parts: [bigint, bigint, bigint] = [0n, 0n, 0n];
  const sum = weights[0] + weights[1] + weights[2];
  let left = shortfall;
  for (const marketClass of [0, 1, 2] as const) {
    if (sum === 0n || shortfall === 0n) break;
    parts[marketClass] = min(mulDivDown(shortfall, weights[marketClass], sum), weights[marketClass]);
    left -= parts[marketClass];
  }
  parts[2] += left;
  return parts;
}

import { BPS_ONE } from "../../../../../sdk/math/constants.ts";
import * as index from "../../../../../sdk/math/SideIndex.ts";
import { abs } from "../../../../../sdk/math/WadMath.ts";
import type { Health } from "../types.ts";
import { MarketFlag, reliefOf } from "../types.ts";
import { bitsOf, refuse } from "../world.ts";
import { MAX_BLIND } from "./Deleveraging.ts";
import { RiskLimits } from "./RiskLimits.ts";
import { classOf, hasWeight, lossWeight } from "./Valuation.ts";

const CLOSING_NOTICE = 7n * 86_400n;

export interface Assessment {
  readonly feeds: bigint;
  readonly health: Health;
  /** LIQ-05's weights by market class. */
  readonly weights: readonly [bigint, bigint, bigint];
}

/** Twin of ClearingHouse.sol and Delisting.sol: all of the house's code as one (CLR-11). */
export class ClearingHouse extends RiskLimits {
  /** @param isLocked whether the house is in the middle of something: never, where the engine or a stranger asks */
  assessLiquidation(account: string, bidder: string): Assessment {
    const header = this.headers.get(account);
    const feeds = this.feedsOf(header);
    const all = account === bidder ? feeds : feeds | this.feedsOf(this.headers.get(bidder));
    this.oracle.refreshAll(all);
    if (account === bidder) {
      for (const market of bitsOf(header.markets)) this.accrueGap(market, this.oracle.quote(market).price);
    }
    const health = this.healthAt(account, header);
    const weights: [bigint, bigint, bigint] = [0n, 0n, 0n];
    if (health.marginBalance + reliefOf(health) < 0n) {
      for (const market of bitsOf(header.markets)) {
        const settings = this.markets.get(market);
        const leg = this.pricedLeg(account, market, settings);
        if (hasWeight(leg)) weights[classOf(settings)] += lossWeight(leg, this.oracle.averagePrice(market));
      }
    }
    return { feeds, health, weights };
  }

  /* END OF A MARKET */

  /** By the administrator. */
  announceClosing(market: bigint, closesAt: bigint): void {
    this.requireMarket(market);
    const earliest = this.now + CLOSING_NOTICE;
    const announced = this.endings.get(market).closesAt;
    if (announced !== 0n || closesAt < earliest) {
      refuse("ClearingHouse_InvalidClosing", market, closesAt, earliest, announced);
    }
    this.endings.change({ closesAt }, market);
    this.markets.change({ flags: this.markets.get(market).flags & ~MarketFlag.Open }, market);
  }

  markBlind(market: bigint): void {
    this.requireMarket(market);
    if (this.hasConsensusNow(market)) refuse("ClearingHouse_NotBlind", market, 0n, MAX_BLIND);
    if (this.deadSince(market).since !== 0n) return;
    this.endings.change({ blindSince: this.now }, market);
  }

  closeMarket(market: bigint): void {
    this.requireMarket(market);
    const { closesAt } = this.endings.get(market);
    const isClosed = (this.markets.get(market).flags & MarketFlag.Closed) !== 0n;
    if (closesAt === 0n || this.now < closesAt || isClosed) {
      refuse("ClearingHouse_NotClosing", market, closesAt, isClosed);
    }
    const price = this.#closingPrice(market);
    this.requireBooked(market);
    this.accrueGap(market, price);
    const funding = this.fundingOf(market);
    const flags = this.markets.get(market).flags | MarketFlag.Closed;
    this.markets.change({ flags, fundingRate: 0n, funding, fundingAt: this.now }, market);
    const { openInterest } = this.interest.get(market);
    this.interest.change({ openInterest: 0n }, market);
    if (openInterest === 0n) return;
    for (const long of [true, false]) {
      const closing = { base: openInterest, openInterest, price, funding };
      this.storeSide(market, long, index.deleverage(this.sides.get(market, long), long, closing).side, funding);
    }
  }

  #closingPrice(market: bigint): bigint {
    const dead = this.deadSince(market);
    if (this.isDead(dead.since)) return dead.price;
    const price = this.oracle.averagePrice(market);
    const indexPrice = this.oracle.consensusPrice(market);
    const { bandBps } = this.config.get();
    if (abs(price - indexPrice) * BPS_ONE > indexPrice * bandBps) {
      refuse("ClearingHouse_PriceOutsideBand", price, indexPrice, bandBps);
    }
    return price;
  }
}

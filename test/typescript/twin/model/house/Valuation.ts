import { WAD } from "../../../../../sdk/math/constants.ts";
import * as margin from "../../../../../sdk/math/MarginMath.ts";
import type { MarketClass } from "../../../../../sdk/math/MarginMath.ts";
import * as index from "../../../../../sdk/math/SideIndex.ts";
import {
  abs,
  min,
  mulDivUp,
  mulWadDown,
  mulWadUp,
  positivePart,
  signedMulDivDown,
  signedMulDivUp,
} from "../../../../../sdk/math/WadMath.ts";
import type { Header, Health, Market } from "../types.ts";
import { MarketFlag } from "../types.ts";
import { bitsOf } from "../world.ts";
import { ADD_ON_MASK } from "./HouseState.ts";
import { Positions } from "./Positions.ts";

export interface PricedLeg {
  base: bigint;
  quoteValue: bigint;
  price: bigint;
  favourablePrice: bigint;
  rate: bigint;
  hasConsensus: boolean;
}

const GAP_RATE_ONE = 10n ** 15n;

/** Twin of GapPremium.sol and Valuation.sol (FND-02, MRG-01, ORC-07). Prices are asked for where they are needed: within a second they stand. */
export class Valuation extends Positions {
  protected accrueGap(market: bigint, price: bigint): bigint {
    const { gapAt, gapRate, openInterest } = this.interest.get(market);
    const earned = gapRate * (this.now - gapAt);
    if (earned === 0n) return 0n;
    this.interest.change({ gapAt: this.now }, market);
    if (openInterest === 0n) return 0n;
    const perUnit = min(price, mulDivUp(price, earned, GAP_RATE_ONE));
    for (const long of [true, false]) {
      this.sides.change({ sum: index.chargePerUnit(this.sides.get(market, long), long, perUnit).sum }, market, long);
    }
    const premium = 2n * mulWadDown(perUnit, openInterest);
    this.creditFund(premium);
    this.world.pass("gap premium accrued");
    return premium;
  }

  healthOf(account: string): Health {
    return this.healthAt(account, this.headers.get(account));
  }

  /** `header` as stored, or as it is about to be. */
  protected healthAt(account: string, header: Header): Health {
    const { cash } = header;
    const sum: Health = { ...EMPTY, value: cash, marginBalance: cash, initialBalance: cash };
    for (const market of bitsOf(header.markets)) this.#addPosition(sum, account, market);
    for (const asset of bitsOf(header.assets)) this.#addCollateral(sum, account, asset);
    return sum;
  }

  feedsOf({ assets, markets }: Header): bigint {
    return bitsOf(assets).reduce((feeds, asset) => feeds | (1n << this.assets.get(asset).feed), markets);
  }

  #addPosition(sum: Health, account: string, market: bigint): void {
    const { ratio } = this.config.get();
    const settings = this.markets.get(market);
    const leg = this.pricedLeg(account, market, settings);
    const profit = profitOf(leg);
    sum.value += profit;
    sum.marginBalance += profit;
    sum.initialBalance += profit > 0n ? mulWadDown(profit, margin.profitWeight(classOf(settings), ratio)) : profit;
    if (leg.base === 0n) return;
    const { linear, size } = margin.positionMarginUp(abs(leg.base), leg.price, leg.rate, settings.addOn & ADD_ON_MASK);
    const startRate = margin.initialRate(settings.rateTarget, ratio);
    const initial = margin.initialMarginUp(abs(leg.base), leg.price, startRate, settings.addOn & ADD_ON_MASK);
    sum.initialMargin += initial;
    if (leg.hasConsensus) {
      sum.linearMargin += linear;
      sum.sizeMargin += size;
      sum.penaltyBasis += (linear + size) * (500n + (settings.addOn >> 20n) * 100n);
      return;
    }
    sum.blindMargin += linear + size;
    const favourable = favourableProfit(leg);
    sum.blindSpread += favourable - profit;
    sum.blindLoss += positivePart(-favourable);
    sum.hasBlind = true;
  }

  #addCollateral(sum: Health, account: string, asset: bigint): void {
    const { feed, haircut } = this.assets.get(asset);
    const { price, hasConsensus } = this.oracle.quote(feed);
    const amount = this.collateral.get(account, asset);
    if (!hasConsensus) {
      sum.hasBlind = true;
      sum.blindSpread += this.favourableValue(feed, amount, price);
      return;
    }
    const counted = margin.haircutValueDown(amount, price, haircut);
    sum.value += margin.valueDown(amount, price);
    sum.marginBalance += counted;
    sum.initialBalance += counted;
  }

  protected pricedLeg(account: string, market: bigint, settings: Market): PricedLeg {
    const leg = this.leg(account, market, this.fundingNow(settings));
    if (leg.base === 0n) return { ...leg, price: 0n, favourablePrice: 0n, rate: 0n, hasConsensus: true };
    const rate = this.rateNow(settings);
    const { price, hasConsensus } = this.oracle.quote(market);
    if (hasConsensus) return { ...leg, price, favourablePrice: 0n, rate, hasConsensus };
    const move = this.oracle.blindMove(market);
    return {
      ...leg,
      price: margin.blindPrice(price, leg.base > 0n, rate, move),
      favourablePrice: margin.blindPrice(price, leg.base < 0n, rate, move),
      rate,
      hasConsensus,
    };
  }

  protected rateNow({ rateSet, rateSetAt, rateTarget }: Market): bigint {
    if (rateSet === rateTarget) return rateSet;
    return margin.currentRateUp({ rateSet, rateTarget, setAt: rateSetAt }, this.now);
  }

  protected favourableValue(feed: bigint, amount: bigint, price: bigint): bigint {
    const move = min(this.oracle.blindMove(feed), WAD);
    return mulWadUp(amount, mulWadUp(price, WAD + move));
  }
}

/** Profit of a position, rounded down. */
export const profitOf = ({ base, price, quoteValue }: PricedLeg): bigint =>
  signedMulDivDown(base, price, WAD) + quoteValue;

/** Profit of a blind position at the price moved in the account's favour. */
export const favourableProfit = ({ base, favourablePrice, quoteValue }: PricedLeg): bigint =>
  signedMulDivUp(base, favourablePrice, WAD) + quoteValue;

/** LIQ-05's weight of a whole position. */
export function lossWeight({ base, price }: PricedLeg, average: bigint): bigint {
  const [from, to] = base > 0n ? [average, price] : [price, average];
  return from <= to ? 0n : mulWadDown(abs(base), from - to);
}

export const hasWeight = ({ base, hasConsensus }: PricedLeg): boolean => hasConsensus && base !== 0n;
export const classOf = ({ flags }: Market): MarketClass => Number(flags & MarketFlag.Class) as MarketClass;

const EMPTY: Health = {
  value: 0n,
  marginBalance: 0n,
  initialBalance: 0n,
  linearMargin: 0n,
  sizeMargin: 0n,
  blindMargin: 0n,
  initialMargin: 0n,
  blindSpread: 0n,
  blindLoss: 0n,
  penaltyBasis: 0n,
  hasBlind: false,
};

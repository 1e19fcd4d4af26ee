import { BPS_ONE, MAX_OPEN_INTEREST, MAX_PRICE, RATE_ONE, WAD } from "../../../../../sdk/math/constants.ts";
import * as fundingMath from "../../../../../sdk/math/FundingMath.ts";
import { notionalUp } from "../../../../../sdk/math/MarginMath.ts";
import { abs, mulDivDown, mulDivUp, mulWadDown, signedMulDivDown } from "../../../../../sdk/math/WadMath.ts";
import type { Header, Market } from "../types.ts";
import { MarketFlag, meetsInitial } from "../types.ts";
import { refuse } from "../world.ts";
import { Accounts } from "./Accounts.ts";
import { longGrowth } from "./Positions.ts";
import type { Change } from "./Positions.ts";

export interface Trade {
  readonly taker: string;
  readonly maker: string;
  readonly market: bigint;
  /** Received by the taker. */
  readonly size: bigint;
  readonly price: bigint;
}

interface Terms {
  readonly market: bigint;
  readonly indexPrice: bigint;
  readonly rate: bigint;
  readonly quote: bigint;
  readonly difference: bigint;
  readonly notional: bigint;
  readonly takerFee: bigint;
  readonly settings: Market;
}

interface Outcome {
  readonly header: Header;
  readonly change: Change;
  readonly lost: bigint;
  readonly fee: bigint;
}

/** Twin of Trading.sol (CLR-05, CLR-06). */
export class Trading extends Accounts {
  trade(fill: Trade): void {
    this.requireSender(this.links.get().orderBook, "ClearingHouse_NotLinked");
    if (fill.taker === fill.maker) refuse("ClearingHouse_SelfTrade", fill.taker);
    const terms = this.#terms(fill);
    this.accrueGap(terms.market, terms.indexPrice);
    const funding = this.#moveFunding(terms, fill.price);
    const taker = this.#book(fill.taker, terms, { base: fill.size, funding, isTaker: true });
    const maker = this.#book(fill.maker, terms, { base: -fill.size, funding, isTaker: false });
    this.#growWithinCap(terms, longGrowth(taker.change) + longGrowth(maker.change));
    this.totals.change({ fees: this.totals.get().fees + terms.takerFee });
    this.#checkAfter(fill.taker, terms, taker);
    this.#checkAfter(fill.maker, terms, maker);
  }

  #terms({ market, price, size }: Trade): Terms {
    this.requireMarket(market);
    this.requireBooked(market);
    if (size === 0n || abs(size) > MAX_OPEN_INTEREST) refuse("ClearingHouse_InvalidSize", size);
    if (price === 0n || price > MAX_PRICE) refuse("ClearingHouse_InvalidPrice", price, MAX_PRICE);
    const { hasConsensus, price: indexPrice } = this.oracle.quote(market);
    if (!hasConsensus) refuse("ClearingHouse_NoConsensus", market);
    const { bandBps, takerFeeBps } = this.config.get();
    if (abs(price - indexPrice) * BPS_ONE > indexPrice * bandBps) {
      refuse("ClearingHouse_PriceOutsideBand", price, indexPrice, bandBps);
    }
    const settings = this.markets.get(market);
    const quote = -signedMulDivDown(size, indexPrice, WAD);
    const notional = notionalUp(abs(size), price);
    return {
      market,
      indexPrice,
      settings,
      rate: this.rateNow(settings),
      quote,
      difference: -signedMulDivDown(size, price, WAD) - quote,
      notional,
      takerFee: mulDivUp(notional, takerFeeBps, BPS_ONE),
    };
  }

  #moveFunding({ indexPrice, market, notional, rate, settings }: Terms, fillPrice: bigint): bigint {
    const funding = this.fundingNow(settings);
    if (notional * rate < this.settings.minMaintenanceMargin * RATE_ONE) return funding;
    const velocity = fundingMath.decayed(fundingMath.unpack(settings.fundingRate), this.now - settings.fundingAt);
    const fundingRate = fundingMath.pack(
      fundingMath.afterFill(velocity, {
        indexPrice,
        fillPrice,
        notional,
        openNotional: mulWadDown(this.interest.get(market).openInterest, indexPrice),
        maxShare: fundingMath.maxShareOf(this.config.get().takerFeeBps),
      }),
    );
    if (fundingRate === 0n && settings.fundingRate === 0n) return funding;
    this.markets.change({ funding, fundingRate, fundingAt: this.now }, market);
    this.world.pass("funding moved");
    return funding;
  }

  #book(account: string, terms: Terms, by: { base: bigint; funding: bigint; isTaker: boolean }): Outcome {
    const { base, funding, isTaker } = by;
    const header = { ...this.headers.get(account) };
    const leg = this.leg(account, terms.market, funding);
    const quote = isTaker ? terms.quote : -terms.quote;
    this.beforeChange(terms.settings, account, terms.market, leg.base, base);
    const change = this.changeLeg(account, header, leg, { market: terms.market, base, quote, funding });
    const fee = isTaker ? terms.takerFee : 0n;
    const lost = fee + (isTaker ? -terms.difference : terms.difference);
    this.addCash(header, -lost);
    this.saveHeader(account, header);
    this.world.pass(`fill: ${kindOf(change)}`);
    return { header, change, lost, fee };
  }

  #growWithinCap({ market, settings }: Terms, growth: bigint): void {
    const openInterest = this.growInterest(market, growth);
    const { cap } = this.interest.get(market);
    if (growth > 0n && openInterest > cap) refuse("ClearingHouse_OpenInterestCapExceeded", market, openInterest, cap);
    if (growth > 0n && (settings.flags & MarketFlag.Paused) !== 0n) {
      const until = this.endings.get(market).pausedUntil;
      if (this.now < until) refuse("ClearingHouse_MarketPaused", market, until);
    }
  }

  #checkAfter(account: string, terms: Terms, outcome: Outcome): void {
    const health = this.healthAt(account, outcome.header);
    if (health.value + outcome.lost <= 0n) refuse("ClearingHouse_Bankrupt", account, health.value + outcome.lost);
    this.requireNoDust(account, health);
    if (addsRisk(outcome.change)) {
      if ((terms.settings.flags & MarketFlag.Open) === 0n) refuse("ClearingHouse_MarketClosed", terms.market);
      this.requireInitialMargin(account, health);
    } else if (!meetsInitial(health)) {
      this.#requireCheapReduction(account, terms, outcome, health.value);
    }
  }

  #requireCheapReduction(account: string, terms: Terms, { change, fee, lost }: Outcome, valueAfter: bigint): void {
    if (valueAfter <= 0n) refuse("ClearingHouse_Bankrupt", account, valueAfter);
    if (lost > 0n) {
      const notional = mulWadDown(abs(change.before) - abs(change.after), terms.indexPrice);
      const allowed = fee + mulDivDown(notional, terms.rate, 10n * RATE_ONE);
      if (lost > allowed) refuse("ClearingHouse_ReductionTooCostly", account, lost, allowed);
    }
    this.world.pass("reduced below initial margin");
  }
}

function addsRisk({ after, before }: Change): boolean {
  if (before === 0n || after === 0n) return after !== 0n;
  return before > 0n !== after > 0n || abs(after) > abs(before);
}

function kindOf({ after, before }: Change): string {
  if (before === 0n) return "opens";
  if (after === 0n) return "closes";
  if (before > 0n !== after > 0n) return "turns round";
  return abs(after) > abs(before) ? "adds" : "reduces";
}

import { WAD } from "../../../../../sdk/math/constants.ts";
import { min, mulWadDown, mulWadUp, positivePart } from "../../../../../sdk/math/WadMath.ts";
import { total } from "../../../../../sdk/math/Waterfall.ts";
import type { Assessment } from "../house/ClearingHouse.ts";
import { Scope } from "../types.ts";
import { ownerOf, refuse, Refusal } from "../world.ts";
import { byClass, ForcedClosing } from "./ForcedClosing.ts";
import type { Terms } from "./SaleTerms.ts";

export interface BidRequest {
  readonly account: string;
  readonly bidder: string;
  readonly fraction: bigint;
  readonly minFraction: bigint;
  readonly maxPrice: bigint;
  readonly minIncome: bigint;
}

interface Sale {
  readonly seen: Assessment;
  readonly terms: Terms;
  readonly fraction: bigint;
}

interface Covered {
  readonly shortfall: bigint;
  readonly covered: bigint;
  readonly reward: bigint;
}

/** Twin of LiquidationEngine.sol (LIQ-01 to LIQ-09). */
export class LiquidationEngine extends ForcedClosing {
  start(account: string): void {
    if (this.auctions.get(account).isOpen) refuse("LiquidationEngine_AlreadyStarted", account);
    const { feeds, health } = this.measure(account);
    this.requireLiquidatable(account, health);
    this.store(account, feeds, this.next(account, feeds, health).auction, true);
  }

  touch(account: string): void {
    if (!this.auctions.get(account).isOpen) refuse("LiquidationEngine_NoAuction", account);
    const { feeds, health } = this.measure(account);
    if (this.isAtTarget(health)) {
      this.end(account);
      this.house.setInAuction(account, false);
      this.world.pass("auction ended by a touch");
      return;
    }
    this.store(account, feeds, this.next(account, feeds, health).auction, false);
  }

  bid(request: BidRequest): void {
    this.#checkRequest(request);
    this.requireNotClearingAccount(request.account);
    const seen = this.house.assessLiquidation(request.account, request.bidder);
    const { feeds, health } = seen;
    this.requireLiquidatable(request.account, health);
    const { auction, isNew } = this.next(request.account, feeds, health);
    const sale = this.#saleOf(request, seen, auction.elapsed);
    const ends = sale.fraction === sale.terms.maxFraction && health.blindMargin === 0n;
    const wasBelow = !ends && this.isBelowAfter(sale.terms, health, sale.fraction);
    if (!ends) this.store(request.account, feeds, { ...auction, wasBelow }, isNew);
    else if (!isNew) this.end(request.account);
    const covered = this.#cover(request, sale);
    this.#transfer(request, sale, covered, ends && !isNew);
    this.world.pass(sale.fraction === WAD ? "bid for a whole account" : "bid for a part");
    if (health.hasBlind) this.world.pass("bid for an account that is partly blind");
  }

  /** Each bid is atomic by itself. */
  bidMany(requests: readonly BidRequest[]): void {
    for (const request of requests) {
      try {
        this.world.attempt(() => this.bid(request));
        this.world.pass("bid of a batch filled");
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.world.pass("bid of a batch refused");
      }
    }
  }

  #checkRequest({ bidder, fraction, minFraction }: BidRequest): void {
    if (fraction === 0n || fraction > WAD || minFraction > fraction) {
      refuse("LiquidationEngine_InvalidFraction", fraction, minFraction);
    }
    const { sender } = this.world;
    if (ownerOf(bidder) !== sender && !this.house.isAuthorized(bidder, sender, Scope.Trade)) {
      refuse("LiquidationEngine_NotAuthorized", bidder, sender);
    }
  }

  #saleOf(request: BidRequest, seen: Assessment, elapsed: bigint): Sale {
    const terms = this.termsOf(seen.health, elapsed);
    const most = this.withoutDust(seen.health, terms.maxFraction);
    const fraction = request.fraction < most ? this.wholeIfDust(seen.health, request.fraction) : most;
    if (fraction < request.minFraction || fraction === 0n) {
      refuse("LiquidationEngine_FractionBelowMinimum", fraction, request.minFraction);
    }
    if (terms.price > request.maxPrice) refuse("LiquidationEngine_PriceAboveLimit", terms.price, request.maxPrice);
    return { seen, terms: { ...terms, maxFraction: most }, fraction };
  }

  #cover(request: BidRequest, { fraction, seen, terms }: Sale): Covered {
    const whole = positivePart(-terms.value);
    const owing = terms.income - min(terms.income, positivePart(terms.value));
    let result = { shortfall: 0n, covered: 0n, reward: 0n };
    if (whole !== 0n || owing !== 0n) {
      const shortfallByClass = byClass(seen.weights, whole);
      const reward = mulWadDown(min(owing, this.rewardLeft), fraction);
      const answer = this.fund.cover(this.segment, { shortfallByClass, fraction, reward });
      result = { shortfall: mulWadUp(whole, fraction), covered: total(answer.paid), reward: answer.reward };
      const loss = result.shortfall - result.covered;
      if (loss !== 0n) this.house.socialize(request.account, request.bidder, fraction, loss);
      if (loss !== 0n) this.world.pass("bid with a loss that is socialised");
      if (result.covered !== 0n) this.world.pass("bid with a loss that layers pay");
      if (result.reward !== 0n) this.world.pass("bid with a reward");
    }
    const income = mulWadDown(terms.income - owing, fraction) + result.reward;
    const least = mulWadDown(request.minIncome, fraction);
    if (income < least) refuse("LiquidationEngine_IncomeBelowLimit", income, least);
    return result;
  }

  #transfer(request: BidRequest, { fraction, terms }: Sale, covered: Covered, closesAuction: boolean): void {
    const payment = mulWadUp(terms.price, fraction);
    const penalty = mulWadUp(terms.penalty, fraction);
    const worth = mulWadDown(positivePart(terms.value), fraction);
    this.house.slice({
      seller: request.account,
      bidder: request.bidder,
      fraction,
      payment,
      penalty,
      shortfall: covered.shortfall,
      reward: covered.reward,
      drawn: covered.covered + covered.reward,
      cost: worth - min(worth, payment - penalty),
      closesAuction,
    });
    this.recordPenalty(penalty, covered.reward);
  }
}

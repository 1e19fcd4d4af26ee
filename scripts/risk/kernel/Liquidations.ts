import { remainingShare, wholeIfDust } from "./BookSide.ts";
import type { BookSide } from "./BookSide.ts";
import { Auction, BPS, Margin } from "./constants.ts";
import type { Fund } from "./Fund.ts";

/** What one liquidation happens at. */
export interface Moment {
  now: number;
  price: number;
  average: number;
  /** mmr, fraction. */
  rate: number;
  /** Growth of mmr with notional. */
  addOn: number;
  /** pi, fraction of MM. */
  penalty: number;
  /** k_time. */
  incomeRate: number;
  /** What a bidder asks for, fraction of notional. */
  cost: number;
}

/** A whole second that rounding has put a little above itself is that second: round costs and rates meet there. */
const ceil = (seconds: number): number => Math.ceil(seconds - 1e-9);

/** k_time after so many live seconds. */
export function incomeRateAt(elapsed: number): number {
  const { endSeconds, kneeRate, kneeSeconds, maxRate, startRate } = Auction;
  if (elapsed >= endSeconds) return maxRate;
  if (elapsed < kneeSeconds) return startRate + ((kneeRate - startRate) * elapsed) / kneeSeconds;
  return kneeRate + ((maxRate - kneeRate) * (elapsed - kneeSeconds)) / (endSeconds - kneeSeconds);
}

/** First whole second at which k_time pays `wanted`; none where it never does. */
export function secondsUntil(wanted: number): number | undefined {
  const { endSeconds, kneeRate, kneeSeconds, maxRate, startRate } = Auction;
  if (wanted > maxRate) return undefined;
  if (wanted <= startRate) return 0;
  if (wanted <= kneeRate) return ceil(((wanted - startRate) * kneeSeconds) / (kneeRate - startRate));
  return kneeSeconds + ceil(((wanted - kneeRate) * (endSeconds - kneeSeconds)) / (maxRate - kneeRate));
}

/** Bids, deleveragings and what they leave to holders (LIQ-02 to LIQ-06). */
export class Liquidations {
  bids = 0;
  forced = 0;
  socialized = 0;
  /** Losses that no open interest could bear; none outside of absurd books. */
  unallocated = 0;
  shortfall = 0;
  readonly #fund: Fund;

  constructor(fund: Fund) {
    this.#fund = fund;
  }

  reset(): void {
    this.bids = this.forced = this.socialized = this.unallocated = this.shortfall = 0;
  }

  /** Sells the largest fraction to a bidder. Returns false when that pays him too little. */
  bid(own: BookSide, other: BookSide, account: number, at: Moment): boolean {
    const notional = own.notional(account, at.price);
    const [linear, size] = [notional * at.rate, notional * notional * at.addOn];
    const maintenance = linear + size;
    const value = own.valueOf(account, at.price);
    const gap = Math.max(0, maintenance - value) * Auction.gapShare;
    const income = Math.min(Math.max(maintenance * at.incomeRate, gap), maintenance * Auction.maxRate);
    const price = Math.max(0, value - income);
    const owing = income - Math.min(income, Math.max(0, value));
    const shortfall = Math.max(0, -value);
    const loses = owing > 0 || shortfall > 0;
    if (loses) this.#fund.preview(at.now, shortfall, weightOf(own, account, at), owing);
    const reward = loses ? this.#fund.reward : 0;
    if (income - owing + reward < at.cost * notional) return false;

    const penalty = Math.min(maintenance * at.penalty, price);
    const kept = price - penalty;
    const slope = linear * Auction.targetRatio - value + kept;
    const exact = 1 - remainingShare(size * Auction.targetRatio, slope, kept);
    const fraction = withoutDust(exact, linear, size);
    if (fraction <= 0) return false;
    if (loses) this.#payLoss(own, other, account, at, shortfall);
    const rest = fraction === 1 ? 0 : 1 - fraction;
    own.shares[account] = own.shares[account]! * rest;
    own.quotes[account] = own.quotes[account]! * rest + kept * fraction;
    this.#fund.addPenalty(penalty * fraction, at.now, reward);
    this.bids++;
    return true;
  }

  /** Closes an account against the whole other side: to target where it is solvent, else all of it. */
  close(own: BookSide, other: BookSide, account: number, at: Moment): void {
    this.forced++;
    const value = own.valueOf(account, at.price);
    if (value > 0) this.#closeToTarget(own, other, account, at, value);
    else this.#closeWhole(own, other, account, at, -value);
  }

  #closeToTarget(own: BookSide, other: BookSide, account: number, at: Moment, value: number): void {
    const notional = own.notional(account, at.price);
    const [linear, size] = [notional * at.rate, notional * notional * at.addOn];
    const penalty = Math.min((linear + size) * at.penalty, value);
    const slope = linear * Auction.targetRatio - penalty;
    const exact = 1 - remainingShare(size * Auction.targetRatio, slope, value - penalty);
    const fraction = wholeIfDust(exact, linear, size);
    const shares = own.shares[account]! * fraction;
    const base = shares * own.product;
    own.quotes[account] =
      own.quotes[account]! + shares * (own.sum + own.sign * own.product * at.price) - penalty * fraction;
    own.shares[account] = own.shares[account]! - shares;
    own.totalShares -= shares;
    other.deleverage(base, at.price);
    this.#fund.addPenalty(penalty * fraction, at.now, 0);
  }

  #closeWhole(own: BookSide, other: BookSide, account: number, at: Moment, shortfall: number): void {
    const base = own.shares[account]! * own.product;
    const weight = weightOf(own, account, at);
    this.#fund.preview(at.now, shortfall, weight, 0);
    const { residual } = this.#fund;
    this.#fund.pay(at.now);
    this.shortfall += shortfall;
    const part = Math.min(residual, weight, base * at.price);
    this.#spread(own, other, base, at.price, residual - part);
    this.socialized += part;
    own.totalShares -= own.shares[account]!;
    own.shares[account] = 0;
    own.quotes[account] = 0;
    // The other side closes at a price that takes its part of the loss.
    const perUnit = base === 0 ? 0 : part / base;
    other.deleverage(base, at.price - other.sign * perUnit);
  }

  /** A bid: layers pay, then the side that gained, then everybody. */
  #payLoss(own: BookSide, other: BookSide, account: number, at: Moment, shortfall: number): void {
    const { residual } = this.#fund;
    this.#fund.pay(at.now);
    this.shortfall += shortfall;
    if (residual === 0) return;
    const weight = weightOf(own, account, at);
    const part = Math.min(residual, weight, other.openInterest * at.price);
    if (part > 0) other.charge(part / other.openInterest);
    this.socialized += part;
    this.#spread(own, other, own.shares[account]! * own.product, at.price, residual - part);
  }

  /** Over both sides by notional; what the account itself was charged for is credited back by whoever ends it, since nothing of it stays. */
  #spread(own: BookSide, other: BookSide, base: number, price: number, loss: number): void {
    if (loss <= 0) return;
    const notional = (own.openInterest + other.openInterest - base) * price;
    const borne = Math.min(loss, notional);
    if (borne > 0) {
      const perUnit = Math.min(price, (price * borne) / notional);
      own.charge(perUnit);
      other.charge(perUnit);
    }
    this.socialized += borne;
    this.unallocated += loss - borne;
  }
}

/** How much of a loss the move against the account from the market's average explains (LIQ-05). */
function weightOf(own: BookSide, account: number, { average, price }: Moment): number {
  return own.shares[account]! * own.product * Math.max(0, own.sign * (average - price));
}

/** f*, made large enough that what is sold is no dust, and whole when the rest were. */
function withoutDust(fraction: number, linear: number, size: number): number {
  if (linear <= Margin.least) return 1;
  return wholeIfDust(Math.max(fraction, Margin.least / linear), linear, size);
}

/** Basis points of something as a fraction. */
export const fractionOf = (bps: number): number => bps / BPS;

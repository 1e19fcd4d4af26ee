import { HOUSE_SETTINGS } from "../../../../deploy/modules/defaults.ts";
import type { Start } from "../../../../scripts/risk/kernel/Kernel.ts";
import type { StressParameters } from "../../../../scripts/risk/kernel/parameters.ts";
import * as auction from "../../../../sdk/math/AuctionMath.ts";
import { BPS_ONE, PRODUCT_ONE, RATE_ONE, WAD } from "../../../../sdk/math/constants.ts";
import { positionMarginUp } from "../../../../sdk/math/MarginMath.ts";
import * as index from "../../../../sdk/math/SideIndex.ts";
import {
  max,
  min,
  mulDivUp,
  mulWadDown,
  mulWadUp,
  positivePart,
  signedMulDivDown,
} from "../../../../sdk/math/WadMath.ts";
import { BigintControl } from "./twin-control.ts";
import { BigintFund, toWad } from "./twin-fund.ts";
import { BigintOracle } from "./twin-oracle.ts";

const HOUR = 3_600n;
const TIMEOUT = 1_200n;
const TARGET_RATIO = (115n * WAD) / 100n;
const GAP_ONE = 10n ** 15n;
const BPS_WAD = WAD / BPS_ONE;
const LEAST = HOUSE_SETTINGS.minMaintenanceMargin;

interface Account {
  readonly long: boolean;
  shares: bigint;
  /** Cash and quote in one. */
  quote: bigint;
}

interface Measured {
  readonly base: bigint;
  readonly size: bigint;
  readonly notional: bigint;
  readonly value: bigint;
  readonly linear: bigint;
  readonly margin: bigint;
}

/** First second at which a bidder's income is `cost` basis points of the notional at this mmr: looked for, one after the other. */
export function firstSecond(cost: bigint, rate: bigint): bigint | undefined {
  const wanted = (cost * BPS_WAD * RATE_ONE) / rate;
  for (let second = 0n; second <= auction.END_SECONDS; second++) {
    if (auction.incomeRate(second) >= wanted) return second;
  }
  return undefined;
}

/**
 * The market of the stress kernel in the chain's own arithmetic: every figure comes from a twin in sdk/math, every account is looked at
 * every hour. It shares nothing with the kernel but what a path starts from.
 */
export class BigintMarket {
  readonly fund: BigintFund;
  readonly oracle: BigintOracle;
  readonly control: BigintControl;
  readonly accounts: Account[] = [];
  shortfall = 0n;
  socialized = 0n;
  unallocated = 0n;
  bids = 0;
  forced = 0;
  lowestReserve: bigint;
  highestTarget = 0n;
  #now = 0n;
  #rate = 0n;
  #gapAt = 0n;
  #openInterest = 0n;
  #sides = {
    long: { product: PRODUCT_ONE, sum: 0n, generation: 0n } as index.Side,
    short: { product: PRODUCT_ONE, sum: 0n, generation: 0n } as index.Side,
  };
  readonly #p: StressParameters;

  constructor(parameters: StressParameters, start: Start) {
    this.#p = parameters;
    const { controlled, observed } = start;
    this.oracle = new BigintOracle(observed);
    this.fund = new BigintFund(parameters.capital, parameters.classBudget, parameters.isTail);
    this.lowestReserve = this.fund.reserve;
    this.control = new BigintControl(controlled, parameters);
    for (const long of [true, false]) {
      const { base, quote } = long ? start.longs : start.shorts;
      base.forEach((each, position) => {
        const shares = toWad(each);
        if (long) this.#openInterest += shares;
        this.accounts.push({ long, shares: long ? shares : -shares, quote: toWad(quote[position] ?? 0) });
      });
    }
  }

  get price(): bigint {
    return this.oracle.price;
  }

  /** V of every account, longs first, in the order of the book. */
  get values(): readonly bigint[] {
    return this.accounts.map((account) => this.#measure(account).value);
  }

  get openInterest(): bigint {
    return this.#openInterest;
  }

  step(price: bigint): void {
    this.#now = (this.#now / HOUR + 1n) * HOUR;
    this.oracle.refresh(price, this.#now);
    const { gapRate } = this.control;
    const target = this.control.sync(this.oracle, this.#now, this.#openInterest, this.fund.resources(this.#now));
    this.highestTarget = max(this.highestTarget, target);
    this.#accrue(gapRate);
    this.fund.settle();
    this.#liquidate();
    this.lowestReserve = min(this.lowestReserve, this.fund.reserve);
  }

  #accrue(gapRate: bigint): void {
    const earned = gapRate * (this.#now - this.#gapAt);
    this.#gapAt = this.#now;
    if (this.#openInterest === 0n) return;
    const perUnit = min(this.price, mulDivUp(this.price, earned, GAP_ONE));
    this.#chargeBoth(perUnit);
    const premium = 2n * mulWadDown(perUnit, this.#openInterest);
    this.fund.bookPremium(premium);
  }

  /* AUCTIONS */

  #wait(until: bigint): void {
    this.oracle.wait(until);
    this.#now = until;
    this.#rate = this.control.rateAt(until);
  }

  #liquidate(): void {
    this.#rate = this.control.rateAt(this.#now);
    const started = this.accounts.filter((account) => this.#isBelow(account));
    if (started.length === 0) return;
    const begun = this.#now;
    const { cost, delay } = this.#p.bidders;
    let refused = started;
    const seconds = firstSecond(BigInt(cost), this.#rate);
    if (seconds !== undefined) {
      const elapsed = min(max(seconds, BigInt(delay)), TIMEOUT);
      this.#wait(begun + elapsed);
      refused = started.filter((account) => this.#isBelow(account) && !this.#bid(account, elapsed));
    }
    if (refused.length === 0) return;
    this.#wait(begun + TIMEOUT);
    this.#accrue(this.control.gapRate);
    for (const account of refused) if (this.#isBelow(account)) this.#close(account);
  }

  #measure({ long, shares, quote }: Account): Measured {
    const side = long ? this.#sides.long : this.#sides.short;
    const base = index.baseOf(shares, side.product);
    const absolute = base < 0n ? -base : base;
    const { linear, size } = positionMarginUp(absolute, this.price, this.#rate, BigInt(this.#p.addOn));
    const value = index.quoteValueDown(shares, quote, side.sum) + signedMulDivDown(base, this.price, WAD);
    const notional = mulWadUp(absolute, this.price);
    return { base: absolute, size, linear, margin: linear + size, value, notional };
  }

  #isBelow(account: Account): boolean {
    if (account.shares === 0n) return false;
    const { margin, value } = this.#measure(account);
    return value < margin;
  }

  #bid(account: Account, elapsed: bigint): boolean {
    const { base, linear, margin, notional, size, value } = this.#measure(account);
    const income = auction.incomeDown(margin, value, auction.incomeRate(elapsed));
    const price = positivePart(value - income);
    const penalty = auction.penaltyOf(this.control.penaltyRate * BPS_WAD, margin, value, income);
    const retained = price - penalty;
    const owing = income - min(income, positivePart(value));
    const shortfall = positivePart(-value);
    const weight = this.#weight(account.long, base);
    const draw = this.fund.preview(this.#now, shortfall, weight, owing);
    if (income - owing + draw.reward < (notional * BigInt(this.#p.bidders.cost)) / BPS_ONE) return false;
    const input = { marginBalance: value, linearMargin: linear, sizeMargin: size, blindMargin: 0n, retained };
    const most = auction.maxFractionUp({ ...input, targetRatio: TARGET_RATIO });
    const fraction = this.#withoutDust(most, linear, size);
    if (fraction === 0n) return false;
    if (shortfall > 0n || owing > 0n) {
      const residual = this.fund.pay(this.#now, draw);
      this.shortfall += shortfall;
      const part = min(min(residual, weight), mulWadDown(this.#openInterest, this.price));
      if (part > 0n) {
        const key = account.long ? "short" : "long";
        this.#sides[key] = index.charge(this.#sides[key], !account.long, part, this.#openInterest).side;
      }
      this.socialized += part;
      this.#spread(residual - part, base);
    }
    const rest = WAD - fraction;
    account.shares = signedMulDivDown(account.shares, rest, WAD);
    account.quote = signedMulDivDown(account.quote, rest, WAD) + mulWadDown(retained, fraction);
    this.fund.bookPenalty(this.#now, mulWadUp(penalty, fraction), draw.reward);
    this.bids++;
    return true;
  }

  #withoutDust(fraction: bigint, linear: bigint, size: bigint): bigint {
    if (linear <= LEAST) return WAD;
    return this.#wholeIfDust(max(fraction, mulDivUp(LEAST, WAD, linear)), linear, size);
  }

  #wholeIfDust(fraction: bigint, linear: bigint, size: bigint): bigint {
    if (fraction >= WAD) return WAD;
    const rest = WAD - fraction;
    return mulWadDown(linear, rest) + mulWadDown(mulWadDown(size, rest), rest) < LEAST ? WAD : fraction;
  }

  /* DELEVERAGING */

  #close(account: Account): void {
    this.forced++;
    const { base, linear, margin, size, value } = this.#measure(account);
    if (value > 0n) {
      const whole = auction.penaltyOf(this.control.penaltyRate * BPS_WAD, margin, value, 0n);
      const input = { marginBalance: value, penalty: whole, linearMargin: linear, sizeMargin: size, blindMargin: 0n };
      const most = auction.deleverageFractionUp({ ...input, targetRatio: TARGET_RATIO });
      const fraction = this.#wholeIfDust(most, linear, size);
      const penalty = mulWadUp(whole, fraction);
      const closed = mulWadUp(base, fraction);
      this.#reduce(account, closed);
      account.quote -= penalty;
      this.#closeOther(account.long, closed, 0n);
      this.fund.bookPenalty(this.#now, penalty, 0n);
      return;
    }
    const weight = this.#weight(account.long, base);
    const residual = this.fund.pay(this.#now, this.fund.preview(this.#now, -value, weight, 0n));
    this.shortfall += -value;
    const part = min(min(residual, weight), mulWadDown(base, this.price));
    this.socialized += part;
    this.#spread(residual - part, base);
    account.shares = account.quote = 0n;
    this.#closeOther(account.long, base, part);
  }

  /** Closes base of an account at the price, value unchanged. */
  #reduce(account: Account, closed: bigint): void {
    const side = account.long ? this.#sides.long : this.#sides.short;
    const before = this.#measure(account);
    account.shares = index.sharesOf(account.long ? before.base - closed : closed - before.base, side.product);
    const after = this.#measure(account);
    account.quote += before.value - after.value;
  }

  #closeOther(long: boolean, base: bigint, surcharge: bigint): void {
    if (base === 0n) return;
    const perUnit = mulDivUp(surcharge, WAD, base);
    const price = long ? min(this.price + perUnit, 2n * this.price) : positivePart(this.price - perUnit);
    const key = long ? "short" : "long";
    const closing = { base, openInterest: max(this.#openInterest, base), price, funding: 0n };
    this.#sides[key] = index.deleverage(this.#sides[key], !long, closing).side;
    this.#openInterest = closing.openInterest - base;
  }

  /* LOSSES */

  #weight(long: boolean, base: bigint): bigint {
    return mulWadDown(base, positivePart(long ? this.oracle.average - this.price : this.price - this.oracle.average));
  }

  #spread(loss: bigint, base: bigint): void {
    if (loss === 0n) return;
    const notional = mulWadDown(2n * this.#openInterest - base, this.price);
    const borne = min(loss, notional);
    if (borne > 0n) this.#chargeBoth(min(this.price, mulDivUp(this.price, borne, notional)));
    this.socialized += borne;
    this.unallocated += loss - borne;
  }

  #chargeBoth(perUnit: bigint): void {
    this.#sides.long = index.chargePerUnit(this.#sides.long, true, perUnit);
    this.#sides.short = index.chargePerUnit(this.#sides.short, false, perUnit);
  }
}

/** In the order of the kernel's columns. */
export function rowOf(market: BigintMarket): number[] {
  const { bids, forced, fund, highestTarget, lowestReserve, price, shortfall, socialized } = market;
  const { junior, reinsurance, reserve: paid, senior } = fund.paid;
  const money = [shortfall, fund.rewards, paid, junior, senior, reinsurance, socialized, fund.penalties, fund.premiums];
  const ends = [lowestReserve, fund.reserve + fund.booked, highestTarget, price];
  const write = (amounts: readonly bigint[]) => amounts.map((amount) => Number(amount) / 1e18);
  return [...write(money), bids, forced, ...write(ends)];
}

export { toWad };

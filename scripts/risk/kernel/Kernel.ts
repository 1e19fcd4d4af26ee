import { BookSide } from "./BookSide.ts";
import type { SideBook } from "./BookSide.ts";
import { Auction, HOUR, Margin, Risk } from "./constants.ts";
import { Fund } from "./Fund.ts";
import { fractionOf, incomeRateAt, Liquidations, secondsUntil } from "./Liquidations.ts";
import type { Moment } from "./Liquidations.ts";
import { Observations } from "./Observations.ts";
import type { Observed } from "./Observations.ts";
import type { StressParameters } from "./parameters.ts";
import { RiskControl } from "./RiskControl.ts";
import type { Controlled } from "./RiskControl.ts";

/** Where every path begins. Plain data: it is sent to worker threads. */
export interface Start {
  readonly longs: SideBook;
  readonly shorts: SideBook;
  readonly observed: Observed;
  readonly controlled: Controlled;
}

/** What a path came to, in this order in a row of `Outcomes`. Money in units of the settlement asset. */
export const COLUMNS = [
  "shortfall",
  "rewards",
  "reserve",
  "junior",
  "senior",
  "reinsurance",
  "socialized",
  "penalties",
  "premiums",
  "bids",
  "forced",
  "lowestReserve",
  "lastReserve",
  "highestTarget",
  "lastPrice",
] as const;
export type Column = (typeof COLUMNS)[number];

/**
 * One market, one fund, hour after hour: refresh, sync, settle, auctions, and what nobody bids for. A twin of the whole system in floating
 * point; test/typescript/stress compares it with the bigint twins and with the chain.
 */
export class Kernel {
  readonly longs: BookSide;
  readonly shorts: BookSide;
  readonly fund: Fund;
  readonly liquidations: Liquidations;
  readonly control: RiskControl;
  readonly seen = new Observations();
  readonly #parameters: StressParameters;
  readonly #start: Start;
  readonly #moment: Moment;
  readonly #refused: { readonly side: BookSide; readonly accounts: Int32Array; count: number }[];
  #gapAt = 0;
  #lowestReserve = 0;
  #highestTarget = 0;

  /** @param exhaustive looks at every account every hour */
  constructor(parameters: StressParameters, start: Start, exhaustive = false) {
    this.#parameters = parameters;
    this.#start = start;
    this.longs = new BookSide(1, start.longs, exhaustive);
    this.shorts = new BookSide(-1, start.shorts, exhaustive);
    this.fund = new Fund(parameters);
    this.liquidations = new Liquidations(this.fund);
    this.control = new RiskControl(parameters);
    this.#refused = [this.longs, this.shorts].map((side) => ({
      side,
      accounts: new Int32Array(side.shares.length),
      count: 0,
    }));
    this.#moment = {
      now: 0,
      price: 0,
      average: 0,
      rate: 0,
      addOn: parameters.addOn * Margin.addOnUnit,
      penalty: 0,
      incomeRate: 0,
      cost: fractionOf(parameters.bidders.cost),
    };
  }

  /** Walks one path of hourly prices, and writes what it came to into `row`, in the order of COLUMNS. */
  run(prices: ArrayLike<number>, row: Float64Array): void {
    this.reset();
    for (let index = 0; index < prices.length; index++) this.step(prices[index]!);
    this.write(row);
  }

  reset(): void {
    this.longs.reset();
    this.shorts.reset();
    this.fund.reset();
    this.liquidations.reset();
    this.seen.load(this.#start.observed);
    this.control.load(this.#start.controlled);
    this.#gapAt = this.seen.readAt;
    this.#lowestReserve = this.fund.reserve;
    this.#highestTarget = 0;
  }

  /** One hour later, at `price`. */
  step(price: number): void {
    const { control, fund, seen } = this;
    const now = (Math.floor(seen.readAt / HOUR) + 1) * HOUR;
    seen.refresh(price, now);
    const rate = control.gapRate;
    control.sync(seen, now, this.longs.openInterest, fund.resourcesAt(now));
    this.#accrue(now, rate);
    fund.settle();
    this.#liquidate(now);
    if (fund.reserve < this.#lowestReserve) this.#lowestReserve = fund.reserve;
    if (control.target > this.#highestTarget) this.#highestTarget = control.target;
  }

  /** The figures of the path so far. */
  write(row: Float64Array): void {
    const { fund, liquidations } = this;
    row[0] = liquidations.shortfall;
    row[1] = fund.rewards;
    row[2] = fund.paidByReserve;
    row[3] = fund.paidByJunior;
    row[4] = fund.paidBySenior;
    row[5] = fund.paidByReinsurance;
    row[6] = liquidations.socialized;
    row[7] = fund.penalties;
    row[8] = fund.premiums;
    row[9] = liquidations.bids;
    row[10] = liquidations.forced;
    row[11] = this.#lowestReserve;
    row[12] = fund.reserve + fund.booked;
    row[13] = this.#highestTarget;
    row[14] = this.seen.price;
  }

  /** Both sides pay for the gap that may come (FND-02). */
  #accrue(now: number, gapRate: number): void {
    const { price } = this.seen;
    const perUnit = Math.min(price, (price * gapRate * (now - this.#gapAt)) / Risk.gapRateOne);
    this.#gapAt = now;
    this.longs.charge(perUnit);
    this.shorts.charge(perUnit);
    this.fund.addPremium(2 * perUnit * this.longs.openInterest);
  }

  #liquidate(now: number): void {
    const { addOn } = this.#moment;
    const price = this.seen.price;
    const rate = this.control.rateAt(now) / Margin.rateOne;
    const longs = this.longs.collect(price, rate, addOn);
    const shorts = this.shorts.collect(price, rate, addOn);
    if (longs + shorts === 0) return;
    const seconds = secondsUntil(this.#moment.cost / rate);
    if (seconds === undefined) {
      this.#refuseAll(longs, shorts);
    } else {
      const elapsed = Math.min(Math.max(seconds, this.#parameters.bidders.delay), Auction.timeout);
      this.#moveTo(now + elapsed);
      this.#moment.incomeRate = incomeRateAt(elapsed);
      this.#sell(0, longs);
      this.#sell(1, shorts);
    }
    this.#closeRefused(now + Auction.timeout);
  }

  #sell(index: number, count: number): void {
    const refused = this.#refused[index]!;
    const { side } = refused;
    const other = side === this.longs ? this.shorts : this.longs;
    const { addOn, price, rate } = this.#moment;
    refused.count = 0;
    for (let found = 0; found < count; found++) {
      const account = side.found[found]!;
      if (!side.isBelow(account, price, rate, addOn)) continue;
      if (!this.liquidations.bid(side, other, account, this.#moment)) refused.accounts[refused.count++] = account;
    }
  }

  #refuseAll(longs: number, shorts: number): void {
    for (const [index, count] of [longs, shorts].entries()) {
      const refused = this.#refused[index]!;
      refused.accounts.set(refused.side.found.subarray(0, count));
      refused.count = count;
    }
  }

  #closeRefused(now: number): void {
    if (this.#refused.every(({ count }) => count === 0)) return;
    this.#moveTo(now);
    this.#accrue(now, this.control.gapRate);
    for (const refused of this.#refused) {
      const { side } = refused;
      const other = side === this.longs ? this.shorts : this.longs;
      const { addOn, price, rate } = this.#moment;
      for (let index = 0; index < refused.count; index++) {
        const account = refused.accounts[index]!;
        if (side.isBelow(account, price, rate, addOn)) this.liquidations.close(side, other, account, this.#moment);
      }
      refused.count = 0;
    }
  }

  #moveTo(now: number): void {
    const at = this.#moment;
    if (now > this.seen.readAt) this.seen.refreshUntil(now);
    at.now = now;
    at.price = this.seen.price;
    at.average = this.seen.average;
    at.rate = this.control.rateAt(now) / Margin.rateOne;
    at.penalty = fractionOf(this.control.penaltyRate);
  }
}

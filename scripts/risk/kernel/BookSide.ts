import { Margin } from "./constants.ts";

/** Accounts of one side as they are at the start, the one nearest to liquidation first. */
export interface SideBook {
  /** Units of base, above 0. */
  readonly base: Float64Array;
  /** Cash less what the base was bought for: V = quote + sign * base * price. */
  readonly quote: Float64Array;
}

/** Room for what rounding may hide between the bound of a whole list and the exact test of an account. */
const SLACK = 1e-9;
/** Part of a side that is no open interest but rounding. */
const DUST = 1e-12;

/**
 * One side of the market in a structure of arrays. Base = shares * product, value = quote + shares * (sum + sign * product * price), as the
 * side index has it (CLR-09): a charge or a deleveraging moves everybody in O(1) and keeps the order of quote per share, which is the
 * order of liquidation prices but for the size add-on. So accounts that the price has not come near are never looked at.
 */
export class BookSide {
  readonly sign: number;
  readonly shares: Float64Array;
  readonly quotes: Float64Array;
  product = 1;
  sum = 0;
  /** Of all accounts and of bidders. */
  totalShares = 0;
  /** Accounts found below maintenance margin by `collect`, in order. */
  readonly found: Int32Array;
  readonly #initial: SideBook;
  readonly #keys: Float64Array;
  readonly #active: Int32Array;
  readonly #total: number;
  readonly #largest: number;
  readonly #exhaustive: boolean;
  #activeCount = 0;
  #activeKey = Infinity;
  #next = 0;

  /** @param exhaustive looks at every account every hour, to compare with */
  constructor(sign: number, initial: SideBook, exhaustive: boolean) {
    const { length } = initial.base;
    this.sign = sign;
    this.shares = new Float64Array(length);
    this.quotes = new Float64Array(length);
    this.found = new Int32Array(length);
    this.#active = new Int32Array(length);
    this.#initial = initial;
    this.#keys = initial.quote.map((quote, index) => quote / initial.base[index]!);
    this.#total = initial.base.reduce((sum, base) => sum + base, 0);
    this.#largest = initial.base.reduce((largest, base) => Math.max(largest, base), 0);
    this.#exhaustive = exhaustive;
  }

  reset(): void {
    this.shares.set(this.#initial.base);
    this.quotes.set(this.#initial.quote);
    this.product = 1;
    this.sum = 0;
    this.totalShares = this.#total;
    this.#activeCount = 0;
    this.#activeKey = Infinity;
    this.#next = 0;
  }

  /** What rounding leaves of a side that was closed as a whole is nothing. */
  get openInterest(): number {
    const base = this.totalShares * this.product;
    return base > DUST * this.#total ? base : 0;
  }

  notional(account: number, price: number): number {
    return this.shares[account]! * this.product * price;
  }

  /** V. */
  valueOf(account: number, price: number): number {
    return this.quotes[account]! + this.shares[account]! * (this.sum + this.sign * this.product * price);
  }

  isBelow(account: number, price: number, rate: number, addOn: number): boolean {
    if (this.shares[account] === 0) return false;
    const notional = this.notional(account, price);
    return this.valueOf(account, price) < notional * rate + notional * notional * addOn;
  }

  /** Takes `perUnit` from every unit of base. */
  charge(perUnit: number): void {
    this.sum -= perUnit * this.product;
  }

  /** Closes `base` of the whole side pro rata at `price`. */
  deleverage(base: number, price: number): void {
    const before = this.product;
    const total = Math.max(this.openInterest, base);
    this.product = total === 0 ? 0 : before * ((total - base) / total);
    this.sum += this.sign * (before - this.product) * price;
  }

  /** Finds the accounts with E < MM. Returns how many there are. */
  collect(price: number, rate: number, addOn: number): number {
    if (this.#exhaustive) return this.#collectAll(price, rate, addOn);
    const unit = this.product * price;
    const bound = unit * (rate - this.sign) - this.sum + this.#largest * unit * unit * addOn + SLACK * unit;
    let count = 0;
    if (this.#activeKey < bound) count = this.#collectActive(price, rate, addOn);
    const { length } = this.#keys;
    while (this.#next < length && this.#keys[this.#next]! < bound) {
      const account = this.#next++;
      this.#active[this.#activeCount++] = account;
      this.#activeKey = Math.min(this.#activeKey, this.#keys[account]!);
      if (this.isBelow(account, price, rate, addOn)) this.found[count++] = account;
    }
    // What is sold or closed leaves more value to each share that stays, so keys only rise and the least of them stays a bound.
    return count;
  }

  #collectActive(price: number, rate: number, addOn: number): number {
    let [count, kept, key] = [0, 0, Infinity];
    for (let index = 0; index < this.#activeCount; index++) {
      const account = this.#active[index]!;
      const shares = this.shares[account]!;
      if (shares === 0) continue;
      this.#active[kept++] = account;
      key = Math.min(key, this.quotes[account]! / shares);
      if (this.isBelow(account, price, rate, addOn)) this.found[count++] = account;
    }
    this.#activeCount = kept;
    this.#activeKey = key;
    return count;
  }

  #collectAll(price: number, rate: number, addOn: number): number {
    let count = 0;
    for (let account = 0; account < this.shares.length; account++) {
      if (this.isBelow(account, price, rate, addOn)) this.found[count++] = account;
    }
    return count;
  }
}

/** The share x of an account that may remain: curvature x^2 + slope x = bound, at most 1 (LIQ-03, LIQ-06). */
export function remainingShare(curvature: number, slope: number, bound: number): number {
  if (bound <= 0) return 0;
  const root = Math.sqrt(slope * slope + 4 * curvature * bound);
  if (slope < 0) return curvature === 0 ? 1 : Math.min(1, (root - slope) / (2 * curvature));
  return slope + root === 0 ? 1 : Math.min(1, (2 * bound) / (slope + root));
}

/** The whole account where less than the least maintenance margin would stay. */
export function wholeIfDust(fraction: number, linear: number, size: number): number {
  const rest = 1 - fraction;
  return rest <= 0 || linear * rest + size * rest * rest < Margin.least ? 1 : fraction;
}

import { WAD } from "../../../sdk/math/constants.ts";
import { abs, max, signedMulDivDown } from "../../../sdk/math/WadMath.ts";
import { Kind } from "./side-book.ts";
import type { SideBook, Step } from "./side-book.ts";

/** Digits behind the wei. */
const FINE = 10n ** 30n;
/** An amount per share is kept to 1e-27. */
const FINE_PER_SHARE = 1_000n;

/** One account as it would be without an index, and how far the index may be away from it. All in wei * FINE. */
interface Entry {
  base: bigint;
  /** Cash and quote. */
  money: bigint;
  baseBound: bigint;
  moneyBound: bigint;
}

/**
 * The same events, told account by account: whoever holds a side takes his part of everything that happens to it, in proportion to his
 * base. Nothing here knows shares, P, S or generations.
 */
export class PlainLedger {
  readonly #book: SideBook;
  readonly #entries: readonly Entry[];

  constructor(book: SideBook) {
    this.#book = book;
    this.#entries = Array.from({ length: book.accounts }, () => freshEntry());
  }

  /** Must be told before the book. @returns what is wrong, if anything */
  before(step: Step): string | undefined {
    const { kind, from, to, base, amount } = step;
    const { openInterest } = this.#book;
    if (kind === Kind.Trade) {
      const problem = this.check(from) ?? this.check(to);
      const quote = signedMulDivDown(base, amount, WAD);
      this.#move(from, -base, quote);
      this.#move(to, base, -quote);
      return problem;
    }
    if (kind === Kind.Charge) this.#chargeAll(base > 0n, amount, openInterest);
    else if (kind === Kind.ChargePerUnit) this.#chargeAll(base > 0n, amount, WAD);
    else if (kind === Kind.Fund) this.#fundAll(base);
    else if (kind === Kind.Close) {
      const problem = this.check(from);
      this.#closeAll(base < 0n, abs(base), max(openInterest, abs(base)), amount);
      this.#move(from, -base, signedMulDivDown(base, amount, WAD));
      return problem;
    }
    return undefined;
  }

  /** A generation has ended: each position is cut to whole shares and whole wei once more. */
  generationEnded(long: boolean): void {
    for (const { entry } of this.#side(long)) {
      entry.baseBound += FINE;
      entry.moneyBound += 2n * FINE;
    }
  }

  /** Compares an account with the index, and goes on from what the index says. */
  check(account: number): string | undefined {
    const entry = this.#entryOf(account);
    const { base, quoteValue } = this.#book.legOf(account);
    const found = { base: base * FINE, money: (this.#book.cashOf(account) + quoteValue) * FINE };
    const off = { base: abs(found.base - entry.base), money: abs(found.money - entry.money) };
    // S and P * F are rounded whenever they are read or written.
    const bound = { base: entry.baseBound, money: entry.moneyBound + 4n * this.#perShare(account) };
    Object.assign(entry, freshEntry(), found);
    if (off.base <= bound.base && off.money <= bound.money) return undefined;
    return `account ${account}: base off by ${show(off.base)} of ${show(bound.base)}, money by ${show(off.money)} of ${show(bound.money)} wei`;
  }

  #move(account: number, base: bigint, quote: bigint): void {
    const entry = this.#entryOf(account);
    entry.base += base * FINE;
    entry.money += quote * FINE;
  }

  /** `amount` for each `unit` of base. */
  #chargeAll(long: boolean, amount: bigint, unit: bigint): void {
    for (const { entry, account } of this.#side(long)) {
      entry.money -= (abs(entry.base) * amount) / unit;
      this.#widen(entry, account, (amount * WAD) / unit + 1n);
    }
  }

  #fundAll(perUnit: bigint): void {
    for (const { entry, account } of [...this.#side(true), ...this.#side(false)]) {
      entry.money -= (entry.base * perUnit) / WAD;
      this.#widen(entry, account, abs(perUnit));
    }
  }

  #closeAll(long: boolean, closed: bigint, openInterest: bigint, price: bigint): void {
    for (const { entry, account } of this.#side(long)) {
      const part = (entry.base * closed) / openInterest;
      entry.base -= part;
      entry.money += (part * price) / WAD;
      // P keeps 30 digits.
      entry.baseBound += abs(this.#book.storedOf(account).shares);
      this.#widen(entry, account, price);
    }
  }

  /** What is wrong in base is wrong in money when base is paid for, at `perUnit`. */
  #widen(entry: Entry, account: number, perUnit: bigint): void {
    entry.moneyBound += (entry.baseBound * perUnit) / WAD + FINE + this.#perShare(account);
  }

  #perShare(account: number): bigint {
    return abs(this.#book.storedOf(account).shares) * FINE_PER_SHARE;
  }

  /** Who holds a side; also shares that no longer stand for a whole wei of base. */
  #side(long: boolean): { entry: Entry; account: number }[] {
    return this.#entries
      .map((entry, account) => ({ entry, account }))
      .filter(({ entry, account }) => {
        const held = entry.base === 0n ? this.#book.storedOf(account).shares : entry.base;
        return long ? held > 0n : held < 0n;
      });
  }

  #entryOf(account: number): Entry {
    const entry = this.#entries[account];
    if (entry === undefined) throw new Error(`no account ${account}`);
    return entry;
  }
}

/** A position is read within a wei of base and two of money. */
function freshEntry(): Entry {
  return { base: 0n, money: 0n, baseBound: FINE, moneyBound: 2n * FINE };
}

function show(fine: bigint): string {
  return (Number(fine) / Number(FINE)).toString();
}

import { MAX_PRICE, WAD } from "../../../sdk/math/constants.ts";
import { abs, min, mulWadDown } from "../../../sdk/math/WadMath.ts";
import type { Random } from "./random.ts";
import { Kind, MAX_ROLLS } from "./side-book.ts";
import type { SideBook, Step } from "./side-book.ts";

/** From dust to what no market reaches, so that rounding of every size is met. */
const LEVELS = [10n ** 12n, WAD, 2_000n * WAD, MAX_PRICE] as const;
const EVENTS_PER_LEVEL = 700n;
const MAX_SIZE_BITS = 70n;
const QUIET_ACCOUNTS = 4;
const QUIET = 400n;
const EVENTS_WITHOUT_DUST = 3_000;

/** Random events on a market; each is drawn from the state that the ones before have left. */
export class SideEvents {
  readonly #book: SideBook;
  readonly #random: Random;
  #made = 0;
  price = WAD;
  highestPrice = WAD;

  constructor(book: SideBook, random: Random) {
    this.#book = book;
    this.#random = random;
  }

  /** Whoever takes a step applies it to the book before he asks for the next one. */
  *steps(count: number): Generator<Step> {
    while (this.#made < count) {
      for (const step of this.#next()) {
        yield step;
        if (++this.#made === count) return;
      }
    }
  }

  *#next(): Generator<Step> {
    this.#movePrice();
    // A partial closing leaves wei that the market counts and nobody holds (R2a), so a market is empty again only before the first.
    if (this.#made < EVENTS_WITHOUT_DUST && this.#random.oneIn(50n)) {
      yield* this.#random.flag() ? this.#closeWhole() : this.#allLeave();
      return;
    }
    const kind = this.#random.below(1_000n);
    if (this.#book.openInterest === 0n || kind < 500n) yield* this.#trade();
    else if (kind < 620n) yield this.#charge();
    else if (kind < 710n) yield this.#chargePerUnit();
    else if (kind < 860n && this.#made >= EVENTS_WITHOUT_DUST) yield* this.#close();
    else if (kind < 970n) yield this.#fund();
    else if (kind < 998n) yield step({ kind: Kind.Roll, from: this.#account() });
    else if (kind < 999n) yield* this.#closeWhole();
    else yield* this.#allLeave();
  }

  #movePrice(): void {
    const random = this.#random;
    if (random.oneIn(EVENTS_PER_LEVEL)) this.price = random.pick(LEVELS);
    const moved = mulWadDown(this.price, WAD + random.below(WAD / 10n) - WAD / 20n);
    this.price = moved === 0n ? 1n : min(moved, MAX_PRICE);
    if (this.price > this.highestPrice) this.highestPrice = this.price;
  }

  *#trade(): Generator<Step> {
    const { from, to } = this.#pair();
    const own = (account: number) => this.#book.legOf(account).base;
    const kind = this.#random.below(6n);
    let base = this.#random.between(1n, 1n << MAX_SIZE_BITS);
    if (this.#random.flag()) base = -base;
    if (kind === 0n) base = own(from);
    else if (kind === 1n) base = -own(to);
    else if (kind === 2n) base = 2n * own(from);
    else if (kind === 3n) base = own(to) > 0n ? -this.#part(own(to)) : this.#part(own(to));
    if (base !== 0n) yield* this.#exchange(from, to, base, this.price);
  }

  #charge(): Step {
    const amount = mulWadDown(this.#book.openInterest, this.#random.between(0n, this.price));
    return step({ kind: Kind.Charge, base: this.#sign(), amount });
  }

  #chargePerUnit(): Step {
    return step({ kind: Kind.ChargePerUnit, base: this.#sign(), amount: this.#random.between(0n, this.price) });
  }

  *#close(): Generator<Step> {
    const from = this.#account();
    yield* this.#fresh(from);
    const { base } = this.#book.legOf(from);
    if (base === 0n) return;
    const closed = this.#random.oneIn(3n) ? abs(base) : this.#part(base);
    yield this.#closing(from, base > 0n ? closed : -closed);
  }

  #fund(): Step {
    const most = this.price / 100n;
    return step({ kind: Kind.Fund, base: this.#sign() * this.#random.between(0n, most) });
  }

  /** One account gathers a whole side and is closed: P = 0, and a generation ends. */
  *#closeWhole(): Generator<Step> {
    const to = this.#account();
    const long = this.#random.flag();
    for (let from = 0; from < this.#book.accounts; ++from) {
      const { base } = this.#book.legOf(from);
      if (from !== to && base !== 0n && base > 0n === long) yield* this.#exchange(from, to, base, this.price);
    }
    // He may have stood on the other side himself.
    const { base } = this.#book.legOf(to);
    if (base !== 0n && base > 0n === long) yield this.#closing(to, base);
  }

  /** Longs and shorts part until nobody is left; the next trade is the first again. */
  *#allLeave(): Generator<Step> {
    const { accounts } = this.#book;
    for (let from = 0; from < accounts; ++from) {
      for (let to = 0; to < accounts; ++to) {
        const [held, other] = [this.#book.legOf(from).base, this.#book.legOf(to).base];
        if (held > 0n && other < 0n) yield* this.#exchange(from, to, min(held, -other), this.price);
      }
    }
  }

  *#exchange(from: number, to: number, base: bigint, amount: bigint): Generator<Step> {
    yield* this.#fresh(from);
    yield* this.#fresh(to);
    yield { kind: Kind.Trade, from, to, base, amount };
  }

  #closing(from: number, base: bigint): Step {
    return step({ kind: Kind.Close, from, base, amount: this.#random.between(0n, 2n * this.price) });
  }

  /** What the chain refuses to read is brought forward first. */
  *#fresh(account: number): Generator<Step> {
    while (this.#book.missedBy(account) > MAX_ROLLS) yield step({ kind: Kind.Roll, from: account });
  }

  #part(base: bigint): bigint {
    return this.#random.between(1n, abs(base) > 1n ? abs(base) : 1n);
  }

  #pair(): { from: number; to: number } {
    const from = this.#account();
    for (;;) {
      const to = this.#account();
      if (to !== from) return { from, to };
    }
  }

  /** The last few are seldom heard of, so that they miss generations. */
  #account(): number {
    const busy = this.#random.oneIn(QUIET) ? this.#book.accounts : this.#book.accounts - QUIET_ACCOUNTS;
    return Number(this.#random.below(BigInt(busy)));
  }

  #sign(): bigint {
    return this.#random.flag() ? 1n : -1n;
  }
}

function step(given: Pick<Step, "kind"> & Partial<Step>): Step {
  return { from: 0, to: 0, base: 0n, amount: 0n, ...given };
}

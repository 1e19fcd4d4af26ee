import * as index from "../../../sdk/math/SideIndex.ts";
import type { GenerationEnd, Side } from "../../../sdk/math/SideIndex.ts";
import { asInt128 } from "../../../sdk/math/checked.ts";
import { PRODUCT_ONE, WAD } from "../../../sdk/math/constants.ts";
import { abs, max, min, mulDivUp, positivePart, signedMulDivDown } from "../../../sdk/math/WadMath.ts";

/*
 * Twin of contracts/mocks/harness/SideBookHarness.sol: one market with positions on the side index (CLR-04, CLR-09), as
 * contracts/clearing/Positions.sol keeps them, slot by slot.
 */

/** What can happen to a market. The numbers are the harness's. */
export const Kind = { Trade: 0, Charge: 1, ChargePerUnit: 2, Close: 3, Fund: 4, Roll: 5 } as const;

export interface Step {
  readonly kind: (typeof Kind)[keyof typeof Kind];
  readonly from: number;
  readonly to: number;
  /** Received by `to`; or closed of `from`; or added to F; or, for charges, the sign of the side. */
  readonly base: bigint;
  /** A price, or what is charged. */
  readonly amount: bigint;
}

/** A position as it is stored. */
interface Stored {
  shares: bigint;
  quote: bigint;
  generation: bigint;
}

export interface Leg {
  readonly base: bigint;
  readonly quoteValue: bigint;
}

/** Generations that one read brings a position forward on the chain. */
export const MAX_ROLLS = 8n;
const MAX_UINT64 = (1n << 64n) - 1n;
const MAX_UINT128 = (1n << 128n) - 1n;
const EMPTY = { shares: 0n, quote: 0n, generation: 0n };

export class SideBook {
  readonly accounts: number;
  funding = 0n;
  openInterest = 0n;
  /** Short side, long side. */
  readonly #sides: [Side, Side];
  readonly #ends: readonly [GenerationEnd[], GenerationEnd[]] = [[], []];
  readonly #facts = [false, true].map(() => ({ perUnit: 0n, deleveraged: 0n, count: 0n }));
  readonly #positions: (Stored | undefined)[];
  readonly #cash: bigint[];

  constructor(accounts: number) {
    this.accounts = accounts;
    const fresh = { sum: 0n, product: PRODUCT_ONE, generation: 0n };
    this.#sides = [fresh, fresh];
    this.#positions = Array.from({ length: accounts }, () => undefined);
    this.#cash = Array.from({ length: accounts }, () => 0n);
  }

  sideOf(long: boolean): Side {
    return this.#sides[long ? 1 : 0];
  }

  cashOf(account: number): bigint {
    return this.#cash[account] ?? 0n;
  }

  storedOf(account: number): Readonly<Stored> {
    return this.#positions[account] ?? EMPTY;
  }

  /** End values of the generation before. */
  lastEndOf(long: boolean): GenerationEnd {
    const end = this.#ends[long ? 1 : 0].at(-1);
    if (end === undefined) throw new Error("no generation has ended");
    return end;
  }

  /** Generations that a position lies behind its side. */
  missedBy(account: number): bigint {
    const { shares, generation } = this.storedOf(account);
    return shares === 0n ? 0n : this.sideOf(shares > 0n).generation - generation;
  }

  /** Base and quote value now, through any number of generations. */
  legOf(account: number): Leg {
    const stored = this.storedOf(account);
    const { shares, quote } = this.#rolled(stored, stored.shares > 0n, this.missedBy(account));
    if (shares === 0n) return { base: 0n, quoteValue: quote };
    const side = this.sideOf(shares > 0n);
    const effective = index.effectiveSumDown(side, this.funding);
    return { base: index.baseOf(shares, side.product), quoteValue: index.quoteValueDown(shares, quote, effective) };
  }

  apply(step: Step): void {
    const { kind, from, to, base, amount } = step;
    if (kind === Kind.Trade) this.#trade(from, to, base, amount);
    else if (kind === Kind.Charge) this.#charge(base > 0n, amount);
    else if (kind === Kind.ChargePerUnit) this.#chargePerUnit(base > 0n, amount);
    else if (kind === Kind.Close) this.#close(from, base, amount);
    else if (kind === Kind.Fund) this.funding += base;
    else this.#roll(from);
  }

  /** Everything that is stored, in the order of the harness. */
  words(): bigint[] {
    const sides = [false, true].flatMap((long) => {
      const { sum, product, generation } = this.sideOf(long);
      const { perUnit, deleveraged, count } = this.#factsOf(long);
      return [sum, product, generation, perUnit, deleveraged, count];
    });
    const accounts = Array.from({ length: this.accounts }, (_, account) => {
      const { shares, quote, generation } = this.storedOf(account);
      return [shares, quote, generation, this.cashOf(account), this.#positions[account] ? 1n : 0n];
    });
    return [this.funding, this.openInterest, ...sides, ...accounts.flat()];
  }

  #trade(from: number, to: number, base: bigint, price: bigint): void {
    const quote = signedMulDivDown(base, price, WAD);
    const growth = this.#change(from, -base, quote) + this.#change(to, base, -quote);
    this.openInterest = positivePart(this.openInterest + growth);
  }

  #close(account: number, base: bigint, price: bigint): void {
    const other = this.legOf(account).base < 0n;
    const closed = abs(base);
    const openInterest = max(this.openInterest, closed);
    this.#change(account, -base, signedMulDivDown(base, price, WAD));
    const closing = { base: closed, openInterest, price, funding: this.funding };
    const { side, productBefore } = index.deleverage(this.sideOf(other), other, closing);
    this.#store(other, side);
    this.#record(other, 0n, index.deleveragedLn(productBefore, side.product));
    this.openInterest = openInterest - closed;
  }

  #charge(long: boolean, amount: bigint): void {
    const { side, perUnit } = index.charge(this.sideOf(long), long, amount, this.openInterest);
    this.#store(long, side);
    this.#record(long, perUnit, 0n);
  }

  #chargePerUnit(long: boolean, perUnit: bigint): void {
    this.#store(long, index.chargePerUnit(this.sideOf(long), long, perUnit));
    this.#record(long, perUnit, 0n);
  }

  /** @returns growth of the long side */
  #change(account: number, base: bigint, quote: bigint): bigint {
    const leg = this.legOf(account);
    const after = leg.base + base;
    const kept = keptQuote(leg, base, quote);
    this.#addCash(account, leg.quoteValue + quote - kept);
    this.#storeLeg(account, { base: after, quoteValue: kept });
    return positivePart(after) - positivePart(leg.base);
  }

  #storeLeg(account: number, leg: Leg): void {
    if (leg.base === 0n) {
      this.#addCash(account, leg.quoteValue);
      this.#positions[account] = undefined;
      return;
    }
    const side = this.sideOf(leg.base > 0n);
    const shares = index.sharesOf(leg.base, side.product);
    const effective = index.effectiveSumDown(side, this.funding);
    const quote = asInt128(index.storedQuoteDown(shares, leg.quoteValue, effective));
    this.#positions[account] = { shares, quote, generation: side.generation };
  }

  #roll(account: number): void {
    const stored = this.storedOf(account);
    if (stored.shares === 0n) return;
    const rolled = this.#rolled(stored, stored.shares > 0n, min(this.missedBy(account), MAX_ROLLS));
    if (rolled.shares === 0n) this.#storeLeg(account, { base: 0n, quoteValue: rolled.quote });
    else this.#positions[account] = rolled;
  }

  #rolled({ shares, quote, generation }: Stored, long: boolean, steps: bigint): Stored {
    let rolled = { shares, quote };
    let at = generation;
    for (; at < generation + steps && rolled.shares !== 0n; ++at) {
      const end = this.#ends[long ? 1 : 0][Number(at)];
      if (end === undefined) throw new Error(`generation ${at} has not ended`);
      rolled = index.rollOnce(rolled.shares, rolled.quote, end);
    }
    return { ...rolled, generation: at };
  }

  #store(long: boolean, side: Side): void {
    this.#sides[long ? 1 : 0] = side;
    if (!index.endsGeneration(side, this.funding)) return;
    const started = index.startGeneration(side, this.funding);
    this.#ends[long ? 1 : 0].push(started.end);
    this.#sides[long ? 1 : 0] = started.side;
  }

  #record(long: boolean, perUnit: bigint, deleveraged: bigint): void {
    const facts = this.#factsOf(long);
    facts.perUnit = min(facts.perUnit + perUnit, MAX_UINT128);
    facts.deleveraged = min(facts.deleveraged + deleveraged, MAX_UINT64);
    facts.count = min(facts.count + 1n, (1n << 24n) - 1n);
  }

  #factsOf(long: boolean) {
    const facts = this.#facts[long ? 1 : 0];
    if (facts === undefined) throw new Error("two sides");
    return facts;
  }

  #addCash(account: number, amount: bigint): void {
    this.#cash[account] = asInt128(this.cashOf(account) + amount, "cash");
  }
}

/** What the harness's `run` takes: three words for each step. */
export function encodeSteps(steps: readonly Step[]): string {
  const word = (value: bigint) => BigInt.asUintN(256, value).toString(16).padStart(64, "0");
  const head = ({ kind, from, to }: Step) => BigInt(kind) | (BigInt(from) << 8n) | (BigInt(to) << 24n);
  return `0x${steps.map((step) => word(head(step)) + word(step.base) + word(step.amount)).join("")}`;
}

/** What a charge takes from a whole side, as its event tells. */
export function chargedBy(step: Step, openInterest: bigint): bigint {
  return step.kind === Kind.Charge ? step.amount : mulDivUp(step.amount, openInterest, WAD);
}

/** Quote that stays in the position; the rest is realised (Positions.sol, `_keptQuote`). */
function keptQuote(leg: Leg, base: bigint, quote: bigint): bigint {
  if (leg.base === 0n || leg.base > 0n === base > 0n) return leg.quoteValue + quote;
  const held = abs(leg.base);
  const changed = abs(base);
  if (changed === held) return 0n;
  if (changed < held) return signedMulDivDown(leg.quoteValue, held - changed, held);
  return signedMulDivDown(quote, changed - held, changed);
}

import { expect } from "chai";
import { network } from "hardhat";

import { DustBound } from "../../../scripts/replay/ledger.ts";
import { PRODUCT_FLOOR, WAD } from "../../../sdk/math/constants.ts";
import { abs, max, positivePart, signedMulDivDown } from "../../../sdk/math/WadMath.ts";
import { PlainLedger } from "../support/plain-ledger.ts";
import { Random, seedOfRun } from "../support/random.ts";
import { chargedBy, encodeSteps, Kind, MAX_ROLLS, SideBook } from "../support/side-book.ts";
import type { Step } from "../support/side-book.ts";
import { deploySideBook, expectSameWords } from "../support/side-book-harness.ts";
import { SideEvents } from "../support/side-events.ts";

const LEAST_EVENTS = 100_000;
const EVENTS = Number(process.env["BULWARK_EVENTS"] ?? LEAST_EVENTS);
/**
 * The chain runs the first events of the same sequence: 20,000, because all of them take 83 s. `npm run test:deep` runs 100,000, and
 * whoever asks the chain for fewer cases gets fewer events too.
 */
const CASES = Number(process.env["BULWARK_CASES"] ?? 10_000);
const EVENTS_ON_CHAIN = Math.min(EVENTS, Number(process.env["BULWARK_CHAIN_EVENTS"] ?? 2 * CASES));
const EVENTS_PER_CHECK = 500;
/** One transaction each: the embedded chain keeps a trace of it, so larger ones are slower. */
const EVENTS_PER_BATCH = 100;
const EVENTS_PER_LINE = 100_000;
const ACCOUNTS = 24;
/** What one batch may take; no part of what is tested. */
const GAS = 100_000_000n;
/** What a run of LEAST_EVENTS must have come across. */
const MUST_BE_MET = [
  ...Object.keys(Kind),
  "first holder",
  "last holder",
  "whole open interest closed",
  "P is 0",
  "P below its floor",
  "S at its limit",
  "rolled by a trade",
  "too old to be read",
];

/** A market, everything that is checked of it, and what was met on the way. */
class Run {
  readonly book = new SideBook(ACCOUNTS);
  readonly events: SideEvents;
  readonly met = new Map<string, number>();
  readonly #plain = new PlainLedger(this.book);
  readonly #dust = new DustBound();
  #collected = 0n;
  /** The wei of base by which two sides differ move with F, and bear charges. */
  #extra = 0n;

  constructor(seed: bigint) {
    this.events = new SideEvents(this.book, new Random(seed).for("SideBook"));
  }

  apply(step: Step): void {
    const { book } = this;
    const { openInterest } = book;
    const generations = [false, true].map((long) => book.sideOf(long).generation);
    this.#meet(step);
    this.#bound(step);
    this.#require(this.#plain.before(step));
    book.apply(step);
    [false, true].forEach((long, side) => {
      if (book.sideOf(long).generation === generations[side]) return;
      const { product } = book.lastEndOf(long);
      this.#note(product === 0n ? "P is 0" : product < PRODUCT_FLOOR ? "P below its floor" : "S at its limit");
      this.#plain.generationEnded(long);
    });
    if (openInterest === 0n && book.openInterest > 0n) this.#note("first holder");
    if (openInterest > 0n && book.openInterest === 0n) this.#note("last holder");
  }

  /** INV-02 and CLR-08 within the bound that `npm start` prints, and each account against the plain ledger. */
  check(): void {
    const { book } = this;
    let [long, short, money] = [0n, 0n, this.#collected];
    for (let account = 0; account < ACCOUNTS; ++account) {
      this.#require(this.#plain.check(account));
      const { base, quoteValue } = book.legOf(account);
      long += positivePart(base);
      short += positivePart(-base);
      money += book.cashOf(account) + quoteValue + signedMulDivDown(base, this.events.price, WAD);
    }
    const off = [long - short, long - book.openInterest, short - book.openInterest].map(abs);
    const most = off.reduce(max);
    if (most > this.#dust.base) expect.fail(`INV-02: base off by ${most} wei, bound ${this.#dust.base}`);
    // Forced closings pay up to twice the price.
    const bound = this.#dust.money(2n * this.events.highestPrice, ACCOUNTS) + this.#extra;
    if (abs(money) > bound) expect.fail(`CLR-08: off by ${money} wei, bound ${bound}`);
  }

  #bound(step: Step): void {
    const { book } = this;
    const { kind, base, amount } = step;
    const { openInterest } = book;
    if (kind === Kind.Trade) this.#dust.addTouches(2);
    if (kind === Kind.Charge || kind === Kind.ChargePerUnit) {
      const perUnit = kind === Kind.ChargePerUnit ? amount : (amount * WAD) / openInterest + 1n;
      this.#collected += chargedBy(step, openInterest);
      this.#dust.addCharge(openInterest, this.#sharesOf(base > 0n));
      this.#extra += this.#dustAt(perUnit);
    }
    if (kind === Kind.Fund) this.#extra += this.#dustAt(abs(base)) + this.#perShare();
    if (kind === Kind.Close) {
      const other = base < 0n;
      const holders = BigInt(this.#holdersOf(other));
      this.#dust.addDeleveraging(base, { openInterest, shares: this.#sharesOf(other), holders });
      this.#dust.addTouches(1);
    }
  }

  #dustAt(perUnit: bigint): bigint {
    return ((this.#dust.base + BigInt(ACCOUNTS)) * perUnit) / WAD + 1n;
  }

  #perShare(): bigint {
    return (this.#sharesOf(true) + this.#sharesOf(false)) / 10n ** 27n;
  }

  #sharesOf(long: boolean): bigint {
    return this.#stored(long).reduce((sum, shares) => sum + abs(shares), 0n);
  }

  #holdersOf(long: boolean): number {
    return this.#stored(long).length;
  }

  #stored(long: boolean): bigint[] {
    return Array.from({ length: ACCOUNTS }, (_, account) => this.book.storedOf(account).shares).filter((shares) =>
      long ? shares > 0n : shares < 0n,
    );
  }

  #meet({ kind, from, base }: Step): void {
    const { book } = this;
    const name = Object.keys(Kind).find((each) => Kind[each as keyof typeof Kind] === kind) ?? "";
    this.#note(name);
    if (kind === Kind.Close && abs(base) >= book.openInterest) this.#note("whole open interest closed");
    if (kind === Kind.Trade && book.missedBy(from) > 0n) this.#note("rolled by a trade");
    if (kind === Kind.Roll && book.missedBy(from) > MAX_ROLLS) this.#note("too old to be read");
  }

  #note(name: string): void {
    this.met.set(name, (this.met.get(name) ?? 0) + 1);
  }

  #require(problem: string | undefined): void {
    if (problem !== undefined) expect.fail(`CLR-09: ${problem}`);
  }
}

describe("a market over many events (CLR-04, CLR-08, CLR-09, INV-02, INV-18, R2a)", function () {
  this.timeout(0);
  const seed = seedOfRun();

  it(`CLR-09, INV-02, INV-18: ${EVENTS} events on the twin, every account as a plain ledger tells it, seed ${seed}`, () => {
    const run = new Run(seed);
    let made = 0;
    for (const step of run.events.steps(EVENTS)) {
      run.apply(step);
      if (++made % EVENTS_PER_CHECK === 0) run.check();
      if (made % EVENTS_PER_LINE === 0 && EVENTS > EVENTS_PER_LINE) console.log(`      ${made} events`);
    }
    run.check();
    if (EVENTS < LEAST_EVENTS) return;
    for (const name of MUST_BE_MET) expect(run.met.get(name) ?? 0, name).to.be.greaterThan(0);
  });

  it(`CLR-09, SDK-01: the first ${EVENTS_ON_CHAIN} of them on the chain, by the house's own code: the same words`, async () => {
    const { ethers } = await network.create({ override: { transactionGasCap: GAS, blockGasLimit: GAS } });
    const harness = await deploySideBook(ethers);
    const book = new SideBook(ACCOUNTS);
    const events = new SideEvents(book, new Random(seed).for("SideBook"));
    let batch: Step[] = [];
    let made = 0;
    const compare = async () => {
      await harness.run(encodeSteps(batch), { gasLimit: GAS });
      batch = [];
      expectSameWords(await harness.state(ACCOUNTS), book, `after ${made} events`);
    };
    for (const step of events.steps(EVENTS_ON_CHAIN)) {
      book.apply(step);
      batch.push(step);
      if (++made % EVENTS_PER_BATCH === 0) await compare();
    }
    if (batch.length > 0) await compare();
  });
});

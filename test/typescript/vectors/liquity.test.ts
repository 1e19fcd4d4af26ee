import { expect } from "chai";
import { network } from "hardhat";

import { PRODUCT_ONE, WAD } from "../../../sdk/math/constants.ts";
import { abs, min } from "../../../sdk/math/WadMath.ts";
import vectors from "../../vectors/liquity.json" with { type: "json" };
import { encodeSteps, Kind, SideBook } from "../support/side-book.ts";
import type { Step } from "../support/side-book.ts";
import { deploySideBook, expectSameWords } from "../support/side-book-harness.ts";

/*
 * A pool that shrinks by a product and pays a sum per unit is a side that is deleveraged (docs/vectors.md): a deposit is a long, the
 * other party's short absorbs it, a liquidation closes `debt` of all longs pro rata at the price collateral / debt, and what a position
 * has been paid when it is closed is its gain.
 */

type Event =
  | readonly [kind: "deposit" | "withdraw", who: string, amount: number]
  | readonly [kind: "liquidate", debt: number, collateral: number];
type Expectation = readonly [kind: "deposit" | "gain", who: string, value: string, tolerance: string];

interface Case {
  readonly id: string;
  readonly events: readonly Event[];
  readonly expected: readonly Expectation[];
}

const CASES = vectors.cases as unknown as readonly Case[];
const BANK = 0;
const DEPOSITORS = ["alice", "bob", "carol", "dennis", "erin", "whale"];
const ACCOUNTS = 1 + DEPOSITORS.length;
/** The pool keeps one unit; what it cannot absorb, and the collateral for it, goes elsewhere. */
const LEAST_IN_POOL = WAD;
/** 0.5% of the collateral pays for the liquidator's gas. */
const GAIN_PER_MILLE = 995n;

/** One case told to the side index. */
class Pool {
  readonly book = new SideBook(ACCOUNTS);
  readonly steps: Step[] = [];
  readonly #least: bigint;
  readonly #withdrawn = new Map<string, bigint>();

  constructor(least: bigint) {
    this.#least = least;
  }

  tell(event: Event): void {
    if (event[0] === "liquidate") return this.#liquidate(units(event[1]), units(event[2]));
    const [kind, who, amount] = event;
    const account = accountOf(who);
    if (kind === "deposit")
      return this.#apply({ kind: Kind.Trade, from: BANK, to: account, base: units(amount), amount: 0n });
    const base = min(units(amount), this.book.legOf(account).base);
    this.#withdrawn.set(who, this.withdrawnBy(who) + base);
    if (base > 0n) this.#apply({ kind: Kind.Trade, from: account, to: BANK, base, amount: 0n });
  }

  withdrawnBy(who: string): bigint {
    return this.#withdrawn.get(who) ?? 0n;
  }

  gainOf(who: string): bigint {
    return this.book.cashOf(accountOf(who)) + this.book.legOf(accountOf(who)).quoteValue;
  }

  #liquidate(debt: bigint, collateral: bigint): void {
    const pool = this.book.openInterest;
    const absorbed = min(debt, pool > this.#least ? pool - this.#least : 0n);
    if (absorbed === 0n) return;
    const price = (collateral * GAIN_PER_MILLE * WAD) / (1_000n * debt);
    this.#apply({ kind: Kind.Close, from: BANK, to: BANK, base: -absorbed, amount: price });
  }

  #apply(step: Step): void {
    this.book.apply(step);
    this.steps.push(step);
  }
}

function play({ events }: Case, least = LEAST_IN_POOL): Pool {
  const pool = new Pool(least);
  for (const event of events) pool.tell(event);
  return pool;
}

function units(whole: number): bigint {
  return BigInt(whole) * WAD;
}

function accountOf(who: string): number {
  const place = DEPOSITORS.indexOf(who);
  if (place < 0) throw new Error(`no depositor ${who}`);
  return 1 + place;
}

function find(id: string): Case {
  const found = CASES.find((each) => each.id === id);
  if (!found) throw new Error(`no case ${id}`);
  return found;
}

describe(`CLR-09: published sequences of a pool that shrinks and pays (${vectors.source}, docs/vectors.md)`, () => {
  for (const each of CASES) {
    it(`CLR-09: ${each.id}`, () => {
      const pool = play(each);
      expect(each.expected).not.to.be.empty;
      for (const [kind, who, value, tolerance] of each.expected) {
        const found = kind === "deposit" ? pool.withdrawnBy(who) : pool.gainOf(who);
        const off = abs(found - BigInt(value));
        if (off > BigInt(tolerance)) expect.fail(`${kind} of ${who}: ${found}, published ${value} within ${tolerance}`);
      }
    });
  }

  it(`CLR-09, SDK-01: all ${CASES.length} on the chain, by the house's own code: the same words`, async () => {
    const { ethers } = await network.create();
    for (const each of CASES) {
      const { book, steps } = play(each);
      const harness = await deploySideBook(ethers);
      await harness.run(encodeSteps(steps));
      expectSameWords(await harness.state(ACCOUNTS), book, each.id);
    }
  });

  it("CLR-09: a pool emptied to nothing: P is 0, the generation ends, nobody keeps base, and the gain is all of it", () => {
    const pool = play(find("1 deposit, 3 liquidations each as large as the pool"), 0n);
    const side = pool.book.sideOf(true);
    // One for the deposit of 10,000 and one for the unit that came after; the third liquidation finds nothing.
    expect([side.product, side.generation]).to.deep.equal([PRODUCT_ONE, 1n]);
    expect([pool.withdrawnBy("alice"), pool.gainOf("alice")]).to.deep.equal([0n, (995n * WAD) / 10n]);
    expect(pool.book.lastEndOf(true).product).to.equal(0n);
  });

  it("CLR-09: what comes after an emptied pool starts at P = 1 and earns nothing of what was", () => {
    const pool = play(find("a liquidation as large as the pool, then a second life"), 0n);
    expect(pool.book.sideOf(true).generation).to.equal(1n);
    for (const who of ["alice", "bob"]) {
      expect([pool.withdrawnBy(who), pool.gainOf(who)], who).to.deep.equal([0n, (995n * WAD) / 10n]);
    }
    for (const who of ["carol", "dennis"]) {
      expect([pool.withdrawnBy(who), pool.gainOf(who)], who).to.deep.equal([5_000n * WAD, (4_975n * WAD) / 100n]);
    }
  });

  it("CLR-09: where the other index changes its scale ours ends a generation: 1e-5 is below 2^-16", () => {
    const pool = play(find("4 depositors, each before a liquidation that leaves 1e-5"));
    expect(pool.book.sideOf(true).generation).to.equal(4n);
  });
});

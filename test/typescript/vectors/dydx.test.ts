import { expect } from "chai";

import { incomeDown, incomeRate, penaltyOf } from "../../../sdk/math/AuctionMath.ts";
import { INITIAL_MARGIN_POINTS, RATE_ONE, RATIO_ONE, WAD } from "../../../sdk/math/constants.ts";
import { initialMarginUp, initialRate, positionMarginUp } from "../../../sdk/math/MarginMath.ts";
import { cover } from "../../../sdk/math/Waterfall.ts";
import { abs, mulDivUp, positivePart, signedDivUp, signedMulDivDown } from "../../../sdk/math/WadMath.ts";
import liquidations from "../../vectors/dydx-liquidations.json" with { type: "json" };
import margin from "../../vectors/dydx-margin.json" with { type: "json" };
import { expectedHealth } from "../support/expected.ts";

/*
 * Published examples of another venue, where its definitions and ours agree (docs/vectors.md). Cases that do not are named here with
 * the reason; every other case is compared.
 */

/** Smallest amount of money there, 1e-6, in WAD. */
const QUANTUM = 10n ** 12n;
const PPM = 1_000_000n;
/** Units of a whole one. */
const SIZES: Readonly<Record<string, bigint>> = { BTC: 10n ** 8n, ETH: 10n ** 9n };
/** Maintenance margin of every market in these examples. */
const MAINTENANCE_RATE = RATE_ONE / 10n;
/** A fill is filled * subticks / 1e8. */
const SUBTICKS = 10n ** 8n;
/** BTC in these examples. */
const ORACLE_PRICE = 50_000n * WAD;
/** Richer than any loss here. */
const PLENTY = { reserve: 10n ** 30n, junior: 0n, senior: 0n, reinsurance: 0n };

const SEVERAL =
  "there the account's equity is divided over its positions by their margin; here a fraction of the whole account is sold";
const BELOW_ZERO = "a price below zero; ours are unsigned, and what is worth more than nothing is never sold for less";
const BY_TIME =
  "there the price moves with equity / margin alone; here the income rate rises with time, from 2%, and is at least 0.3 of the gap";
const BY_INTEREST =
  "there initial margin grows with open interest between two caps; here with the fund's ratio and with the position's own size";
const TOO_FINE = "a rate of 56.7243% does not exist here: rates have five digits";

const DIFFERENT = {
  bankruptcy: {
    "two longs, one closed": SEVERAL,
    "two shorts, one closed": SEVERAL,
    "long and short, short closed": SEVERAL,
    "long with positive cash": BELOW_ZERO,
  },
  fillable: {
    long: BY_TIME,
    "long, adjustment 2": BY_TIME,
    "long, spread 20%": BY_TIME,
    short: BY_TIME,
    "short, adjustment 2": BY_TIME,
    "short, spread 20%": BY_TIME,
    "half of a long at bankruptcy": BY_TIME,
    "long, largest adjustment": BY_TIME,
    "long, smallest spread": BY_TIME,
    "long, spread 100%": BY_TIME,
  },
  fundDelta: {},
  margin: {
    "56.7243%": TOO_FINE,
    "20%, half way": BY_INTEREST,
    "20%, far above the upper cap": BY_INTEREST,
    "20%, a ninth of the way": BY_INTEREST,
  },
  rate: {
    "half way": BY_INTEREST,
    "half way, odd figures": BY_INTEREST,
    "at the upper cap": BY_INTEREST,
    "above the upper cap": BY_INTEREST,
  },
} satisfies Record<string, Record<string, string>>;

const GROUPS = { ...liquidations, ...margin } satisfies Record<keyof typeof DIFFERENT, readonly { id: string }[]>;

/** The cases of a group that should agree. */
function agreed<Case extends { id: string }>(
  cases: readonly Case[],
  different: Readonly<Record<string, string>>,
): Case[] {
  return cases.filter(({ id }) => !(id in different));
}

/** Base in wei and cash in WAD of an account with one position. */
function accountOf({ cash, positions }: { cash: number; positions: readonly { market: string; size: number }[] }) {
  const [position] = positions;
  if (!position || positions.length > 1) throw new Error("an account with one position");
  const base = (BigInt(position.size) * WAD) / unitOf(position.market);
  return { base, cash: BigInt(cash) * QUANTUM };
}

function unitOf(market: string): bigint {
  const unit = SIZES[market];
  if (unit === undefined) throw new Error(`no market ${market}`);
  return unit;
}

/** V of an account whose cash says what its position has cost, at a price. */
function healthAt(cash: bigint, base: bigint, price: bigint) {
  return expectedHealth(cash, [{ base, entry: 0n, price, rate: MAINTENANCE_RATE, addOn: 0n }]);
}

describe(`published examples of liquidations and margins (${liquidations.source}, docs/vectors.md)`, () => {
  for (const [group, different] of Object.entries(DIFFERENT)) {
    it(`MRG-01, LIQ-02: ${group}: every case is compared or said to be different, none twice`, () => {
      const ids = GROUPS[group as keyof typeof DIFFERENT].map(({ id }) => id);
      expect(new Set(ids).size).to.equal(ids.length);
      expect(ids).to.include.members(Object.keys(different));
      expect(ids).not.to.be.empty;
    });
  }

  for (const each of agreed(liquidations.bankruptcy, DIFFERENT.bankruptcy)) {
    it(`MRG-01, LIQ-02: bankruptcy price of ${each.id}`, () => {
      const { base, cash } = accountOf(each);
      const sold = -(BigInt(each.delta) * WAD) / unitOf(each.market);
      const fraction = (sold * WAD) / base;
      // What must be paid for the fraction so that its part of the cash and the price come to nothing; the seller is not cut short.
      const quote = -signedMulDivDown(cash, fraction, WAD);
      expect(signedDivUp(quote, QUANTUM)).to.equal(BigInt(each.quote));
      // The same as a price: V of the whole account is 0 there, and below 0 one wei further.
      const price = (-cash * WAD) / base;
      expect(healthAt(cash, base, price).value).to.equal(0n);
      const step = base > 0n ? -10n : 10n;
      expect(healthAt(cash, base, price + step).value).to.be.lessThan(0n);
    });
  }

  for (const each of agreed(liquidations.fundDelta, DIFFERENT.fundDelta)) {
    it(`LIQ-04, LIQ-07: what the fund gets or pays: ${each.id}`, () => {
      const { base, cash } = accountOf(each);
      const paid = ((BigInt(each.filled) * BigInt(each.subticks)) / SUBTICKS) * QUANTUM;
      const price = (paid * WAD) / abs(base);
      const { value, maintenance } = healthAt(cash, base, price);
      // Their fee is a part of the fill, ours of maintenance margin, which is a tenth of it here.
      const rate = (BigInt(each.feePpm) * WAD * RATE_ONE) / (PPM * MAINTENANCE_RATE);
      const penalty = penaltyOf(rate, maintenance, value, 0n);
      const { paid: layers, residual } = cover(positivePart(-value), WAD, PLENTY);
      expect(residual).to.equal(0n);
      expect(penalty - layers.reserve).to.equal(BigInt(each.delta) * QUANTUM);
    });
  }

  for (const each of agreed(margin.margin, DIFFERENT.margin)) {
    it(`MRG-02: initial margin: ${each.id}`, () => {
      const rate = rateOf(each.basePpm);
      // One unit of base at the price that gives the notional.
      const needed = initialMarginUp(WAD, BigInt(each.notional) * QUANTUM, rate, 0n);
      expect(mulDivUp(needed, 1n, QUANTUM)).to.equal(BigInt(each.expected));
      expect(positionMarginUp(WAD, BigInt(each.notional) * QUANTUM, rate, 0n).size, "no add-on").to.equal(0n);
    });
  }

  for (const each of agreed(margin.rate, DIFFERENT.rate)) {
    it(`MRG-02: rate of initial margin: ${each.id}`, () => {
      expect((rateOf(each.basePpm) * PPM) / RATE_ONE).to.equal(BigInt(each.expectedPpm));
    });
  }

  it("LIQ-02: what is said to be different is: no fillable price is the price of our auction's first second", () => {
    for (const each of liquidations.fillable) {
      const { base, cash } = accountOf(each);
      const [numerator = 0, denominator = 1] = each.price;
      // Subticks of BTC are a hundredth of a unit of money.
      const theirs = (BigInt(numerator) * 100n * WAD) / BigInt(denominator);
      const { marginBalance, maintenance } = healthAt(cash, base, ORACLE_PRICE);
      const perUnit = (incomeDown(maintenance, marginBalance, incomeRate(0n)) * WAD) / abs(base);
      expect(base > 0n ? ORACLE_PRICE - perUnit : ORACLE_PRICE + perUnit, each.id).not.to.equal(theirs);
      expect(perUnit, `${each.id}: at least 2% of a margin of 10%`).to.be.at.least(ORACLE_PRICE / 500n);
    }
  });

  it("MRG-02: what is said to be different is: no rate between the caps is ours", () => {
    for (const { id, basePpm, expectedPpm } of margin.rate) {
      if (id in DIFFERENT.rate) expect((rateOf(basePpm) * PPM) / RATE_ONE, id).not.to.equal(BigInt(expectedPpm));
    }
    for (const { id, basePpm, notional, expected } of margin.margin) {
      if (!(id in DIFFERENT.margin) || id === "56.7243%") continue;
      const needed = initialMarginUp(WAD, BigInt(notional) * QUANTUM, rateOf(basePpm), 0n);
      expect(mulDivUp(needed, 1n, QUANTUM), id).not.to.equal(BigInt(expected));
    }
  });

  it("MRG-02: with the fund at ratio 0 our rate is twice the base, which theirs reaches on its way to 100%", () => {
    const target = 20_000n - INITIAL_MARGIN_POINTS;
    expect([RATIO_ONE, RATIO_ONE / 2n, 0n].map((ratio) => initialRate(target, ratio))).to.deep.equal([
      20_000n,
      30_000n,
      40_000n,
    ]);
  });
});

/** imr by our own formula with a full fund, from a target that gives the base. */
function rateOf(basePpm: number): bigint {
  const base = (BigInt(basePpm) * RATE_ONE) / PPM;
  return initialRate(base - INITIAL_MARGIN_POINTS, RATIO_ONE);
}

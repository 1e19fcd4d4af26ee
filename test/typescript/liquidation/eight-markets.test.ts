import { expect } from "chai";

import {
  deleverageFractionUp,
  incomeDown,
  incomeRate,
  maxFractionUp,
  penaltyOf,
} from "../../../sdk/math/AuctionMath.ts";
import { WAD } from "../support/deployment.ts";
import { ceilWad, expectedHealth, floorWad } from "../support/expected.ts";
import type { ExpectedHealth, ExpectedLeg } from "../support/expected.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

interface Market extends ExpectedLeg {
  /** Price at which the account is to be sold. */
  readonly mild: bigint;
  /** Price at which it owes. */
  readonly deep: bigint;
}

const whole = (base: bigint, entry: bigint, mild: bigint, deep: bigint, terms: Partial<ExpectedLeg> = {}): Market => ({
  base: base * WAD,
  entry: entry * WAD,
  price: entry * WAD,
  mild: mild * WAD,
  deep: deep * WAD,
  addOn: 0n,
  ...terms,
});
/** Longs and shorts, losers and one winner (market 3); the blind one lies between the others. */
const MARKETS: readonly Market[] = [
  whole(100n, 200n, 165n, 150n, { addOn: 2_000n }),
  whole(-2n, 8_000n, 8_900n, 9_200n, { rate: 3_000n, addOn: 2_000n }),
  whole(200n, 50n, 42n, 36n),
  whole(-1_000n, 10n, 9n, 9n),
  whole(400n, 25n, 25n, 25n),
  whole(500n, 20n, 18n, 17n),
  whole(-20n, 500n, 530n, 580n),
  whole(2_000n, 5n, 5n, 4n),
];
const BLIND = 4;
const SEEN = MARKETS.flatMap((leg, market) => (market === BLIND ? [] : [{ market, leg }]));
/** 11,000 less 5 bp of 96,000. */
const CASH = 10_952n * DOLLAR;
const BOB_CASH = 500_000n * DOLLAR;
/** The blind leg's 400 at 25, moved by mmr = 4% either way, and its margin at 24. */
const BLIND_PROFIT = 400n * DOLLAR;
const BLIND_RELIEF = 2n * BLIND_PROFIT;
const BLIND_MARGIN = 384n * DOLLAR;
const TARGET_RATIO = (WAD * 115n) / 100n;
const SIX_HOURS = 21_600;
/** One unit of each market, in whole dollars, at most. */
const ALL_PRICES = 10_000n;

describe("LIQ-10: a dead feed in an account of eight markets", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>[];
  const world = useWorld(async (w) => {
    const alice = await w.cash(w.alice, 11_000n);
    const bob = await w.cash(w.bob, 500_000n);
    await w.cash(w.carol, 1_000_000n);
    feeds = [w.ethFeeds, w.btcFeeds];
    for (let market = 2; market < MARKETS.length; market++) {
      feeds.push(await w.listMarket(market, MARKETS[market]?.entry ?? 0n));
    }
    for (const [market, { base, entry }] of MARKETS.entries()) await w.trade(alice, bob, market, base, entry);
    for (const market of MARKETS.keys()) await w.oracle.refresh(market);
    await w.kill(feeds[BLIND] ?? []);
  });
  /** After six hours 4 sigma sqrt(age) is above mmr, which then bounds the blind move: every figure is a whole number. */
  const at = async (which: "mild" | "deep", seconds = SIX_HOURS): Promise<ExpectedHealth> => {
    const w = world();
    await w.networkHelpers.time.increase(seconds);
    for (const { market, leg } of SEEN) await w.setFeeds(feeds[market] ?? [], leg[which]);
    return expectedHealth(
      CASH,
      SEEN.map(({ leg }) => ({ ...leg, price: leg[which] })),
    );
  };
  const bases = async (account: string) => Promise.all(MARKETS.map((_, market) => world().baseOf(account, market)));
  /** What each of the seven keeps when `fraction` of it is gone; the blind one whole. */
  const kept = (fraction: bigint) =>
    MARKETS.map(({ base }, market) => {
      if (market === BLIND) return base;
      return base > 0n ? base - ceilWad(base, fraction) : base + ceilWad(-base, fraction);
    });
  const expectTarget = async (account: string, tolerance: bigint) => {
    const after = await world().house.health(account);
    expect(after.blindMargin).to.equal(BLIND_MARGIN);
    const target = ((after.linearMargin + after.sizeMargin + after.blindMargin) * 115n) / 100n;
    expect(after.marginBalance - target, "at tau MM, with the blind margin whole").to.be.within(-20n, tolerance);
  };
  /** R2a: a deleveraging leaves at most 3 wei of base in each market; a wei of a closing price is a wei for each of 3,822 units. */
  const expectBooks = async (leftBase: bigint, rounding = 1_000n) => {
    const w = world();
    await w.revive(feeds[BLIND] ?? []);
    await w.setFeeds(feeds[BLIND] ?? [], 25n * WAD);
    await w.expectConserved(rounding, leftBase * ALL_PRICES);
    for (const market of MARKETS.keys()) await w.expectZeroSum(market, leftBase);
  };

  it("LIQ-03: a bid takes the same fraction of the other seven at the price without it, and leaves the blind leg whole", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    const seven = await at("mild");
    const balance = seven.marginBalance - BLIND_PROFIT;
    expect(balance, "E < MM").to.be.lessThan(seven.maintenance + BLIND_MARGIN);
    const fair = balance + BLIND_RELIEF;
    const income = incomeDown(seven.maintenance, fair, incomeRate(0n));
    const price = fair - income;
    const penalty = penaltyOf(WAD / 10n, seven.maintenance, fair, income);
    const fraction = maxFractionUp({
      marginBalance: balance,
      linearMargin: seven.linearMargin,
      sizeMargin: seven.sizeMargin,
      blindMargin: BLIND_MARGIN,
      retained: price - penalty - BLIND_RELIEF,
      targetRatio: TARGET_RATIO,
    });
    expect(fraction).to.be.within(WAD / 10n, (WAD * 9n) / 10n);

    const report = await w.bidFor(w.carol, alice);
    expect(report).to.deep.equal({
      value: fair,
      income,
      fraction,
      payment: ceilWad(price, fraction),
      penalty: ceilWad(penalty, fraction),
      shortfall: 0n,
      covered: 0n,
      socialized: 0n,
      reward: 0n,
    });
    const rest = kept(fraction);
    expect(await bases(alice)).to.deep.equal(rest);
    expect(await bases(carol)).to.deep.equal(MARKETS.map(({ base }, market) => base - (rest[market] ?? 0n)));
    // Cash and the PnL of the seven move, and what the blind leg may have gained; its loss stays (ORC-07).
    const moved = floorWad(seven.value + BLIND_PROFIT, fraction);
    const left = seven.value + report.payment - report.penalty - moved;
    const after = await w.house.health(alice);
    expect(after.value - (left - BLIND_PROFIT), "V after").to.be.within(-20n, 20n);
    expect((await w.house.health(carol)).value - (1_000_000n * DOLLAR + moved - report.payment)).to.be.within(
      -20n,
      20n,
    );
    expect(await w.house.fundAccount()).to.equal(report.penalty);
    await expectTarget(alice, 10n ** 6n);
    expect((await w.engine.auctionOf(alice)).isOpen).to.equal(true);
    await expectBooks(0n);
  });

  it("LIQ-06: V > 0, after 6 hours below MM: f of the other seven closes at consensus against their opposite sides", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    await at("mild");
    await w.engine.start(alice);
    const seven = await at("mild");
    const balance = seven.marginBalance - BLIND_PROFIT;
    const whole = penaltyOf(WAD / 10n, seven.maintenance, balance + BLIND_RELIEF, 0n);
    const fraction = deleverageFractionUp({
      marginBalance: balance,
      penalty: whole,
      linearMargin: seven.linearMargin,
      sizeMargin: seven.sizeMargin,
      blindMargin: BLIND_MARGIN,
      targetRatio: TARGET_RATIO,
    });
    const penalty = ceilWad(whole, fraction);
    await expect(w.engine.connect(w.erin).deleverage(alice))
      .to.emit(w.engine, "Deleveraged")
      .withArgs(alice, balance, fraction, penalty, 0n, 0n, 0n);
    expect(await bases(alice)).to.deep.equal(kept(fraction));
    for (const [market, base] of (await bases(bob)).entries()) {
      expect(base + (kept(fraction)[market] ?? 0n), `the other side of market ${market}`).to.be.within(-2n, 2n);
    }
    const after = await w.house.health(alice);
    expect(after.value - (balance - penalty), "equity less penalty").to.be.within(-20n, 20n);
    await expectTarget(alice, 10n ** 6n);
    expect(await w.house.fundAccount()).to.equal(penalty);
    expect((await w.engine.auctionOf(alice)).isOpen).to.equal(true);
    await expectBooks(3n);
  });

  it("LIQ-06: V <= 0 and nothing to pay it: the other seven close at once at price -/+ D_m/|base_m|, the blind leg stays", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const seven = await at("deep");
    // With the blind leg taken in the account's favour: nobody pays for a loss that is only supposed.
    const shortfall = -(seven.value + BLIND_PROFIT);
    expect(shortfall).to.be.greaterThan(0n);
    const weights = SEEN.map(({ leg: { base, entry, deep } }) => {
      const loss = (base * (entry - deep)) / WAD;
      return loss > 0n ? loss : 0n;
    });
    const weight = weights.reduce((sum, part) => sum + part, 0n);

    const closing = await w.engine.connect(w.erin).deleverage(alice);
    await expect(closing)
      .to.emit(w.engine, "Deleveraged")
      .withArgs(alice, seven.value - BLIND_PROFIT, WAD, 0n, shortfall, 0n, shortfall);
    const receipt = await closing.wait();
    const closed = (receipt?.logs ?? []).flatMap((log) => {
      const parsed = w.house.interface.parseLog(log);
      return parsed?.name === "SideDeleveraged" ? [parsed.args.toArray() as [bigint, boolean, bigint, bigint]] : [];
    });
    expect(closed.map(([market]) => market)).to.deep.equal(SEEN.map(({ market }) => BigInt(market)));
    for (const [index, { leg }] of SEEN.entries()) {
      const [, isLong, size, price] = closed[index] ?? [0n, false, 0n, 0n];
      expect([isLong, size]).to.deep.equal([leg.base < 0n, leg.base < 0n ? -leg.base : leg.base]);
      const perUnit = ((shortfall * (weights[index] ?? 0n)) / weight) * WAD;
      const worse = (isLong ? leg.deep - price : price - leg.deep) * size;
      expect(worse - perUnit, `D of market ${index}`).to.be.within(0n, 2n * (size + WAD));
    }

    expect(await bases(alice)).to.deep.equal(kept(WAD));
    // The blind leg at its best is worth what the account still owes.
    expect(await w.cashOf(alice)).to.be.within(-BLIND_PROFIT - 10n, -BLIND_PROFIT + 10n);
    expect(await bases(bob)).to.deep.equal(MARKETS.map(({ base }, market) => (market === BLIND ? -base : 0n)));
    let received = await w.cashOf(bob);
    for (const { market } of SEEN) received += (await w.house.positionOf(bob, market)).quoteValue;
    // What the seven lost, less what could not be paid: a wei of the closing price is a wei for each unit, against him.
    const gained = CASH - seven.value;
    expect(received - (BOB_CASH + gained - shortfall), "bob's side").to.be.within(-4_000n, 20n);
    for (const { market } of SEEN) expect(await w.openInterest(market)).to.equal(0n);
    expect(await w.openInterest(BLIND)).to.equal(400n * WAD);
    expect((await w.engine.auctionOf(alice)).isOpen).to.equal(true);
    await expectBooks(3n, 4_000n);
  });
});

import { expect } from "chai";

import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { ceilWad, expectedHealth, expectedTerms } from "../support/expected.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/** Alice is long 100 at 200 with 2,500 deposited: the taker fee of 5 bp on 20,000 leaves 2,490. */
const CASH_AFTER_FEE = 2_490n * DOLLAR;
const SIZE = 100n * WAD;
const legAt = (price: bigint) => ({ base: SIZE, entry: 200n * WAD, price });

describe("terms of an auction", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
  });

  it("MRG-01: value, margins and initial margin follow from cash, base and price", async () => {
    const w = world();
    for (const price of [250n, 200n, 182n, 150n]) {
      await w.setEth(price * WAD);
      const expected = expectedHealth(CASH_AFTER_FEE, [legAt(price * WAD)]);
      const found = await w.house.health(w.id(w.alice));
      expect(found.value).to.equal(expected.value);
      expect(found.marginBalance).to.equal(expected.marginBalance);
      expect(found.linearMargin).to.equal(expected.linearMargin);
      expect(found.sizeMargin).to.equal(expected.sizeMargin);
      expect(found.initialMargin).to.equal(expected.initialMargin);
    }
  });

  it("LIQ-02: income, price and penalty at chosen seconds, from 2% at the start to 50% after 20 minutes and for ever", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(182n * WAD);
    const health = expectedHealth(CASH_AFTER_FEE, [legAt(182n * WAD)]);
    await w.engine.start(alice);
    let elapsed = 0n;
    for (const seconds of [1n, 149n, 150n, 1n, 299n, 300n, 299n, 1n, 1n, 299n]) {
      await w.nextIn(seconds);
      await w.engine.touch(alice);
      elapsed += seconds;
      const terms = await w.engine.termsOf(alice);
      const expected = expectedTerms(health, elapsed);
      expect(terms.elapsed, "elapsed").to.equal(elapsed);
      expect(terms.income, `income at ${elapsed}`).to.equal(expected.income);
      expect(terms.price).to.equal(expected.price);
      expect(terms.penalty).to.equal(expected.penalty);
      expect(terms.maxFraction).to.equal(expected.maxFraction);
    }
    expect(elapsed, "the loop has passed k's end").to.be.greaterThan(1_200n);
    const { income } = await w.engine.termsOf(alice);
    expect(income, "k_max MM bounds what waiting costs").to.equal(health.maintenance / 2n);
  });

  it("LIQ-02: an account far below MM pays 0.3 (MM - E) from the first second, never above k_max", async () => {
    const w = world();
    // V = 290 at 178: MM = 712.6, so the gap of 422 asks for 126.8 where k = 2% would be 14.
    await w.setEth(178n * WAD);
    const health = expectedHealth(CASH_AFTER_FEE, [legAt(178n * WAD)]);
    const income = ((health.maintenance - health.marginBalance) * 3n) / 10n;
    expect(income).to.be.greaterThan(health.maintenance / 50n);
    expect((await w.engine.termsOf(w.id(w.alice))).income).to.equal(income);
    // V = -1,010 at 165: the gap asks for 501, more than half of MM.
    await w.setEth(165n * WAD);
    const deep = expectedHealth(CASH_AFTER_FEE, [legAt(165n * WAD)]);
    expect((await w.engine.termsOf(w.id(w.alice))).income).to.equal(deep.maintenance / 2n);
  });

  it("LIQ-02: a whole sale moves V to the bidder for max(0, V - k MM): penalty to the fund, rest to the account", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    await w.setEth(178n * WAD);
    const health = expectedHealth(CASH_AFTER_FEE, [legAt(178n * WAD)]);
    const terms = expectedTerms(health, 0n);
    const report = await w.bidFor(w.carol, alice);
    const payment = ceilWad(terms.price, terms.maxFraction);
    const penalty = ceilWad(terms.penalty, terms.maxFraction);
    expect(report).to.deep.equal({
      value: health.value,
      income: terms.income,
      fraction: terms.maxFraction,
      payment,
      penalty,
      shortfall: 0n,
      covered: 0n,
      socialized: 0n,
      reward: 0n,
    });
    expect(await w.house.fundAccount(), "the penalty is the fund's").to.equal(penalty);
    // The bidder: what he took is worth f V, he paid f (V - k MM), so he has f k MM more than he deposited.
    const moved = (health.value * terms.maxFraction) / WAD;
    const gain = (await w.valueOf(carol)) - 1_000_000n * DOLLAR;
    expect(gain - (moved - payment)).to.be.within(-2n, 2n);
    expect((await w.valueOf(alice)) - (health.value - moved + payment - penalty)).to.be.within(-2n, 2n);
    await w.expectConserved(4n);
    await w.expectZeroSum(ETH_MARKET);
  });

  for (const price of [182n, 181n, 180n, 179n]) {
    it(`LIQ-03, INV-05: at ${price} a bid at f* leaves E' >= tau MM', within 1e-15, and a smaller one would not`, async () => {
      const w = world();
      const alice = w.id(w.alice);
      await w.setEth(price * WAD);
      const health = expectedHealth(CASH_AFTER_FEE, [legAt(price * WAD)]);
      const { fraction, payment, penalty } = await w.bidFor(w.carol, alice);
      expect(fraction).to.be.lessThan(WAD);
      const after = await w.house.health(alice);
      const target = ((after.linearMargin + after.sizeMargin) * 115n) / 100n;
      expect(after.marginBalance, "at target").to.be.at.least(target);
      expect(after.marginBalance - target, "and not beyond it").to.be.at.most(target / 10n ** 15n + 100n);
      // One part in 1e12 less would have missed it: the remaining share x grows, E' and MM' move on the exact curve.
      const x = WAD - fraction + 10n ** 6n;
      const kept = ((payment - penalty) * WAD) / fraction;
      const balance = x * health.marginBalance + (WAD - x) * kept;
      const margin = x * health.linearMargin + (x * x * health.sizeMargin) / WAD;
      expect(balance * 100n, "f* is the least that reaches tau").to.be.lessThan(margin * 115n);
    });
  }

  it("LIQ-03: a partial bid takes what was asked, and E - tau MM does not fall (INV-05)", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(182n * WAD);
    const before = await w.house.health(alice);
    const report = await w.bidFor(w.carol, alice, { fraction: WAD / 10n });
    expect(report.fraction).to.equal(WAD / 10n);
    expect(await w.baseOf(alice)).to.equal(90n * WAD);
    expect(await w.baseOf(w.id(w.carol))).to.equal(10n * WAD);
    const after = await w.house.health(alice);
    const distance = (health: typeof before) =>
      health.marginBalance * 100n - (health.linearMargin + health.sizeMargin) * 115n;
    expect(distance(after)).to.be.greaterThan(distance(before));
  });

  it("LIQ-03: f* is 1 where the rest would be dust, and the auction is never written", async () => {
    const w = world();
    // 20 units: V = 46 and MM = 145.8, so that c = V - k MM - penalty is 1.5 and the rest would need 1.75 of margin.
    const dave = await w.cash(w.dave, 403n);
    await w.trade(dave, w.id(w.bob), ETH_MARKET, 20n * WAD, 200n * WAD);
    await w.setEth((18_225n * WAD) / 100n);
    const health = expectedHealth(401n * DOLLAR, [
      { base: 20n * WAD, entry: 200n * WAD, price: (18_225n * WAD) / 100n },
    ]);
    expect(health.value).to.equal(46n * DOLLAR);
    const { income, penalty } = expectedTerms(health, 0n);
    expect(health.value - income - penalty, "c > 0: only dust makes it whole").to.be.greaterThan(DOLLAR);
    const report = await w.bidFor(w.carol, dave);
    expect(report.fraction).to.equal(WAD);
    expect((await w.house.headerOf(dave)).markets).to.equal(0n);
    expect((await w.engine.auctionOf(dave)).isOpen).to.equal(false);
  });
});

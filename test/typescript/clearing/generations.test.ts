import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const MARKET = 2;
const BILLION = 10n ** 9n * WAD;
/** Highest price of the house is 1e9; a crash to 4.7e8 leaves one unit 4.7e8 short, which is charged to the shorts. */
const CRASH = 47n * 10n ** 7n * WAD;
const PRODUCT_ONE = 10n ** 30n;
const SUM_ROLL_LIMIT = 1n << 120n;

describe("generations of a side (CLR-09, INV-18)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  const world = useWorld(async (w) => {
    // mmr 1e-5, so that imr is 6.001% and most of a crash is a deficit.
    feeds = await w.listMarket(MARKET, BILLION, { maintenanceRate: 1 });
    await w.cash(w.bob, 70_000_000_000n);
    await w.cash(w.carol, 70_000_000_000n);
  });

  /**
   * One crash: account `sub` of alice takes one unit from carol at 1e9, the price falls to 4.7e8 with an average of 1e9, carol buys the
   * account; the shorts are charged what it lacks. Returns the deficit.
   */
  const crash = async (sub: bigint): Promise<bigint> => {
    const w = world();
    await w.setFeeds(feeds, BILLION);
    await w.oracle.refresh(MARKET);
    await w.networkHelpers.time.increase(20 * 3_600);
    await w.setFeeds(feeds, BILLION);
    const account = await w.cash(w.alice, 61_000_000n, sub);
    await w.trade(account, sub === 0n ? w.id(w.bob) : w.id(w.carol), MARKET, WAD, BILLION);
    await w.setFeeds(feeds, CRASH);
    const { value, socialized } = await w.bidFor(w.carol, account);
    // 61,000,000 less a fee of 500,000 less 530,000,000, of which 470,000,000 a unit may be charged in its own market.
    expect(value).to.equal(-469_500_000n * DOLLAR);
    expect(socialized).to.equal(-value);
    return socialized;
  };

  it("|S| reaches 2^120: the generation ends, P and S start afresh, no position changes by a wei more than rounding", async () => {
    const w = world();
    const bob = w.id(w.bob);
    let charged = 0n;
    for (let sub = 0n; sub < 2n; ++sub) charged += await crash(sub);
    const [before] = await w.house.sideOf(MARKET, false);
    expect([before.generation, before.product]).to.deep.equal([0n, PRODUCT_ONE]);
    expect(before.sum).to.equal(charged * 10n ** 9n);
    charged += await crash(2n);
    expect(charged * 10n ** 9n).to.be.greaterThan(SUM_ROLL_LIMIT);
    const [after] = await w.house.sideOf(MARKET, false);
    expect([after.generation, after.product, after.sum]).to.deep.equal([1n, PRODUCT_ONE, 0n]);
    const end = await w.house.generationEndOf(MARKET, false, 0);
    expect([end.product, end.sum]).to.deep.equal([PRODUCT_ONE, charged * 10n ** 9n]);
    // Bob is short one unit from 1e9: he won 5.3e8 and was charged three times.
    expect((await w.house.storedPosition(bob, MARKET)).generation, "lazily").to.equal(0n);
    expect(await w.baseOf(bob, MARKET)).to.equal(-WAD);
    expect((await w.valueOf(bob)) - (70_530_000_000n * DOLLAR - charged)).to.be.within(-4n, 0n);
    await w.house.roll(bob, MARKET);
    expect((await w.house.storedPosition(bob, MARKET)).generation).to.equal(1n);
    expect((await w.valueOf(bob)) - (70_530_000_000n * DOLLAR - charged)).to.be.within(-4n, 0n);
    await w.expectConserved(40n);
    await w.expectZeroSum(MARKET);
  });

  it("ClearingHouse_PositionTooOld: nine generations behind, two rolls bring it forward; the value is that of every step", async () => {
    const w = world();
    const bob = w.id(w.bob);
    let charged = 0n;
    for (let sub = 0n; sub < 24n; ++sub) charged += await crash(sub);
    const [side] = await w.house.sideOf(MARKET, false);
    expect(side.generation).to.equal(8n);
    const expected = () => 70_530_000_000n * DOLLAR - charged;
    expect((await w.valueOf(bob)) - expected(), "eight steps are read at once").to.be.within(-10n, 0n);
    for (let sub = 24n; sub < 27n; ++sub) charged += await crash(sub);
    for (const call of [
      () => w.house.health(bob),
      () => w.house.positionOf(bob, MARKET),
      () => w.trade(bob, w.id(w.carol), MARKET, WAD, CRASH),
      () => w.engine.start(bob),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_PositionTooOld")
        .withArgs(bob, MARKET, 9n);
    }
    await w.house.connect(w.erin).roll(bob, MARKET);
    expect((await w.house.storedPosition(bob, MARKET)).generation).to.equal(8n);
    await w.house.roll(bob, MARKET);
    const stored = await w.house.storedPosition(bob, MARKET);
    expect([stored.generation, stored.shares]).to.deep.equal([9n, -WAD]);
    expect((await w.valueOf(bob)) - expected()).to.be.within(-12n, 0n);
    await w.house.roll(bob, MARKET);
    await w.trade(bob, w.id(w.carol), MARKET, WAD, CRASH);
    expect((await w.valueOf(bob)) - expected() + 235_000n * DOLLAR).to.be.within(-12n, 0n);
    await w.expectConserved(100n);
  });

  it("P = 0: the whole side is closed; roll turns what is left into cash and frees the slot, at any time later", async () => {
    const w = world();
    const [alice, bob] = [await w.cash(w.alice, 61_000_000n), w.id(w.bob)];
    await w.trade(alice, bob, MARKET, WAD, BILLION);
    await w.setFeeds(feeds, CRASH);
    await w.engine.deleverage(alice);
    const header = await w.house.headerOf(bob);
    expect([header.markets, header.cash]).to.deep.equal([1n << 2n, 70_000_000_000n * DOLLAR]);
    expect((await w.house.storedPosition(bob, MARKET)).shares).to.equal(-WAD);
    expect(await w.baseOf(bob, MARKET)).to.equal(0n);
    const value = 70_530_000_000n * DOLLAR - 469_500_000n * DOLLAR;
    expect((await w.valueOf(bob)) - value).to.be.within(-2n, 0n);
    const health = await w.house.health(bob);
    expect(health.linearMargin + health.sizeMargin + health.initialMargin, "no base, no margin").to.equal(0n);
    await w.house.connect(w.erin).roll(bob, MARKET);
    const rolled = await w.house.headerOf(bob);
    expect(rolled.markets).to.equal(0n);
    expect(rolled.cash - value).to.be.within(-2n, 0n);
    expect((await w.house.storedPosition(bob, MARKET)).shares).to.equal(0n);
    await w.house.roll(bob, MARKET);
    await w.expectConserved(4n);
  });

  it("P below 2^-16 ends a generation too; what is left of a position is its part, rounded toward zero (R2a)", async () => {
    const w = world();
    const [alice, bob, dave] = [w.id(w.alice), w.id(w.bob), w.id(w.dave)];
    await w.cash(w.alice, 61_000_000n * 100n);
    await w.cash(w.dave, 1_000_000n);
    // Alice holds 99.9988 of 100: 1.2e-5 of the shorts stays, below 2^-16 = 1.5e-5.
    const small = (12n * WAD) / 10_000n;
    await w.trade(alice, bob, MARKET, 60n * WAD, BILLION);
    await w.trade(dave, bob, MARKET, small, BILLION);
    await w.trade(alice, bob, MARKET, 40n * WAD - small, BILLION);
    await w.setFeeds(feeds, CRASH);
    await w.engine.deleverage(alice);
    const [side] = await w.house.sideOf(MARKET, false);
    expect([side.generation, side.product]).to.deep.equal([1n, PRODUCT_ONE]);
    const end = await w.house.generationEndOf(MARKET, false, 0);
    expect(end.product).to.equal(12n * 10n ** 24n);
    expect(await w.baseOf(bob, MARKET)).to.equal(-small);
    expect(await w.openInterest(MARKET)).to.equal(small);
    expect(await w.valueOf(alice)).to.be.within(0n, 2n);
    // P at its end keeps 25 digits: 100 shares of 1e18 round by less than 1e20 * 1e-27 * 1e9.
    await w.expectZeroSum(MARKET, 2n);
    await w.expectConserved(10n ** 9n, 2n * 10n ** 9n);
    await w.trade(bob, dave, MARKET, small, CRASH);
    expect([await w.baseOf(bob, MARKET), await w.baseOf(dave, MARKET)]).to.deep.equal([0n, 0n]);
  });
});

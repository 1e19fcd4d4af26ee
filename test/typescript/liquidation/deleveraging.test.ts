import { expect } from "chai";

import { deleverageFractionUp } from "../../../sdk/math/AuctionMath.ts";
import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { ceilWad, expectedHealth } from "../support/expected.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;
const AT_170 = 170n * WAD;
const BELOW = 182n * WAD;
const DEFICIT = 510n * DOLLAR;
const PRODUCT_ONE = 10n ** 30n;

describe("deleveraging (LIQ-06)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, AT_200);
  });
  /** Refreshes often enough that every second is live. */
  const live = async (from: bigint, seconds: bigint) => {
    const w = world();
    for (let at = 250n; at < seconds; at += 250n) {
      await w.networkHelpers.time.setNextBlockTimestamp(from + at);
      await w.oracle.refresh(0);
    }
    await w.networkHelpers.time.setNextBlockTimestamp(from + seconds);
  };

  it("V > 0: not before 20 live minutes, to the second", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    await expect(w.engine.deleverage(alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_TooEarly")
      .withArgs(alice, 0n, 1_200n);
    await w.engine.start(alice);
    const started = await w.now();
    await live(started, 1_199n);
    await expect(w.engine.deleverage(alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_TooEarly")
      .withArgs(alice, 1_199n, 1_200n);
    await w.networkHelpers.time.setNextBlockTimestamp(started + 1_200n);
    await w.engine.connect(w.erin).deleverage(alice);
    expect(await w.baseOf(alice)).to.be.lessThan(SIZE);
  });

  it("V > 0: closes f = (tau MM - E)/(tau MM - penalty), with the add-on, at consensus; equity stays, penalty to the fund", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const dave = await w.cash(w.dave, 100_000n);
    await w.trade(w.id(w.carol), dave, ETH_MARKET, 60n * WAD, AT_200);
    await w.setEth(BELOW);
    const health = expectedHealth(2_490n * DOLLAR, [{ base: SIZE, entry: AT_200, price: BELOW }]);
    await w.engine.start(alice);
    await live(await w.now(), 1_200n);
    const whole = (health.maintenance + 9n) / 10n;
    const fraction = deleverageFractionUp({
      marginBalance: health.marginBalance,
      penalty: whole,
      linearMargin: health.linearMargin,
      sizeMargin: health.sizeMargin,
      blindMargin: 0n,
      targetRatio: (WAD * 115n) / 100n,
    });
    // Without the add-on: (tau MM - E)/(tau MM - penalty).
    const plain =
      (((health.linearMargin * 115n) / 100n - health.marginBalance) * WAD) /
      ((health.linearMargin * 115n) / 100n - health.linearMargin / 10n);
    expect(fraction - plain).to.be.within(0n, WAD / 100n);
    const penalty = ceilWad(whole, fraction);
    const closed = ceilWad(SIZE, fraction);
    await expect(w.engine.deleverage(alice))
      .to.emit(w.engine, "Deleveraged")
      .withArgs(alice, health.value, fraction, penalty, 0n, 0n, 0n)
      .to.emit(w.house, "SideDeleveraged")
      .withArgs(ETH_MARKET, false, closed, BELOW)
      .to.emit(w.engine, "AuctionEnded")
      .withArgs(alice);
    const after = await w.house.health(alice);
    expect(after.value - (health.value - penalty), "equity less penalty").to.be.within(-2n, 2n);
    const target = ((after.linearMargin + after.sizeMargin) * 115n) / 100n;
    expect(after.marginBalance).to.be.at.least(target);
    expect(after.marginBalance - target).to.be.at.most(target / 10n ** 15n + 100n);
    expect(await w.house.fundAccount()).to.equal(penalty);
    expect(await w.house.liquidationCostOf(alice)).to.equal(penalty);
    // Bob and Dave are closed pro rata, 100 to 60, and lose no value.
    const share = (held: bigint) => (held * (160n * WAD - closed)) / (160n * WAD);
    expect((await w.baseOf(bob)) + share(100n * WAD)).to.be.within(0n, 2n);
    expect((await w.baseOf(dave)) + share(60n * WAD)).to.be.within(0n, 2n);
    expect((await w.valueOf(bob)) - 101_800n * DOLLAR).to.be.within(-500n, 500n);
    expect((await w.valueOf(dave)) - 101_080n * DOLLAR).to.be.within(-500n, 500n);
    expect(await w.openInterest()).to.equal(160n * WAD - closed);
    // R2a: at most (positions of the side + 1) wei of base at the price of 182.
    await w.expectConserved(1_000n, 3n * 182n);
    await w.expectZeroSum(ETH_MARKET, 3n);
    expect((await w.house.headerOf(alice)).flags).to.equal(0n);
  });

  it("V <= 0, funded: 10 live minutes; then the fund pays and the position closes at consensus", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    await w.fundReserve(10_000n * USD);
    await w.setEth(AT_170);
    await w.engine.start(alice);
    const started = await w.now();
    await live(started, 599n);
    await expect(w.engine.deleverage(alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_TooEarly")
      .withArgs(alice, 599n, 600n);
    await w.networkHelpers.time.setNextBlockTimestamp(started + 600n);
    // Weights by the average: after 600 s at 170 it has come down, but 100 * (174.6...) still covers 510: all is class major.
    await expect(w.engine.deleverage(alice))
      .to.emit(w.engine, "Deleveraged")
      .withArgs(alice, -DEFICIT, WAD, 0n, DEFICIT, DEFICIT, 0n)
      .to.emit(w.house, "SideDeleveraged")
      .withArgs(ETH_MARKET, false, SIZE, AT_170);
    expect(await w.valueOf(alice)).to.equal(0n);
    expect((await w.valueOf(bob)) - 103_000n * DOLLAR).to.be.within(-2n, 0n);
    await w.expectConserved(4n);
  });

  it("V <= 0, short of money: at once, at price + D_m/|base| for the shorts; facts record it (CLM-03)", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const dave = await w.cash(w.dave, 100_000n);
    await w.trade(w.id(w.carol), dave, ETH_MARKET, SIZE, AT_200);
    await w.setEth(AT_170);
    await expect(w.engine.connect(w.erin).deleverage(alice))
      .to.emit(w.house, "SideDeleveraged")
      .withArgs(ETH_MARKET, false, SIZE, AT_170 + (51n * WAD) / 10n)
      .to.emit(w.engine, "Deleveraged")
      .withArgs(alice, -DEFICIT, WAD, 0n, DEFICIT, 0n, DEFICIT)
      .to.emit(w.house, "ClosedOut")
      .withArgs(alice, WAD, 0n, DEFICIT, DEFICIT);
    // Each short is halved and bears half of the deficit.
    for (const short of [bob, dave]) {
      expect(await w.baseOf(short)).to.equal(-50n * WAD);
      expect((await w.valueOf(short)) - (103_000n * DOLLAR - DEFICIT / 2n)).to.be.within(-500n, 500n);
    }
    expect(await w.valueOf(alice)).to.equal(0n);
    const [side, facts] = await w.house.sideOf(ETH_MARKET, false);
    expect(side.product).to.equal(PRODUCT_ONE / 2n);
    // Per unit of the side: 510 over 200. ln 2 = 0.693147180559945309.
    expect(facts.socializedPerUnit).to.equal((255n * DOLLAR) / 100n);
    expect(facts.deleveraged - 693_147_180_559_945_309n).to.be.within(-2n, 2n);
    expect([facts.lastAt, facts.count]).to.deep.equal([await w.now(), 1n]);
    expect((await w.house.headerOf(alice)).lastLiquidatedAt).to.equal(await w.now());
    await w.expectConserved(1_000n, 3n * 170n);
    await w.expectZeroSum(ETH_MARKET, 3n);
  });

  it("V <= 0, a short account: the longs close at price - D_m/|base|", async () => {
    const w = world();
    const dave = await w.cash(w.dave, 2_500n);
    await w.trade(dave, w.id(w.carol), ETH_MARKET, -50n * WAD, AT_200);
    // Cash 2,495, short 50: -2,750 at 255: V = -255, which is 5.1 for each unit.
    await w.setEth(255n * WAD);
    await expect(w.engine.deleverage(dave))
      .to.emit(w.house, "SideDeleveraged")
      .withArgs(ETH_MARKET, true, 50n * WAD, 255n * WAD - (51n * WAD) / 10n);
    // Longs: alice 100 and carol 50, pro rata.
    expect(await w.baseOf(w.id(w.alice))).to.be.within((200n * WAD) / 3n - 2n, (200n * WAD) / 3n);
    expect(await w.valueOf(dave)).to.equal(0n);
    await w.expectConserved(1_000n, 3n * 255n);
  });

  it("above twice the price: the closing price stops at 2 p, and the remainder spreads over all markets (LIQ-05)", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const [dave, erin] = [await w.cash(w.dave, 50_000n), await w.cash(w.erin, 50_000n)];
    await w.trade(dave, erin, BTC_MARKET, WAD, 8_000n * WAD);
    const daveBefore = await w.valueOf(dave);
    // V = 2,490 - 12,000 = -9,510 at 80: 95.1 for each unit, of which 80 through the price and 1,510 in all by notional.
    await w.setEth(80n * WAD);
    await expect(w.engine.deleverage(alice))
      .to.emit(w.house, "SideDeleveraged")
      .withArgs(ETH_MARKET, false, SIZE, 160n * WAD);
    // Notional of others: 100 * 80 on bob's side (alice's own is left out) and 2 * 8,000.
    const perEth = (80n * 1_510n * WAD) / 24_000n;
    const perBtc = (8_000n * 1_510n * WAD) / 24_000n;
    expect((await w.valueOf(bob)) - (112_000n * DOLLAR - 8_000n * DOLLAR - 100n * perEth)).to.be.within(-400n, 400n);
    expect((await w.valueOf(dave)) - daveBefore + perBtc).to.be.within(-4n, 4n);
    expect(await w.valueOf(alice)).to.be.within(-200n, 200n);
    await w.expectConserved(1_000n);
  });

  it("LIQ-05: the limit is twice the price for what is closed, however much others hold on its side", async () => {
    const w = world();
    const [dave, erin] = [await w.cash(w.dave, 50_000n), await w.cash(w.erin, 50_000n)];
    await w.trade(dave, erin, ETH_MARKET, SIZE, 200n * WAD);
    // As above: 95.1 for each unit of alice's; the open interest of 200 would bear it, her 100 take 80 each.
    await w.setEth(80n * WAD);
    await expect(w.engine.deleverage(w.id(w.alice)))
      .to.emit(w.house, "SideDeleveraged")
      .withArgs(ETH_MARKET, false, SIZE, 160n * WAD);
    await w.expectConserved(1_000n, 3n * 400n);
  });

  it("below zero is out of reach: longs give up at most their gain from the average, however far the price has jumped", async () => {
    const w = world();
    const [alice, dave, carol] = [w.id(w.alice), await w.cash(w.dave, 3_000n), w.id(w.carol)];
    await w.trade(dave, carol, ETH_MARKET, -SIZE, AT_200);
    // V = 2,990 - 180,000 at 2,000: 1,770.1 for each unit; the average is 200, so the weight of 1,800 a unit carries all of it.
    await w.setEth(2_000n * WAD);
    const before = (await w.valueOf(alice)) + (await w.valueOf(carol));
    await expect(w.engine.deleverage(dave))
      .to.emit(w.house, "SideDeleveraged")
      .withArgs(ETH_MARKET, true, SIZE, (2_299n * WAD) / 10n);
    const after = (await w.valueOf(alice)) + (await w.valueOf(carol));
    expect(before - after - 177_010n * DOLLAR).to.be.within(-1_000n, 1_000n);
    expect(await w.valueOf(dave)).to.be.within(-1_000n, 1_000n);
    await w.expectConserved(5_000n, 3n * 2_000n);
  });

  it("LIQ-05: the part of the loss that the move from the average does not explain spreads, it is not taken through the price", async () => {
    const w = world();
    const dave = await w.cash(w.dave, 3_000n);
    await w.trade(dave, w.id(w.carol), ETH_MARKET, -SIZE, AT_200);
    // The average has followed to 260 over a day; only 10 of the jump to 270 weigh, where 40.1 a unit are missing.
    await w.setEth(260n * WAD, 0);
    await w.oracle.refresh(0);
    await w.networkHelpers.time.increase(80_000);
    await w.setEth(270n * WAD, 0);
    expect(await w.valueOf(dave)).to.equal(-4_010n * DOLLAR);
    const receipt = await (await w.engine.deleverage(dave)).wait();
    const event = receipt?.logs
      .map((log) => w.house.interface.parseLog(log))
      .find((parsed) => parsed?.name === "SideDeleveraged");
    expect((event?.args[3] as bigint) - 260n * WAD).to.be.within(-(10n ** 12n), 10n ** 12n);
    // 1,000 through the price over 200 of longs; 3,010 over those and over bob's shorts of 100, dave's own left out.
    const [, longs] = await w.house.sideOf(ETH_MARKET, true);
    expect(longs.socializedPerUnit - 5n * DOLLAR - (3_010n * DOLLAR) / 300n).to.be.within(-(10n ** 12n), 10n ** 12n);
    expect(await w.valueOf(dave)).to.be.within(-1_000n, 1_000n);
    await w.expectConserved(5_000n, 3n * 270n);
  });

  it("LIQ-10: an account that is the whole of its side closes the whole market; later positions start a new generation", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    await w.setEth(AT_170);
    await expect(w.engine.deleverage(alice))
      .to.emit(w.house, "GenerationEnded")
      .withArgs(ETH_MARKET, false, 0n, 0n, (17_510n * 10n ** 27n) / 100n);
    expect([await w.openInterest(), await w.baseOf(bob)]).to.deep.equal([0n, 0n]);
    const [side, facts] = await w.house.sideOf(ETH_MARKET, false);
    expect([side.product, side.sum, side.generation]).to.deep.equal([PRODUCT_ONE, 0n, 1n]);
    expect(facts.deleveraged, "-ln 0 saturates").to.equal((1n << 64n) - 1n);
    // Bob's slot is rolled lazily: his next trade, long this time, starts from what is left.
    expect(await w.valueOf(bob)).to.equal(102_490n * DOLLAR);
    await w.trade(bob, w.id(w.carol), ETH_MARKET, 10n * WAD, AT_170);
    expect(await w.baseOf(bob)).to.equal(10n * WAD);
    expect(await w.valueOf(bob)).to.equal(102_490n * DOLLAR - (85n * DOLLAR) / 100n);
    await w.expectConserved(4n);
    await w.expectZeroSum(ETH_MARKET);
  });

  it("collateral: the shortfall is taken at haircut value, the collateral goes to the clearing account", async () => {
    const w = world();
    const dave = await w.collateral(w.dave, 10n * WAD);
    await w.trade(dave, w.id(w.bob), BTC_MARKET, WAD, 8_000n * WAD);
    // V = 1,700 - 4 - 2,000 = -304 at 170 and 6,000; E = 1,530 - 2,004 = -474.
    await w.setBtc(6_000n * WAD);
    await w.setEth(AT_170, 0);
    await expect(w.engine.deleverage(dave))
      .to.emit(w.engine, "Deleveraged")
      .withArgs(dave, -304n * DOLLAR, WAD, 0n, 474n * DOLLAR, 0n, 474n * DOLLAR)
      .to.emit(w.house, "SideDeleveraged")
      .withArgs(BTC_MARKET, false, WAD, 6_474n * WAD);
    const header = await w.house.headerOf(dave);
    expect([header.cash, header.markets, header.assets]).to.deep.equal([0n, 0n, 0n]);
    expect(await w.cashOf(w.clearing)).to.equal(-1_530n * DOLLAR);
    expect(await w.house.collateralOf(w.clearing, 1)).to.equal(10n * WAD);
    await w.expectConserved(4n);
  });

  it("INV-04, LIQ-10: dust collateral of one wei: bid and deleverage settle", async () => {
    const w = world();
    for (const [who, verb] of [
      [w.dave, "deleverage"],
      [w.erin, "bid"],
    ] as const) {
      const account = await w.collateral(who, 1n);
      await w.cash(who, 2_500n);
      await w.trade(account, w.id(w.bob), BTC_MARKET, 2n * WAD, 8_000n * WAD);
      await w.setBtc(6_000n * WAD);
      if (verb === "bid") await w.bidWith(w.carol, account);
      else await w.engine.deleverage(account);
      const header = await w.house.headerOf(account);
      expect([header.markets, header.assets], verb).to.deep.equal([0n, 0n]);
      await w.setBtc(8_000n * WAD);
    }
    expect(await w.house.collateralOf(w.clearing, 1)).to.equal(1n);
    expect(await w.house.collateralOf(w.id(w.carol), 1)).to.equal(1n);
    await w.house.connect(w.carol).buyCollateral(w.clearing, w.id(w.carol), 1, 1n, 1_000n);
    expect((await w.house.headerOf(w.clearing)).assets).to.equal(0n);
    await w.expectConserved(2_000n);
  });
});

import { expect } from "chai";

import { blindMoveUp } from "../../../sdk/math/VolatilityMath.ts";
import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;

describe("a dead feed in an account of several markets (ORC-07, LIQ-10)", () => {
  /** Alice is long 100 ETH, long 1 BTC, short 200 of market 2 at 50; cash 6,500 - 10 - 4 - 5 = 6,481. */
  const world = useWorld(async (w) => {
    const alice = await w.cash(w.alice, 6_500n);
    const bob = await w.cash(w.bob, 200_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.listMarket(2, 50n * WAD);
    await w.trade(alice, bob, ETH_MARKET, SIZE, AT_200);
    await w.trade(alice, bob, BTC_MARKET, WAD, 8_000n * WAD);
    await w.trade(alice, bob, 2, -200n * WAD, 50n * WAD);
    await w.oracle.refresh(1);
  });

  it("a blind position is valued at the last price moved against the account by min(mmr, 4 sigma sqrt(age))", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const { readAt } = await w.oracle.cached(1);
    const { fast } = await w.oracle.variance(1);
    await w.kill(w.btcFeeds);
    await w.networkHelpers.time.increase(1_000);
    await w.networkHelpers.mine();
    const move = blindMoveUp(fast, (await w.now()) - readAt);
    expect(move).to.be.within(1n, (3n * WAD) / 100n);
    const health = await w.house.health(alice);
    const blindPrice = (8_000n * WAD * (WAD - move)) / WAD;
    expect(health.value).to.equal(6_481n * DOLLAR + blindPrice - 8_000n * WAD);
    expect(health.hasBlind).to.equal(true);
    const notional = blindPrice;
    expect(health.blindMargin - ((notional * 3n) / 100n + (notional * notional * 2_000n) / 10n ** 30n)).to.be.within(
      0n,
      2n,
    );
    // After days the move is bounded by mmr = 3%.
    await w.networkHelpers.time.increase(10 * 86_400);
    await w.networkHelpers.mine();
    await w.setEth(AT_200);
    await w.revive([]);
    const later = await w.house.health(alice);
    expect(later.value).to.be.at.most(6_481n * DOLLAR - 240n * DOLLAR);
  });

  it("LIQ-06: collateral without consensus stays with its owner when all else is closed", async () => {
    const w = world();
    const bob = w.id(w.bob);
    await w.collateral(w.dave, WAD);
    const dave = await w.cash(w.dave, 1_000n);
    await w.trade(dave, bob, BTC_MARKET, WAD, 8_000n * WAD);
    await w.setBtc(5_000n * WAD);
    await w.kill(w.ethFeeds);
    // 996 less 3,000, and ether of at most 400 whatever it is worth.
    await w.engine.connect(w.frank).deleverage(dave);
    expect(await w.baseOf(dave, BTC_MARKET)).to.equal(0n);
    expect(await w.house.collateralOf(dave, 1)).to.equal(WAD);
    expect(await w.house.collateralOf(w.clearing, 1)).to.equal(0n);
    const header = await w.house.headerOf(w.clearing);
    expect([header.cash, header.assets]).to.deep.equal([0n, 0n]);
  });

  it("no risk is added while it lasts, in any market; risk may be reduced, money may not leave", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    await w.kill(w.btcFeeds);
    await expect(w.trade(alice, bob, ETH_MARKET, WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BlindAccount")
      .withArgs(alice);
    await expect(w.trade(alice, bob, BTC_MARKET, -WAD, 8_000n * WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NoConsensus")
      .withArgs(BTC_MARKET);
    await expect(w.house.connect(w.alice).withdraw(alice, 0, USD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BlindAccount")
      .withArgs(alice);
    await expect(w.house.connect(w.alice).move(alice, w.id(w.alice, 1n), 0, WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BlindAccount")
      .withArgs(alice);
    await w.trade(alice, bob, ETH_MARKET, -10n * WAD, AT_200);
    expect(await w.baseOf(alice)).to.equal(90n * WAD);
  });

  it("the rest is liquidated in a bid; the blind leg stays, the auction goes on, and who holds it adds no risk", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    await w.setEth(145n * WAD);
    await w.kill(w.btcFeeds);
    const before = await w.house.health(alice);
    expect(before.marginBalance).to.be.lessThan(before.linearMargin + before.sizeMargin + before.blindMargin);
    const report = await w.bidFor(w.carol, alice);
    expect(report.fraction).to.be.greaterThan(0n);
    expect(await w.baseOf(alice, BTC_MARKET), "the blind leg is whole").to.equal(WAD);
    expect(await w.baseOf(carol, BTC_MARKET)).to.equal(0n);
    const taken = SIZE - (await w.baseOf(alice));
    expect(taken).to.be.within((SIZE * report.fraction) / WAD, (SIZE * report.fraction) / WAD + 1n);
    expect(await w.baseOf(carol, 2)).to.be.within(-200n * report.fraction - 1n, -200n * report.fraction);
    const after = await w.house.health(alice);
    const required = ((after.linearMargin + after.sizeMargin + after.blindMargin) * 115n) / 100n;
    expect(after.marginBalance, "LIQ-03 with the blind margin whole").to.be.at.least(required - 10n ** 12n);
    expect((await w.engine.auctionOf(alice)).isOpen).to.equal(true);
    await w.revive(w.btcFeeds);
    await w.expectConserved(100n);
    for (const market of [0, 1, 2]) await w.expectZeroSum(market);
  });

  it("the rest is deleveraged, the blind leg stays", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(134n * WAD);
    await w.kill(w.btcFeeds);
    expect(await w.valueOf(alice)).to.be.lessThan(0n);
    await w.engine.deleverage(alice);
    expect([await w.baseOf(alice, 0), await w.baseOf(alice, 1), await w.baseOf(alice, 2)]).to.deep.equal([0n, WAD, 0n]);
    await w.revive(w.btcFeeds);
    await w.expectConserved(1_000n, 300n * 3n);
    for (const market of [0, 1, 2]) await w.expectZeroSum(market, 3n);
  });

  it("R6, LIQ-06: what is only supposed of a blind leg makes nobody insolvent: 20 live minutes, and not at once", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth((1_352n * WAD) / 10n);
    await w.kill(w.btcFeeds);
    await w.networkHelpers.time.increase(10 * 3_600);
    await w.networkHelpers.mine();
    expect(await w.valueOf(alice), "moved against it by 3%").to.be.lessThan(0n);
    // Nothing is in reserve: what counted as insolvent would be closed at once.
    await expect(w.engine.deleverage(alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_TooEarly")
      .withArgs(alice, 0n, 1_200n);
  });

  it("a bidder who holds something blind himself takes nothing", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    await w.trade(carol, w.id(w.bob), BTC_MARKET, WAD, 8_000n * WAD);
    await w.setEth(145n * WAD);
    await w.kill(w.btcFeeds);
    await expect(w.bidWith(w.carol, alice))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BlindAccount")
      .withArgs(carol);
  });

  for (const [name, break_] of [
    ["zero", (feed: { setAnswer(a: bigint): Promise<unknown> }) => feed.setAnswer(0n)],
    ["negative", (feed: { setAnswer(a: bigint): Promise<unknown> }) => feed.setAnswer(-1n)],
    ["5% off", (feed: { setAnswer(a: bigint): Promise<unknown> }) => feed.setAnswer(210n * 10n ** 8n)],
  ] as const) {
    it(`R6, ORC-06: one source ${name} changes nothing, two stop trading, and withdrawals that need a price`, async () => {
      const w = world();
      const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
      const [first, second, third] = w.ethFeeds;
      if (!first || !second || !third) throw new Error("three feeds");
      await break_(first);
      await w.trade(alice, bob, ETH_MARKET, WAD, AT_200);
      if (name === "5% off") await second.setAnswer(190n * 10n ** 8n);
      else await break_(second);
      await expect(w.trade(alice, bob, ETH_MARKET, WAD, AT_200))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_NoConsensus")
        .withArgs(ETH_MARKET);
      await expect(w.house.connect(w.alice).withdraw(alice, 0, USD)).to.be.revertedWithCustomError(
        w.house,
        "ClearingHouse_BlindAccount",
      );
      await w.cash(w.alice, 1n);
      const idle = await w.cash(w.erin, 5n);
      await w.house.connect(w.erin).withdraw(idle, 0, 5n * USD);
    });
  }

  it("stale for more than maxAge = 86,400 s: no trade; at 86,400 it is fresh", async () => {
    const w = world();
    const [erin, carol] = [await w.cash(w.erin, 10_000n), w.id(w.carol)];
    await w.trade(erin, carol, ETH_MARKET, 10n * WAD, AT_200);
    // The three were published one after the other; with the second the consensus of two is lost.
    const publishedAt = (await w.ethFeeds[1]?.latestRoundData())?.[3] ?? 0n;
    await w.networkHelpers.time.setNextBlockTimestamp(publishedAt + 86_400n);
    await w.trade(erin, carol, ETH_MARKET, WAD, AT_200);
    await w.networkHelpers.time.setNextBlockTimestamp(publishedAt + 86_401n);
    await expect(w.trade(erin, carol, ETH_MARKET, WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NoConsensus")
      .withArgs(ETH_MARKET);
  });

  it("R6: what a blind leg may have lost is not paid by the fund for a leg that stays", async () => {
    const w = world();
    // Dave holds nothing but one leg: cash 750 - 4 = 746, long 1 BTC; at 7,494 V = 240 of MM 224.9: healthy. Blind it shows -3% = 15.
    const dave = await w.cash(w.dave, 750n);
    await w.trade(dave, w.id(w.bob), BTC_MARKET, WAD, 8_000n * WAD);
    await w.fundReserve(100_000n * USD);
    await w.setBtc(7_354n * WAD);
    await w.oracle.refresh(1);
    const real = await w.valueOf(dave);
    expect(real).to.equal(100n * DOLLAR);
    await w.kill(w.btcFeeds);
    await w.networkHelpers.time.increase(10 * 3_600);
    await w.networkHelpers.mine();
    expect(await w.valueOf(dave), "moved against it by 3%").to.be.lessThan(0n);
    await w.bidWith(w.carol, dave).then(
      () => undefined,
      () => undefined,
    );
    await w.revive(w.btcFeeds);
    await w.setBtc(7_354n * WAD);
    expect(await w.valueOf(dave), "the price has not moved at all").to.be.at.most(real);
    expect(await w.house.fundAccount()).to.be.at.least(0n);
  });
});

import { expect } from "chai";

import { movingAverageDown } from "../../../sdk/math/VolatilityMath.ts";
import { USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
const SIDE = 3;
const WEEK = 7n * 86_400n;
const AT_200 = 200n * WAD;
const FLAT_BIT = 1n << BigInt(FLAT);

describe("the end of a market (CLR-11)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  let side: typeof feeds;
  /** Alice is long 30 and Carol 10 against Bob's 25 and Dave's 15, all at 200, in a market without add-on. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(FLAT, AT_200);
    side = await w.listMarket(SIDE, 100n * WAD);
    for (const who of [w.alice, w.bob, w.carol, w.dave]) await w.cash(who, 10_000n);
    const [alice, bob, carol, dave] = people();
    await w.trade(alice, bob, FLAT, 25n * WAD, AT_200);
    await w.trade(alice, dave, FLAT, 5n * WAD, AT_200);
    await w.trade(carol, dave, FLAT, 10n * WAD, AT_200);
  });
  const people = () => {
    const w = world();
    return [w.id(w.alice), w.id(w.bob), w.id(w.carol), w.id(w.dave)] as const;
  };
  /** Announces a closing in a week and goes to `early` seconds before it. The feeds are alive then. */
  const announce = async (early = 0n) => {
    const w = world();
    const closesAt = (await w.now()) + WEEK + 10n;
    await w.house.announceClosing(FLAT, closesAt);
    await w.networkHelpers.time.increaseTo(closesAt - early - 20n);
    await w.setFeeds(feeds, AT_200);
    await w.setFeeds(side, 100n * WAD);
    return closesAt;
  };
  /** An hour before the closing it is 206, half an hour before 202; then the market closes. Returns the average. */
  const close = async () => {
    const w = world();
    const closesAt = await announce(3_600n);
    await w.setFeeds(feeds, 206n * WAD);
    await w.networkHelpers.time.setNextBlockTimestamp(closesAt - 3_600n);
    await w.oracle.refresh(FLAT);
    const before = await w.oracle.averagePrice(FLAT);
    await w.setFeeds(feeds, 202n * WAD);
    await w.networkHelpers.time.setNextBlockTimestamp(closesAt - 1_800n);
    await w.oracle.refresh(FLAT);
    const average = movingAverageDown(before, 206n * WAD, 1_800n);
    await w.networkHelpers.time.setNextBlockTimestamp(closesAt);
    await expect(w.house.connect(w.frank).closeMarket(FLAT))
      .to.emit(w.house, "MarketClosed")
      .withArgs(FLAT, average, await w.openInterest(FLAT));
    return average;
  };

  it("announced once, at least a week ahead: ClearingHouse_InvalidClosing", async () => {
    const w = world();
    const earliest = (await w.now()) + 2n + WEEK;
    await w.nextIn(1n);
    await expect(w.house.announceClosing(FLAT, earliest - 2n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidClosing")
      .withArgs(FLAT, earliest - 2n, earliest - 1n, 0n);
    await w.networkHelpers.time.setNextBlockTimestamp(earliest - WEEK);
    await expect(w.house.announceClosing(FLAT, earliest)).to.emit(w.house, "ClosingAnnounced").withArgs(FLAT, earliest);
    expect(await w.house.closingOf(FLAT)).to.deep.equal([earliest, false]);
    await w.networkHelpers.time.setNextBlockTimestamp(earliest - WEEK + 5n);
    await expect(w.house.announceClosing(FLAT, earliest + WEEK))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidClosing")
      .withArgs(FLAT, earliest + WEEK, earliest + 5n, earliest);
    await expect(w.house.announceClosing(9, earliest + WEEK))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownMarket")
      .withArgs(9);
  });

  it("from the announcement on it takes no more risk; what reduces goes on, other markets too", async () => {
    const w = world();
    const [alice, bob, carol, dave] = people();
    await announce(3_600n);
    for (const [taker, maker, size] of [
      [carol, bob, WAD],
      [alice, dave, -40n * WAD],
      [await w.cash(w.frank, 10_000n), alice, 5n * WAD],
    ] as const) {
      await expect(w.trade(taker, maker, FLAT, size, AT_200))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_MarketClosed")
        .withArgs(FLAT);
    }
    await w.trade(bob, alice, FLAT, 5n * WAD, AT_200);
    await w.trade(alice, dave, FLAT, -15n * WAD, AT_200);
    expect(await w.openInterest(FLAT)).to.equal(20n * WAD);
    await w.trade(alice, bob, SIDE, 5n * WAD, 100n * WAD);
  });

  it("closes at the announced second and not before, once: ClearingHouse_NotClosing", async () => {
    const w = world();
    await expect(w.house.closeMarket(FLAT))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotClosing")
      .withArgs(FLAT, 0n, false);
    const closesAt = await announce();
    await w.networkHelpers.time.setNextBlockTimestamp(closesAt - 1n);
    await expect(w.house.closeMarket(FLAT))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotClosing")
      .withArgs(FLAT, closesAt, false);
    await w.networkHelpers.time.setNextBlockTimestamp(closesAt);
    await w.house.connect(w.frank).closeMarket(FLAT);
    expect(await w.house.closingOf(FLAT)).to.deep.equal([closesAt, true]);
    await expect(w.house.closeMarket(FLAT))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotClosing")
      .withArgs(FLAT, closesAt, true);
    await expect(w.house.closeMarket(SIDE))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotClosing")
      .withArgs(SIDE, 0n, false);
    await expect(w.house.closeMarket(9))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownMarket")
      .withArgs(9);
  });

  it("waits while the feed is dead, and while a loss in it is unbooked (CLR-07)", async () => {
    const w = world();
    const [, , carol] = people();
    // Frank: long 8 in both markets with 300 of cash; at 160 he owes 20.
    const frank = await w.cash(w.frank, 300n);
    await w.trade(w.id(w.bob), frank, FLAT, -8n * WAD, AT_200);
    await announce(-40n);
    await w.kill(feeds);
    await expect(w.house.closeMarket(FLAT))
      .to.be.revertedWithCustomError(w.oracle, "PriceOracle_NoConsensus")
      .withArgs(FLAT, 1n, 1n, 2n);
    await w.revive(feeds);
    await w.setFeeds(feeds, 160n * WAD);
    await w.engine.flag(frank);
    // By now the average has come down.
    await w.networkHelpers.time.increase(6 * 3_600);
    await w.oracle.refresh(FLAT);
    await w.engine.flag(frank);
    expect((await w.house.deficits()).measured).to.equal(20n * DOLLAR);
    await expect(w.house.closeMarket(FLAT))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DeficitUnbooked")
      .withArgs(FLAT);
    await w.bidWith(w.carol, frank, { bidder: carol });
    await w.house.closeMarket(FLAT);
    await w.expectConserved(500n);
  });

  it("R6: the average must be near the price of now: nobody closes at a price of the past because nobody has asked since", async () => {
    const w = world();
    await announce(-40n);
    await w.setFeeds(feeds, 250n * WAD);
    await expect(w.house.closeMarket(FLAT))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_PriceOutsideBand")
      .withArgs(AT_200, 250n * WAD, 200n);
    // A refresh shows the new price; the average takes it in as it stands.
    await w.oracle.refresh(FLAT);
    await expect(w.house.closeMarket(FLAT)).to.be.revertedWithCustomError(w.house, "ClearingHouse_PriceOutsideBand");
    await w.networkHelpers.time.increase(3 * 3_600);
    await w.oracle.refresh(FLAT);
    const average = await w.oracle.averagePrice(FLAT);
    expect(average).to.be.within(245n * WAD, 250n * WAD);
    await expect(w.house.closeMarket(FLAT))
      .to.emit(w.house, "MarketClosed")
      .withArgs(FLAT, average, 40n * WAD);
  });

  it("all positions are worth the closing average, longs and shorts; nothing is lost (INV-02, CLR-08)", async () => {
    const w = world();
    const average = await close();
    expect(average).to.be.within(202n * WAD, 203n * WAD);
    const bases = [30n, -25n, 10n, -15n];
    let sum = 0n;
    for (const [index, account] of people().entries()) {
      const { base, quoteValue } = await w.house.positionOf(account, FLAT);
      expect(base).to.equal(0n);
      expect(quoteValue - bases[index]! * (average - AT_200), `person ${index}`).to.be.within(-500n, 500n);
      expect(await w.valueOf(account)).to.equal((await w.cashOf(account)) + quoteValue);
      sum += quoteValue;
    }
    // To the precision of S, 1e-27 a share.
    expect(sum).to.be.within(-1_000n, 0n);
    expect(await w.openInterest(FLAT)).to.equal(0n);
    await w.expectZeroSum(FLAT);
    await w.expectConserved(1_000n);
  });

  it("with funding that has run and a side that was deleveraged before, the sum is still zero", async () => {
    const w = world();
    const [alice, bob, , dave] = people();
    // 1% above the index: longs pay.
    await w.trade(alice, bob, FLAT, 5n * WAD, 202n * WAD);
    await w.networkHelpers.time.increase(3_600);
    const frank = await w.cash(w.frank, 200n);
    await w.trade(dave, frank, FLAT, -6n * WAD, AT_200);
    await w.setFeeds(feeds, 160n * WAD);
    await w.engine.deleverage(frank);
    await w.setFeeds(feeds, AT_200);
    await w.oracle.refresh(FLAT);
    expect((await w.house.fundingOf(FLAT)).funding).to.be.greaterThan(0n);
    const average = await close();
    let sum = 0n;
    for (const account of [...people(), frank]) {
      const { base, quoteValue } = await w.house.positionOf(account, FLAT);
      expect(base).to.equal(0n);
      sum += quoteValue + (await w.cashOf(account));
    }
    const { fees } = await w.house.totals();
    expect(sum + fees - 40_200n * DOLLAR).to.be.within(-10_000n, 0n);
    expect(average).to.be.greaterThan(0n);
    // Nothing runs on.
    const { funding, velocity } = await w.house.fundingOf(FLAT);
    expect(velocity).to.equal(0n);
    await w.networkHelpers.time.increase(3_600);
    expect((await w.house.fundingOf(FLAT)).funding).to.equal(funding);
    await w.expectConserved(10_000n, 10n * 202n);
  });

  it("positions settle when someone looks: `roll`, by anyone, frees the slot and changes no value", async () => {
    const w = world();
    await close();
    for (const account of people()) {
      const value = await w.valueOf(account);
      expect((await w.house.storedPosition(account, FLAT)).shares).not.to.equal(0n);
      expect((await w.house.headerOf(account)).markets).to.equal(FLAT_BIT);
      await w.house.connect(w.frank).roll(account, FLAT);
      expect(await w.house.storedPosition(account, FLAT)).to.deep.equal([0n, 0n, 0n]);
      expect((await w.house.headerOf(account)).markets).to.equal(0n);
      expect(await w.cashOf(account)).to.equal(value);
    }
    await w.expectConserved(1_000n);
    for (const who of [w.alice, w.bob, w.carol, w.dave]) {
      await w.house.connect(who).withdraw(w.id(who), 0, (await w.cashOf(w.id(who))) / 10n ** 12n);
    }
    await w.expectConserved(1_000n);
  });

  it("CLR-11, R6: what becomes of the feed afterwards moves nothing and blinds nobody; who has not rolled can withdraw", async () => {
    const w = world();
    await close();
    const [alice] = people();
    const before = await w.house.health(alice);
    expect([before.linearMargin, before.initialMargin, before.blindMargin]).to.deep.equal([0n, 0n, 0n]);
    await w.setFeeds(feeds, 20n * WAD);
    await w.networkHelpers.time.increase(3_600);
    expect(await w.house.health(alice)).to.deep.equal(before);
    await w.kill(feeds);
    await w.networkHelpers.time.increase(86_400);
    const health = await w.house.health(alice);
    expect([health.hasBlind, health.blindSpread, health.value]).to.deep.equal([false, 0n, before.value]);
    await w.house.connect(w.alice).withdraw(alice, 0, (await w.cashOf(alice)) / 10n ** 12n);
    expect(await w.usd.balanceOf(w.alice.address)).to.equal(9_997n * USD);
    // Nor is a market that is closed a reason not to trade in another.
    await w.setFeeds(side, 100n * WAD);
    await w.trade(w.id(w.bob), w.id(w.carol), SIDE, WAD * 10n, 100n * WAD);
  });

  it("nothing can be opened in it again", async () => {
    const w = world();
    const [alice, bob] = people();
    await close();
    await expect(w.trade(alice, bob, FLAT, WAD * 5n, 202n * WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_MarketClosed")
      .withArgs(FLAT);
  });

  it("an account with an unsettled closed position is sold and deleveraged like any other", async () => {
    const w = world();
    const [, bob, , dave] = people();
    const frank = await w.cash(w.frank, 5_000n);
    await w.trade(bob, frank, FLAT, -20n * WAD, AT_200);
    await w.trade(dave, frank, SIDE, -100n * WAD, 100n * WAD);
    const average = await close();
    // 5,000 and 40 and something of profit; 4,850 lost on 100 in the other market: below maintenance.
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(side, (515n * WAD) / 10n);
    const expected = 5_000n * DOLLAR + 20n * (average - AT_200) - 4_850n * DOLLAR;
    expect((await w.valueOf(frank)) - expected).to.be.within(-500n, 500n);
    const snapshot = await w.networkHelpers.takeSnapshot();
    const erin = await w.cash(w.erin, 10_000n);
    const { fraction, payment } = await w.bidFor(w.erin, frank);
    expect(fraction).to.be.within(WAD / 10n, WAD / 2n);
    expect((await w.house.headerOf(frank)).markets & FLAT_BIT, "settled on the way").to.equal(0n);
    expect(await w.baseOf(erin, SIDE)).to.be.within(100n * fraction, 100n * fraction + 1n);
    expect((await w.house.headerOf(erin)).markets & FLAT_BIT).to.equal(0n);
    const bought = (expected * fraction) / WAD - payment;
    expect((await w.valueOf(erin)) - 10_000n * DOLLAR - bought).to.be.within(-500n, 500n);
    await w.expectConserved(2_000n);
    await snapshot.restore();
    await w.setFeeds(side, 48n * WAD);
    // 5,200 lost: insolvent, and the fund is empty.
    await w.engine.deleverage(frank);
    expect(await w.valueOf(frank)).to.be.within(0n, 2n);
    expect((await w.house.headerOf(frank)).markets).to.equal(0n);
    await w.expectConserved(2_000n, 500n);
  });
});

import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const MARKET = 2;
const SIZE = 20_000n * WAD;
const MAX_BLIND = 86_400n;
const AT_60 = 60n * WAD;
const AT_100 = 100n * WAD;

describe("ORC-07: a position without consensus is closed at the last one after 24 hours", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  let since: bigint;
  /**
   * Alice: 400,000, long 20,000 from 100; Dave: 3,000,000, long as much. Bob and Carol are short 20,000 each. At 60 Alice owes 401,000,
   * and the feed dies.
   */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(MARKET, AT_100, { maintenanceRate: 10_000, addOn: 0 });
    const [alice, dave] = [await w.cash(w.alice, 400_000n), await w.cash(w.dave, 3_000_000n)];
    const [bob, carol] = [await w.cash(w.bob, 5_000_000n), await w.cash(w.carol, 5_000_000n)];
    await w.trade(alice, bob, MARKET, SIZE, AT_100);
    await w.trade(dave, carol, MARKET, SIZE, AT_100);
    await w.fundReserve(5_000_000n * USD);
    await w.setFeeds(feeds, AT_60);
    await w.oracle.refresh(MARKET);
    await w.kill(feeds);
    await w.house.connect(w.erin).markBlind(MARKET);
    since = await w.now();
  });
  const close = (who = world().alice) => world().house.connect(world().frank).closeBlindLeg(world().id(who), MARKET);

  it("not a second before: ClearingHouse_NotBlind; then by anyone, and both sides at the same price", async () => {
    const w = world();
    const [alice, bob, carol] = [w.id(w.alice), w.id(w.bob), w.id(w.carol)];
    await w.networkHelpers.time.setNextBlockTimestamp(since + MAX_BLIND - 1n);
    await expect(close())
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotBlind")
      .withArgs(MARKET, since, MAX_BLIND);
    await w.networkHelpers.time.setNextBlockTimestamp(since + MAX_BLIND);
    await expect(close())
      .to.emit(w.house, "BlindLegClosed")
      .withArgs(alice, MARKET, SIZE, AT_60)
      .and.to.emit(w.house, "SideDeleveraged")
      .withArgs(MARKET, false, SIZE, AT_60);
    expect([await w.baseOf(alice, MARKET), await w.cashOf(alice)]).to.deep.equal([0n, -401_000n * DOLLAR]);
    // Half of what either holds is closed at 60; with the other half it is worth 20,000 * 40, as before. Makers pay no fee.
    for (const short of [bob, carol]) {
      expect(await w.baseOf(short, MARKET)).to.equal(-SIZE / 2n);
      const { base, quoteValue } = await w.house.positionOf(short, MARKET);
      expect((base * AT_60) / WAD + quoteValue).to.be.within(800_000n * DOLLAR - 10n, 800_000n * DOLLAR);
    }
    expect(await w.openInterest(MARKET)).to.equal(SIZE);
    // A side that lost its hedge unannounced can show it (CLM-03): P fell to a half.
    const [, facts] = await w.house.sideOf(MARKET, false);
    expect(facts.deleveraged).to.be.within(693_147_180_559_945_300n, 693_147_180_559_945_310n);
    expect(facts.socializedPerUnit).to.equal(0n);
    expect(await w.house.fundAccount(), "nobody has paid anything yet").to.equal(0n);
    expect((await w.house.headerOf(alice)).lastLiquidatedAt).to.equal(since + MAX_BLIND);
    await w.expectZeroSum(MARKET);
  });

  it("what the account then owes is paid like any debt", async () => {
    const w = world();
    await w.networkHelpers.time.increase(MAX_BLIND);
    await close();
    await w.engine.writeOff(w.id(w.alice));
    expect(await w.cashOf(w.id(w.alice))).to.equal(0n);
    expect(await w.house.fundAccount()).to.equal(-401_000n * DOLLAR);
    await w.revive(feeds);
    await w.setFeeds(feeds, AT_60);
    await w.expectConserved(1_000n);
  });

  it("an auction that runs goes on, and ends when nothing is left to sell", async () => {
    const w = world();
    await w.engine.start(w.id(w.alice));
    await w.networkHelpers.time.increase(MAX_BLIND);
    await close();
    expect((await w.engine.auctionOf(w.id(w.alice))).isOpen).to.equal(true);
    await w.engine.writeOff(w.id(w.alice));
    expect((await w.engine.auctionOf(w.id(w.alice))).isOpen).to.equal(false);
    expect((await w.house.headerOf(w.id(w.alice))).flags).to.equal(0n);
  });

  it("only of an account below maintenance margin: ClearingHouse_NotLiquidatable", async () => {
    const w = world();
    await w.networkHelpers.time.setNextBlockTimestamp(since + MAX_BLIND + 5n);
    // 3,000,000 - 1,000 - 800,000; against it by 4 sigma sqrt(24 h), at most by mmr = 10%: 120,000. MM: 10% of 20,000 at 54 = 108,000.
    await expect(close(w.dave))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotLiquidatable")
      .withArgs(w.id(w.dave), 2_079_000n * DOLLAR, 108_000n * DOLLAR);
  });

  it("and only where it holds something: ClearingHouse_InvalidSize", async () => {
    const w = world();
    await w.networkHelpers.time.increase(MAX_BLIND);
    await close();
    await expect(close()).to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidSize").withArgs(0n);
  });

  it("a feed that is back is not dead, however long ago the mark: ClearingHouse_NotBlind", async () => {
    const w = world();
    await w.networkHelpers.time.increase(2n * MAX_BLIND);
    await w.revive(feeds);
    await w.setFeeds(feeds, AT_60);
    for (const call of [close(), w.house.markBlind(MARKET)]) {
      await expect(call)
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotBlind")
        .withArgs(MARKET, 0n, MAX_BLIND);
    }
  });

  it("nor one that has been back: the mark falls with a refresh, and the 24 hours begin anew", async () => {
    const w = world();
    await expect(w.house.markBlind(MARKET), "an earlier mark stands").not.to.emit(w.house, "BlindMarked");
    await w.networkHelpers.time.increase(MAX_BLIND - 100n);
    await w.revive(feeds);
    await w.setFeeds(feeds, AT_60);
    await w.oracle.refresh(MARKET);
    await w.kill(feeds);
    await w.networkHelpers.time.increase(2n * MAX_BLIND);
    await expect(close())
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotBlind")
      .withArgs(MARKET, 0n, MAX_BLIND);
    const again = (await w.now()) + 50n;
    await w.networkHelpers.time.setNextBlockTimestamp(again);
    await expect(w.house.markBlind(MARKET)).to.emit(w.house, "BlindMarked").withArgs(MARKET, again);
    await w.networkHelpers.time.setNextBlockTimestamp(again + MAX_BLIND - 1n);
    await expect(close())
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotBlind")
      .withArgs(MARKET, again, MAX_BLIND);
    await w.networkHelpers.time.setNextBlockTimestamp(again + MAX_BLIND);
    await close();
  });

  it("CLR-11: a market that was announced to close does so at the last price when its feed has been dead for 24 hours", async () => {
    const w = world();
    const week = 7n * 86_400n;
    await w.revive(feeds);
    await w.setFeeds(feeds, AT_60);
    const closesAt = (await w.now()) + week + 10n;
    await w.house.announceClosing(MARKET, closesAt);
    await w.networkHelpers.time.increaseTo(closesAt - 3_600n);
    await w.setFeeds(feeds, 70n * WAD);
    await w.oracle.refresh(MARKET);
    await w.kill(feeds);
    await w.house.markBlind(MARKET);
    const last = await w.now();
    await w.networkHelpers.time.setNextBlockTimestamp(last + MAX_BLIND - 1n);
    await expect(w.house.closeMarket(MARKET))
      .to.be.revertedWithCustomError(w.oracle, "PriceOracle_NoConsensus")
      .withArgs(MARKET, 0n, 0n, 2n);
    await w.networkHelpers.time.setNextBlockTimestamp(last + MAX_BLIND);
    await expect(w.house.closeMarket(MARKET))
      .to.emit(w.house, "MarketClosed")
      .withArgs(MARKET, 70n * WAD, 2n * SIZE);
    // Nobody is blind any more: the shorts leave with 20,000 * 30 each.
    const health = await w.house.health(w.id(w.bob));
    expect(health.hasBlind).to.equal(false);
    expect(health.value).to.be.within(5_600_000n * DOLLAR - 10n, 5_600_000n * DOLLAR);
  });
});

import { expect } from "chai";

import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const SIZE = 100n * WAD;
const BELOW = 182n * WAD;
const ABOVE_TARGET = 195n * WAD;
/** V = 790 and MM = 732.7: above MM, below tau MM = 842.6. */
const BETWEEN = 183n * WAD;

describe("live clock of an auction (LIQ-01)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
  });
  const elapsed = async () => (await world().engine.auctionOf(world().id(world().alice))).elapsed;
  /** Moves the price at once and touches exactly `seconds` after the last block but one. */
  const touchAt = async (time: bigint, price?: bigint) => {
    const w = world();
    if (price !== undefined) await w.setEth(price, 0);
    await w.networkHelpers.time.setNextBlockTimestamp(time);
    return w.engine.touch(w.id(w.alice));
  };

  it("starts only below MM, by anyone, once, with the event's values", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const above = await w.house.health(alice);
    await expect(w.engine.connect(w.erin).start(alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotLiquidatable")
      .withArgs(alice, above.marginBalance, above.linearMargin + above.sizeMargin);
    await expect(w.engine.touch(alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NoAuction")
      .withArgs(alice);
    await w.setEth(BELOW);
    const health = await w.house.health(alice);
    await expect(w.engine.connect(w.erin).start(alice))
      .to.emit(w.engine, "AuctionStarted")
      .withArgs(alice, 690n * DOLLAR, health.linearMargin + health.sizeMargin);
    await expect(w.engine.start(alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_AlreadyStarted")
      .withArgs(alice);
    const auction = await w.engine.auctionOf(alice);
    expect([auction.elapsed, auction.isOpen, auction.wasBelow]).to.deep.equal([0n, true, true]);
    expect((await w.house.headerOf(alice)).flags, "ORC-05: the account is marked").to.equal(1n);
  });

  it("E = MM is not below: one wei decides", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    // MM - E at 182, put in as cash: token decimals are six, so the last dollar of cash comes from a fill off index.
    const { linearMargin, sizeMargin, marginBalance } = await w.house.health(alice);
    const missing = linearMargin + sizeMargin - marginBalance;
    expect(missing % 10n ** 12n, "a whole number of token units").to.equal(0n);
    await w.depositUsd(w.alice, missing / 10n ** 12n - 1n);
    await w.engine.start.staticCall(alice);
    await w.depositUsd(w.alice, 1n);
    await expect(w.engine.start(alice)).to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotLiquidatable");
  });

  it("adds live seconds while below at both ends, and subtracts otherwise, not below zero", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    await w.engine.start(alice);
    let at = await w.now();
    await expect(touchAt((at += 100n)))
      .to.emit(w.engine, "AuctionTouched")
      .withArgs(alice, 100n, true);
    await expect(touchAt((at += 40n), BETWEEN), "above at the end: 100 - 40")
      .to.emit(w.engine, "AuctionTouched")
      .withArgs(alice, 60n, false);
    await touchAt((at += 30n), BELOW);
    expect(await elapsed(), "above at the beginning: 60 - 30").to.equal(30n);
    await touchAt((at += 15n));
    expect(await elapsed(), "below at both ends again").to.equal(45n);
    await touchAt(at + 200n, BETWEEN);
    expect(await elapsed(), "never below zero").to.equal(0n);
  });

  it("belowSince is the last time that a touch found the account back below MM", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    await w.engine.start(alice);
    const started = await w.now();
    await touchAt(started + 50n);
    expect((await w.engine.auctionOf(alice)).belowSince).to.equal(started);
    await touchAt(started + 60n, BETWEEN);
    await touchAt(started + 90n, BELOW);
    expect((await w.engine.auctionOf(alice)).belowSince).to.equal(started + 90n);
  });

  it("no bid is taken between MM and tau MM; the auction goes on", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    await w.engine.start(alice);
    await w.setEth(BETWEEN);
    const { linearMargin, sizeMargin } = await w.house.health(alice);
    await expect(w.bidWith(w.carol, alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotLiquidatable")
      .withArgs(alice, 790n * DOLLAR, linearMargin + sizeMargin);
    await w.engine.touch(alice);
    expect((await w.engine.auctionOf(alice)).isOpen).to.equal(true);
  });

  it("ends at a touch with E >= tau MM, and frees the account", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    await w.engine.start(alice);
    await w.setEth(ABOVE_TARGET);
    await expect(w.engine.touch(alice)).to.emit(w.engine, "AuctionEnded").withArgs(alice);
    const auction = await w.engine.auctionOf(alice);
    expect([auction.elapsed, auction.touchedAt, auction.isOpen]).to.deep.equal([0n, 0n, false]);
    expect((await w.house.headerOf(alice)).flags).to.equal(0n);
  });

  it("E = tau MM ends it, one unit less does not", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    await w.engine.start(alice);
    const { linearMargin, sizeMargin, marginBalance } = await w.house.health(alice);
    const missing = ((linearMargin + sizeMargin) * 115n + 99n) / 100n - marginBalance;
    const units = (missing + 10n ** 12n - 1n) / 10n ** 12n;
    await w.depositUsd(w.alice, units - 1n);
    await w.engine.touch(alice);
    expect((await w.engine.auctionOf(alice)).isOpen).to.equal(true);
    await w.depositUsd(w.alice, 1n);
    await expect(w.engine.touch(alice)).to.emit(w.engine, "AuctionEnded");
  });

  it("ORC-05: while it runs no asset and no market is added; what is there may be topped up", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    await w.engine.start(alice);
    await w.weth.mint(w.alice.address, WAD);
    await w.weth.connect(w.alice).approve(w.houseAddress, WAD);
    await expect(w.house.connect(w.alice).deposit(alice, 1, WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InAuction")
      .withArgs(alice);
    await w.cash(w.alice, 5_000n);
    await expect(w.trade(alice, w.id(w.bob), 1, WAD / 10n, 8_000n * WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InAuction")
      .withArgs(alice);
    await w.trade(alice, w.id(w.bob), ETH_MARKET, WAD, BELOW);
  });

  it("R7, ORC-05: seconds in which nobody could see a price do not count: beyond maxGap = 300 s the clock stands", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    await w.engine.start(alice);
    const started = await w.now();
    // No refresh for 1,000 s: 700 of them are dead.
    await touchAt(started + 1_000n);
    expect(await elapsed()).to.equal(300n);
    // Refreshed in between by anyone, every second counts.
    await w.networkHelpers.time.setNextBlockTimestamp(started + 1_250n);
    await w.oracle.refresh(0);
    await touchAt(started + 1_500n);
    expect(await elapsed()).to.equal(800n);
  });

  it("ORC-05: dead seconds before the start of the auction are not taken off its clock", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.networkHelpers.time.increase(20_000);
    await w.setEth(BELOW, 0);
    await w.engine.start(alice);
    const started = await w.now();
    await touchAt(started + 120n);
    expect(await elapsed()).to.equal(120n);
  });

  it("ORC-05: each feed has its own record of them, also the last one of a word", async () => {
    const w = world();
    const feeds = await w.listMarket(7, 200n * WAD);
    const dave = await w.cash(w.dave, 2_500n);
    await w.trade(dave, w.id(w.bob), 7, SIZE, 200n * WAD);
    await w.networkHelpers.time.increase(20_000);
    await w.setFeeds(feeds, BELOW);
    await w.engine.start(dave);
    const started = await w.now();
    await w.setFeeds(feeds, BELOW);
    await w.networkHelpers.time.setNextBlockTimestamp(started + 120n);
    await w.engine.touch(dave);
    expect((await w.engine.auctionOf(dave)).elapsed).to.equal(120n);
  });

  it("ORC-05: so does the feed of an asset that is held and not traded: seconds that are dead there stop the clock", async () => {
    const w = world();
    const WBTC = 2;
    const token = await w.ethers.deployContract("MockToken", ["Wrapped Bitcoin", "WBTC", 8]);
    await w.house.listAsset(WBTC, await token.getAddress(), 1, 2_000, 10n ** 8n);
    await token.mint(w.alice.address, 1_000n);
    await token.connect(w.alice).approve(w.houseAddress, 1_000n);
    const alice = w.id(w.alice);
    await w.house.connect(w.alice).deposit(alice, WBTC, 1_000n);
    await w.setEth(BELOW);
    await w.engine.start(alice);
    const started = await w.now();
    for (const second of [250n, 500n, 750n]) {
      await w.networkHelpers.time.setNextBlockTimestamp(started + second);
      await w.oracle.refresh(0);
    }
    await touchAt(started + 1_000n);
    expect(await elapsed(), "300 of 1,000 without a price of bitcoin").to.equal(300n);
  });

  it("ORC-07: a feed without consensus does not stop the clock of the others", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.cash(w.alice, 1_000n);
    await w.trade(alice, w.id(w.bob), 1, WAD / 10n, 8_000n * WAD);
    await w.setEth(171n * WAD);
    await w.engine.start(alice);
    const started = await w.now();
    await w.kill(w.btcFeeds);
    for (const second of [250n, 500n, 750n]) {
      await w.networkHelpers.time.setNextBlockTimestamp(started + second);
      await w.oracle.refresh(0);
    }
    await touchAt(started + 1_000n);
    expect(await elapsed()).to.equal(1_000n);
  });

  it("R7: after 6 hours of wall time below MM the timeouts count as reached, whatever the live clock says", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    await w.engine.start(alice);
    const started = await w.now();
    await w.networkHelpers.time.setNextBlockTimestamp(started + 21_599n);
    await expect(w.engine.deleverage(alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_TooEarly")
      .withArgs(alice, 300n, 1_200n);
    await w.networkHelpers.time.setNextBlockTimestamp(started + 21_600n);
    await expect(w.engine.deleverage(alice)).to.emit(w.engine, "Deleveraged");
  });

  it("LIQ-01: a partial bid that lifts the account above MM is a touch above MM: the time after it does not count", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(BELOW);
    const { maxFraction } = await w.engine.termsOf(alice);
    await w.bidFor(w.carol, alice, { fraction: (maxFraction * 9n) / 10n });
    const after = await w.house.health(alice);
    expect(after.marginBalance, "above MM").to.be.greaterThan(after.linearMargin + after.sizeMargin);
    const bidAt = await w.now();
    await touchAt(bidAt + 200n, 181n * WAD);
    const again = await w.engine.auctionOf(alice);
    expect(again.wasBelow, "below MM again").to.equal(true);
    expect(again.elapsed, "not below at both ends").to.equal(0n);
    expect(again.belowSince, "the hard stop counts from now").to.equal(bidAt + 200n);
  });
});

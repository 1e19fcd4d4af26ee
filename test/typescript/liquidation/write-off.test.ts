import { expect } from "chai";

import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Alice puts in 10 wrapped ether at 200 and no cash, loses 1,000 on one bitcoin and two fees (4 and 3.5), and closes: cash -1,007.5,
 * no position. Ether falls to 90: V = 900 - 1,007.5 = -107.5; with the haircut of 10% E = 810 - 1,007.5 = -197.5.
 */
const DEBT = (10_075n * DOLLAR) / 10n;
const SHORTFALL = (1_975n * DOLLAR) / 10n;
const COUNTED = 810n * DOLLAR;

describe("an account with V < 0 and no position (LIQ-05, LIQ-10)", () => {
  const world = useWorld(async (w) => {
    const alice = await w.collateral(w.alice, 10n * WAD);
    const bob = await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(alice, bob, BTC_MARKET, WAD, 8_000n * WAD);
    await w.setBtc(7_000n * WAD);
    await w.trade(alice, bob, BTC_MARKET, -WAD, 7_000n * WAD);
    expect(await w.cashOf(alice)).to.equal(-DEBT);
  });
  const writeOff = async () => {
    const w = world();
    return w.engine.connect(w.erin).writeOff(w.id(w.alice));
  };

  it("LiquidationEngine_NotWriteOff: not while V >= 0", async () => {
    const w = world();
    await expect(writeOff())
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotWriteOff")
      .withArgs(w.id(w.alice), 2_000n * DOLLAR - DEBT);
    // V = 0 exactly at 100.75.
    await w.setEth((10_075n * WAD) / 100n);
    await expect(writeOff())
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotWriteOff")
      .withArgs(w.id(w.alice), 0n);
  });

  it("LiquidationEngine_NotWriteOff: not while it has a position, and not the clearing account while it has collateral", async () => {
    const w = world();
    const dave = await w.cash(w.dave, 2_500n);
    await w.trade(dave, w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(90n * WAD);
    await expect(w.engine.writeOff(dave))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotWriteOff")
      .withArgs(dave, (2_490n - 11_000n) * DOLLAR);
    await writeOff();
    expect((await w.house.headerOf(w.clearing)).assets).to.equal(2n);
    await w.setEth(80n * WAD);
    await expect(w.engine.writeOff(w.clearing))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotWriteOff")
      .withArgs(w.clearing, (800n - 810n) * DOLLAR);
  });

  it("first layer: the fund pays within the budget of class tail; collateral goes to the clearing account at haircut value", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.fundReserve(10_000n * USD);
    await w.setEth(90n * WAD);
    await expect(writeOff())
      .to.emit(w.engine, "Deleveraged")
      .withArgs(alice, -DEBT + 900n * DOLLAR, WAD, 0n, SHORTFALL, SHORTFALL, 0n)
      .to.emit(w.house, "ClosedOut")
      .withArgs(alice, WAD, 0n, SHORTFALL, 0n);
    expect(await w.cashOf(alice)).to.equal(0n);
    expect(await w.house.collateralOf(alice, 1)).to.equal(0n);
    expect(await w.cashOf(w.clearing)).to.equal(-COUNTED);
    expect(await w.house.collateralOf(w.clearing, 1)).to.equal(10n * WAD);
    expect(await w.house.fundAccount()).to.equal(-SHORTFALL);
    await w.expectConserved(4n);
  });

  it("second: what the budget of class tail (10% of 1,000) leaves is spread over both sides of all markets by notional", async () => {
    const w = world();
    const [dave, erin] = [await w.cash(w.dave, 50_000n), await w.cash(w.erin, 50_000n)];
    await w.trade(dave, erin, ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.trade(erin, dave, BTC_MARKET, WAD, 7_000n * WAD);
    await w.fundReserve(1_000n * USD);
    await w.setEth(90n * WAD);
    // The spread calls nobody: it takes the prices that were read last.
    await w.oracle.refresh(BTC_MARKET);
    const [daveBefore, erinBefore] = [await w.valueOf(dave), await w.valueOf(erin)];
    await expect(writeOff())
      .to.emit(w.engine, "Deleveraged")
      .withArgs(w.id(w.alice), -DEBT + 900n * DOLLAR, WAD, 0n, SHORTFALL, 100n * DOLLAR, SHORTFALL - 100n * DOLLAR);
    // Each holds one side of both markets, so each bears half of the 97.5.
    const half = (SHORTFALL - 100n * DOLLAR) / 2n;
    expect((await w.valueOf(dave)) - daveBefore + half).to.be.within(-300n, 0n);
    expect((await w.valueOf(erin)) - erinBefore + half).to.be.within(-300n, 0n);
    // Notional 9,000 and 7,000 on each side.
    const [, eth] = await w.house.sideOf(ETH_MARKET, true);
    const [, btc] = await w.house.sideOf(BTC_MARKET, false);
    expect(eth.socializedPerUnit).to.equal((90n * (SHORTFALL - 100n * DOLLAR) + 31_999n) / 32_000n);
    expect(btc.socializedPerUnit).to.equal((7_000n * (SHORTFALL - 100n * DOLLAR) + 31_999n) / 32_000n);
    expect(await w.house.unallocatedLoss()).to.equal(0n);
    await w.expectConserved(600n);
  });

  it("third: what no open interest can bear is unallocated, and the next income of the fund account repays it first", async () => {
    const w = world();
    await w.setEth(90n * WAD);
    await expect(writeOff()).to.emit(w.house, "LossUnallocated").withArgs(SHORTFALL, SHORTFALL);
    expect(await w.house.unallocatedLoss()).to.equal(SHORTFALL);
    await w.expectConserved(4n);
    // A penalty of a bid: all of it repays the loss, nothing reaches the fund account.
    const dave = await w.cash(w.dave, 1_125n);
    await w.trade(dave, w.id(w.bob), ETH_MARKET, 100n * WAD, 90n * WAD);
    await w.setEth(82n * WAD);
    const { penalty } = await w.bidFor(w.carol, dave);
    expect(penalty).to.be.within(DOLLAR, SHORTFALL);
    expect(await w.house.unallocatedLoss()).to.equal(SHORTFALL - penalty);
    expect(await w.house.fundAccount()).to.equal(0n);
    await w.expectConserved(12n);
  });

  it("income above what is unallocated repays all of it, and the rest is the fund's", async () => {
    const w = world();
    await w.setEth(90n * WAD);
    await writeOff();
    const feeds = await w.listMarket(2, 100n * WAD);
    const dave = await w.cash(w.dave, 37_500n);
    await w.trade(dave, w.id(w.bob), 2, 3_000n * WAD, 100n * WAD);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, (905n * WAD) / 10n);
    const { penalty } = await w.bidFor(w.carol, dave);
    expect(penalty).to.be.greaterThan(SHORTFALL);
    expect(await w.house.unallocatedLoss()).to.equal(0n);
    expect(await w.house.fundAccount()).to.equal(penalty - SHORTFALL);
  });

  it("R2: fund, spread and unallocated add up to the shortfall where open interest is too small for the rest", async () => {
    const w = world();
    const [dave, erin] = [await w.cash(w.dave, 5_000n), await w.cash(w.erin, 5_000n)];
    const feeds = await w.listMarket(2, 400n * WAD);
    await w.trade(dave, erin, 2, WAD, 400n * WAD);
    await w.fundReserve(1_000n * USD);
    // One unit on each side at 10: 20 of notional, where 97.5 are left to bear after the fund's 100.
    await w.setFeeds(feeds, 10n * WAD);
    await w.oracle.refresh(2);
    await w.setEth(90n * WAD);
    const before = (await w.valueOf(dave)) + (await w.valueOf(erin));
    const rest = SHORTFALL - 120n * DOLLAR;
    await expect(writeOff())
      .to.emit(w.house, "SideCharged")
      .withArgs(2, true, 10n * DOLLAR, 10n * DOLLAR)
      .to.emit(w.house, "SideCharged")
      .withArgs(2, false, 10n * DOLLAR, 10n * DOLLAR)
      .to.emit(w.house, "LossUnallocated")
      .withArgs(rest, rest);
    expect((await w.valueOf(dave)) + (await w.valueOf(erin)) - before).to.equal(-20n * DOLLAR);
    await w.expectConserved(10n);
  });

  it("LIQ-01: a running auction of the account is closed with it", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(100n * WAD);
    await w.engine.start(alice);
    await w.setEth(90n * WAD);
    await expect(writeOff()).to.emit(w.engine, "AuctionEnded").withArgs(alice);
    expect((await w.house.headerOf(alice)).flags).to.equal(0n);
    expect((await w.engine.auctionOf(alice)).isOpen).to.equal(false);
  });

  it("LIQ-06: the clearing account's debt is written off once its collateral is sold", async () => {
    const w = world();
    await w.setEth(90n * WAD);
    await writeOff();
    await w.setEth(70n * WAD);
    const carol = w.id(w.carol);
    await w.house.connect(w.carol).buyCollateral(w.clearing, carol, 1, 100n * WAD, 10_000n * DOLLAR);
    const left = await w.cashOf(w.clearing);
    expect(left).to.be.lessThan(-COUNTED + 700n * DOLLAR + 1n);
    await w.fundReserve(10_000n * USD);
    await expect(w.engine.writeOff(w.clearing))
      .to.emit(w.engine, "Deleveraged")
      .withArgs(w.clearing, left, WAD, 0n, -left, -left, 0n);
    expect(await w.cashOf(w.clearing)).to.equal(0n);
    await w.expectConserved(4n);
  });

  it("R6, ORC-07: a dead feed forgives no debt: the collateral of a written-off account does not come back to its owner", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.fundReserve(100_000n * USD);
    await w.kill(w.ethFeeds);
    // With blind collateral the account shows V = -1,007.5, although 2,000 of collateral is there.
    await writeOff().then(
      () => undefined,
      () => undefined,
    );
    await w.revive(w.ethFeeds);
    expect(await w.valueOf(alice), "what the owner has when the feed is back").to.be.at.most(2_000n * DOLLAR - DEBT);
  });

  it("R6, ORC-07: nor does a bid from one's own second account", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const second = await w.cash(w.alice, 10_000n, 1n);
    await w.fundReserve(100_000n * USD);
    await w.kill(w.ethFeeds);
    await w.bidWith(w.alice, alice, { bidder: second }).then(
      () => undefined,
      () => undefined,
    );
    await w.revive(w.ethFeeds);
    const both = (await w.valueOf(alice)) + (await w.valueOf(second));
    expect(both, "what the owner has in both accounts").to.be.at.most(12_000n * DOLLAR - DEBT);
  });
});

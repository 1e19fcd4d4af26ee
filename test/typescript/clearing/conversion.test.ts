import { expect } from "chai";

import { BTC_MARKET, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, MAX, useWorld } from "../support/world.ts";

const HOUR = 3_600n;
const DAY = 86_400n;

const HALF = WAD / 2n;

describe("negative cash is put right (CLR-10)", () => {
  /**
   * Alice holds 10 wrapped ether (1,800 after the haircut) and no cash. One bitcoin falls by `fall`; she pays 4 and then 5 bp of
   * the closing price.
   */
  const lose = async (fall: bigint, close = true) => {
    const w = world();
    const alice = w.id(w.alice);
    // The second after a multiple of 256: negativeSince, rounded up, is then 255 seconds after the first fee.
    await w.networkHelpers.time.setNextBlockTimestamp(((await w.now()) / 256n + 1n) * 256n + 1n);
    await w.trade(alice, w.id(w.bob), BTC_MARKET, WAD, 8_000n * WAD);
    await w.setBtc((8_000n - fall) * WAD);
    if (close) await w.trade(w.id(w.bob), alice, BTC_MARKET, WAD, (8_000n - fall) * WAD);
    return alice;
  };
  const world = useWorld(async (w) => {
    await w.collateral(w.alice, 10n * WAD);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 100_000n);
  });
  const buy = (amount: bigint, maxCost = MAX) => {
    const w = world();
    return w.house.connect(w.carol).buyCollateral(w.id(w.alice), w.id(w.carol), 1, amount, maxCost);
  };
  /** Second from which cash counts as negative: units of 256 seconds, rounded up. */
  const roundedUp = (time: bigint) => ((time + 255n) / 256n) * 256n;

  it("tolerated up to half of the haircut collateral: exactly half is not for sale, one wei more is", async () => {
    const w = world();
    // 4 of fee and 896 of loss: -900, and half of 1,800 is 900.
    const alice = await lose(896n);
    expect(await w.cashOf(alice)).to.equal(-900n * DOLLAR);
    await expect(buy(WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_CollateralNotForSale")
      .withArgs(alice, -900n * DOLLAR);
    // One wei: ether a hair cheaper.
    await w.setEth(200n * WAD - 10n ** 10n);
    await buy(WAD);
  });

  it("nor is it for sale while cash is not negative, or there is none of the asset", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await expect(buy(WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_CollateralNotForSale")
      .withArgs(alice, 0n);
    await w.house.listAsset(
      2,
      await (await w.ethers.deployContract("MockToken", ["Other", "OTH", 18])).getAddress(),
      0,
      0,
      10,
    );
    await lose(1_000n);
    await expect(w.house.connect(w.carol).buyCollateral(alice, w.id(w.carol), 2, WAD, MAX))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_CollateralNotForSale")
      .withArgs(alice, -1_004n * DOLLAR);
  });

  it("bad input: amount zero, the settlement asset, oneself", async () => {
    const w = world();
    const [alice, carol] = [await lose(1_000n), w.id(w.carol)];
    await expect(buy(0n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidAmount")
      .withArgs(0n, (1n << 96n) - 1n);
    await expect(w.house.connect(w.carol).buyCollateral(alice, carol, 0, 5n, MAX))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidAmount")
      .withArgs(5n, (1n << 96n) - 1n);
    await expect(w.house.connect(w.alice).buyCollateral(alice, alice, 1, 5n, MAX))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_SelfTrade")
      .withArgs(alice);
  });

  it("at consensus while cash has just become negative; the amount stops where cash is back at zero", async () => {
    const w = world();
    const [alice, carol] = [await lose(1_000n), w.id(w.carol)];
    // 1,004 at 200: 5.02.
    await expect(buy(100n * WAD))
      .to.emit(w.house, "CollateralBought")
      .withArgs(alice, carol, 1, (502n * WAD) / 100n, 1_004n * DOLLAR);
    const header = await w.house.headerOf(alice);
    expect([header.cash, header.negativeSince]).to.deep.equal([0n, 0n]);
    expect(await w.house.collateralOf(alice, 1)).to.equal((498n * WAD) / 100n);
    expect(await w.house.collateralOf(carol, 1)).to.equal((502n * WAD) / 100n);
    expect(await w.cashOf(carol)).to.equal((100_000n - 1_004n) * DOLLAR);
    expect((await w.house.totals()).negativeCash).to.equal(0n);
    await w.expectConserved(0n);
  });

  it("the discount grows from 0 to 5% within one hour of cash being negative, and no further", async () => {
    const w = world();
    await lose(1_000n);
    const { negativeSince } = await w.house.headerOf(w.id(w.alice));
    const since = negativeSince * 256n;
    expect(since, "not before cash became negative").to.be.within((await w.now()) - 200n, (await w.now()) + 256n);
    for (const seconds of [0n, 1n, 900n, 1_800n, HOUR - 1n, HOUR, HOUR + 1n, 4n * HOUR]) {
      const snapshot = await w.networkHelpers.takeSnapshot();
      await w.networkHelpers.time.setNextBlockTimestamp(since + seconds);
      const elapsed = seconds < HOUR ? seconds : HOUR;
      const discount = (WAD * 5n * elapsed) / (100n * HOUR);
      const price = (200n * WAD * (WAD - discount) + WAD - 1n) / WAD;
      await expect(buy(WAD), `after ${seconds} s`)
        .to.emit(w.house, "CollateralBought")
        .withArgs(w.id(w.alice), w.id(w.carol), 1, WAD, price);
      await snapshot.restore();
    }
  });

  it("ClearingHouse_CostAboveLimit: one wei above the buyer's limit", async () => {
    const w = world();
    await lose(1_000n);
    await expect(buy(WAD, 200n * DOLLAR - 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_CostAboveLimit")
      .withArgs(200n * DOLLAR, 200n * DOLLAR - 1n);
    await buy(WAD, 200n * DOLLAR);
  });

  it("after a day negative cash of any size is for sale, to the second", async () => {
    const w = world();
    const alice = await lose(96n);
    const { negativeSince } = await w.house.headerOf(alice);
    const end = negativeSince * 256n + DAY;
    await w.networkHelpers.time.setNextBlockTimestamp(end - 20n);
    for (const feed of w.ethFeeds) await feed.setAnswer(200n * 10n ** 8n);
    await w.networkHelpers.time.setNextBlockTimestamp(end - 1n);
    await expect(buy(WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_CollateralNotForSale")
      .withArgs(alice, -100n * DOLLAR);
    await w.networkHelpers.time.setNextBlockTimestamp(end);
    await buy(WAD);
    expect(await w.cashOf(alice)).to.be.within(0n, 200n);
  });

  it("negativeSince is kept while cash stays negative and forgotten when it does not", async () => {
    const w = world();
    const alice = await lose(96n);
    const first = (await w.house.headerOf(alice)).negativeSince;
    expect(first * 256n).to.equal(roundedUp(first * 256n));
    await w.networkHelpers.time.increase(10_000);
    await w.cash(w.alice, 99n);
    expect((await w.house.headerOf(alice)).negativeSince).to.equal(first);
    expect((await w.house.totals()).negativeCash).to.equal(DOLLAR);
    await w.cash(w.alice, 1n);
    expect((await w.house.headerOf(alice)).negativeSince).to.equal(0n);
  });

  it("house cap: negative cash above 10% of the tokens held puts all of it up for sale", async () => {
    const w = world();
    const alice = await lose(796n);
    expect(await w.cashOf(alice)).to.equal(-800n * DOLLAR);
    // 8,000 held: exactly at the cap; one dollar less and it is passed.
    await w.house.connect(w.bob).withdraw(w.id(w.bob), 0, 100_000n * USD);
    await w.house.connect(w.carol).withdraw(w.id(w.carol), 0, 92_000n * USD);
    await expect(buy(WAD)).to.be.revertedWithCustomError(w.house, "ClearingHouse_CollateralNotForSale");
    await w.house.connect(w.carol).withdraw(w.id(w.carol), 0, 1n);
    await buy(WAD);
  });

  it("the buyer needs initial margin after, and his collateral counts with its haircut", async () => {
    const w = world();
    const alice = await lose(1_000n);
    const dave = await w.cash(w.dave, 1n);
    await expect(w.house.connect(w.dave).buyCollateral(alice, dave, 1, WAD, MAX))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin")
      .withArgs(dave, DOLLAR - 200n * DOLLAR + 180n * DOLLAR, 0n);
  });

  it("ClearingHouse_BlindAccount: without a price nothing is sold", async () => {
    const w = world();
    const alice = await lose(1_000n);
    await w.kill(w.ethFeeds);
    await expect(buy(WAD)).to.be.revertedWithCustomError(w.house, "ClearingHouse_BlindAccount").withArgs(alice);
  });

  it("the clearing account sells all it has at once, and its surplus over the haircut value is the fund's (LIQ-06)", async () => {
    const w = world();
    const alice = await lose(2_000n, false);
    // Cash -4, loss 2,000 at 6,000, ether at 190: V = -104, E = -294. The shorts make it good; 1,710 is counted.
    await w.setEth(190n * WAD);
    await w.engine.deleverage(alice);
    expect(await w.cashOf(w.clearing)).to.equal(-1_710n * DOLLAR);
    const buyAll = (amount: bigint) =>
      w.house.connect(w.carol).buyCollateral(w.clearing, w.id(w.carol), 1, amount, MAX);
    await buyAll(4n * WAD);
    expect(await w.cashOf(w.clearing)).to.equal(-950n * DOLLAR);
    expect(await w.house.fundAccount(), "not before it is empty").to.equal(0n);
    await expect(buyAll(5n * WAD + HALF))
      .to.emit(w.house, "CollateralBought")
      .withArgs(w.clearing, w.id(w.carol), 1, 5n * WAD + HALF, 1_045n * DOLLAR);
    // Without a debt there is no time since when, and no discount.
    await expect(buyAll(7n * WAD))
      .to.emit(w.house, "CollateralBought")
      .withArgs(w.clearing, w.id(w.carol), 1, HALF, 95n * DOLLAR);
    expect(await w.house.fundAccount()).to.equal(190n * DOLLAR);
    const header = await w.house.headerOf(w.clearing);
    expect([header.cash, header.assets, header.negativeSince]).to.deep.equal([0n, 0n, 0n]);
    await expect(buyAll(1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_CollateralNotForSale")
      .withArgs(w.clearing, 0n);
    await w.expectConserved(10n);
  });

  it("what the clearing account still has once its debt is paid is sold at consensus, however long it has waited", async () => {
    const w = world();
    const alice = await lose(2_000n, false);
    await w.setEth(190n * WAD);
    await w.engine.deleverage(alice);
    const buyFrom = (amount: bigint) =>
      w.house.connect(w.carol).buyCollateral(w.clearing, w.id(w.carol), 1, amount, MAX);
    await buyFrom((95n * WAD) / 10n);
    expect(await w.cashOf(w.clearing)).to.equal(95n * DOLLAR);
    await w.setEth(190n * WAD, 7_200);
    await expect(buyFrom(WAD))
      .to.emit(w.house, "CollateralBought")
      .withArgs(w.clearing, w.id(w.carol), 1, WAD / 2n, 95n * DOLLAR);
    expect(await w.house.fundAccount()).to.equal(190n * DOLLAR);
  });
});

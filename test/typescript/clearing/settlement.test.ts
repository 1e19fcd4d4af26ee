import { expect } from "chai";

import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;

describe("fees and the account with the fund (FND-02, FND-11)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, AT_200);
  });

  it("fees: 80% to the recipient, 20% to the fund account, by anyone, exactly once", async () => {
    const w = world();
    const before = await w.usd.balanceOf(w.administrator.address);
    await expect(w.house.connect(w.erin).collectFees())
      .to.emit(w.house, "FeesCollected")
      .withArgs(w.administrator.address, 8n * USD);
    expect((await w.usd.balanceOf(w.administrator.address)) - before).to.equal(8n * USD);
    expect(await w.house.fundAccount()).to.equal(2n * DOLLAR);
    expect((await w.house.totals()).fees).to.equal(0n);
    await w.house.collectFees();
    expect((await w.usd.balanceOf(w.administrator.address)) - before).to.equal(8n * USD);
    await w.expectConserved(0n);
  });

  it("fees: what does not make a whole unit of the token stays, share and all", async () => {
    const w = world();
    // 33 wei-odd: 5 bp of 10.000123 at 200 are 1.0000123; 80% of 11.0000123 is 8.80000984.
    await w.trade(w.id(w.carol), w.id(w.bob), ETH_MARKET, 10_000_123n * 10n ** 12n, AT_200);
    const fees = 10n * DOLLAR + (10_000_123n * 10n ** 12n) / 10n;
    expect((await w.house.totals()).fees).to.equal(fees);
    await w.house.collectFees();
    const paid = ((fees * 8n) / 10n / 10n ** 12n) * 10n ** 12n;
    const left = (await w.house.totals()).fees;
    expect(await w.house.fundAccount()).to.equal(paid / 4n);
    expect(left).to.equal(fees - paid - paid / 4n);
    expect(left).to.be.within(1n, (10n ** 12n * 5n) / 4n);
    await w.expectConserved(0n);
  });

  it("a penalty and a draw meet in one account, and only the net moves", async () => {
    const w = world();
    await w.fundReserve(10_000n * USD);
    const dave = await w.cash(w.dave, 2_500n);
    await w.trade(dave, w.id(w.bob), ETH_MARKET, SIZE, AT_200);
    await w.setEth(178n * WAD);
    const { penalty } = await w.bidFor(w.carol, w.id(w.alice));
    await w.setEth(170n * WAD);
    const { covered, reward } = await w.bidFor(w.carol, dave);
    expect(covered).to.equal(510n * DOLLAR);
    const net = covered + reward - penalty;
    expect(await w.house.fundAccount()).to.equal(-net);
    const [houseBefore, fundBefore] = [await w.usd.balanceOf(w.houseAddress), await w.usd.balanceOf(w.fundAddress)];
    await w.fund.connect(w.erin).settle(w.segment);
    const moved = (await w.usd.balanceOf(w.houseAddress)) - houseBefore;
    expect(moved).to.equal(net / 10n ** 12n);
    expect(fundBefore - (await w.usd.balanceOf(w.fundAddress))).to.equal(moved);
    expect(await w.house.fundAccount()).to.equal(-(net - moved * 10n ** 12n));
    await w.expectConserved(10n);
  });

  it("the house pays the fund what it owes, as far as it has tokens", async () => {
    const w = world();
    await w.setEth(182n * WAD);
    const { penalty } = await w.bidFor(w.carol, w.id(w.alice));
    await w.fund.settle(w.segment);
    const units = penalty / 10n ** 12n;
    expect(await w.usd.balanceOf(w.fundAddress)).to.equal(units);
    expect(await w.house.fundAccount()).to.equal(penalty - units * 10n ** 12n);
    expect((await w.fund.resources(w.segment)).reserve, "reserve only after settle").to.equal(units * 10n ** 12n);
    await w.expectConserved(10n);
  });

  it("ClearingHouse_NotLinked: what only the engine, the fund or the order book may call", async () => {
    const w = world();
    const house = w.house.connect(w.erin);
    const queue = await w.ethers.getContractAt("QueuedWithdrawals", w.houseAddress);
    const alice = w.id(w.alice);
    const slice = {
      seller: alice,
      bidder: w.id(w.erin),
      fraction: WAD,
      payment: 0n,
      penalty: 0n,
      shortfall: 0n,
      reward: 0n,
      drawn: 0n,
      cost: 0n,
      closesAuction: false,
    };
    const closeOut = {
      account: alice,
      fraction: WAD,
      penalty: 0n,
      shortfall: 0n,
      drawn: 0n,
      sweepsCollateral: false,
      closesAuction: false,
    };
    for (const [call, expected] of [
      [() => house.slice(slice), w.engineAddress],
      [() => house.closeOut(closeOut), w.engineAddress],
      [() => house.socialize(alice, w.id(w.erin), WAD, 1n), w.engineAddress],
      [() => house.setInAuction(alice, true), w.engineAddress],
      [() => house.settle(1n), w.fundAddress],
      [() => queue.connect(w.erin).shareLoss(1n), w.houseAddress],
    ] as const) {
      await expect(call())
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotLinked")
        .withArgs(w.erin.address, expected);
    }
  });

  it("ether sent to the house comes back: no function takes it", async () => {
    const w = world();
    await expect(w.erin.sendTransaction({ to: w.houseAddress, value: 1n })).to.be.revert(w.ethers);
    const data = w.house.interface.encodeFunctionData("collectFees");
    await expect(w.erin.sendTransaction({ to: w.houseAddress, value: 1n, data })).to.be.revert(w.ethers);
    expect(await w.ethers.provider.getBalance(w.houseAddress)).to.equal(0n);
  });
});

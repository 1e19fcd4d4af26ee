import { expect } from "chai";

import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

const FLAT = 2;
const TAIL = 3;
const UNIT = 10n ** 12n;
/** See liquidation/write-off.test.ts: with no open interest and no fund all of it is unallocated. */
const SHORTFALL = (1_975n * DOLLAR) / 10n;

/** Leaves a loss that nobody bears: bob 101,000, carol 50,000, fees 7.5, clearing -810, held 150,000. */
async function leaveUnallocated(w: World) {
  const alice = await w.collateral(w.alice, 10n * WAD);
  const bob = await w.cash(w.bob, 100_000n);
  const carol = await w.cash(w.carol, 50_000n);
  await w.trade(alice, bob, BTC_MARKET, WAD, 8_000n * WAD);
  await w.setBtc(7_000n * WAD);
  await w.trade(alice, bob, BTC_MARKET, -WAD, 7_000n * WAD);
  await w.setEth(90n * WAD);
  await w.engine.writeOff(alice);
  return { alice, bob, carol };
}

describe("withdrawals (CLR-07)", () => {
  const world = useWorld();

  it("needs initial margin after: exactly met is enough, one unit of the token less is not", async () => {
    const w = world();
    await w.listMarket(FLAT, 200n * WAD);
    const [alice, bob] = [await w.cash(w.alice, 1_000n), await w.cash(w.bob, 10_000n)];
    // 10 units at 200: IM = 10% of 2,000; cash 999 after the fee of 1.
    await w.trade(alice, bob, FLAT, 10n * WAD, 200n * WAD);
    await expect(w.house.connect(w.alice).withdraw(alice, 0, 799n * USD + 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin")
      .withArgs(alice, 200n * DOLLAR - UNIT, 200n * DOLLAR);
    await expect(w.house.connect(w.alice).move(alice, w.id(w.alice, 1n), 0, 799n * DOLLAR + 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin")
      .withArgs(alice, 200n * DOLLAR - 1n, 200n * DOLLAR);
    await w.house.connect(w.alice).withdraw(alice, 0, 799n * USD);
    expect(await w.usd.balanceOf(w.alice.address)).to.equal(799n * USD);
  });

  it("MRG-01: unrealised profit counts by class (tail: half), a loss in full, collateral with its haircut", async () => {
    const w = world();
    const feeds = await w.listMarket(TAIL, 200n * WAD, { class: 2 });
    const [alice, bob] = [await w.cash(w.alice, 1_000n), await w.cash(w.bob, 10_000n)];
    await w.trade(alice, bob, TAIL, 10n * WAD, 200n * WAD);
    // +500 of profit counts 250: 999 + 250 - x >= 250, so 999 may go; and of bob's loss 500 counts.
    await w.networkHelpers.time.increase(10);
    await w.setFeeds(feeds, 250n * WAD);
    const mine = await w.house.health(alice);
    expect([mine.value, mine.marginBalance, mine.initialBalance, mine.initialMargin]).to.deep.equal([
      1_499n * DOLLAR,
      1_499n * DOLLAR,
      1_249n * DOLLAR,
      250n * DOLLAR,
    ]);
    expect((await w.house.health(bob)).initialBalance).to.equal(9_500n * DOLLAR);
    await w.house.connect(w.alice).withdraw(alice, 0, 999n * USD);
    await expect(w.house.connect(w.bob).withdraw(bob, 0, 9_250n * USD + 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin")
      .withArgs(bob, 250n * DOLLAR - UNIT, 250n * DOLLAR);
  });

  it("R6: an account without positions and debts is paid whatever the oracle says", async () => {
    const w = world();
    const alice = await w.collateral(w.alice, 2n * WAD);
    await w.cash(w.alice, 10n);
    await w.kill(w.ethFeeds);
    await w.house.connect(w.alice).withdraw(alice, 0, 10n * USD);
    await w.house.connect(w.alice).withdraw(alice, 1, 2n * WAD);
    expect(await w.weth.balanceOf(w.alice.address)).to.equal(2n * WAD);
    expect((await w.house.headerOf(alice)).assets).to.equal(0n);
  });

  it("CLR-10: what is not held waits; once the fund has settled, it is paid", async () => {
    const w = world();
    const [alice, bob, carol] = [
      await w.cash(w.alice, 2_500n),
      await w.cash(w.bob, 100_000n),
      await w.cash(w.carol, 2_000n),
    ];
    await w.fundReserve(10_000n * USD);
    await w.trade(alice, bob, ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(170n * WAD);
    await w.bidWith(w.carol, alice);
    await w.trade(carol, bob, ETH_MARKET, -100n * WAD, 170n * WAD);
    await w.house.connect(w.bob).withdraw(bob, 0, 103_000n * USD);
    // Carol has 2,000 less the fee of 8.5; 1,500 are there, 510 are booked with the fund.
    const asked = 1_991_499_000n;
    await expect(w.house.connect(w.carol).withdraw(carol, 0, asked))
      .to.emit(w.house, "WithdrawalQueued")
      .withArgs(carol, asked * UNIT, asked * UNIT);
    const before = await w.usd.balanceOf(w.carol.address);
    await w.house.claimWithdrawal(carol);
    const first = (await w.usd.balanceOf(w.carol.address)) - before;
    expect(first, "what is held").to.be.closeTo(1_500n * USD, USD);
    await w.fund.settle(w.segment);
    await expect(w.house.claimWithdrawal(carol)).to.emit(w.house, "WithdrawalPaid");
    // Each claim is rounded down to a unit of the token.
    expect(await w.usd.balanceOf(w.carol.address)).to.equal(before + asked - 1n);
    expect(await w.house.queuedWithdrawalOf(carol)).to.deep.equal([0n, 0n]);
    await w.expectConserved(2n * UNIT);
  });

  it("CLR-10, R3: while a loss is unallocated everyone is paid held/(held + loss), in any order and in any pieces", async () => {
    const w = world();
    const { bob, carol } = await leaveUnallocated(w);
    expect(await w.house.unallocatedLoss()).to.equal(SHORTFALL);
    const snapshot = await w.networkHelpers.takeSnapshot();
    const run = async (steps: readonly (readonly ["bob" | "carol", bigint])[]) => {
      for (const [who, dollars] of steps) {
        const signer = who === "bob" ? w.bob : w.carol;
        await w.house.connect(signer).withdraw(who === "bob" ? bob : carol, 0, dollars * USD);
      }
      const paid = {
        bob: await w.usd.balanceOf(w.bob.address),
        carol: await w.usd.balanceOf(w.carol.address),
        left: await w.house.unallocatedLoss(),
      };
      await w.expectConserved(0n);
      await snapshot.restore();
      return paid;
    };
    const once = await run([
      ["bob", 30_000n],
      ["carol", 10_000n],
    ]);
    const expected = (dollars: bigint) => (dollars * USD * 150_000n * DOLLAR) / (150_000n * DOLLAR + SHORTFALL);
    expect(once.bob - expected(30_000n)).to.be.within(-1n, 0n);
    expect(once.carol - expected(10_000n)).to.be.within(-1n, 0n);
    const orders: (readonly (readonly ["bob" | "carol", bigint])[])[] = [
      [
        ["carol", 10_000n],
        ["bob", 30_000n],
      ],
      [
        ["bob", 1n],
        ["carol", 9_999n],
        ["bob", 20_000n],
        ["carol", 1n],
        ["bob", 9_999n],
      ],
    ];
    for (const order of orders) {
      const other = await run(order);
      expect(other.bob - once.bob).to.be.within(-4n, 4n);
      expect(other.carol - once.carol).to.be.within(-4n, 4n);
      expect(other.left - once.left).to.be.within(-8n * UNIT, 8n * UNIT);
    }
  });

  it("CLR-10, R3: what the fund owes the house counts as held: paying before or after `settle` is the same", async () => {
    const w = world();
    await w.fundReserve(1_000n * USD);
    const { bob } = await leaveUnallocated(w);
    // The fund's tail budget has paid 100 of 197.5; the tokens follow.
    expect(await w.house.unallocatedLoss()).to.equal(SHORTFALL - 100n * DOLLAR);
    expect(await w.house.fundAccount()).to.equal(-100n * DOLLAR);
    const snapshot = await w.networkHelpers.takeSnapshot();
    await w.house.connect(w.bob).withdraw(bob, 0, 90_000n * USD);
    const before = await w.usd.balanceOf(w.bob.address);
    await snapshot.restore();
    await w.fund.settle(w.segment);
    await w.house.connect(w.bob).withdraw(bob, 0, 90_000n * USD);
    expect((await w.usd.balanceOf(w.bob.address)) - before).to.be.within(-2n, 2n);
  });

  it("CLR-10, R3: fees repay an unallocated loss before the recipient or the fund sees any", async () => {
    const w = world();
    await leaveUnallocated(w);
    const before = await w.usd.balanceOf(w.administrator.address);
    await expect(w.house.collectFees()).to.emit(w.house, "FeesCollected").withArgs(w.administrator.address, 0n);
    expect(await w.usd.balanceOf(w.administrator.address)).to.equal(before);
    expect(await w.house.unallocatedLoss()).to.equal(SHORTFALL - (75n * DOLLAR) / 10n);
    expect([(await w.house.totals()).fees, await w.house.fundAccount()]).to.deep.equal([0n, 0n]);
    await w.expectConserved(0n);
  });

  it("collateral is paid in full: it is not what is missing", async () => {
    const w = world();
    await leaveUnallocated(w);
    const dave = await w.collateral(w.dave, 3n * WAD);
    await w.house.connect(w.dave).withdraw(dave, 1, 3n * WAD);
    expect(await w.weth.balanceOf(w.dave.address)).to.equal(3n * WAD);
    expect(await w.house.unallocatedLoss()).to.equal(SHORTFALL);
  });

  it("CLR-06a: while V <= 0 nothing leaves, deposits come in", async () => {
    const w = world();
    const [alice, bob] = [await w.cash(w.alice, 2_500n), await w.cash(w.bob, 100_000n)];
    await w.trade(alice, bob, ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(170n * WAD);
    const { initialMargin } = await w.house.health(alice);
    await expect(w.house.connect(w.alice).withdraw(alice, 0, USD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin")
      .withArgs(alice, -511n * DOLLAR, initialMargin);
    await expect(w.house.connect(w.alice).move(alice, w.id(w.alice, 1n), 0, 1n)).to.be.revertedWithCustomError(
      w.house,
      "ClearingHouse_BelowInitialMargin",
    );
    await w.cash(w.alice, 511n);
    expect(await w.valueOf(alice)).to.equal(DOLLAR);
  });
});

import { expect } from "chai";
import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";

import { movingAverageDown } from "../../../sdk/math/VolatilityMath.ts";
import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;
const AT_170 = 170n * WAD;
/** 2,490 of cash after the fee, less 30 on each of 100 units. */
const DEFICIT = 510n * DOLLAR;

/** Where the house keeps the facts of a side: found by what they say. */
async function slotOfFacts(w: World, market: number, long: boolean): Promise<{ slot: string; word: bigint }> {
  const [, facts] = await w.house.sideOf(market, long);
  const expected =
    facts.socializedPerUnit | (facts.deleveraged << 128n) | (facts.lastAt << 192n) | (facts.count << 232n);
  const coder = w.ethers.AbiCoder.defaultAbiCoder();
  for (let base = 0; base < 64; ++base) {
    const outer = w.ethers.keccak256(coder.encode(["uint256", "uint256"], [market, base]));
    const slot = w.ethers.keccak256(coder.encode(["bool", "bytes32"], [long, outer]));
    if (BigInt(await w.ethers.provider.getStorage(w.houseAddress, slot)) === expected) return { slot, word: expected };
  }
  throw new Error("the house keeps its facts elsewhere");
}

describe("losses that the account cannot pay (LIQ-04, LIQ-05)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, AT_200);
  });

  it("LIQ-10, LIQ-05: the bidder is the whole opposite side: measured, charged, then moved; the books balance", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    await w.setEth(AT_170);
    const tx = w.bidWith(w.bob, alice);
    await expect(tx)
      .to.emit(w.house, "SideCharged")
      .withArgs(ETH_MARKET, false, (51n * DOLLAR) / 10n, DEFICIT)
      .to.emit(w.engine, "BidFilled")
      .withArgs(alice, bob, anyValue, anyValue, [WAD, 0n, 0n, DEFICIT, 0n, DEFICIT, 0n]);
    // He gained 3,000 in the fall and bears 510 of it: the charge came before his own position was netted away.
    expect(await w.cashOf(bob)).to.be.within(102_490n * DOLLAR - 3n, 102_490n * DOLLAR);
    expect(await w.cashOf(alice)).to.be.within(0n, 2n);
    expect([await w.baseOf(alice), await w.baseOf(bob), await w.openInterest()]).to.deep.equal([0n, 0n, 0n]);
    expect(await w.house.unallocatedLoss()).to.equal(0n);
    await w.expectConserved(6n);
  });

  it("LIQ-10: the whole open interest of a market in one bid, empty fund: a third party takes it, the shorts pay", async () => {
    const w = world();
    const [alice, bob, carol] = [w.id(w.alice), w.id(w.bob), w.id(w.carol)];
    await w.setEth(AT_170);
    const report = await w.bidFor(w.carol, alice);
    expect(report.value).to.equal(-DEFICIT);
    const { fraction, payment, shortfall, covered, socialized, reward } = report;
    expect([fraction, payment, shortfall, covered, socialized, reward]).to.deep.equal([
      WAD,
      0n,
      DEFICIT,
      0n,
      DEFICIT,
      0n,
    ]);
    expect(await w.openInterest()).to.equal(SIZE);
    expect((await w.valueOf(carol)) - 1_000_000n * DOLLAR).to.be.within(-2n, 2n);
    expect((await w.valueOf(bob)) - 102_490n * DOLLAR).to.be.within(-2n, 0n);
    await w.expectConserved(6n);
    await w.expectZeroSum(ETH_MARKET);
  });

  it("LIQ-10, R2: a fund that is one wei short pays all but one wei, and that wei is socialised", async () => {
    const w = world();
    const bob = w.id(w.bob);
    // Another account, long 100 at 200: as taker of 99 (fee 9.9), as maker of 1 at one wei above index. Cash 2,489 less 1 wei.
    const dave = await (async () => {
      await w.depositUsd(w.dave, 2_498_900_000n);
      return w.id(w.dave);
    })();
    await w.trade(dave, bob, ETH_MARKET, 99n * WAD, AT_200);
    await w.trade(bob, dave, ETH_MARKET, -WAD, AT_200 + 1n);
    expect(await w.cashOf(dave)).to.equal(2_489n * DOLLAR - 1n);
    // 35% of 1,460 is 511; the deficit is 511 and one wei.
    await w.fundReserve(1_460n * USD);
    await w.setEth(AT_170);
    const report = await w.bidFor(w.carol, dave);
    expect([report.shortfall, report.covered, report.socialized]).to.deep.equal([
      511n * DOLLAR + 1n,
      511n * DOLLAR,
      1n,
    ]);
    expect(await w.house.fundAccount()).to.equal(-511n * DOLLAR);
    expect((await w.fund.segmentOf(w.segment)).owed).to.equal(511n * DOLLAR);
    const [, facts] = await w.house.sideOf(ETH_MARKET, false);
    expect(facts.count).to.equal(1n);
    await w.expectConserved(8n);
  });

  it("LIQ-05: a fund that pays all leaves nobody else with a charge (R2)", async () => {
    const w = world();
    await w.fundReserve(10_000n * USD);
    await w.setEth(AT_170);
    const report = await w.bidFor(w.carol, w.id(w.alice));
    expect([report.covered, report.socialized]).to.deep.equal([DEFICIT, 0n]);
    const [side, facts] = await w.house.sideOf(ETH_MARKET, false);
    expect([side.sum, facts.count]).to.deep.equal([0n, 0n]);
    await w.expectConserved(6n);
    await w.fund.settle(w.segment);
    expect(await w.house.fundAccount()).to.equal(0n);
    await w.expectConserved(6n);
  });

  it("LIQ-05: weights are base times the adverse move from the average: a winning leg pays nothing, two losers share", async () => {
    const w = world();
    const [alice, bob, erin] = [w.id(w.alice), w.id(w.bob), await w.cash(w.erin, 100_000n)];
    await w.listMarket(2, 50n * WAD);
    await w.cash(w.alice, 3_000n);
    await w.trade(alice, erin, BTC_MARKET, WAD, 8_000n * WAD);
    await w.trade(alice, erin, 2, -20n * WAD, 50n * WAD);
    // ETH falls by 40, BTC by 2,000: lost 4,000 + 2,000. Cash 5,490 - 4 - 0.5: V = -514.5. Weights 4,000 : 2,000 : 0.
    await w.setBtc(6_000n * WAD);
    await w.setEth(160n * WAD, 0);
    const deficit = (5_145n * DOLLAR) / 10n;
    const first = (deficit * 2n) / 3n;
    await expect(w.bidWith(w.carol, alice))
      .to.emit(w.house, "SideCharged")
      .withArgs(ETH_MARKET, false, first / 100n, first)
      .to.emit(w.house, "SideCharged")
      .withArgs(BTC_MARKET, false, deficit - first, deficit - first);
    const facts = async (market: number, long: boolean) => (await w.house.sideOf(market, long))[1].socializedPerUnit;
    expect([await facts(2, true), await facts(2, false), await facts(0, true), await facts(1, true)]).to.deep.equal([
      0n,
      0n,
      0n,
      0n,
    ]);
    expect((await w.valueOf(bob)) - (104_000n * DOLLAR - first)).to.be.within(-3n, 0n);
    await w.expectConserved(12n);
  });

  it("LIQ-05: charged up to the gain from the average only; the rest spreads over all markets by notional, the sold account bears nothing", async () => {
    const w = world();
    const [alice, bob, carol] = [w.id(w.alice), w.id(w.bob), w.id(w.carol)];
    const [dave, erin] = [await w.cash(w.dave, 100_000n), await w.cash(w.erin, 100_000n)];
    await w.trade(dave, erin, BTC_MARKET, 2n * WAD, 8_000n * WAD);
    const daveBefore = await w.valueOf(dave);
    const erinBefore = await w.valueOf(erin);
    const cached = await w.oracle.cached(0);
    await w.setEth(AT_170, 0);
    await w.oracle.refresh(0);
    const seen = await w.now();
    expect(await w.oracle.averagePrice(0)).to.equal(AT_200);
    expect(cached.price).to.equal(AT_200);
    // Three hours at 170: the average has come down to 171.49.
    const bidAt = seen + 10_800n;
    await w.networkHelpers.time.setNextBlockTimestamp(bidAt);
    const average = movingAverageDown(AT_200, AT_170, 10_800n);
    const weight = (SIZE * (average - AT_170)) / WAD;
    expect(weight).to.be.within(149n * DOLLAR, 150n * DOLLAR);
    const tx = await w.bidWith(w.carol, alice);
    expect(await w.oracle.averagePrice(0)).to.be.within(average - 1_000n, average + 1_000n);
    // ETH: 200 of base on both sides less alice's 100; BTC: 2 + 2.
    const rest = DEFICIT - weight;
    const notional = 100n * AT_170 + 4n * 8_000n * WAD;
    const perEth = (AT_170 * rest) / notional;
    const perBtc = (8_000n * WAD * rest) / notional;
    const near = (found: bigint, expected: bigint, wei: bigint, subject: string) =>
      expect(found - expected, subject).to.be.within(-wei, wei);
    near((await w.valueOf(dave)) - daveBefore, -2n * perBtc, 20n, "long BTC");
    near((await w.valueOf(erin)) - erinBefore, -2n * perBtc, 20n, "short BTC");
    near(await w.valueOf(bob), 103_000n * DOLLAR - weight - 100n * perEth, 200_000n, "short ETH");
    near(await w.valueOf(alice), 0n, 1_000n, "alice");
    near(await w.valueOf(carol), 1_000_000n * DOLLAR, 1_000n, "the bidder is made whole");
    await expect(tx).not.to.emit(w.house, "LossUnallocated");
    await w.expectConserved(2_000n);
  });

  it("LIQ-05: socialized = what others bore; facts are state: socializedPerUnit, lastAt, count (CLM-03)", async () => {
    const w = world();
    await w.setEth(AT_170);
    await w.bidFor(w.carol, w.id(w.alice));
    const [, facts] = await w.house.sideOf(ETH_MARKET, false);
    expect([facts.socializedPerUnit, facts.deleveraged, facts.lastAt, facts.count]).to.deep.equal([
      (51n * DOLLAR) / 10n,
      0n,
      await w.now(),
      1n,
    ]);
    expect((await w.house.headerOf(w.id(w.alice))).lastLiquidatedAt).to.equal(await w.now());
    expect(await w.house.liquidationCostOf(w.id(w.alice)), "V < 0: nothing was left to cost").to.equal(0n);
  });

  it("CLM-03: the number of charges stops at the end of its 24 bits, and what else is recorded goes on", async () => {
    const w = world();
    const dave = await w.cash(w.dave, 2_500n);
    await w.trade(dave, w.id(w.bob), ETH_MARKET, SIZE, AT_200);
    await w.setEth(AT_170);
    await w.bidFor(w.carol, w.id(w.alice));
    const { slot, word } = await slotOfFacts(w, ETH_MARKET, false);
    const END = (1n << 24n) - 1n;
    const ended = (word & ((1n << 232n) - 1n)) | (END << 232n);
    await w.networkHelpers.setStorageAt(w.houseAddress, slot, w.ethers.toBeHex(ended, 32));
    const [, before] = await w.house.sideOf(ETH_MARKET, false);
    await w.bidFor(w.carol, dave);
    const [, facts] = await w.house.sideOf(ETH_MARKET, false);
    expect([facts.count, facts.lastAt]).to.deep.equal([END, await w.now()]);
    // 510 over the 200 that are short.
    expect(facts.socializedPerUnit - before.socializedPerUnit).to.be.within(
      (255n * DOLLAR) / 100n,
      (255n * DOLLAR) / 100n + 2n,
    );
  });

  for (const [index, name, share] of [
    [1, "mid", 200n],
    [2, "tail", 100n],
  ] as const) {
    it(`FND-02: the fund pays ${share / 10n}% of its reserve for a market of class ${name}`, async () => {
      const w = world();
      const feeds = await w.listMarket(2, AT_200, { class: index });
      const dave = await w.cash(w.dave, 2_500n);
      await w.trade(dave, w.id(w.bob), 2, SIZE, AT_200);
      await w.fundReserve(1_000n * USD);
      await w.networkHelpers.time.increase(60);
      await w.setFeeds(feeds, AT_170);
      const { shortfall, covered, socialized } = await w.bidFor(w.carol, dave);
      expect([shortfall, covered, socialized]).to.deep.equal([DEFICIT, share * DOLLAR, DEFICIT - share * DOLLAR]);
    });
  }

  it("CLM-03: liquidationCost adds penalty and k MM f of every bid", async () => {
    const w = world();
    const alice = w.id(w.alice);
    let cost = 0n;
    for (const price of [182n, 178n]) {
      await w.setEth(price * WAD);
      const { income, fraction, penalty } = await w.bidFor(w.carol, alice);
      cost += (income * fraction) / WAD + penalty;
    }
    expect((await w.house.liquidationCostOf(alice)) - cost).to.be.within(-4n, 4n);
    expect(cost).to.be.greaterThan(50n * DOLLAR);
  });

  it("LIQ-05: no market is charged more than its price for each unit; the rest spreads", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    // V = 2,490 - 100 * 120 = -9,510 at 80: weight 12,000, but 100 units bear at most 8,000 of it in their own market.
    await w.setEth(80n * WAD);
    await expect(w.bidWith(w.carol, alice))
      .to.emit(w.house, "SideCharged")
      .withArgs(ETH_MARKET, false, 80n * DOLLAR, 8_000n * DOLLAR)
      .to.emit(w.house, "SideCharged")
      .withArgs(ETH_MARKET, false, (151n * DOLLAR) / 10n, 1_510n * DOLLAR)
      .to.emit(w.house, "SideCharged")
      .withArgs(ETH_MARKET, true, (151n * DOLLAR) / 10n, 1_510n * DOLLAR);
    expect((await w.valueOf(bob)) - (112_000n - 9_510n) * DOLLAR).to.be.within(-10n, 10n);
    await w.expectConserved(20n);
  });
});

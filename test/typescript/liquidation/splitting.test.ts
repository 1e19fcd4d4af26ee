import { expect } from "chai";

import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

/** A market without size add-on: what a part of an account costs is then the same part of the whole. */
const FLAT = 2;
const SIZE = 100n * WAD;
const DEFICIT = 510n * DOLLAR;

/** Enough for any batch here: an estimate finds the least gas at which the batch succeeds, which a failing bid does not stop. */
const GAS = { gasLimit: 15_000_000n };

/** Everything that a split could change. */
async function totals(w: World) {
  const segment = await w.fund.segmentOf(w.segment);
  const [, facts] = await w.house.sideOf(FLAT, false);
  const [byClass, whole, reward] = await w.fund.budgetLeft(w.segment);
  return {
    alice: await w.valueOf(w.id(w.alice)),
    bob: await w.valueOf(w.id(w.bob)),
    carol: await w.valueOf(w.id(w.carol)),
    fundAccount: await w.house.fundAccount(),
    reserve: segment.reserve,
    owed: segment.owed,
    drawn: segment.drawn,
    unpaid: segment.unpaid,
    socializedPerUnit: facts.socializedPerUnit,
    major: byClass[0],
    tail: byClass[2],
    whole,
    reward,
    bucket: await w.engine.rewardBucket(),
    cost: await w.house.liquidationCostOf(w.id(w.alice)),
    baseAlice: await w.baseOf(w.id(w.alice), FLAT),
    baseCarol: await w.baseOf(w.id(w.carol), FLAT),
  };
}

describe("splitting a bid changes no total (R3, INV-21)", () => {
  const world = useWorld(async (w) => {
    const [alice, bob, carol] = [await w.cash(w.alice, 2_500n), await w.cash(w.bob, 100_000n), w.id(w.carol)];
    await w.cash(w.carol, 1_000_000n);
    const feeds = await w.listMarket(FLAT, 200n * WAD);
    // A penalty first, so that there is something to reward bidders with.
    const dave = await w.cash(w.dave, 7_500n);
    await w.trade(dave, bob, ETH_MARKET, 300n * WAD, 200n * WAD);
    await w.setEth(181n * WAD);
    await w.bidWith(w.carol, dave);
    await w.trade(alice, bob, FLAT, SIZE, 200n * WAD);
    await w.trade(carol, bob, FLAT, 10n * WAD, 200n * WAD);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, 170n * WAD);
    flatFeeds = feeds;
  });
  let flatFeeds: Awaited<ReturnType<World["listMarket"]>>;

  /** Runs both ways from one state, at one second, and compares. */
  const compare = async (fractions: readonly bigint[], wei: bigint) => {
    const w = world();
    const alice = w.id(w.alice);
    const at = (await w.now()) + 100n;
    const before = await w.networkHelpers.takeSnapshot();
    await w.networkHelpers.time.setNextBlockTimestamp(at);
    await w.engine.connect(w.carol).bidMany([w.request(w.carol, alice)], GAS);
    const one = await totals(w);
    await before.restore();
    await w.networkHelpers.time.setNextBlockTimestamp(at);
    const requests = [...fractions, WAD].map((fraction) => w.request(w.carol, alice, { fraction }));
    await expect(w.engine.connect(w.carol).bidMany(requests, GAS)).not.to.emit(w.engine, "BidFailed");
    const split = await totals(w);

    for (const [key, value] of Object.entries(one)) {
      expect(split[key as keyof typeof one] - value, key).to.be.within(-wei, wei);
    }
    await w.expectConserved(200n);
    return one;
  };

  it("fund empty: everything is socialised", async () => {
    const one = await compare([(WAD * 3n) / 10n], 20n);
    expect(one.unpaid).to.be.greaterThan(500n * DOLLAR);
    expect(one.reserve).to.equal(0n);
  });

  it("fund pays a part: reserve, budgets, reward and the socialised rest are the same", async () => {
    const w = world();
    await w.fundReserve(1_000n * USD);
    const one = await compare([(WAD * 3n) / 10n, WAD / 7n], 30n);
    expect(one.drawn).to.be.greaterThan(350n * DOLLAR);
    expect(one.unpaid).to.be.greaterThan(100n * DOLLAR);
  });

  it("fund pays all and a reward", async () => {
    const w = world();
    await w.fundReserve(1_000_000n * USD);
    const one = await compare([WAD / 3n], 30n);
    expect(one.drawn).to.be.greaterThan(511n * DOLLAR);
    expect(one.unpaid).to.equal(0n);
  });

  it("V above zero: two partial bids equal one of the same size; time does not pass between them, so k_time is one", async () => {
    const w = world();
    const alice = w.id(w.alice);
    // V = 690 at 182 and MM = 728: the gap asks for less than k_time = 10% after 5 minutes, so k is the same for every part.
    await w.setFeeds(flatFeeds, 182n * WAD);
    await w.engine.start(alice);
    const at = (await w.now()) + 300n;
    const before = await w.networkHelpers.takeSnapshot();
    const run = async (fractions: readonly bigint[]) => {
      await w.networkHelpers.time.setNextBlockTimestamp(at);
      const requests = fractions.map((fraction) => w.request(w.carol, alice, { fraction }));
      await expect(w.engine.connect(w.carol).bidMany(requests, GAS)).not.to.emit(w.engine, "BidFailed");
      return totals(w);
    };
    const one = await run([WAD / 50n]);
    await before.restore();
    // 1/100 and then 1/99 of the rest.
    const split = await run([WAD / 100n, WAD / 99n]);
    expect(one.cost).to.be.greaterThan(DOLLAR);
    // E improves between the parts only by what the account keeps, which leaves k_time MM f: equal but for rounding of 1/99.
    for (const [key, value] of Object.entries(one)) {
      expect(split[key as keyof typeof one] - value, key).to.be.within(-4_000n, 4_000n);
    }
  });

  it("many small pieces, one of them of 1 wei", async () => {
    const w = world();
    await w.fundReserve(1_000n * USD);
    await compare([1n, WAD / 10n, WAD / 10n, 1n, WAD / 10n], 1_000n);
  });

  it("with a size add-on a split never earns more", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    await w.cash(w.alice, 3_000_000n);
    await w.cash(w.bob, 5_000_000n);
    await w.cash(w.carol, 5_000_000n);
    await w.trade(alice, w.id(w.bob), ETH_MARKET, 90_000n * WAD, 181n * WAD);
    await w.setEth(160n * WAD);
    await w.setFeeds(flatFeeds, 170n * WAD);
    const gain = async (fractions: readonly bigint[]) => {
      const snapshot = await w.networkHelpers.takeSnapshot();
      const before = await w.valueOf(carol);
      await w.networkHelpers.time.setNextBlockTimestamp((await w.now()) + 100n);
      await w.engine.connect(w.carol).bidMany(
        fractions.map((fraction) => w.request(w.carol, alice, { fraction })),
        GAS,
      );
      const after = await w.valueOf(carol);
      await snapshot.restore();
      return after - before;
    };
    const whole = await gain([WAD]);
    expect(await gain([WAD / 2n, WAD])).to.be.at.most(whole + 100n);
  });

  it("nor does it move the loss from the bidder to other holders when he is on the opposite side", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    // Frank holds 100 of the shorts as well, bob 110: two halves against one bid of bob's.
    const frank = await w.cash(w.frank, 100_000n);
    const erin = await w.cash(w.erin, 100_000n);
    await w.trade(erin, frank, FLAT, SIZE, 170n * WAD);
    // Half of the account nets half of bob's position away before the other half of the loss is charged: refused.
    await expect(w.bidWith(w.bob, alice, { fraction: WAD / 2n }))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_PartialBidAgainstOwnSide")
      .withArgs(bob, FLAT);
    await expect(w.bidWith(w.bob, alice, { fraction: WAD - 1n })).not.to.be.revert(w.ethers);
    expect([await w.baseOf(alice, FLAT), await w.baseOf(bob, FLAT)]).to.deep.equal([0n, -10n * WAD]);
    // 510 over 210 of shorts: frank's 100 bear their part and no more.
    expect((await w.valueOf(frank)) - 100_000n * DOLLAR + (DEFICIT * 100n) / 210n).to.be.within(-1_000n, 1_000n);
  });

  it("nor when the account is short and the bidder long", async () => {
    const w = world();
    const RISING = 3;
    const feeds = await w.listMarket(RISING, 200n * WAD);
    const [dave, frank] = [await w.cash(w.dave, 2_500n, 1n), await w.cash(w.frank, 100_000n)];
    await w.trade(dave, frank, RISING, -SIZE, 200n * WAD);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, 230n * WAD);
    await expect(w.bidWith(w.frank, dave, { fraction: WAD / 2n }))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_PartialBidAgainstOwnSide")
      .withArgs(frank, RISING);
    const { fraction, socialized } = await w.bidFor(w.frank, dave);
    expect([fraction, socialized]).to.deep.equal([WAD, DEFICIT]);
    expect([await w.baseOf(dave, RISING), await w.baseOf(frank, RISING)]).to.deep.equal([0n, 0n]);
  });

  it("he may take a part when the fund pays all of it, rounding apart (INV-04)", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    await w.fundReserve(1_000_000n * USD);
    const { fraction, covered, socialized } = await w.bidFor(w.bob, alice, { fraction: WAD / 3n });
    expect(fraction).to.equal(WAD / 3n);
    expect(covered - (DEFICIT * fraction) / WAD).to.be.within(-2n, 2n);
    expect(socialized).to.be.at.most(2n);
    expect(await w.baseOf(bob, FLAT)).to.be.within(-77n * WAD + 0n, -76n * WAD);
  });
});

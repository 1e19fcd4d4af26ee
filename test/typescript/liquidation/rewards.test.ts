import { expect } from "chai";

import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { expectedHealth } from "../support/expected.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;
const WEEK = 604_800n;

describe("bidders' rewards (LIQ-04)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 300_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, AT_200);
  });
  /** A liquidation with V > 0 pays a penalty, of `btc` bitcoins at 8,000 that fall to 7,350. Price and place return. */
  const payPenalty = async () => {
    const w = world();
    const dave = await w.cash(w.dave, 7_500n);
    await w.trade(dave, w.id(w.bob), BTC_MARKET, 10n * WAD, 8_000n * WAD);
    await w.setBtc(7_420n * WAD);
    const { penalty } = await w.bidFor(w.carol, dave);
    expect(penalty).to.be.greaterThan(50n * DOLLAR);
    return penalty;
  };

  it("nothing was paid in, nothing is paid out: a reserve alone rewards nobody", async () => {
    const w = world();
    await w.fundReserve(1_000_000n * USD);
    await w.setEth(170n * WAD);
    const { reward, income } = await w.bidFor(w.carol, w.id(w.alice));
    expect(income).to.be.greaterThan(300n * DOLLAR);
    expect(reward).to.equal(0n);
  });

  it("half of the penalties of the last seven days, leaking linearly, rounded against the bidder", async () => {
    const w = world();
    const penalty = await payPenalty();
    expect(await w.engine.rewardBucket()).to.equal(penalty / 2n);
    const paidAt = await w.now();
    for (const seconds of [1n, 3_600n, WEEK / 2n, WEEK - 1n]) {
      await w.networkHelpers.time.setNextBlockTimestamp(paidAt + seconds);
      await w.networkHelpers.mine();
      const left = (penalty * (WEEK - seconds)) / WEEK;
      expect((await w.engine.rewardBucket()) - left / 2n, `after ${seconds} s`).to.be.within(-1n, 0n);
    }
    await w.networkHelpers.time.setNextBlockTimestamp(paidAt + WEEK);
    await w.networkHelpers.mine();
    expect(await w.engine.rewardBucket()).to.equal(0n);
  });

  it("the bucket binds: the bid gets half of what is in it and empties it; the next one gets nothing", async () => {
    const w = world();
    await w.fundReserve(1_000_000n * USD);
    const penalty = await payPenalty();
    const paidAt = await w.now();
    await w.setEth(170n * WAD, 0);
    const at = paidAt + 86_400n / 2n;
    await w.setFeeds(w.btcFeeds, 7_420n * WAD);
    await w.networkHelpers.time.setNextBlockTimestamp(at);
    const report = await w.bidFor(w.carol, w.id(w.alice));
    expect(report.income).to.be.greaterThan(penalty);
    const half = (penalty * (WEEK - 43_200n)) / WEEK / 2n;
    expect(report.fraction).to.equal(WAD);
    expect(report.reward - half).to.be.within(-1n, 0n);
    expect(await w.engine.rewardBucket()).to.be.within(0n, 1n);
    // The reward is drawn from the reserve and booked in the one signed account: penalty in, deficit and reward out.
    expect(await w.house.fundAccount()).to.equal(penalty - report.covered - report.reward);
    await w.expectConserved(20n);
  });

  it("2% of the reserve binds, and what k and V leave open bounds it", async () => {
    const w = world();
    await w.fundReserve(2_000n * USD);
    await payPenalty();
    // V = 290 at 178, k MM = 0.3 (MM - E) is paid by V: nothing is owed, nothing rewarded.
    await w.setEth(178n * WAD);
    expect((await w.bidFor(w.carol, w.id(w.alice), { fraction: WAD / 10n })).reward).to.equal(0n);
    await w.setEth(170n * WAD);
    const report = await w.bidFor(w.carol, w.id(w.alice));
    expect(report.value).to.be.lessThan(0n);
    // The deficit of about 450 is class major: 35% of 2,000 pays it, and 2% of 2,000 are left for rewards.
    expect(report.reward).to.equal((40n * DOLLAR * report.fraction) / WAD);
    const [, , left] = await w.fund.budgetLeft(w.segment);
    expect(left).to.equal(0n);
    await w.expectConserved(30n);
  });

  it("0 < V < k MM: the bidder pays nothing, V is his income first and the reward only what is left open", async () => {
    const w = world();
    await w.fundReserve(1_000_000n * USD);
    const penalty = await payPenalty();
    // V = 150 at 176.6: MM = 707, gap 557, k MM = 167.
    await w.setEth((1_766n * WAD) / 10n);
    const health = expectedHealth(2_490n * DOLLAR, [{ base: SIZE, entry: AT_200, price: (1_766n * WAD) / 10n }]);
    expect(health.value).to.equal(150n * DOLLAR);
    const income = ((health.maintenance - health.value) * 3n) / 10n;
    const owing = income - 150n * DOLLAR;
    expect(owing).to.be.lessThan(penalty / 2n);
    const report = await w.bidFor(w.carol, w.id(w.alice));
    expect([report.fraction, report.payment, report.income, report.reward]).to.deep.equal([WAD, 0n, income, owing]);
    expect(report.shortfall).to.equal(0n);
    expect(await w.house.liquidationCostOf(w.id(w.alice))).to.equal(150n * DOLLAR);
    await w.expectConserved(30n);
  });

  it("the reward of a part is that part of it (R3)", async () => {
    const w = world();
    await w.fundReserve(1_000_000n * USD);
    await payPenalty();
    await w.setEth((1_766n * WAD) / 10n);
    const whole = await w.engine.connect(w.carol).bid.staticCall(w.request(w.carol, w.id(w.alice)));
    const part = await w.engine
      .connect(w.carol)
      .bid.staticCall(w.request(w.carol, w.id(w.alice), { fraction: (WAD * 3n) / 10n }));
    expect(whole.reward).to.be.greaterThan(0n);
    expect(part.reward - (whole.reward * 3n) / 10n).to.be.within(-1n, 1n);
  });
});

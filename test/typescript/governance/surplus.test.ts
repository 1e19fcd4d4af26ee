import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { createHouse, HOUR, UNIT } from "./support/whole-house.ts";
import type { House } from "./support/whole-house.ts";

const DAY = 24n * HOUR;
const MILLION = 1_000_000n;
const HISTORY = 90n * DAY;
const COOLDOWN = 28n * DAY;

/*
 * FND-07 on a whole house: what the reserve has above 150% of the highest target of 90 days goes to votes that were staked for 28 days, a
 * ninetieth of it a day at most; not before 90 days are known, and not while a target of the last weeks asks for it.
 */
describe("surplus of a whole house (FND-07)", () => {
  let h: House;
  let restore: () => Promise<void>;
  let since: bigint;
  before(async () => {
    h = await createHouse(MILLION);
    for (const who of [h.long, h.short, h.bidder]) await h.deposit(who, 100n * MILLION);
    await h.holdMore(50_000n);
    await h.syncAt((await h.now()) + HOUR);
    [, since] = await h.riskController.peakTarget();
    // Two who stake, three votes to one, and have waited when the 90 days are over.
    const { deployer, stranger, surplusStake, token } = h;
    await token.transfer(stranger.address, MILLION * WAD);
    await h.networkHelpers.time.increaseTo(since + HISTORY - COOLDOWN - DAY);
    for (const [who, votes] of [
      [deployer, 3n],
      [stranger, 1n],
    ] as const) {
      await token.connect(who).approve(await surplusStake.getAddress(), votes * MILLION * WAD);
      await surplusStake.connect(who).stake(votes * MILLION * WAD);
    }
    await h.networkHelpers.time.increase(COOLDOWN);
    for (const who of [deployer, stranger]) await surplusStake.activate(who.address);
    ({ restore } = await h.networkHelpers.takeSnapshot());
  });
  beforeEach(() => restore());

  const most = 2n ** 256n - 1n;
  /** What is needed: 150% of the highest target, and what is owed. */
  const needed = async () => {
    const [peak] = await h.riskController.peakTarget();
    const { unpaid } = await h.fund.segmentOf(h.segment);
    return (peak * 15n + 9n) / 10n + unpaid + (await h.house.unallocatedLoss());
  };
  const shareAt = async (time: bigint) => {
    await h.networkHelpers.time.increaseTo(time - 1n);
    await h.networkHelpers.time.setNextBlockTimestamp(time);
    return h.surplusStake.share();
  };
  /** A price that goes a fifth down and back. */
  const shake = async () => {
    for (const price of [160n, 200n]) {
      await h.price(price);
      await h.syncAt((await h.now()) + HOUR);
    }
  };
  const partOf = (excess: bigint, seconds: bigint) => ((excess * seconds) / HISTORY / UNIT) * UNIT;

  it("FND-07: nothing before 90 days are known, to the second; then a day's ninetieth of what is above 150% of the highest target", async () => {
    const { fund, surplus, surplusStake } = h;
    const reserve = await h.reserve();
    await h.networkHelpers.time.increaseTo(since + HISTORY - 2n);
    await h.networkHelpers.time.setNextBlockTimestamp(since + HISTORY - 1n);
    await expect(surplusStake.share())
      .to.be.revertedWithCustomError(surplus, "InsuranceFund_NoSurplus")
      .withArgs(reserve, most);
    const excess = reserve - (await needed());
    expect(excess).to.be.greaterThan(500_000n * WAD);
    const paid = partOf(excess, DAY);
    await h.networkHelpers.time.setNextBlockTimestamp(since + HISTORY);
    await expect(surplusStake.share())
      .to.emit(surplus, "SurplusPaid")
      .withArgs(h.segment, paid, reserve - paid, await needed());
    expect((await fund.segmentOf(h.segment)).reserve).to.equal(reserve - paid);

    // An hour later a 24th of a day's part, and after a week no more than a day's.
    await shareAt(since + HISTORY + HOUR);
    const second = partOf(excess - paid, HOUR);
    expect(await h.reserve()).to.equal(reserve - paid - second);
    await shareAt(since + HISTORY + 7n * DAY);
    expect(await h.reserve()).to.equal(reserve - paid - second - partOf(excess - paid - second, DAY));
  });

  it("FND-07: it is paid to those whose votes have waited, by their votes, and to nobody else", async () => {
    const { deployer, stranger, surplusStake, token, usd, trader } = h;
    // Ten times as many votes, too late.
    await token.transfer(trader.address, 40n * MILLION * WAD);
    await token.connect(trader).approve(await surplusStake.getAddress(), 40n * MILLION * WAD);
    await surplusStake.connect(trader).stake(40n * MILLION * WAD);
    await expect(surplusStake.activate(trader.address))
      .to.be.revertedWithCustomError(surplusStake, "SurplusStake_NotYet")
      .withArgs(trader.address, (await h.now()) + COOLDOWN);
    const before = await h.reserve();
    await shareAt(since + HISTORY);
    const paid = (before - (await h.reserve())) / UNIT;
    const had = [await usd.balanceOf(deployer.address), await usd.balanceOf(stranger.address)] as const;
    await surplusStake.connect(deployer).claim(deployer.address);
    await surplusStake.connect(stranger).claim(stranger.address);
    expect((await usd.balanceOf(deployer.address)) - had[0]).to.equal((paid * 3n) / 4n);
    expect((await usd.balanceOf(stranger.address)) - had[1]).to.equal(paid / 4n);
    await expect(surplusStake.connect(trader).claim(trader.address))
      .to.be.revertedWithCustomError(surplusStake, "SurplusStake_InvalidAmount")
      .withArgs(0n, 0n);
  });

  it("FND-07: a reserve of 150% of the highest target has no surplus; what is due is a ninetieth of what is above, to the unit", async () => {
    const { surplus, surplusStake } = h;
    await h.networkHelpers.time.increaseTo(since + HISTORY);
    await shake();
    expect(await needed(), "a wild day needs more than there is").to.be.greaterThan(await h.reserve());
    await expect(surplusStake.share())
      .to.be.revertedWithCustomError(surplus, "InsuranceFund_NoSurplus")
      .withArgs(await h.reserve(), await needed());
    await h.donate(((await needed()) - (await h.reserve())) / UNIT);
    const reserve = await h.reserve();
    expect((await needed()) - reserve).to.be.within(0n, UNIT - 1n);
    await expect(surplusStake.share())
      .to.be.revertedWithCustomError(surplus, "InsuranceFund_NoSurplus")
      .withArgs(reserve, await needed());
    // Of ninety units and the part of one that was missing, a day's part is one unit; of a unit less it is none.
    await h.donate(90n);
    await h.networkHelpers.time.increase(DAY);
    await expect(surplusStake.share())
      .to.be.revertedWithCustomError(surplus, "InsuranceFund_NoSurplus")
      .withArgs(reserve + 90n * UNIT, await needed());
    await h.donate(1n);
    await surplusStake.share();
    expect(await h.reserve()).to.equal(reserve + 90n * UNIT);
  });

  it("FND-07: a target that has been stands for 90 days: who makes it small for a while gets nothing out", async () => {
    const { surplus, surplusStake, riskController } = h;
    await shake();
    const [peak] = await riskController.peakTarget();
    await h.holdMore(-49_000n);
    await h.syncAt((await h.now()) + HOUR);
    const [target] = await riskController.reserveTarget();
    expect(target * 10n).to.be.lessThan(peak);
    const highAt = await h.now();
    // 90 days later the peak is remembered still, and what it asks for stays; not for ever.
    await h.networkHelpers.time.increaseTo(highAt + HISTORY);
    expect((await riskController.peakTarget())[0]).to.equal(peak);
    expect((await surplus.surplusOf(h.segment)).needed).to.equal((peak * 15n + 9n) / 10n);
    await h.networkHelpers.time.increaseTo(highAt + HISTORY + 8n * DAY);
    expect((await riskController.peakTarget())[0]).to.equal(target);
    const reserve = await h.reserve();
    await surplusStake.share();
    expect(reserve - (await h.reserve())).to.equal(partOf(reserve - (target * 15n + 9n) / 10n, DAY));
  });

  it("FND-07: a loss that nobody could pay is needed before anyone is paid surplus", async () => {
    const { surplus, other, short } = h;
    const before = await needed();
    const loser = await h.deposit(other, 600_000n);
    await h.buy(loser, await h.deposit(short, 1n), 20_000n);
    await h.price(120n);
    await h.sell(loser);
    const { unpaid } = await h.fund.segmentOf(h.segment);
    expect(unpaid).to.be.greaterThan(100_000n * WAD);
    await h.networkHelpers.time.increaseTo(since + HISTORY);
    const seen = await surplus.surplusOf(h.segment);
    expect(seen.needed).to.equal(await needed());
    expect(seen.needed).to.be.at.least(before + unpaid);
  });
});

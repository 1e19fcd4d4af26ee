import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { createHouse, HOUR, UNIT } from "./support/whole-house.ts";
import type { House } from "./support/whole-house.ts";

const DAY = 24n * HOUR;
const MILLION = 1_000_000n;
const SUPPLY = 100n * MILLION * WAD;
/** A twentieth of a dollar: what votes cost at least. */
const FLOOR = WAD / 20n;
/** Of a ratio: 0.3 of RATIO_ONE. */
const CRITICAL = 300_000_000n;

/*
 * FND-07 on a whole house: a crash draws all that the reserve's budget allows, the ratio falls below 0.3 and stays there for a day, anyone
 * starts an auction, and votes are sold into the reserve: 2% of supply in any 7 days.
 */
describe("recapitalisation of a whole house (FND-07)", () => {
  let h: House;
  let restore: () => Promise<void>;
  let fellAt: bigint;
  before(async () => {
    h = await createHouse(MILLION);
    for (const who of [h.long, h.short, h.bidder]) await h.deposit(who, 100n * MILLION);
    await h.holdMore(500_000n);
    const loser = await h.deposit(h.other, 3n * MILLION);
    await h.buy(loser, await h.deposit(h.short, 1n), 100_000n);
    await h.syncAt((await h.now()) + HOUR);
    expect(await h.riskController.ratio(), "before the crash").to.be.greaterThan(CRITICAL);
    await h.price(160n);
    await h.sell(loser);
    fellAt = (await h.now()) + 60n;
    await h.syncAt(fellAt);
    ({ restore } = await h.networkHelpers.takeSnapshot());
  });
  beforeEach(() => restore());

  /** Ratio and time are noted by the hour, from the crash on. */
  const observe = async (hours: bigint) => {
    await h.recapAuction.observe();
    const [, from] = await h.recapAuction.criticalFor();
    for (let hour = 1n; hour <= hours; ++hour) {
      await h.syncAt(from + hour * HOUR - 1n);
      await h.networkHelpers.time.setNextBlockTimestamp(from + hour * HOUR);
      await h.recapAuction.observe();
    }
    return from;
  };
  const buyer = async () => {
    const { usd, trader, recapAuction } = h;
    await usd.mint(trader.address, 10n * MILLION * 10n ** 6n);
    await usd.connect(trader).approve(await recapAuction.getAddress(), 10n ** 30n);
    return trader;
  };

  it("FND-07: the crash has drawn what the class's budget allows, holders bore the rest, and the ratio is critical at once", async () => {
    const { drawn, reserve, unpaid } = await h.fund.segmentOf(h.segment);
    expect(drawn).to.be.within(350_000n * WAD, 370_000n * WAD);
    expect(unpaid).to.be.greaterThan(0n);
    const [target] = await h.riskController.reserveTarget();
    const resources = await h.riskController.resources();
    expect(resources).to.be.at.most(reserve);
    expect(await h.riskController.ratio()).to.equal((resources * 10n ** 9n) / target);
    expect(await h.riskController.ratio()).to.be.lessThan(CRITICAL);
  });

  it("FND-07: an auction starts after 24 live hours and not a second before; nobody can start it while the ratio was not looked at", async () => {
    const { recapAuction, stranger } = h;
    const from = await observe(23n);
    const needed = await recapAuction.needed();
    await expect(recapAuction.connect(stranger).start())
      .to.be.revertedWithCustomError(recapAuction, "RecapAuction_NotCritical")
      .withArgs(23n * HOUR, from + 23n * HOUR, needed);
    await h.syncAt(from + DAY - 2n);
    const almost = await h.networkHelpers.takeSnapshot();
    await h.networkHelpers.time.setNextBlockTimestamp(from + DAY - 1n);
    await recapAuction.observe();
    await expect(recapAuction.connect(stranger).start())
      .to.be.revertedWithCustomError(recapAuction, "RecapAuction_NotCritical")
      .withArgs(DAY - 1n, from + DAY - 1n, await recapAuction.needed());
    await almost.restore();
    await h.networkHelpers.time.setNextBlockTimestamp(from + DAY);
    await recapAuction.observe();
    const later = await h.networkHelpers.takeSnapshot();
    await h.networkHelpers.time.increase(2n * HOUR);
    await expect(recapAuction.connect(stranger).start())
      .to.be.revertedWithCustomError(recapAuction, "RecapAuction_NotCritical")
      .withArgs(DAY, from + DAY, await recapAuction.needed());
    await later.restore();
    await expect(recapAuction.connect(stranger).start())
      .to.emit(recapAuction, "RecapStarted")
      .withArgs(await recapAuction.needed(), FLOOR);
  });

  it("FND-07: a ratio of 0.3 is not critical, and starts the day anew; one unit of the token less is", async () => {
    await observe(12n);
    const { networkHelpers, recapAuction, riskController } = h;
    const now = await h.now();
    const here = await networkHelpers.takeSnapshot();
    /** What risk control finds ten hours later, when so many units have been given now: the ratio rises by a 24th an hour at most. */
    const seenWith = async (units: bigint) => {
      await here.restore();
      if (units > 0n) await h.donate(units);
      for (let hour = 1n; hour <= 10n; ++hour) await h.syncAt(now + hour * HOUR);
      const [target] = await riskController.reserveTarget();
      return { target, resources: await riskController.resources(), ratio: await riskController.ratio() };
    };
    const { target, resources } = await seenWith(0n);
    // A gift raises what counts by the segment's share of it, 60%.
    const missing = (target * 3n) / 10n - resources;
    let [low, high] = [(missing * 10n) / 6n / UNIT - 10n, (missing * 10n) / 6n / UNIT + 10n];
    expect((await seenWith(low)).ratio).to.be.lessThan(CRITICAL);
    expect((await seenWith(high)).ratio).to.be.at.least(CRITICAL);
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if ((await seenWith(middle)).ratio < CRITICAL) low = middle;
      else high = middle;
    }
    expect((await seenWith(high)).ratio).to.equal(CRITICAL);
    await recapAuction.observe();
    expect((await recapAuction.criticalFor()).live, "not critical").to.equal(0n);
    expect((await seenWith(low)).ratio).to.equal(CRITICAL - 1n);
    await recapAuction.observe();
    expect((await recapAuction.criticalFor()).live, "critical still; ten hours that nobody saw do not count").to.equal(
      12n * HOUR,
    );
  });

  it("FND-07: 2% of supply in any 7 days and no token more, into the reserve to the unit; then again when a day was critical again", async () => {
    const { fund, recapAuction, token, usd } = h;
    const who = await buyer();
    const from = await observe(24n);
    await recapAuction.start();
    const startedAt = await h.now();
    const before = { reserve: await h.reserve(), paid: await usd.balanceOf(who.address) };

    // At first a vote costs sixteen times the floor; after a day the floor.
    await h.networkHelpers.time.setNextBlockTimestamp(startedAt + DAY);
    const buying = [10n * MILLION * WAD, 10n ** 30n, who.address] as const;
    const votes = (SUPPLY * 2n) / 100n;
    const cost = (votes * FLOOR) / WAD / UNIT;
    await expect(recapAuction.connect(who).buy(...buying))
      .to.emit(recapAuction, "RecapSold")
      .withArgs(who.address, who.address, votes, cost, FLOOR);
    expect(await token.balanceOf(who.address)).to.equal(votes);
    expect(await token.totalSupply()).to.equal(SUPPLY + votes);
    expect(before.paid - (await usd.balanceOf(who.address))).to.equal(cost);
    expect((await h.reserve()) - before.reserve, "all of it, and no unit more").to.equal(cost * UNIT);
    expect(cost * UNIT).to.equal(100_000n * WAD);
    await expect(recapAuction.connect(who).buy(...buying))
      .to.be.revertedWithCustomError(recapAuction, "RecapAuction_SoldOut")
      .withArgs(await recapAuction.needed(), 0n);
    const soldAt = startedAt + DAY;

    // Seven days later the next 2%, of the supply of then, for what draws are still not replaced.
    await h.networkHelpers.time.increaseTo(soldAt + 5n * DAY - HOUR);
    await h.syncAt((await h.now()) + 60n);
    await observe(24n);
    await recapAuction.start();
    const again = await h.networkHelpers.takeSnapshot();
    await h.networkHelpers.time.setNextBlockTimestamp(soldAt + 7n * DAY - 1n);
    await expect(recapAuction.connect(who).buy(...buying)).to.be.revertedWithCustomError(
      recapAuction,
      "RecapAuction_SoldOut",
    );
    await again.restore();
    await h.networkHelpers.time.setNextBlockTimestamp(soldAt + 7n * DAY);
    await recapAuction.connect(who).buy(...buying);
    const { drawn } = await fund.segmentOf(h.segment);
    const supply = SUPPLY + votes;
    expect(await token.totalSupply()).to.be.at.most(supply + (supply * 2n) / 100n);
    expect((await h.reserve()) - before.reserve, "never more than was drawn").to.be.at.most(drawn);
    expect(from).to.be.greaterThan(fellAt);
  });
});

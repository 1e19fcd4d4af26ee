import { expect } from "chai";

import { deleverageFractionUp } from "../../../sdk/math/AuctionMath.ts";
import { liveUntil } from "../support/blocks.ts";
import { WAD } from "../support/deployment.ts";
import { ceilWad, expectedHealth, expectedTerms, floorWad } from "../support/expected.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * MakerDAO, 2020-03-12 (T14). Gas prices rose tenfold, the bidders' programs stopped, prices came an hour late, and whoever was left won
 * auctions of ether with bids of nothing: 8.32M USD of ether for 0 DAI, 36% of all that was liquidated. The system was short of 5.67M.
 * Figures: incidents.csv of the design notes, 2020-03-12: "8.32M USD of ETH taken with zero bids = 36% of liquidations", 5.67M deficit.
 */

/** 52,000 ether at 160: the 8.32M that were sold for nothing. */
const SIZE = 52_000n * WAD;
const ENTRY = 200n * WAD;
const CRASH = 160n * WAD;
const REAL_LOSS = 8_320_000n * DOLLAR;
const MARKET = 2;
const RATE = 4_000n;
/** 10.4M at 5 basis points. */
const FEE = 5_200n;
/** 2.08M are lost at 160: V = 320,000 of MM = 332,800. */
const CASH = 2_400_000n;
const HEALTH = expectedHealth(CASH * DOLLAR, [{ base: SIZE, entry: ENTRY, price: CRASH, rate: RATE, addOn: 0n }]);
const HOUR = 3_600n;

describe("incident T14: one bidder, who offers nothing, in a congested network (Maker, 2020-03-12)", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(MARKET, ENTRY, { maintenanceRate: Number(RATE), addOn: 0 });
    const [alice, bob] = [await w.cash(w.alice, CASH + FEE), await w.cash(w.bob, 5_000_000n)];
    await w.cash(w.carol, 10_000_000n);
    await w.trade(alice, bob, MARKET, SIZE, ENTRY);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, CRASH);
    await w.engine.start(alice);
  });
  const startedAt = async () => (await world().engine.auctionOf(world().id(world().alice))).touchedAt;
  /** What the owner has lost, and what the fund, the bidder and the books say. */
  const expectOutcome = async (lost: bigint, penalty: bigint, income: bigint) => {
    const w = world();
    expect(HEALTH.value - (await w.valueOf(w.id(w.alice))) - lost, "the owner").to.be.within(-10n, 10n);
    expect(await w.house.fundAccount(), "the fund has earned, where the real system was short of 5.67M").to.equal(
      penalty,
    );
    expect((await w.valueOf(w.id(w.carol))) - 10_000_000n * DOLLAR - income, "the bidder").to.be.within(-10n, 10n);
    expect(await w.valueOf(w.id(w.bob)), "the short").to.be.within(
      7_080_000n * DOLLAR - 10n ** 6n,
      7_080_000n * DOLLAR,
    );
    expect(await w.house.unallocatedLoss()).to.equal(0n);
  };

  it("LIQ-02, R7: a bid of nothing is refused, at once and for ever: the price is what live time says, not what is offered", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const started = await startedAt();
    // Nobody refreshes: of a gap only the first 300 s count.
    for (const [seconds, counted] of [
      [60n, 60n],
      [HOUR, 300n],
      [24n * HOUR - 100n, 300n],
    ] as const) {
      const { price } = expectedTerms(HEALTH, counted);
      await w.networkHelpers.time.setNextBlockTimestamp(started + seconds);
      await expect(w.bidWith(w.carol, alice, { maxPrice: 0n }))
        .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_PriceAboveLimit")
        .withArgs(price, 0n);
      expect(price, "V - 10% of MM and more").to.be.at.least(HEALTH.value - HEALTH.maintenance / 10n);
    }
    expect(await w.baseOf(alice, MARKET)).to.equal(SIZE);
  });

  for (const [name, isLive, elapsed] of [
    ["an hour in which no price arrives brings the only bidder 10% of MM", false, 300n],
    ["20 live minutes of waiting bring him 50% of MM, the reserve price is V less that", true, 1_200n],
    ["two live hours bring him no more", true, 7_200n],
  ] as const) {
    it(`LIQ-02, LIQ-03, ORC-05, INV-15: ${name}; 8.32M of ether cost the owner below 200,000, not 8.32M`, async () => {
      const w = world();
      const started = await startedAt();
      if (isLive) await liveUntil(w, started, elapsed, MARKET);
      else await w.networkHelpers.time.setNextBlockTimestamp(started + HOUR);
      const { income, price, penalty, maxFraction } = expectedTerms(HEALTH, elapsed);
      const report = await w.bidFor(w.carol, w.id(w.alice));
      expect(report.income).to.equal(income);
      expect(report.payment).to.equal(ceilWad(price, maxFraction));
      const paidPenalty = ceilWad(penalty, maxFraction);
      const lost = paidPenalty + floorWad(income, maxFraction);
      expect(lost, "(k_max + pi) MM").to.be.at.most((HEALTH.maintenance * 6n) / 10n + 2n);
      expect(lost * 40n).to.be.lessThan(REAL_LOSS);
      await expectOutcome(lost, paidPenalty, floorWad(income, maxFraction));
      await w.expectConserved(10n);
    });
  }

  for (const [name, isLive] of [
    ["after 20 live minutes", true],
    ["after 6 hours in which no price arrived", false],
  ] as const) {
    it(`LIQ-06, R7: where nobody bids at all, anyone closes it against the other side at 160, ${name}`, async () => {
      const w = world();
      const started = await startedAt();
      if (isLive) await liveUntil(w, started, 1_200n, MARKET);
      else await w.networkHelpers.time.setNextBlockTimestamp(started + 6n * HOUR);
      const penalty = HEALTH.maintenance / 10n;
      const fraction = deleverageFractionUp({
        marginBalance: HEALTH.marginBalance,
        penalty,
        linearMargin: HEALTH.linearMargin,
        sizeMargin: 0n,
        blindMargin: 0n,
        targetRatio: (WAD * 115n) / 100n,
      });
      await expect(w.engine.connect(w.erin).deleverage(w.id(w.alice)))
        .to.emit(w.engine, "Deleveraged")
        .withArgs(w.id(w.alice), HEALTH.value, fraction, ceilWad(penalty, fraction), 0n, 0n, 0n)
        .to.emit(w.house, "SideDeleveraged")
        .withArgs(MARKET, false, ceilWad(SIZE, fraction), CRASH);
      await expectOutcome(ceilWad(penalty, fraction), ceilWad(penalty, fraction), 0n);
    });
  }
});

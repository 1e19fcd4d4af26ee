import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Aave v2, 2022-11-22 (T15). One account owed 92M CRV against 63.6M USDC. The price was squeezed; 385 liquidations in about 50 minutes had
 * to buy CRV in a market that was too thin for them, and 2.64M CRV, about 1.6M USD, were left without collateral. The fund for it had 280,000.
 * Figures: incidents.csv of the design notes, 2022-11-22; peers.md, T15. The prices are ours: up to 71 cents, above the 69.13 at which
 * 63.6M are what 92M CRV cost. A short from 55 cents with 13.0M of margin has the same value at every price.
 */

const MILLION = 1_000_000n;
const MARKET = 2;
const TAIL = 2;
const CENT = WAD / 100n;
const SIZE = 92n * MILLION * WAD;
const COLLATERAL = 63_600_000n;
const ENTRY = 55n * CENT;
const TOP = 71n * CENT;
/** In steps of a minute. */
const MINUTES = 50n;
const RATE = 10_000;
const FUND = 280_000n;
const BUDGET = (FUND * DOLLAR) / 10n;
const REAL_LOSS = 1_600_000n * DOLLAR;

/** Of 92M CRV, in whole dollars; the prices used here leave no rest. */
const notional = (price: bigint) => (SIZE * price) / WAD / DOLLAR;
const fee = (price: bigint) => (notional(price) * 5n) / 10_000n;
/** Margin that makes the short worth what the collateral less the debt was worth. */
const marginAt = (price: bigint) => COLLATERAL - notional(price);

describe("incident T15: a short that is squeezed in a thin market (Aave v2, CRV, 2022-11-22)", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  /** Bob is long against the short, Carol bids, Dave holds cash only. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(MARKET, ENTRY, { class: TAIL, maintenanceRate: RATE, cap: SIZE });
    await w.cash(w.bob, 20n * MILLION);
    await w.cash(w.carol, 50n * MILLION);
    await w.cash(w.dave, MILLION);
  });
  const openShort = async () => {
    const w = world();
    const short = await w.cash(w.alice, marginAt(ENTRY) + fee(ENTRY));
    await w.trade(short, w.id(w.bob), MARKET, -SIZE, ENTRY);
    expect(await w.valueOf(short)).to.equal(marginAt(ENTRY) * DOLLAR);
    return short;
  };
  const setPrice = async (price: bigint) => {
    await world().networkHelpers.time.increase(60);
    await world().setFeeds(feeds, price);
  };

  it("CLR-06, MRG-01: at 60 cents 63.6M do not carry it: 16% of 55.2M are asked for, and 8.4M are there", async () => {
    const w = world();
    await setPrice(60n * CENT);
    const short = await w.cash(w.alice, marginAt(60n * CENT) + fee(60n * CENT));
    await expect(w.trade(short, w.id(w.bob), MARKET, -SIZE, 60n * CENT))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin")
      .withArgs(short, 8_400_000n * DOLLAR, 8_832_000n * DOLLAR);
  });

  it("LIQ-02, LIQ-03: squeezed within 50 minutes, bidders take the position and need not buy the asset: nothing is missing", async () => {
    const w = world();
    const short = await openShort();
    const bob = await w.valueOf(w.id(w.bob));
    let [bids, missing, paid] = [0, 0n, 0n];
    for (let minute = 1n; minute <= MINUTES; ++minute) {
      await setPrice(ENTRY + ((TOP - ENTRY) * minute) / MINUTES);
      await w.oracle.refresh(MARKET);
      const { marginBalance, linearMargin, sizeMargin } = await w.house.health(short);
      if (marginBalance >= linearMargin + sizeMargin) continue;
      const { shortfall, covered, socialized, penalty } = await w.bidFor(w.carol, short);
      [bids, missing, paid] = [bids + 1, missing + shortfall + covered + socialized, paid + penalty];
    }
    expect(missing, "where 1.6M were left").to.equal(0n);
    expect(bids).to.be.greaterThan(1);
    expect(await w.valueOf(short)).to.be.greaterThan(0n);
    expect(await w.house.fundAccount(), "the fund earns").to.equal(paid);
    expect(paid).to.be.greaterThan(FUND * DOLLAR);
    const gained = (await w.valueOf(w.id(w.bob))) - bob;
    expect(gained - (SIZE * (TOP - ENTRY)) / WAD, "the long has all of his profit").to.be.within(-10n, 0n);
    // A short's value is cut toward zero by the sum: up to a wei too much for each of two.
    await w.expectConserved(1_000n, 2n);
  });

  it("LIQ-05, LIQ-06, FND-02: a gap that leaves 1.6M missing takes a tenth of 280,000; the long bears the rest of his 14.6M", async () => {
    const w = world();
    const short = await openShort();
    await w.fundReserve(FUND * USD);
    // The first price in steps of 1e-8 at which at least 1.6M are missing.
    const price = ((COLLATERAL * DOLLAR + REAL_LOSS) / (SIZE / WAD) / 10n ** 10n + 1n) * 10n ** 10n;
    const missing = (SIZE * price) / WAD - COLLATERAL * DOLLAR;
    expect(missing - REAL_LOSS).to.be.within(0n, DOLLAR);
    const [bob, dave] = [await w.valueOf(w.id(w.bob)), await w.valueOf(w.id(w.dave))];
    await setPrice(price);
    await expect(w.engine.connect(w.erin).deleverage(short))
      .to.emit(w.engine, "Deleveraged")
      .withArgs(short, -missing, WAD, 0n, missing, BUDGET, missing - BUDGET);
    const gained = (await w.valueOf(w.id(w.bob))) - bob;
    const gain = (SIZE * (price - ENTRY)) / WAD;
    // The price at which he closes is rounded by a wei for each of 92M units.
    expect(gain - (missing - BUDGET) - gained).to.be.within(0n, 92n * MILLION);
    expect(gained, "never above what he gained").to.be.greaterThan(0n);
    expect(await w.valueOf(w.id(w.dave))).to.equal(dave);
    expect(await w.openInterest(MARKET)).to.equal(0n);
    expect(await w.house.unallocatedLoss()).to.equal(0n);
    await w.expectConserved(10n ** 9n, 10n ** 3n);
  });
});

import { expect } from "chai";

import { CASH, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import { linkControl } from "./support/control.ts";
import type { Control } from "./support/control.ts";

/*
 * dYdX v3, YFI, 2023-11-17/18 (T5). More than 100 wallets went long at 5x while spot rose by 215%, put their unrealised profit into more of
 * the same, about 50M in all, and the price fell from 14,500 to 8,300. Its fund had about 22.5M and paid 9M. Initial margin was
 * raised after the build-up.
 * Figures: incidents.csv of the design notes, 2023-11-18, and the post-mortem named there. The path between the two prices is ours: 8 days,
 * a straight line in logarithms with 4% up and down in turn each hour, and the fall within an hour. One account stands for the wallets:
 * twice a day it sells everything and buys as much as margin and cap let it, which makes its profit cash, and takes out what it cannot use.
 */

const MILLION = 1_000_000n;
const MARKET = 2;
const TAIL = 2;
const FIRST = 4_603n * WAD;
const PEAK = 14_500n * WAD;
const BOTTOM = 8_300n * WAD;
const FUND = 22_500_000n;
/** What class tail may draw of it in a day: 10%. */
const BUDGET = (FUND * DOLLAR) / 10n;
const REAL_LOSS = 9n * MILLION * DOLLAR;
/** 50M at the first price. */
const LISTED = 10_862n * WAD;
const NOTIONAL = 50n * MILLION * DOLLAR;
const CAPITAL = 1_200_000n;
const HOURS = 192;
const UNIT = 10n ** 12n;

interface BuildUp {
  readonly notional: bigint;
  /** imr at the beginning and at the peak, 1e-5. */
  readonly firstMargin: bigint;
  readonly lastMargin: bigint;
  /** Hour in which a fill was first refused by the cap. */
  readonly cappedAt: number | undefined;
  readonly badDebt: bigint;
  readonly covered: bigint;
  readonly socialized: bigint;
}

describe("incident T5: a build-up on a thin fund (dYdX v3, YFI, 2023-11-18)", function () {
  this.timeout(600_000);
  const world = useWorld();

  const priceAt = (hour: number): bigint => {
    const noise = hour % 2 === 0 ? 0 : 0.04;
    return BigInt(Math.round(4_603 * Math.exp((Math.log(14_500 / 4_603) * hour) / HOURS + noise) * 1e8)) * 10n ** 10n;
  };
  const marginNow = async () => (await world().house.marketOf(MARKET))[0].rateTarget + 6_000n;

  /** Sells all, buys what margin, cap and 50M allow, withdraws the rest. Returns whether the cap stood in the way. */
  const turnOver = async (wallets: string, others: string): Promise<boolean> => {
    const w = world();
    const { price } = await w.oracle.quote(MARKET);
    const held = await w.baseOf(wallets, MARKET);
    if (held !== 0n) await w.trade(wallets, others, MARKET, -held, price);
    // The fee of 5 basis points comes out of the same cash.
    const most = ((await w.cashOf(wallets)) * 100_000n) / ((await marginNow()) + 50n);
    const wanted = ((most < NOTIONAL ? most : NOTIONAL) * WAD) / price - 1n;
    const [, { cap }] = await w.house.marketOf(MARKET);
    const isCapped = wanted > cap;
    if (isCapped) {
      await expect(w.trade(wallets, others, MARKET, wanted, price))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_OpenInterestCapExceeded")
        .withArgs(MARKET, wanted, cap);
    }
    await w.trade(wallets, others, MARKET, isCapped ? cap : wanted, price);
    const { initialBalance, initialMargin } = await w.house.health(wallets);
    const free = (initialBalance - initialMargin) / UNIT;
    if (free > USD) await w.house.connect(w.alice).withdraw(wallets, CASH, free);
    return isCapped;
  };

  /** The whole story; `control` is synced every hour, or nobody controls anything. */
  const replay = async (control?: Control): Promise<BuildUp> => {
    const w = world();
    await w.fundReserve(FUND * USD);
    const feeds = await w.listMarket(MARKET, FIRST, { class: TAIL, maintenanceRate: 10_000, addOn: 0, cap: LISTED });
    const wallets = await w.cash(w.alice, CAPITAL);
    const others = await w.cash(w.bob, 300n * MILLION);
    let firstMargin = 0n;
    let cappedAt: number | undefined;
    for (let hour = 0; hour <= HOURS; hour++) {
      await w.networkHelpers.time.increase(3_600);
      await w.setFeeds(feeds, priceAt(hour));
      if (control === undefined) await w.oracle.refresh(MARKET);
      else await control.sync(MARKET);
      if (hour % 12 !== 0) continue;
      if (await turnOver(wallets, others)) cappedAt ??= hour;
      if (hour === 0) firstMargin = await marginNow();
    }
    const notional = ((await w.openInterest(MARKET)) * PEAK) / WAD;
    const lastMargin = await marginNow();

    await w.networkHelpers.time.increase(3_600);
    await w.setFeeds(feeds, BOTTOM);
    await w.cash(w.carol, 50n * MILLION);
    await w.oracle.refresh(MARKET);
    const { value } = await w.house.health(wallets);
    const { covered, socialized } = await w.bidFor(w.carol, wallets);
    return { notional, firstMargin, lastMargin, cappedAt, badDebt: -value, covered, socialized };
  };

  it("without risk control the position reaches 50M, and owes more than the fund may pay in a day", async () => {
    const story = await replay();
    expect(story.notional).to.be.within((NOTIONAL * 99n) / 100n, NOTIONAL);
    expect(story.cappedAt).to.equal(undefined);
    expect(story.firstMargin).to.equal(16_000n);
    expect(story.lastMargin, "nobody raises it").to.equal(16_000n);
    expect(story.badDebt, "of the real loss's order").to.be.within(REAL_LOSS, 2n * REAL_LOSS);
    expect(story.covered).to.equal(BUDGET);
    expect(story.socialized).to.be.greaterThan(REAL_LOSS / 2n);
  });

  it("RSK-01, FND-04: initial margin rises and the cap binds days before the crash, and the fund pays within its budget", async () => {
    const story = await replay(await linkControl(world()));
    expect(story.firstMargin).to.equal(16_000n);
    expect(story.lastMargin, "initial margin has risen by a third before the crash").to.be.greaterThan(21_000n);
    expect(story.cappedAt, "the cap binds five days before").to.be.lessThan(HOURS - 120);
    expect(story.notional, "a fifth of 50M").to.be.lessThan(NOTIONAL / 5n);
    expect(story.badDebt).to.be.within(1n, BUDGET);
    expect(story.covered).to.equal(story.badDebt);
    expect(story.socialized).to.equal(0n);
  });
});

import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { expectedHealth } from "../support/expected.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Binance, 2025-10-10 (T17). Collateral was valued at the venue's own thin spot book: USDe stood at 0.65 there for about 40 minutes and at
 * about 1 elsewhere. Accounts that held it were liquidated; the venue paid 283M USD back.
 * Figures: incidents.csv of the design notes, 2025-10-10, "USDe 0.65 on Binance vs ~1 elsewhere"; peers.md, T17: 40 minutes.
 */

const MARKET = 2;
const SIZE = 10_000_000n * WAD;
const ENTRY = WAD;
const PRINT = (65n * WAD) / 100n;
const RATE = 4_000n;
const DEPOSIT = 1_100_000n;
/** 5 basis points of 10M. */
const FEE = 5_000n;
const MINUTE = 60n;

const healthAt = (price: bigint) =>
  expectedHealth((DEPOSIT - FEE) * DOLLAR, [{ base: SIZE, entry: ENTRY, price, rate: RATE, addOn: 0n }]);

describe("incident T17: the price of one thin book (Binance, 2025-10-10)", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(MARKET, ENTRY, { maintenanceRate: Number(RATE), addOn: 0, cap: SIZE });
    const [alice, bob] = [await w.cash(w.alice, DEPOSIT), await w.cash(w.bob, 20_000_000n)];
    await w.cash(w.carol, 20_000_000n);
    await w.trade(alice, bob, MARKET, SIZE, ENTRY);
  });

  for (const venue of [0, 1, 2]) {
    it(`ORC-06, LIQ-01: 40 minutes of 0.65 at venue ${venue} liquidate nobody, at no moment`, async () => {
      const w = world();
      const alice = w.id(w.alice);
      expect(healthAt(PRINT).value < 0n, "by that book the account owes 2.4M").to.equal(true);
      const { marginBalance, maintenance } = healthAt(ENTRY);
      for (let minute = 0n; minute <= 40n; minute += 10n) {
        for (const [i, feed] of feeds.entries()) await feed.setAnswer((i === venue ? PRINT : ENTRY) / 10n ** 10n);
        await w.networkHelpers.time.increase(10n * MINUTE);
        await expect(w.engine.start(alice), `minute ${minute}`)
          .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotLiquidatable")
          .withArgs(alice, marginBalance, maintenance);
      }
      expect(await w.valueOf(alice)).to.equal((DEPOSIT - FEE) * DOLLAR);
      expect(await w.oracle.consensusPrice(MARKET)).to.equal(ENTRY);
    });
  }

  it("ORC-02, LIQ-01: two of three books at 0.65 are the market, and then the account is liquidated", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds.slice(0, 2), PRINT);
    expect(await w.oracle.consensusPrice(MARKET)).to.equal(PRINT);
    await w.engine.start(alice);
    expect(await w.valueOf(alice)).to.equal(healthAt(PRINT).value);
  });
});

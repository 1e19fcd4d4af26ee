import { expect } from "chai";

import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
const SIDE = 3;
const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;

describe("fills that reduce, and accounts with nothing left (CLR-06, CLR-06a)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  /** Alice is long 100 at 200 in a market without add-on: cash 2,490. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(FLAT, AT_200);
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), FLAT, SIZE, AT_200);
  });
  const setPrice = async (price: bigint) => {
    await world().networkHelpers.time.increase(60);
    await world().setFeeds(feeds, price);
  };

  it("below IM: costs up to the fee and mmr/10 of the notional closed are allowed, one wei of price more is not", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    await setPrice(180n * WAD);
    // V = 490, IM = 900 after. 50 closed: 0.4% of 9,000 is 36, so 0.72 below index; the fee is 5 bp of 8,964.
    const price = 180n * WAD - (72n * WAD) / 100n;
    const fee = (8_964n * 5n * DOLLAR) / 10_000n;
    await expect(w.trade(alice, carol, FLAT, -50n * WAD, price - 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_ReductionTooCostly")
      .withArgs(alice, 36n * DOLLAR + 50n + fee, 36n * DOLLAR + fee);
    await w.trade(alice, carol, FLAT, -50n * WAD, price);
    expect(await w.baseOf(alice, FLAT)).to.equal(50n * WAD);
    expect(await w.valueOf(alice)).to.equal(490n * DOLLAR - 36n * DOLLAR - fee);
  });

  it("the maker pays no fee and is allowed none", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    await setPrice(180n * WAD);
    const price = 180n * WAD - (72n * WAD) / 100n;
    await expect(w.trade(carol, alice, FLAT, 50n * WAD, price - 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_ReductionTooCostly")
      .withArgs(alice, 36n * DOLLAR + 50n, 36n * DOLLAR);
    await w.trade(carol, alice, FLAT, 50n * WAD, price);
  });

  it("a fill that lifts E/MM while value leaves is refused: the ratio is never looked at", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const second = await w.cash(w.alice, 50_000n, 1n);
    await setPrice(180n * WAD);
    const before = await w.house.health(alice);
    expect(before.marginBalance, "already below MM").to.be.lessThan(before.linearMargin);
    // 70 of 100 sold to oneself at -2%: 258 of 490 would leave, yet E/MM would rise from 0.68 to 1.07: out of the auction, below IM.
    const fee = (70n * 1_764n * 5n * DOLLAR) / 100_000n;
    const lost = (70n * 36n * DOLLAR) / 10n + fee;
    const allowed = (70n * 180n * 4n * DOLLAR) / 1_000n + fee;
    expect(490n * DOLLAR - lost, "E after would be above MM after").to.be.greaterThan((before.linearMargin * 3n) / 10n);
    await expect(w.trade(alice, second, FLAT, -70n * WAD, (1_764n * WAD) / 10n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_ReductionTooCostly")
      .withArgs(alice, lost, allowed);
    // Nor by moving a leg that carries the loss: at the index it costs the fee alone and is welcome.
    await w.trade(alice, second, FLAT, -70n * WAD, 180n * WAD);
  });

  it("above IM after, a reduction may cost what the band allows", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    await w.trade(alice, carol, FLAT, -50n * WAD, 196n * WAD);
    expect(await w.valueOf(alice)).to.equal(2_490n * DOLLAR - 200n * DOLLAR - (49n * DOLLAR) / 10n);
  });

  it("ClearingHouse_Bankrupt: V after a reduction must be above zero", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    // V = 1 at 175.11; closing 60 costs a fee of 5.2533.
    await setPrice((17_511n * WAD) / 100n);
    const fee = (60n * 17_511n * 5n * DOLLAR) / 1_000_000n;
    await expect(w.trade(alice, carol, FLAT, -60n * WAD, (17_511n * WAD) / 100n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_Bankrupt")
      .withArgs(alice, DOLLAR - fee);
    // As maker it costs nothing, so V stays 1.
    await w.trade(carol, alice, FLAT, 60n * WAD, (17_511n * WAD) / 100n);
    expect(await w.valueOf(alice)).to.equal(DOLLAR);
  });

  it("CLR-06a: at V = 0 and below nothing trades, on either side, not even to its gain", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    for (const [price, value] of [
      [(1_751n * WAD) / 10n, 0n],
      [170n * WAD, -510n * DOLLAR],
    ] as const) {
      await setPrice(price);
      expect(await w.valueOf(alice)).to.equal(value);
      const better = price + price / 50n;
      await expect(w.trade(alice, carol, FLAT, -50n * WAD, better))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_Bankrupt")
        .withArgs(alice, value);
      await expect(w.trade(carol, alice, FLAT, SIZE, price))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_Bankrupt")
        .withArgs(alice, value);
      await expect(w.trade(carol, alice, ETH_MARKET, 10n * WAD, AT_200))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_Bankrupt")
        .withArgs(alice, value);
    }
    await w.cash(w.alice, 511n);
    await w.trade(carol, alice, FLAT, SIZE, 170n * WAD);
    expect(await w.valueOf(alice)).to.equal(DOLLAR);
  });

  it("CLR-06, CLR-06a: the losing leg is not closed against one's own second account while dust stays in another market", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const second = await w.cash(w.alice, 50_000n, 1n);
    const sideFeeds = await w.listMarket(SIDE, 100n * WAD);
    // MM of the small leg is 10.4 when it opens and 8.32 once its price has come down by a fifth.
    await w.cash(w.alice, 30n);
    await w.trade(alice, w.id(w.bob), SIDE, (26n * WAD) / 10n, 100n * WAD);
    await w.setFeeds(sideFeeds, 80n * WAD);
    await setPrice(180n * WAD);
    // 2,490 + 30 - 0.13 - 2,000 - 52: V = 467.87, MM = 728.32.
    expect(await w.valueOf(alice)).to.equal((46_787n * DOLLAR) / 100n);
    await expect(w.trade(alice, second, FLAT, -SIZE, 180n * WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DustPosition")
      .withArgs(alice, (832n * DOLLAR) / 100n, 10n * DOLLAR);
    await expect(w.trade(second, alice, FLAT, SIZE, (1_764n * WAD) / 10n)).to.be.revertedWithCustomError(
      w.house,
      "ClearingHouse_DustPosition",
    );
    // With V < 0 there is no way out at all, dust or not.
    await setPrice(170n * WAD);
    await expect(w.trade(alice, second, FLAT, -SIZE, 170n * WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_Bankrupt")
      .withArgs(alice, (46_787n * DOLLAR) / 100n - 1_000n * DOLLAR);
  });

  it("CLR-06: what a series of reductions below IM can carry away is mmr/10 of the notional, not more", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const second = await w.cash(w.alice, 50_000n, 1n);
    await setPrice(180n * WAD);
    const worst = 180n * WAD - (72n * WAD) / 100n;
    // As maker, in four parts of 25, each at the worst price allowed.
    for (let part = 0; part < 4; ++part) await w.trade(second, alice, FLAT, 25n * WAD, worst);
    // Fills below the index turn funding in favour of longs: a tenth of a cent in the few seconds that this takes (CLR-05).
    expect(await w.valueOf(alice)).to.be.closeTo(490n * DOLLAR - 72n * DOLLAR, DOLLAR / 500n);
    expect(await w.baseOf(alice, FLAT)).to.equal(0n);
  });

  it("a winner closes in parts: realised PnL follows the average entry to the wei", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    await setPrice(220n * WAD);
    await w.trade(carol, alice, FLAT, (100n * WAD) / 3n, 220n * WAD);
    const [base, quote] = await w.house.positionOf(alice, FLAT);
    const closed = (100n * WAD) / 3n;
    expect(base).to.equal(SIZE - closed);
    expect(quote + 200n * base, "what stays has its entry").to.be.within(-1n, 1n);
    expect((await w.cashOf(alice)) - 2_490n * DOLLAR - 20n * closed).to.be.within(-1n, 1n);
    await w.house.connect(w.alice).withdraw(alice, 0, USD);
    await w.expectConserved(2n);
  });
});

import { expect } from "chai";

import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/** The market in which the sold account was deleveraged wholly. */
const GONE = 2;
const AT_200 = 200n * WAD;
const AT_150 = 150n * WAD;
const SIZE = 100n * WAD;
const SHORT = 10n * WAD;
/** Bob's 100 of ether at 200, which falls to 178. */
const BELOW = 178n * WAD;

/**
 * Bob is long ether and short 10 of another market against Dave and nobody else. There the price falls and rises with Dave: all of Dave's base
 * is closed against all of Bob's, whose leg is worth its quote from then on, while others begin anew in the same market.
 */
describe("LIQ-02, CLR-11: sale of an account with a leg that was wholly deleveraged", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(GONE, AT_200);
    await w.cash(w.bob, 2_250n);
    await w.cash(w.carol, 1_000_000n);
    await w.cash(w.frank, 1_000_000n);
    await w.cash(w.dave, 400n);
    await w.trade(w.id(w.bob), w.id(w.carol), ETH_MARKET, SIZE, AT_200);
    await w.trade(w.id(w.dave), w.id(w.bob), GONE, SHORT, AT_200);
  });
  /** Dave owes 100 more than he has, the fund is empty: he is closed against the whole other side. */
  const closeDave = async () => {
    const w = world();
    await w.setFeeds(feeds, AT_150);
    await w.engine.deleverage(w.id(w.dave));
  };
  const sellable = async () => {
    await closeDave();
    await world().setEth(BELOW);
  };
  /** A quarter of what Bob has, while his short still stands; he has asked for records. */
  const sellQuarter = async () => {
    const w = world();
    await w.house.connect(w.bob).setSaleRecords(w.id(w.bob), true);
    await w.setEth(BELOW);
    await w.bidFor(w.carol, w.id(w.bob), { fraction: WAD / 4n });
    return w.house.saleOf(w.id(w.bob), GONE);
  };

  it("what is left of the leg becomes the seller's cash and is sold as such; the leg is gone", async () => {
    const w = world();
    const bob = w.id(w.bob);
    await sellable();
    const { base, quoteValue } = await w.house.positionOf(bob, GONE);
    expect([base, quoteValue > 390n * DOLLAR]).to.deep.equal([0n, true]);
    const { value } = await w.house.health(bob);
    const report = await w.bidFor(w.carol, bob);
    expect(report.value, "V counts the quote").to.equal(value);
    const { markets } = await w.house.headerOf(bob);
    expect(markets & (1n << BigInt(GONE))).to.equal(0n);
    expect((await w.house.positionOf(bob, GONE)).quoteValue).to.equal(0n);
    await w.expectConserved(1_000n);
  });

  it("a bidder's own position there stays as it is, to the wei, and counts at the price of its feed", async () => {
    const w = world();
    const bob = w.id(w.bob);
    await sellable();
    // Erin is long 100 of the new generation: at a price of 0 she would owe 15,000 and more.
    const erin = await w.cash(w.erin, 8_000n);
    await w.trade(erin, w.id(w.frank), GONE, SIZE, AT_150);
    const before = await w.house.positionOf(erin, GONE);
    await w.bidFor(w.erin, bob);
    expect(await w.house.positionOf(erin, GONE)).to.deep.equal(before);
    expect(await w.baseOf(erin, ETH_MARKET)).to.be.greaterThan(0n);
    await w.expectConserved(1_000n);
  });

  it("a bidder who is short there is not richer for it: ClearingHouse_BelowInitialMargin", async () => {
    const w = world();
    const bob = w.id(w.bob);
    await sellable();
    // 100 short at 150 with 1,600: enough for them, and too little for Bob's ether besides.
    const erin = await w.cash(w.erin, 1_600n);
    await w.trade(w.id(w.frank), erin, GONE, SIZE, AT_150);
    await expect(w.bidWith(w.erin, bob)).to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin");
  });

  it("CLM-04: a leg without base is not sold, and what was sold before stays on record", async () => {
    const w = world();
    const bob = w.id(w.bob);
    const sold = await sellQuarter();
    expect([sold.price, sold.base, sold.side]).to.deep.equal([AT_200, SHORT / 4n, 2n]);
    await closeDave();
    expect(await w.baseOf(bob, GONE)).to.equal(0n);
    await w.setEth(172n * WAD);
    await w.bidFor(w.carol, bob);
    expect((await w.house.headerOf(bob)).markets & (1n << BigInt(GONE)), "sold with it").to.equal(0n);
    expect(await w.house.saleOf(bob, GONE)).to.deep.equal(sold);
  });

  it("CLM-04, LIQ-06: nor is it when the account is deleveraged", async () => {
    const w = world();
    const bob = w.id(w.bob);
    const sold = await sellQuarter();
    await closeDave();
    await w.setEth(160n * WAD);
    await w.engine.deleverage(bob);
    expect((await w.house.headerOf(bob)).markets).to.equal(0n);
    expect((await w.house.saleOf(bob, ETH_MARKET)).price, "what was closed").to.equal(160n * WAD);
    expect(await w.house.saleOf(bob, GONE)).to.deep.equal(sold);
  });
});

import { expect } from "chai";

import { expectedHealth, expectedTerms } from "../typescript/support/expected.ts";
import { reportOf } from "../typescript/support/world.ts";
import { onNetwork, WAD } from "./support/fork.ts";
import { FEED, USDC_TO_WAD, useWorld } from "./support/world.ts";

const SIZE = 100n * WAD;
/** Taker fee, basis points. */
const FEE_BPS = 5n;

onNetwork("A liquidation over real feeds and real USDC", ["usdc", "weth", "chainlink"], () => {
  /** Alice is long 100 ether with 10.2% of their price; Bob has sold them; Carol bids. */
  const world = useWorld(async (w) => {
    const notional = (SIZE * w.price) / WAD;
    await w.deposit(w.alice, (notional * 102n) / 1_000n / USDC_TO_WAD);
    await w.deposit(w.bob, notional / USDC_TO_WAD);
    await w.deposit(w.carol, notional / USDC_TO_WAD);
    await w.trade(w.alice, w.bob, SIZE, w.price);
  });
  const cashOfAlice = () => {
    const notional = (SIZE * world().price) / WAD;
    return (notional * 102n) / 1_000n - (notional * FEE_BPS) / 10_000n;
  };
  /** `percent` of the first price, whole digits of the feeds. */
  const fall = async (percent: bigint) => {
    const w = world();
    const to = (w.price * percent) / 100n;
    await w.setPrice(to);
    await w.oracle.refresh(FEED);
    return to;
  };
  const expected = (price: bigint) => expectedHealth(cashOfAlice(), [{ base: SIZE, entry: world().price, price }]);

  it("CLR-03, CLR-06b: a signed order is filled over the real feeds, cash and margin to the wei", async () => {
    const w = world();
    const health = await w.house.health(w.id(w.alice));
    const { value, marginBalance, linearMargin, sizeMargin } = expected(w.price);
    expect([health.value, health.marginBalance]).to.deep.equal([value, marginBalance]);
    expect([health.linearMargin, health.sizeMargin]).to.deep.equal([linearMargin, sizeMargin]);
    expect(await w.surplus()).to.be.within(0n, 2n);
  });

  it("LIQ-02, LIQ-03: submissions of the oracles make her liquidatable, and she is sold at the twin's terms", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await expect(w.bid(w.carol, alice)).to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotLiquidatable");
    const price = await fall(93n);
    const health = expected(price);
    expect(health.value).to.be.greaterThan(0n);
    expect(health.marginBalance).to.be.lessThan(health.maintenance);
    const terms = expectedTerms(health, 0n);
    const report = await reportOf(w, await w.bid(w.carol, alice));
    expect(report.value).to.equal(health.value);
    expect(report.income).to.equal(terms.income);
    expect(report.fraction).to.equal(terms.maxFraction);
    expect(report.shortfall).to.equal(0n);
    expect((await w.baseOf(alice)) + (await w.baseOf(w.id(w.carol)))).to.equal(SIZE);
    expect(await w.surplus()).to.be.within(0n, 10n);
  });

  it("R2, FND-11: a gap through V = 0 while Circle pauses the token: layers pay in the books, tokens follow when they can", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.donate(100_000n * 10n ** 6n);
    const price = await fall(85n);
    const { value } = expected(price);
    expect(value).to.be.lessThan(0n);
    const pauser = await w.usdc.readAddress("pauser");
    await w.act(pauser);
    await w.usdc.send("pause", [], pauser);

    const report = await reportOf(w, await w.bid(w.carol, alice));
    expect(report.value).to.equal(value);
    expect(report.fraction).to.equal(WAD);
    expect(report.shortfall).to.equal(-value);
    expect(report.covered + report.socialized, "INV-03").to.equal(report.shortfall);
    expect(report.covered, "the reserve pays").to.be.greaterThan(0n);
    const booked = await w.house.fundAccount();
    expect(booked, "the fund owes the house").to.be.lessThan(0n);
    const before = await w.balanceOf(w.houseAddress);
    await w.fund.settle(w.segment);
    expect(await w.house.fundAccount(), "a paused token changes no debt").to.equal(booked);
    expect(await w.balanceOf(w.houseAddress)).to.equal(before);

    await w.usdc.send("unpause", [], pauser);
    await w.fund.settle(w.segment);
    const paid = (await w.balanceOf(w.houseAddress)) - before;
    expect(await w.house.fundAccount()).to.equal(booked + paid * USDC_TO_WAD);
    expect(-booked - paid * USDC_TO_WAD, "less than a unit of the token").to.be.within(-USDC_TO_WAD, USDC_TO_WAD);
    expect(await w.surplus()).to.be.within(0n, USDC_TO_WAD);
  });

  it("ORC-07: feeds that are silent too long give no price: nothing is sold", async () => {
    const w = world();
    await w.networkHelpers.time.increase(3_901);
    await w.oracle.refresh(FEED);
    expect((await w.oracle.quote(FEED)).hasConsensus).to.equal(false);
    await expect(w.trade(w.alice, w.bob, WAD, w.price))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NoConsensus")
      .withArgs(0);
  });
});

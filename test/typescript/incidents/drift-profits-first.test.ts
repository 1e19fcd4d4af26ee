import { expect } from "chai";

import { CASH, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Drift v1, 2022-05-11 (T10). Shorts of LUNA withdrew their profits before the matching losses were realised: first other users' collateral,
 * then the insurance fund's. About 10M were missing when the exchange was paused; what was left was shared over all users.
 * Figures: incidents.csv of the design notes, 2022-05-11; peers.md, T10: "unrealised profit never payable from the fund".
 */

const MARKET = 2;
const ENTRY = 80n * WAD;
const AFTER = 40n * WAD;
const SIZE = 10_000n * WAD;
/** Alice is long with an eighth of her notional; at 40 she owes 300,000 less what the fee took. */
const DEPOSIT = 100_000n;
const FEE = 400n;
const DEBT = (400_000n - DEPOSIT + FEE) * DOLLAR;

describe("incident T10: profits that leave before the losses are there (Drift v1, 2022-05-11)", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  /** Bob is short against Alice and has 200,000 of his own; Carol has 500,000 and no position. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(MARKET, ENTRY);
    const [alice, bob] = [await w.cash(w.alice, DEPOSIT), await w.cash(w.bob, 200_000n)];
    await w.cash(w.carol, 500_000n);
    await w.fundReserve(50_000n * USD);
    await w.trade(alice, bob, MARKET, SIZE, ENTRY);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, AFTER);
  });
  const reserve = async () => (await world().fund.segmentOf(world().segment)).reserve;
  const withdraw = async (dollars: bigint) => {
    const w = world();
    return w.house.connect(w.bob).withdraw(w.id(w.bob), CASH, dollars * USD);
  };

  it("CLR-07, R3: once the loss was measured, Bob has his own cash back and no more: his part of what the fund cannot pay is known", async () => {
    const w = world();
    const bob = w.id(w.bob);
    await w.engine.connect(w.erin).flag(w.id(w.alice));
    const { measured, resources } = await w.house.deficits();
    expect([measured, resources]).to.deep.equal([DEBT, 50_000n * DOLLAR]);
    const share = await w.house.deficitShareOf(bob);
    expect(share).to.equal(DEBT - 50_000n * DOLLAR);
    // 200,000 of cash and 400,000 of profit, of which 250,400 will not be paid, and initial margin of 10% of 400,000.
    await w.house.connect(w.bob).withdraw(bob, CASH, 200_000n * USD);
    await expect(w.trade(w.id(w.carol), bob, MARKET, WAD, AFTER))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DeficitUnbooked")
      .withArgs(MARKET);
    await expect(w.house.connect(w.bob).move(bob, w.id(w.bob, 1n), CASH, 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InsufficientBalance")
      .withArgs(bob, CASH, 1n, 0n);
  });

  it("CLR-07: what he can withdraw before anyone has measured is his own deposit: profit is no cash, and the position bears the charge", async () => {
    const w = world();
    const bob = w.id(w.bob);
    await expect(withdraw(200_001n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InsufficientBalance")
      .withArgs(bob, CASH, 200_001n * DOLLAR, 200_000n * DOLLAR);
    const before = await reserve();
    await withdraw(200_000n);
    expect(await reserve(), "no withdrawal touches the fund").to.equal(before);
    // Then the loss is realised: fund first, within its budget, the rest out of Bob's gain, which is still there.
    const report = await w.bidFor(w.carol, w.id(w.alice));
    expect(report.shortfall).to.equal(DEBT);
    expect(report.covered + report.socialized).to.equal(DEBT);
    expect(before - (await reserve())).to.equal(report.covered + report.reward);
    expect(await w.valueOf(bob)).to.be.within(
      400_000n * DOLLAR - report.socialized - 10n ** 6n,
      400_000n * DOLLAR - report.socialized,
    );
    await w.expectConserved(1_000n, 10n ** 12n);
  });

  it("CLR-06b, CLR-07: closing first turns profit into cash only when somebody takes the position, and not while the loss is unbooked", async () => {
    const w = world();
    await w.engine.connect(w.erin).flag(w.id(w.alice));
    await expect(w.trade(w.id(w.bob), w.id(w.carol), MARKET, SIZE, AFTER))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DeficitUnbooked")
      .withArgs(MARKET);
    const { socialized } = await w.bidFor(w.carol, w.id(w.alice));
    await w.trade(w.id(w.bob), w.id(w.carol), MARKET, SIZE, AFTER);
    // 200,000 and 400,000 less his charge and 5 basis points of 400,000: what every short in his place would have.
    expect(await w.cashOf(w.id(w.bob))).to.be.within(
      600_000n * DOLLAR - socialized - 200n * DOLLAR - 10n ** 6n,
      600_000n * DOLLAR - socialized - 200n * DOLLAR,
    );
  });

  it("R3: Carol, who has no position, pays nothing and is paid in full, before or after", async () => {
    const w = world();
    const snapshot = await w.networkHelpers.takeSnapshot();
    const leave = async () => {
      await w.house.connect(w.dave).withdraw(w.id(w.dave), CASH, 7_000n * USD);
      return w.usd.balanceOf(w.dave.address);
    };
    await w.cash(w.dave, 7_000n);
    await w.engine.flag(w.id(w.alice));
    expect(await leave()).to.equal(7_000n * USD);
    await snapshot.restore();
    await w.cash(w.dave, 7_000n);
    await w.bidFor(w.carol, w.id(w.alice));
    expect(await leave()).to.equal(7_000n * USD);
  });
});

import { expect } from "chai";

import { CASH, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { takeOut } from "../support/mutants.ts";
import type { Mutation } from "../support/mutants.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * One owner, two accounts with opposite positions at full leverage: a gap makes one bankrupt, the fund pays it, the other withdraws
 * (Percolator #24; every fund that several traders share has this exposure).
 */

const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;
const AT_140 = 140n * WAD;
/** 5 basis points of 20,000. */
const FEE = 10n * DOLLAR;
/** What the loser owes at 140: 2,500 less the fee, less 60 on each of 100 units. */
const SHORTFALL = 3_510n * DOLLAR;
const UNIT = 10n ** 12n;

/** What the fund may pay in a day is a share of its reserve (FND-02, LIQ-08). */
const DRAW_BUDGET: Mutation = {
  contract: "InsuranceFund",
  contractFile: "contracts/fund/InsuranceFund.sol",
  file: "contracts/fund/DrawBudgets.sol",
  edits: [["LeakyBucket.leftDown(shareBps, base - used, used)", "base - used"]],
};

/** While a loss can be seen and is not booked, nobody leaves the side that it will be charged to (CLR-07). */
const NOBODY_LEAVES: Mutation = {
  contract: "ClearingHouse",
  contractFile: "contracts/clearing/ClearingHouse.sol",
  file: "contracts/clearing/Trading.sol",
  edits: [["_requireBooked(terms.market);", ""]],
};

describe("attack: one user with two accounts, one goes bankrupt to the other", () => {
  /** Mallory is Alice: accounts 0 (long 100), 1 (short 100) and 2 (waits). Bob has deposited and trades nothing. */
  const world = useWorld(async (w) => {
    await w.cash(w.bob, 100_000n);
    const [loser, winner] = [await w.cash(w.alice, 2_500n), await w.cash(w.alice, 2_500n, 1n)];
    await w.trade(loser, winner, ETH_MARKET, SIZE, AT_200);
  });
  const withdraw = async (sub: bigint) => {
    const w = world();
    const account = w.id(w.alice, sub);
    const amount = (await w.cashOf(account)) / UNIT;
    if (amount > 0n) await w.house.connect(w.alice).withdraw(account, CASH, amount);
  };
  const wallet = async () => (await world().usd.balanceOf(world().alice.address)) * UNIT;

  describe("out of the fund", () => {
    const RESERVE = 1_000n;
    /** What both accounts can take out in the end, less what was put in. */
    const attack = async () => {
      const w = world();
      await w.fundReserve(RESERVE * USD);
      await w.setEth(AT_140);
      expect(await w.valueOf(w.id(w.alice))).to.equal(-SHORTFALL);
      await w.engine.connect(w.alice).deleverage(w.id(w.alice));
      // What the closed position has left becomes cash.
      await w.house.roll(w.id(w.alice, 1n), ETH_MARKET);
      await w.fund.settle(w.segment);
      for (const sub of [0n, 1n]) await withdraw(sub);
      const { reserve } = await w.fund.segmentOf(w.segment);
      return { profit: (await wallet()) - 5_000n * DOLLAR, reserve };
    };

    it("LIQ-08, INV-13, FND-02: it brings the day's budget of 35% less the fee; the winner bears the rest himself", async () => {
      const { profit, reserve } = await attack();
      const budget = (RESERVE * DOLLAR * 35n) / 100n;
      expect(profit - (budget - FEE), "rounded against him, below a unit of the token").to.be.within(-UNIT, 0n);
      expect(reserve).to.equal(RESERVE * DOLLAR - budget);
      // Bob has lost nothing.
      const w = world();
      await w.house.connect(w.bob).withdraw(w.id(w.bob), CASH, 100_000n * USD);
    });

    it("without budgets it empties the fund in one transaction", async () => {
      await takeOut(world(), DRAW_BUDGET);
      const { profit, reserve } = await attack();
      expect(profit - (RESERVE * DOLLAR - FEE)).to.be.within(-UNIT, 0n);
      expect(reserve).to.equal(0n);
    });
  });

  describe("out of the other depositors, before the loss is booked", () => {
    /** The fund is empty. Someone has flagged the loser; the winner hands its position to a third account that can lose less. */
    const attack = async () => {
      const w = world();
      const [loser, winner, third] = [w.id(w.alice), w.id(w.alice, 1n), await w.cash(w.alice, 1_500n, 2n)];
      await w.setEth(AT_140);
      await w.engine.connect(w.erin).flag(loser);
      const handsOver = w.trade(third, winner, ETH_MARKET, -SIZE, AT_140);
      const refused = await handsOver.then(
        () => false,
        () => true,
      );
      if (refused) await expect(handsOver).to.be.revertedWithCustomError(w.house, "ClearingHouse_DeficitUnbooked");
      else await withdraw(1n);
      await w.engine.connect(w.erin).deleverage(loser);
      for (const sub of [1n, 2n]) await w.house.roll(w.id(w.alice, sub), ETH_MARKET);
      if ((await w.valueOf(third)) < 0n) await w.engine.writeOff(third);
      for (const sub of [0n, 1n, 2n]) await withdraw(sub);
      return { refused, profit: (await wallet()) - 6_500n * DOLLAR, unallocated: await w.house.unallocatedLoss() };
    };

    it("CLR-07, R3, INV-13: the hand-over waits until the loss is booked, and the trick costs him the fee", async () => {
      const { refused, profit, unallocated } = await attack();
      expect(refused).to.equal(true);
      expect(profit + FEE).to.be.within(-UNIT, 0n);
      expect(unallocated).to.equal(0n);
    });

    it("without that he takes 2,000 of the other depositors' money", async () => {
      await takeOut(world(), NOBODY_LEAVES);
      const { refused, profit, unallocated } = await attack();
      expect(refused).to.equal(false);
      // The third account had 1,500 less 7 of fee when 3,510 were charged to it: 2,017 are borne by nobody.
      expect(unallocated - 2_017n * DOLLAR).to.be.within(0n, 1_000n);
      expect(profit - (2_017n - 10n - 7n) * DOLLAR).to.be.within(-UNIT, 0n);
    });
  });
});

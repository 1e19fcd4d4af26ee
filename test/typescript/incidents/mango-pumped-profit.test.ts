import { expect } from "chai";

import { profitWeight } from "../../../sdk/math/MarginMath.ts";
import { CASH, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Mango Markets, 2022-10-11 (T12). One owner put 5M into each of two accounts, sold himself 483M MNGO-PERP at 3.82 cents, pumped the price
 * to 91 cents on the venues that the oracle read, and borrowed 116M against the winner's unrealised profit.
 * Figures: incidents.csv of the design notes, 2022-10-11, and the press named there: 2 x 5M, 483M at 0.0382, 0.91, 116,000,000.
 */

const MILLION = 1_000_000n;
const MARKET = 2;
const TAIL = 2;
const SIZE = 483n * MILLION * WAD;
const ENTRY = (382n * WAD) / 10_000n;
const PEAK = (91n * WAD) / 100n;
const DEPOSIT = 5n * MILLION;
/** What was taken out. */
const REAL_LOSS = 116n * MILLION * DOLLAR;
/** 483M at 87.18 cents. */
const PROFIT = (SIZE * (PEAK - ENTRY)) / WAD;
/** 5 basis points of 18.45M. */
const FEE = (SIZE * ENTRY * 5n) / (WAD * 10_000n);
const RESERVE = 10n * MILLION;
/** 10% of the reserve for class tail. */
const BUDGET = (RESERVE * DOLLAR) / 10n;
const UNIT = 10n ** 12n;

describe("incident T12: unrealised profit of a pumped position is taken out (Mango, 2022-10-11)", () => {
  /** Bob's deposit is what was there to be taken. */
  const listed = async (cap: bigint) => {
    const w = world();
    const feeds = await w.listMarket(MARKET, ENTRY, { class: TAIL, maintenanceRate: 10_000, addOn: 0, cap });
    await w.cash(w.bob, 200n * MILLION);
    const [loser, winner] = [await w.cash(w.alice, DEPOSIT), await w.cash(w.alice, DEPOSIT, 1n)];
    return { w, feeds, loser, winner };
  };
  const world = useWorld();
  /** Both accounts as they were when the price stood at its peak. */
  const pumped = async () => {
    const { w, feeds, loser, winner } = await listed(SIZE);
    await w.trade(loser, winner, MARKET, -SIZE, ENTRY);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, PEAK);
    return { w, loser, winner };
  };

  it("FND-04, CLR-06: a cap of 1% of the supply of 5 billion, 50M, refuses the position itself", async () => {
    const cap = 50n * MILLION * WAD;
    const { w, loser, winner } = await listed(cap);
    await expect(w.trade(loser, winner, MARKET, -SIZE, ENTRY))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_OpenInterestCapExceeded")
      .withArgs(MARKET, SIZE, cap);
  });

  it("MRG-01: profit of class tail counts half for initial margin, and is no cash: nothing beyond his own 5M can be taken out", async () => {
    const { w, winner } = await pumped();
    const { value, initialBalance } = await w.house.health(winner);
    expect(value).to.equal(DEPOSIT * DOLLAR + PROFIT);
    expect(initialBalance).to.equal(DEPOSIT * DOLLAR + (PROFIT * profitWeight(TAIL, 10n ** 9n)) / WAD);
    expect(initialBalance).to.equal(DEPOSIT * DOLLAR + PROFIT / 2n);
    const withdraw = (units: bigint) => w.house.connect(w.alice).withdraw(winner, CASH, units);
    await expect(withdraw(REAL_LOSS / UNIT))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InsufficientBalance")
      .withArgs(winner, CASH, REAL_LOSS, DEPOSIT * DOLLAR);
    await withdraw(DEPOSIT * USD);
    await expect(withdraw(1n)).to.be.revertedWithCustomError(w.house, "ClearingHouse_InsufficientBalance");
  });

  for (const [name, reserve, budget] of [
    ["LIQ-05, LIQ-08, INV-13: the profit is charged with the loss of his own loser: he ends with the fee less", 0n, 0n],
    [
      "LIQ-08, FND-02: with a fund of 10M he ends with its budget for a day, 1M, where 116M were taken",
      RESERVE,
      BUDGET,
    ],
  ] as const) {
    it(name, async () => {
      const { w, loser, winner } = await pumped();
      await w.fundReserve(reserve * USD);
      const deficit = PROFIT - DEPOSIT * DOLLAR + FEE;
      expect(await w.valueOf(loser)).to.equal(-deficit);
      await w.house.connect(w.alice).withdraw(winner, CASH, DEPOSIT * USD);
      await expect(w.engine.connect(w.erin).deleverage(loser))
        .to.emit(w.engine, "Deleveraged")
        .withArgs(loser, -deficit, WAD, 0n, deficit, budget, deficit - budget);
      await w.fund.settle(w.segment);
      await w.house.roll(winner, MARKET);
      await w.house.connect(w.alice).withdraw(winner, CASH, (await w.cashOf(winner)) / UNIT);
      const gained = (await w.usd.balanceOf(w.alice.address)) * UNIT - 2n * DEPOSIT * DOLLAR;
      // The charge is rounded up for each of 483M units.
      expect(gained - (budget - FEE)).to.be.within(-UNIT - 483n * MILLION, 0n);
      expect(gained * 100n, "below a hundredth of the real loss").to.be.lessThan(REAL_LOSS);
      // Everything of Bob's is there and can leave.
      await w.house.connect(w.bob).withdraw(w.id(w.bob), CASH, 200n * MILLION * USD);
      expect(await w.house.unallocatedLoss()).to.equal(0n);
    });
  }
});

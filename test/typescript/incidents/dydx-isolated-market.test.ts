import { expect } from "chai";

import { CASH, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * dYdX v4, 2025-10-10 (T6). One liquidation closed the whole open interest of an isolated market. The venue moved the collateral before it
 * drew on the fund: the market's pool went negative although the fund was ample, deleveraging was not triggered, and the chain
 * stood for about 8 hours. At the restart it used prices from before the halt: 27 claims, 462,097.79 USDC.
 * Figures: incidents.csv of the design notes, 2025-10-10; dydx.xyz, chain incident review of October 2025.
 */

const MARKET = 2;
const SIZE = 25_000n * WAD;
const ENTRY = 100n * WAD;
/** The loss that was compensated; here what the whole open interest owes. */
const REAL_LOSS = 462_097_790_000n * 10n ** 12n;
/** The margin of 400,000, 16 a unit, is gone at 84; 18.4839116 a unit are missing at this price. */
const CRASH = 655_160_884n * 10n ** 11n;
const PROFIT = (SIZE * (ENTRY - CRASH)) / WAD;
/** 16% of 2.5M. */
const MARGIN = 400_000n;
const BOB = 500_000n;
/** 5 basis points of 2.5M. */
const FEE = 1_250n;
const HALT = 8 * 3_600;
/** An answer older than this does not count: an hour, a usual heartbeat. */
const MAX_AGE = 3_600;
const UNIT = 10n ** 12n;

describe("incident T6: the whole open interest of a market in one liquidation (dYdX v4, 2025-10-10)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  const world = useWorld(async (w) => {
    feeds = await w.listFeed(MARKET, ENTRY);
    const settings = w.ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [MAX_AGE]);
    const targets = await Promise.all(feeds.map((feed) => feed.getAddress()));
    const rules = { quorum: 2, kinds: 2, maxDeviation: 10n ** 16n, maxGap: 300, volatilityFloor: 4n * 10n ** 17n };
    await w.oracle.listFeed(
      MARKET,
      rules,
      targets.map((target, index) => ({ reader: w.readers[index] ?? "", target, settings })),
    );
    // Class tail: mmr 10%, initial margin 16%.
    await w.house.listMarket(MARKET, { class: 2, maintenanceRate: 10_000, addOn: 0, cap: SIZE });
    const [alice, bob] = [await w.cash(w.alice, MARGIN + FEE), await w.cash(w.bob, BOB)];
    await w.trade(alice, bob, MARKET, SIZE, ENTRY);
  });
  const setPrice = async (price: bigint) => {
    await world().networkHelpers.time.increase(60);
    await world().setFeeds(feeds, price);
  };

  describe("the fund is ample", () => {
    /** 10% of the reserve may be drawn for class tail: 500,000. */
    const RESERVE = 5_000_000n;
    const DUE = BOB * DOLLAR + PROFIT;
    /** The holder opposite takes the account over: nothing is left open. */
    const liquidate = async () => {
      const w = world();
      await w.fundReserve(RESERVE * USD);
      await setPrice(CRASH);
      const report = await w.bidFor(w.bob, w.id(w.alice));
      expect([report.fraction, report.shortfall, report.covered, report.socialized]).to.deep.equal([
        WAD,
        REAL_LOSS,
        REAL_LOSS,
        0n,
      ]);
      expect(await w.openInterest(MARKET)).to.equal(0n);
    };
    /** The winner asks for everything. */
    const withdraw = async () =>
      world()
        .house.connect(world().bob)
        .withdraw(world().id(world().bob), CASH, DUE / UNIT);

    it("LIQ-10, R1, FND-11: it pays in the same call; money is moved by the books first, tokens follow", async () => {
      const w = world();
      await liquidate();
      expect(await w.cashOf(w.id(w.alice))).to.equal(0n);
      expect(await w.cashOf(w.id(w.bob)), "all of his profit").to.equal(DUE);
      expect(await w.house.fundAccount()).to.equal(-REAL_LOSS);
      expect((await w.fund.segmentOf(w.segment)).reserve).to.equal(RESERVE * DOLLAR - REAL_LOSS);
      // Not a token has moved: the house holds 901,250 where 1,362,097.79 are owed, and nothing is stuck.
      expect(await w.usd.balanceOf(w.houseAddress)).to.equal((MARGIN + FEE + BOB) * USD);
      await w.expectConserved(4n);
    });

    it("FND-11, CLR-10: the winner is paid in full, whether the tokens come before he asks or after", async () => {
      const w = world();
      const bob = w.id(w.bob);
      await liquidate();
      const untouched = await w.networkHelpers.takeSnapshot();

      await w.fund.connect(w.erin).settle(w.segment);
      await withdraw();
      expect(await w.usd.balanceOf(w.bob.address)).to.equal(DUE / UNIT);

      await untouched.restore();
      await expect(withdraw()).to.emit(w.house, "WithdrawalQueued").withArgs(bob, DUE, DUE);
      await w.fund.connect(w.erin).settle(w.segment);
      await w.house.connect(w.erin).claimWithdrawal(bob);
      expect(await w.usd.balanceOf(w.bob.address)).to.equal(DUE / UNIT);
      // What is left is the fee.
      expect(await w.usd.balanceOf(w.houseAddress)).to.equal(FEE * USD);
    });
  });

  it("LIQ-06, LIQ-10: the fund is empty: deleveraging is there at once and closes the market at the bankrupt's 84", async () => {
    const w = world();
    const bob = w.id(w.bob);
    await setPrice(CRASH);
    await expect(w.engine.connect(w.erin).deleverage(w.id(w.alice)))
      .to.emit(w.engine, "Deleveraged")
      .withArgs(w.id(w.alice), -REAL_LOSS, WAD, 0n, REAL_LOSS, 0n, REAL_LOSS)
      .to.emit(w.house, "SideDeleveraged")
      .withArgs(MARKET, false, SIZE, 84n * WAD);
    expect(await w.openInterest(MARKET)).to.equal(0n);
    // The winner keeps what the loser had: 16 a unit. The real venue stood still for 8 hours instead.
    expect(await w.valueOf(bob)).to.equal((BOB + MARGIN) * DOLLAR);
    // And the market goes on.
    await w.trade(await w.cash(w.carol, 100_000n), bob, MARKET, 100n * WAD, CRASH);
    expect(await w.openInterest(MARKET)).to.equal(100n * WAD);
    await w.expectConserved(4n);
  });

  it("ORC-01, ORC-07, R6: at the restart the price from before the halt sells nobody: 0 are lost where 462,097.79 were", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    await w.cash(w.carol, 1_000_000n);
    await w.fundReserve(5_000_000n * USD);
    // Below MM and solvent when everything stops: V = 150,000 of MM = 225,000.
    await setPrice(90n * WAD);
    await w.oracle.refresh(MARKET);
    await w.networkHelpers.time.increase(HALT);
    await expect(w.trade(alice, bob, MARKET, -WAD, 90n * WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NoConsensus")
      .withArgs(MARKET);
    // Whoever bids takes nothing of it, and neither does who closes by force.
    await w.bidWith(w.carol, alice);
    await w.networkHelpers.time.increase(HALT);
    await w.engine.deleverage(alice);
    expect([await w.baseOf(alice, MARKET), await w.baseOf(w.id(w.carol), MARKET)]).to.deep.equal([SIZE, 0n]);
    expect(await w.cashOf(alice)).to.equal(MARGIN * DOLLAR);
    expect([await w.house.fundAccount(), await w.cashOf(w.id(w.carol))]).to.deep.equal([0n, 1_000_000n * DOLLAR]);
    // The first real price finds her sound.
    await setPrice(99n * WAD);
    expect(await w.valueOf(alice)).to.equal((MARGIN - 25_000n) * DOLLAR);
    await w.engine.touch(alice);
    expect((await w.engine.auctionOf(alice)).isOpen).to.equal(false);
    await w.expectConserved(4n);
  });
});

import { expect } from "chai";

import { inOneBlock } from "../support/blocks.ts";
import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { ceilWad, expectedHealth, expectedTerms } from "../support/expected.ts";
import { takeOut } from "../support/mutants.ts";
import type { Mutation } from "../support/mutants.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;
const BELOW = 182n * WAD;
const GAS = { gasLimit: 5_000_000n };
const OUTAGE = 1_200n;
/** FEED_RULES.maxGap: a gap that long is nobody's fault. */
const MAX_GAP = 300n;

/** Arcadia, Sherlock 2023-12, #60 (medium): the price of a Dutch auction goes on falling while the sequencer is down. */
const LIVE_TIME: Mutation = {
  contract: "LiquidationEngine",
  contractFile: "contracts/liquidation/LiquidationEngine.sol",
  file: "contracts/liquidation/AuctionClock.sol",
  edits: [["live -= WadMath.min(live, _deadGrowth(account, feeds));", ""]],
};

/** Arcadia, Sherlock 2023-12, #161: whoever buys 1 wei in front makes a bid for an exact amount revert. */
const AT_MOST: Mutation = {
  contract: "LiquidationEngine",
  contractFile: "contracts/liquidation/LiquidationEngine.sol",
  file: "contracts/liquidation/LiquidationEngine.sol",
  edits: [["fraction < request.minFraction", "fraction < request.fraction"]],
};

/** Alice: long 100 from 200 with 2,490 after the fee; V = 690 at 182, below MM. */
const HEALTH = expectedHealth(2_490n * DOLLAR, [{ base: SIZE, entry: AT_200, price: BELOW }]);

describe("attacks on the auction: outages and crumbs", () => {
  const world = useWorld(async (w) => {
    const [alice, bob] = [await w.cash(w.alice, 2_500n), await w.cash(w.bob, 100_000n)];
    await w.cash(w.carol, 1_000_000n);
    await w.cash(w.erin, 1_000_000n);
    await w.trade(alice, bob, ETH_MARKET, SIZE, AT_200);
    await w.trade(w.id(w.erin), bob, ETH_MARKET, 10n * WAD, AT_200);
    await w.setEth(BELOW);
  });

  describe("the price falls while nobody can see one (Arcadia 2023-12 #60)", () => {
    /** The feeds die in the second in which the auction starts. Carol bids in the second in which they are back. */
    const attack = async () => {
      const w = world();
      const alice = w.id(w.alice);
      await w.engine.start(alice);
      const started = (await w.engine.auctionOf(alice)).touchedAt;
      await w.kill(w.ethFeeds);
      await w.networkHelpers.time.setNextBlockTimestamp(started + OUTAGE - 10n);
      await w.revive(w.ethFeeds);
      await w.networkHelpers.time.setNextBlockTimestamp(started + OUTAGE);
      return w.bidFor(w.carol, alice);
    };
    const expectTerms = async (elapsed: bigint) => {
      const { income, price, maxFraction } = expectedTerms(HEALTH, elapsed);
      const report = await attack();
      expect(report.value).to.equal(HEALTH.value);
      expect(report.income, "k MM").to.equal(income);
      expect(report.fraction).to.equal(maxFraction);
      expect(report.payment).to.equal(ceilWad(price, maxFraction));
      return report;
    };

    it("R7, ORC-05, LIQ-01: of 20 minutes of outage 5 count, which no refresh could have filled: 10% of MM", async () => {
      await expectTerms(MAX_GAP);
    });

    it("on a clock of wall time the bidder has k_max = 50% of MM, five times as much, without having waited", async () => {
      await takeOut(world(), LIVE_TIME);
      const { income } = await expectTerms(OUTAGE);
      expect(income - 5n * expectedTerms(HEALTH, MAX_GAP).income).to.be.within(-5n, 5n);
    });
  });

  describe("1 wei in front of an exact bid (Arcadia 2023-12 #161)", () => {
    /** Carol asks for exactly the f* that she sees; Erin is in front of her with a crumb. */
    const attack = async () => {
      const w = world();
      const alice = w.id(w.alice);
      const { maxFraction } = expectedTerms(HEALTH, 0n);
      await w.nextIn(1n);
      const bid = await inOneBlock(w, async () => {
        await w.engine.connect(w.erin).bid(w.request(w.erin, alice, { fraction: 2n }), GAS);
        return w.engine.connect(w.carol).bid(w.request(w.carol, alice, { fraction: maxFraction }), GAS);
      });
      return { maxFraction, bid };
    };

    it("LIQ-03, INV-21: the bid takes what is left of f*, to a few wei, and the auction is over", async () => {
      const w = world();
      const { maxFraction, bid } = await attack();
      await expect(bid).to.emit(w.engine, "BidFilled");
      const crumb = (await w.baseOf(w.id(w.erin))) - 10n * WAD;
      expect(crumb, "2e-18 of 100 units").to.equal(200n);
      const taken = await w.baseOf(w.id(w.carol));
      expect(taken + crumb - maxFraction * 100n).to.be.within(-1_000n, 1_000n);
      expect((await w.engine.auctionOf(w.id(w.alice))).isOpen).to.equal(false);
    });

    it("where a bid is for the exact amount or nothing, the crumb makes it revert and Carol has nothing", async () => {
      const w = world();
      await takeOut(w, AT_MOST);
      const { bid } = await attack();
      await expect(bid).to.be.revertedWithCustomError(w.engine, "LiquidationEngine_FractionBelowMinimum");
      expect(await w.baseOf(w.id(w.carol))).to.equal(0n);
    });
  });
});

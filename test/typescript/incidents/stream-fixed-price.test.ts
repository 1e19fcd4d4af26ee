import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { expectedHealth } from "../support/expected.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Stream xUSD, 2025-11-03 (T16). An off-chain manager lost 93M; xUSD fell from 1 to 0.11 - 0.27, but lenders' oracles had its price written
 * down as about 1, so that nobody was liquidated and 285M of debt stood on nothing.
 * Figures: incidents.csv of the design notes, 2025-11-03, "fixed oracles", "xUSD 1->0.11..0.27"; peers.md, T16: 285M, hard-coded oracles.
 */

const MARKET = 2;
const RULES = { quorum: 2, kinds: 2, maxDeviation: WAD / 100n, maxGap: 300, volatilityFloor: (4n * WAD) / 10n };
const SIZE = 10_000_000n * WAD;
const ENTRY = WAD;
/** On its way down: the first price below margin. */
const FALLING = (92n * WAD) / 100n;
const FALLEN = (20n * WAD) / 100n;
const RATE = 4_000n;
const DEPOSIT = 1_100_000n;
/** 5 basis points of 10M. */
const FEE = 5_000n;
const GET_RATE = "0x679aefce";

const healthAt = (price: bigint) =>
  expectedHealth((DEPOSIT - FEE) * DOLLAR, [{ base: SIZE, entry: ENTRY, price, rate: RATE, addOn: 0n }]);

describe("incident T16: a price that somebody has written down (Stream xUSD, 2025-11-03)", () => {
  const world = useWorld();

  /** `fixed` sources that say 1 for ever and are always fresh, of a kind of their own, and market prices of other kinds, three in all. */
  const listed = async (fixed: number, kinds = RULES.kinds) => {
    const w = world();
    const coder = w.ethers.AbiCoder.defaultAbiCoder();
    const reader = await (await w.ethers.deployContract("ChainlinkSource")).getAddress();
    const settings = coder.encode(["uint32"], [86_400]);
    const sources = [];
    const feeds: Awaited<ReturnType<typeof w.listMarket>>[number][] = [];
    for (let i = 0; i < 3; i++) {
      const feed = await w.ethers.deployContract("MockAggregator", [8, ENTRY / 10n ** 10n]);
      if (i >= fixed) {
        feeds.push(feed);
        sources.push({ reader: w.readers[i] ?? "", target: await feed.getAddress(), settings });
        continue;
      }
      // A rate of 1 times a dollar.
      const rate = await w.ethers.deployContract("MockAnswers");
      await rate.setAnswer(GET_RATE, coder.encode(["uint256"], [WAD]));
      const source = await w.ethers.deployContract("RatioSource", [reader, await feed.getAddress(), settings]);
      const bounds = coder.encode(["bytes4", "uint8", "uint16", "uint16"], [GET_RATE, 18, 500, 9_800]);
      sources.push({ reader: await source.getAddress(), target: await rate.getAddress(), settings: bounds });
    }
    return { feeds, listing: w.oracle.listFeed(MARKET, { ...RULES, kinds }, sources) };
  };

  const opened = async (fixed: number) => {
    const w = world();
    const { feeds, listing } = await listed(fixed);
    await listing;
    await w.house.listMarket(MARKET, { class: 0, maintenanceRate: Number(RATE), addOn: 0, cap: 2n * SIZE });
    const [alice, bob] = [await w.cash(w.alice, DEPOSIT), await w.cash(w.bob, 20_000_000n)];
    await w.cash(w.carol, 20_000_000n);
    await w.trade(alice, bob, MARKET, SIZE, ENTRY);
    const fall = async (price: bigint) => {
      await w.networkHelpers.time.increase(60);
      await w.setFeeds(feeds, price);
      await w.networkHelpers.time.increase(10);
    };
    return { w, alice, bob, fall };
  };

  it("ORC-02, LIQ-01: one written-down price among three does not hold: the account is sold while it still has something", async () => {
    const { w, alice, fall } = await opened(1);
    const calm = healthAt(ENTRY);
    expect(calm.marginBalance > calm.maintenance, "by the price of 1 nothing would ever happen").to.equal(true);
    await fall(FALLING);
    expect((await w.oracle.inspect(MARKET)).prices).to.deep.equal([ENTRY, FALLING, FALLING]);
    const report = await w.bidFor(w.carol, alice);
    expect(report.value).to.equal(healthAt(FALLING).value);
    expect([report.shortfall, report.socialized]).to.deep.equal([0n, 0n]);
    expect(report.fraction > 0n).to.equal(true);
  });

  it("ORC-02: two written-down prices of one kind decide nothing where two kinds are asked for, and no risk is added", async () => {
    const { w, alice, bob, fall } = await opened(2);
    await fall(FALLEN);
    await expect(w.oracle.consensusPrice(MARKET))
      .to.be.revertedWithCustomError(w.oracle, "PriceOracle_NoConsensus")
      .withArgs(MARKET, 3n, 2n, 2n);
    expect(await w.oracle.quote(MARKET)).to.deep.equal([ENTRY, false]);
    await expect(w.trade(alice, bob, MARKET, WAD, ENTRY)).to.be.revertedWithCustomError(
      w.house,
      "ClearingHouse_NoConsensus",
    );
  });

  it("R6: a feed for which one kind would be enough, where two written-down prices of three would hold, cannot be listed", async () => {
    const { listing } = await listed(2, 1);
    const rules = [RULES.quorum, 1, RULES.maxDeviation, RULES.maxGap, RULES.volatilityFloor];
    await expect(listing).to.be.revertedWithCustomError(world().oracle, "PriceOracle_InvalidRules").withArgs(rules, 3);
  });
});

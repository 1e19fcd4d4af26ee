import { expect } from "chai";

import { CASH, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { refusalOf } from "../support/refusal.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import { house } from "./support/house.ts";
import { oracle } from "./support/oracle.ts";

/*
 * Attacks on a price that is not true: stale, clamped at a feed's edge, said by one source only, of a time in which nobody could act, or agreed on before the market
 * moved. Whoever knows the truth takes out what he will owe, buys what is sold too low, or trades with one who has gone to sleep.
 */

const AT_200 = 200n * WAD;
const SIZE = 100n * WAD;
/** 5 basis points of 100 at 200. */
const FEE = 10n * DOLLAR;

describe("attacks: withdrawing on a price that is no longer true", () => {
  const MARKET = 2;
  const LOWEST = 150n;
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 20_000n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
  });
  const open = async (market: number) => {
    const w = world();
    await w.trade(w.id(w.alice), w.id(w.bob), market, SIZE, AT_200);
  };
  /** Alice, long 100 from 200, takes out what the price that is said allows. */
  const leave = async (dollars: bigint) => {
    const w = world();
    const account = w.id(w.alice);
    return refusalOf(w.house.connect(w.alice).withdraw(account, CASH, dollars * USD), w.house);
  };
  /** What she has then, in her pocket and at the house, and what she leaves to the others. */
  const settle = async () => {
    const w = world();
    const value = await w.valueOf(w.id(w.alice));
    const pocket = await w.usd.balanceOf(w.alice.address);
    if (value > 0n) return { pocket, value, unpaid: 0n };
    const before = await w.valueOf(w.id(w.bob));
    const { shortfall } = await w.bidFor(w.carol, w.id(w.alice));
    // No reserve, so it is the holder opposite who is charged, rounded up for each of 100 units.
    expect(before - (await w.valueOf(w.id(w.bob))) - shortfall).to.be.within(0n, 100n);
    return { pocket, value, unpaid: shortfall };
  };

  /** She bears her loss of 8,000 herself. */
  const REFUSED = {
    refusal: "ClearingHouse_BlindAccount",
    pocket: 0n,
    value: 12_000n * DOLLAR - FEE,
    unpaid: 0n,
  };
  const UNPAID = 3_000n * DOLLAR + FEE;
  /** She has taken 15,000, and the rest of her loss is left to the one opposite. */
  const GONE = { refusal: undefined, pocket: 15_000n * USD, value: -UNPAID, unpaid: UNPAID };

  describe("the price is stale", () => {
    /** The feeds say 200 and have stopped; the market is at 120. */
    const attack = async () => {
      const w = world();
      await open(ETH_MARKET);
      await w.networkHelpers.time.increase(86_401);
      const refusal = await leave(15_000n);
      await w.setEth(120n * WAD, 0);
      return { refusal, ...(await settle()) };
    };

    it("ORC-01, ORC-07: she takes nothing, and bears her loss of 8,000 herself", async () => {
      expect(await attack()).to.deep.equal(REFUSED);
    });

    it("without a greatest age she takes 15,000, and 3,010 of her loss are left to the one opposite", async () => {
      await oracle.takeOut(world(), "greatestAge");
      expect(await attack()).to.deep.equal(GONE);
    });
  });

  describe("the price is dated ahead, so that it never grows old", () => {
    const attack = async () => {
      const w = world();
      await open(ETH_MARKET);
      const ahead = (await w.now()) + 30n * 86_400n;
      for (const feed of w.ethFeeds) await feed.setRound(200n * 10n ** 8n, ahead);
      await w.networkHelpers.time.increase(29 * 86_400);
      const refusal = await leave(15_000n);
      await w.setEth(120n * WAD, 0);
      return { refusal, ...(await settle()) };
    };

    it("ORC-01: what is dated ahead of the clock is no price", async () => {
      expect(await attack()).to.deep.equal(REFUSED);
    });

    it("where it is taken as of now, she takes 15,000 four weeks later, and 3,010 are left to the one opposite", async () => {
      await oracle.takeOut(world(), "noFuture");
      expect(await attack()).to.deep.equal(GONE);
    });
  });

  describe("two of three sources are silent, and she moves the third", () => {
    /** The market is at 120; the third source is made to say 200. */
    const attack = async () => {
      const w = world();
      await open(ETH_MARKET);
      await w.networkHelpers.time.increase(60);
      await w.kill(w.ethFeeds);
      await w.ethFeeds[2]?.setAnswer(200n * 10n ** 8n);
      const refusal = await leave(15_000n);
      await w.revive(w.ethFeeds);
      await w.setEth(120n * WAD);
      return { refusal, ...(await settle()) };
    };

    it("ORC-02, ORC-06: one source decides nothing: she bears her loss of 8,000 herself", async () => {
      expect(await attack()).to.deep.equal(REFUSED);
    });

    it("where whoever answers decides, she takes 15,000, and 3,010 are left to the one opposite", async () => {
      await oracle.takeOut(world(), "quorum");
      expect(await attack()).to.deep.equal(GONE);
    });
  });

  describe("the feeds stand at the lower edge of their aggregators' band", () => {
    /** The market falls to 100; the aggregators give nothing below 150, until they are exchanged. */
    const attack = async () => {
      const w = world();
      const feeds = await Promise.all(
        [0, 1, 2].map(async () => w.ethers.deployContract("MockAggregator", [8, 200n * 10n ** 8n])),
      );
      for (const feed of feeds) await feed.setBand(LOWEST * 10n ** 8n, 10n ** 12n);
      await w.listMarket(MARKET, AT_200, {}, feeds);
      await open(MARKET);
      await w.networkHelpers.time.increase(60);
      await w.setFeeds(feeds, LOWEST * WAD);
      const refusal = await leave(12_000n);
      await w.listFeed(MARKET, 100n * WAD);
      return { refusal, ...(await settle()) };
    };

    it("ORC-01, ORC-02: an edge is no price, also when all stand there: she takes nothing", async () => {
      expect(await attack()).to.deep.equal({
        refusal: "ClearingHouse_BlindAccount",
        pocket: 0n,
        value: 10_000n * DOLLAR - FEE,
        unpaid: 0n,
      });
    });

    it("where the edge counts as a price, she takes 12,000, and 2,010 are left to the one opposite", async () => {
      await oracle.takeOut(world(), "insideTheBand");
      const unpaid = 2_000n * DOLLAR + FEE;
      expect(await attack()).to.deep.equal({ refusal: undefined, pocket: 12_000n * USD, value: -unpaid, unpaid });
    });
  });
});

describe("attack: the first block after the sequencer's return", () => {
  const GRACE = 3_600n;
  const [UP, DOWN] = [0n, 1n];
  /** latestRoundData() */
  const QUESTION = "0xfeaf968c";
  const world = useWorld();
  /** While nobody could act the price fell, and Alice fell below her margin; she has the money, and comes a minute after the return. */
  const attack = async (oracleCode: (authority: string, uptime: string) => Promise<string>) => {
    const w = world();
    const uptime = await w.ethers.deployContract("MockAnswers");
    const coder = w.ethers.AbiCoder.defaultAbiCoder();
    const say = async (answer: bigint, startedAt: bigint) =>
      uptime.setAnswer(QUESTION, coder.encode(Array<string>(5).fill("uint256"), [1, answer, startedAt, startedAt, 1]));
    await say(UP, 1n);
    // Feed and grace time are in the code; what the oracle knows is in its storage and stays.
    const code = await oracleCode(await w.oracle.authority(), await uptime.getAddress());
    await w.provider.request({ method: "hardhat_setCode", params: [await w.oracle.getAddress(), code] });
    const alice = await w.cash(w.alice, 2_500n);
    await w.trade(alice, await w.cash(w.bob, 100_000n), ETH_MARKET, SIZE, AT_200);
    await w.cash(w.carol, 1_000_000n);
    await say(DOWN, await w.now());
    await w.setEth(180n * WAD, 3_600);
    await say(UP, await w.now());
    let cost = 0n;
    const bid = w.bidFor(w.carol, alice).then(({ income, fraction, penalty }) => {
      cost = (income * fraction) / WAD + penalty;
    });
    const refusal = await refusalOf(bid, w.oracle);
    await w.cash(w.alice, 3_000n);
    await w.setEth(180n * WAD, Number(GRACE));
    return { refusal, cost, value: await w.valueOf(alice) };
  };
  const argumentsOf = (authority: string, uptime: string) =>
    world().ethers.AbiCoder.defaultAbiCoder().encode(["address", "address", "uint256"], [authority, uptime, GRACE]);

  it("ORC-03: she is not sold: 2,500 - 10 - 2,000, and 3,000 that she brings in the time of grace", async () => {
    const w = world();
    const { refusal, value } = await attack(async (authority, uptime) => {
      const twin = await w.ethers.deployContract("PriceOracle", [authority, uptime, GRACE]);
      return w.ethers.provider.getCode(await twin.getAddress());
    });
    expect(refusal).to.equal("PriceOracle_SequencerDown");
    expect(value).to.equal(3_500n * DOLLAR - FEE);
  });

  it("without a time of grace she is sold in the block of the return, and has the bidder's income and the penalty less", async () => {
    const w = world();
    const { refusal, cost, value } = await attack((authority, uptime) =>
      oracle.codeWithout(w, "grace", "PriceOracle", argumentsOf(authority, uptime)),
    );
    expect(refusal).to.equal(undefined);
    expect(cost > 69n * DOLLAR).to.equal(true);
    expect(3_500n * DOLLAR - FEE - cost - value).to.be.within(0n, 2n);
  });
});

describe("attack: trading with an order that its owner has forgotten", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 20_000n);
    await w.cash(w.bob, 100_000n);
  });
  /** Bob has signed to sell at 200; the index is at 210, 5% away, and Alice takes all of it. */
  const attack = async () => {
    const w = world();
    await w.setEth(210n * WAD);
    const trade = w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, AT_200);
    const refusal = await refusalOf(trade, w.house);
    return { refusal, alice: await w.valueOf(w.id(w.alice)), bob: await w.valueOf(w.id(w.bob)) };
  };

  it("CLR-03: outside the band of 2% nobody fills it, whoever has signed", async () => {
    expect(await attack()).to.deep.equal({
      refusal: "ClearingHouse_PriceOutsideBand",
      alice: 20_000n * DOLLAR,
      bob: 100_000n * DOLLAR,
    });
  });

  it("CLR-03: a copy in which another defence is out refuses her as well: nothing else is missing in it", async () => {
    await house.takeOut(world(), "cap");
    expect((await attack()).refusal).to.equal("ClearingHouse_PriceOutsideBand");
  });

  it("without the band she takes the 1,000 by which the index has moved, less her fee", async () => {
    await house.takeOut(world(), "bandOfFills");
    expect(await attack()).to.deep.equal({
      refusal: undefined,
      alice: 21_000n * DOLLAR - FEE,
      bob: 99_000n * DOLLAR,
    });
  });
});

import { expect } from "chai";

import { deployAggregator, deployLink, proxyAbi, submitRound } from "../../scripts/fork/parts/chainlink.ts";
import { FEED_TO_WAD, replaceAggregator } from "./support/feeds.ts";
import { onNetwork, openFork, part, WAD } from "./support/fork.ts";
import { MAX_AGE } from "./support/ForkModule.ts";
import { Status } from "./support/sources.ts";
import { FEED, useWorld } from "./support/world.ts";

/** A week. */
const LONGEST_AGE = 604_800;

onNetwork("Chainlink's own proxies and aggregators", ["chainlink", "usdc", "weth"], () => {
  const world = useWorld();
  const inspect = async () => {
    const { statuses, prices } = await world().oracle.inspect(FEED);
    return { statuses: [...statuses], prices: [...prices] };
  };

  it("ORC-01: a source says what the proxy says, scaled to WAD, and when it was published", async () => {
    // A fork of its own, in which nobody has touched the proxies.
    const { chain, ethers } = await openFork();
    const reader = await ethers.deployContract("ChainlinkSource");
    const settings = ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [LONGEST_AGE]);
    for (const proxy of [...part("chainlink").ethUsd, part("chainlink").usdcUsd]) {
      const [first, second] = await reader.configure(proxy, settings);
      const round = (await chain.at(proxy, proxyAbi).read("latestRoundData")) as unknown as bigint[];
      const [answer, updatedAt] = [round[1]!, round[3]!];
      expect(answer).to.be.greaterThan(0n);
      const read = await reader.read(first, second);
      expect([...read]).to.deep.equal([Status.Valid, answer * FEED_TO_WAD, updatedAt, 0n]);
    }
  });

  it("ORC-01: a round has no effect until enough oracles have answered it", async () => {
    const w = world();
    const [feed] = w.feeds.all;
    const [first, second, third] = w.feeds.oracles;
    const round = (await feed!.aggregator.readNumber("latestRound")) + 1n;
    const moved = w.price + 10n * WAD;
    await feed!.aggregator.send("submit", [round, moved / FEED_TO_WAD], first);
    expect((await inspect()).prices[0], "one of three").to.equal(w.price);
    await feed!.aggregator.send("submit", [round, moved / FEED_TO_WAD], second);
    expect((await inspect()).prices[0], "two of three").to.equal(moved);
    // One that lies alone does not move the median of three.
    await feed!.aggregator.send("submit", [round, (2n * moved) / FEED_TO_WAD], third);
    expect((await inspect()).prices[0], "median of three").to.equal(moved);
  });

  it("ORC-02: one proxy alone moves nothing, two of three do", async () => {
    const w = world();
    const moved = (w.price * 95n) / 100n;
    await w.feeds.set(moved, w.feeds.all.slice(0, 1));
    await w.oracle.refresh(FEED);
    expect(await w.oracle.consensusPrice(FEED)).to.equal(w.price);
    await w.networkHelpers.time.increase(1);
    await w.feeds.set(moved, w.feeds.all.slice(1, 2));
    await w.oracle.refresh(FEED);
    expect(await w.oracle.consensusPrice(FEED)).to.equal(moved);
  });

  it("ORC-01: an answer is taken until the second of its greatest age, and not after", async () => {
    const w = world();
    const [, , publishedAt] = await w.oracle.inspect(FEED);
    await w.networkHelpers.time.increaseTo(publishedAt[0]! + BigInt(MAX_AGE));
    expect((await inspect()).statuses[0]).to.equal(Status.Valid);
    await w.networkHelpers.time.increaseTo(publishedAt[0]! + BigInt(MAX_AGE) + 1n);
    expect((await inspect()).statuses[0]).to.equal(Status.Stale);
  });

  it("ORC-01: what stands on the edge of the aggregator's band is no price, one step inside it is", async () => {
    const w = world();
    const [min, max] = [1_000n * 10n ** 8n, 4_000n * 10n ** 8n];
    const { oracles } = w.feeds;
    const link = await deployLink(w.chain);
    const aggregator = await deployAggregator(w.chain, link, { description: "narrow", oracles, min, max });
    const { proxy } = w.feeds.all[0]!;
    await replaceAggregator(w, proxy, aggregator);
    const reader = await w.ethers.deployContract("ChainlinkSource");
    const settings = w.ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [MAX_AGE]);
    const [first, second] = await reader.configure(proxy.address, settings);
    for (const [answer, status] of [
      [max, Status.OutsideBand],
      [max - 1n, Status.Valid],
      [min, Status.OutsideBand],
      [min + 1n, Status.Valid],
    ] as const) {
      await submitRound(aggregator, oracles, answer);
      const read = await reader.read(first, second);
      expect(read.status, String(answer)).to.equal(status);
      expect(read.price).to.equal(status === Status.Valid ? answer * FEED_TO_WAD : 0n);
    }
  });

  it("ORC-01: a proxy whose owner changes its aggregator is read on without a new listing", async () => {
    const w = world();
    const { oracles } = w.feeds;
    const link = await deployLink(w.chain);
    const band = { min: 1n, max: 10n ** 14n };
    const aggregator = await deployAggregator(w.chain, link, { description: "next phase", oracles, ...band });
    const moved = w.price - 3n * WAD;
    await submitRound(aggregator, oracles, moved / FEED_TO_WAD);
    await replaceAggregator(w, w.feeds.all[1]!.proxy, aggregator);
    expect((await inspect()).prices).to.deep.equal([w.price, moved, w.price]);
  });
});

import { expect } from "chai";
import * as ConsensusMath from "../../../sdk/math/ConsensusMath.ts";
import { Random, seedOfRun } from "../support/random.ts";
import type { MockSources, OracleFixture } from "./support/oracle.ts";
import { deployWithFeeds, deployWithSources, FEED, PRICE, Status, WAD } from "./support/oracle.ts";

/** Calls in one transaction; the results of those that have one, decoded. */
async function inOneTransaction(
  { oracle, oracleAddress, sameTransaction }: OracleFixture,
  steps: readonly ("refresh" | "quote" | "consensusPrice" | { target: string; data: string })[],
) {
  const calls = steps.map((step) =>
    typeof step === "string"
      ? { target: oracleAddress, data: oracle.interface.encodeFunctionData(step as "quote", [FEED]) }
      : step,
  );
  const transaction = await sameTransaction.run(calls);
  const results = await sameTransaction.results();
  return {
    transaction,
    results: results.map((data, i) => {
      const step = steps[i];
      if (typeof step !== "string") return [];
      return oracle.interface.decodeFunctionResult(step as "quote", data).toArray() as unknown[];
    }),
    costs: await sameTransaction.costs(),
  };
}

async function call(source: MockSources[number], price: bigint) {
  return { target: await source.getAddress(), data: source.interface.encodeFunctionData("setPrice", [price]) };
}

async function setAll(sources: MockSources, price: bigint, publishedAt: bigint) {
  for (const source of sources) await source.setAnswer(Status.Valid, price, publishedAt, 0n);
}

describe("PriceOracle.refresh and quote (ORC-02, ORC-04)", () => {
  it("stores the consensus: price, newest publish time of a survivor, read time, spread", async () => {
    const { oracle, sources, at, now } = await deployWithSources(5);
    const time = (await now()) + 100n;
    // The middle of the survivors is 2001; 2050 is out of reach and does not bring in its newer publish time.
    const prices = [2_001n, 2_000n, 2_003n, 2_050n, 1_999n];
    for (const [i, source] of sources.entries()) {
      await source.setAnswer(Status.Valid, prices[i]! * WAD, time - 40n + (i === 3 ? 30n : BigInt(i)), 0n);
    }
    await at(time);
    // Survivors 1999, 2000, 2001, 2003: of the two in the middle 2000 is the last consensus.
    await expect(oracle.refresh(FEED))
      .to.emit(oracle, "PriceRefreshed")
      .withArgs(FEED, 2_000n * WAD, time - 36n, 0n);
    // 4 / 2000 = 20 basis points.
    expect(await oracle.cached(FEED)).to.deep.equal([2_000n * WAD, time - 36n, time, 0n, 20n]);
  });

  it("INV-14: the cached price is the price recomputed as of its read time, over 60 random rounds", async () => {
    const { oracle, sources, at, now } = await deployWithSources(5, { quorum: 3n, kinds: 2n }, ["Push", "Pull"]);
    const random = new Random(seedOfRun());
    let [reached, missed] = [0, 0];
    for (let round = 0; round < 60; round++) {
      const time = (await now()) + 10n + random.below(1_000n);
      const answers: ConsensusMath.Answer[] = [];
      for (const [i, source] of sources.entries()) {
        const isValid = !random.oneIn(8n);
        const price = PRICE + random.below(random.oneIn(6n) ? PRICE : PRICE / 60n);
        const publishedAt = time - random.below(100n);
        await source.setAnswer(isValid ? Status.Valid : Status.Stale, price, publishedAt, 0n);
        if (isValid) answers.push({ price, publishedAt, kind: BigInt(i % 2) });
      }
      const before = await oracle.cached(FEED);
      const expected = ConsensusMath.decide(answers, { maxDeviation: WAD / 100n, last: before.price });
      const required = ConsensusMath.requiredAgreement(5n, 3n);

      await at(time);
      const transaction = await oracle.refresh(FEED);
      const after = await oracle.cached(FEED);
      if (ConsensusMath.isReached(expected, { required, kinds: 2n })) {
        reached++;
        expect(after.price).to.equal(expected.price);
        expect(after.readAt).to.equal(time);
        expect(after.spreadBps).to.equal(expected.spreadBps);
        const newest = expected.publishedAt > before.publishedAt ? expected.publishedAt : before.publishedAt;
        expect(after.publishedAt, "publish times never go back").to.equal(newest);
      } else {
        missed++;
        expect(after).to.deep.equal(before);
        await expect(transaction).to.emit(oracle, "ConsensusMissed").withArgs(FEED, expected.fresh, expected.agreeing);
      }
    }
    expect(Math.min(reached, missed), "both outcomes were seen").to.be.at.least(5);
  });

  it("never lets the publish time go back", async () => {
    const { oracle, sources, at, now } = await deployWithSources(3);
    const time = (await now()) + 1_000n;
    await setAll(sources, PRICE, time - 10n);
    await at(time);
    await oracle.refresh(FEED);
    await setAll(sources, PRICE + WAD, time - 500n);
    const dead = await oracle.deadSeconds(FEED);
    await at(time + 60n);
    await expect(oracle.refresh(FEED))
      .to.emit(oracle, "PriceRefreshed")
      .withArgs(FEED, PRICE + WAD, time - 10n, dead);
    expect((await oracle.cached(FEED)).publishedAt).to.equal(time - 10n);
  });

  it("misses a consensus without reverting and leaves the last one", async () => {
    const { oracle, sources, later } = await deployWithSources(3);
    const before = await oracle.cached(FEED);
    await sources[0]!.setStatus(Status.Stale);
    await sources[1]!.setPrice(PRICE * 2n);
    await later();
    const transaction = await oracle.refresh(FEED);
    await expect(transaction).to.emit(oracle, "ConsensusMissed").withArgs(FEED, 2n, 1n);
    await expect(transaction).not.to.emit(oracle, "PriceRefreshed");
    expect(await oracle.cached(FEED)).to.deep.equal(before);
    expect(await oracle.refresh.staticCall(FEED)).to.deep.equal([PRICE, false]);
    expect(await oracle.quote(FEED)).to.deep.equal([PRICE, false]);
    await expect(oracle.consensusPrice(FEED))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_NoConsensus")
      .withArgs(FEED, 2n, 1n, 2n);
  });

  it("needs more than half of the configured sources, whatever the quorum", async () => {
    const { oracle, sources } = await deployWithSources(5, { quorum: 1n });
    for (const source of sources.slice(0, 3)) await source.setStatus(Status.Uncertain);
    expect((await oracle.quote(FEED)).hasConsensus).to.equal(false);
    await expect(oracle.consensusPrice(FEED))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_NoConsensus")
      .withArgs(FEED, 2n, 2n, 3n);
    await sources[0]!.setPrice(PRICE);
    expect(await oracle.consensusPrice(FEED)).to.equal(PRICE);
  });

  it("half of an even number of sources is not enough", async () => {
    const { oracle, sources } = await deployWithSources(4, { quorum: 1n });
    for (const source of sources.slice(0, 2)) await source.setStatus(Status.Uncertain);
    expect((await oracle.quote(FEED)).hasConsensus).to.equal(false);
  });

  it("needs the quorum when that is more than half", async () => {
    const { oracle, sources } = await deployWithSources(4, { quorum: 4n });
    expect((await oracle.quote(FEED)).hasConsensus).to.equal(true);
    await sources[3]!.setStatus(Status.Stale);
    await expect(oracle.consensusPrice(FEED))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_NoConsensus")
      .withArgs(FEED, 3n, 3n, 4n);
  });

  it("needs distinct kinds among the SURVIVORS (R6)", async () => {
    const { oracle, sources } = await deployWithSources(3, { kinds: 2n }, ["Push", "Pull", "Push"]);
    expect((await oracle.quote(FEED)).hasConsensus).to.equal(true);
    await sources[1]!.setPrice(PRICE * 2n);
    await expect(oracle.consensusPrice(FEED))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_NoConsensus")
      .withArgs(FEED, 3n, 2n, 2n);
  });

  it("an answer exactly at the deviation survives, one wei further does not", async () => {
    const { oracle, sources } = await deployWithSources(3, { quorum: 3n });
    await sources[2]!.setPrice(PRICE + PRICE / 100n);
    expect(await oracle.quote(FEED)).to.deep.equal([PRICE, true]);
    await sources[2]!.setPrice(PRICE + PRICE / 100n + 1n);
    expect(await oracle.quote(FEED)).to.deep.equal([PRICE, false]);
    await sources[2]!.setPrice(PRICE - PRICE / 100n);
    expect(await oracle.quote(FEED)).to.deep.equal([PRICE, true]);
    await sources[2]!.setPrice(PRICE - PRICE / 100n - 1n);
    expect(await oracle.quote(FEED)).to.deep.equal([PRICE, false]);
  });

  it("for an even count takes the middle one nearer the last consensus, the lower one on a tie", async () => {
    const { oracle, sources } = await deployWithSources(4);
    const answer = async (low: bigint, high: bigint) => {
      await sources[0]!.setPrice(low - 1n);
      await sources[1]!.setPrice(low);
      await sources[2]!.setPrice(high);
      await sources[3]!.setPrice(high + 1n);
      return (await oracle.quote(FEED)).price;
    };
    expect(await answer(PRICE - 100n, PRICE + 50n), "the upper is nearer").to.equal(PRICE + 50n);
    expect(await answer(PRICE - 50n, PRICE + 100n), "the lower is nearer").to.equal(PRICE - 50n);
    expect(await answer(PRICE - 50n, PRICE + 50n), "a tie").to.equal(PRICE - 50n);
  });

  it("counts each kind of failure as a source without an answer, and says which (ORC-01)", async () => {
    const { oracle, sources } = await deployWithSources(16, { quorum: 1n });
    const now = 2n ** 40n - 1n;
    const words: [status: bigint, price: bigint, publishedAt: bigint, expected: bigint][] = [
      [Status.Unreachable, 5n, 5n, Status.Unreachable],
      [Status.Malformed, 5n, 5n, Status.Malformed],
      [Status.NotPositive, 5n, 5n, Status.NotPositive],
      [Status.OutsideBand, 5n, 5n, Status.OutsideBand],
      [Status.FromFuture, 5n, 5n, Status.FromFuture],
      [Status.Stale, 5n, 5n, Status.Stale],
      [Status.DecimalsChanged, 5n, 5n, Status.DecimalsChanged],
      [Status.Uncertain, 5n, 5n, Status.Uncertain],
      // What a reader must never say is taken for malformed.
      [9n, PRICE, 5n, Status.Malformed],
      [2n ** 255n, PRICE, 5n, Status.Malformed],
      [Status.Valid, 0n, 5n, Status.Malformed],
      [Status.Valid, 10n ** 27n + 1n, 5n, Status.Malformed],
      [Status.Valid, PRICE, 0n, Status.Malformed],
      [Status.Valid, PRICE, now, Status.FromFuture],
      [Status.Valid, PRICE, 2n ** 255n, Status.FromFuture],
      [Status.Valid, 10n ** 27n, 5n, Status.Valid],
    ];
    for (const [i, [status, price, publishedAt]] of words.entries()) {
      await sources[i]!.setAnswer(status, price, publishedAt, 0n);
    }
    const { statuses, prices, publishedAt } = await oracle.inspect(FEED);
    expect(statuses).to.deep.equal(words.map(([, , , expected]) => expected));
    expect(prices).to.deep.equal([...Array<bigint>(15).fill(0n), 10n ** 27n]);
    expect(publishedAt).to.deep.equal([...Array<bigint>(15).fill(0n), 5n]);
    await expect(oracle.consensusPrice(FEED))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_NoConsensus")
      .withArgs(FEED, 1n, 1n, 9n);
  });

  it("counts a reader that reverts, burns gas, answers short or floods as a source, not as a failure of its own (R1a)", async () => {
    const { oracle, sources } = await deployWithSources(5);
    for (const [i, mode] of [1, 2, 3, 4].entries()) await sources[i]!.setMode(mode);
    expect((await oracle.inspect(FEED)).statuses).to.deep.equal([
      Status.Unreachable,
      Status.Unreachable,
      Status.Malformed,
      Status.Valid,
      Status.Valid,
    ]);
  });

  describe("in the second of the last reading (ORC-04)", () => {
    it("a later transaction replaces the price when a survivor is newer", async () => {
      const { oracle, sources, at, now } = await deployWithSources(3);
      const time = (await now()) + 100n;
      await setAll(sources, PRICE + WAD, time - 1n);
      await at(time);
      await oracle.refresh(FEED);
      const average = await oracle.averagePrice(FEED);
      for (const source of sources) {
        await at(time);
        await source.setAnswer(Status.Valid, PRICE - WAD, time, 0n);
      }
      await at(time);
      await expect(oracle.refresh(FEED))
        .to.emit(oracle, "PriceRefreshed")
        .withArgs(FEED, PRICE - WAD, time, 0n);
      expect(await now()).to.equal(time);
      expect(await oracle.quote(FEED)).to.deep.equal([PRICE - WAD, true]);
      expect(await oracle.averagePrice(FEED), "no time has passed for the average").to.equal(average);
    });

    it("keeps it when they are not newer, whatever they say now", async () => {
      const { oracle, sources, at, now } = await deployWithSources(3);
      const time = (await now()) + 100n;
      await setAll(sources, PRICE + WAD, time - 1n);
      await at(time);
      await oracle.refresh(FEED);
      for (const source of sources) {
        await at(time);
        await source.setAnswer(Status.Valid, PRICE - WAD, time - 1n, 0n);
      }
      await at(time);
      const transaction = await oracle.refresh(FEED);
      await expect(transaction).not.to.emit(oracle, "PriceRefreshed");
      expect(await now()).to.equal(time);
      expect((await oracle.cached(FEED)).price).to.equal(PRICE + WAD);
    });

    it("serves views from the cache, and reads the sources in the next second", async () => {
      const fixture = await deployWithSources(3);
      const { oracle, sources, at, now } = fixture;
      const time = (await now()) + 100n;
      await at(time);
      await oracle.refresh(FEED);
      for (const source of sources) {
        await at(time);
        await source.setPrice(PRICE + WAD);
      }
      await at(time);
      const same = await inOneTransaction(fixture, ["quote", "consensusPrice"]);
      expect(same.results).to.deep.equal([[PRICE, true], [PRICE]]);
      await at(time + 1n);
      const next = await inOneTransaction(fixture, ["quote", "consensusPrice"]);
      expect(next.results).to.deep.equal([[PRICE + WAD, true], [PRICE + WAD]]);
    });
  });

  describe("in the same transaction (ORC-04)", () => {
    it("only the first refresh reads the sources", async () => {
      const fixture = await deployWithSources(3);
      const [a, b, c] = fixture.sources;
      const { results, transaction } = await inOneTransaction(fixture, [
        "refresh",
        await call(a!, PRICE * 2n),
        await call(b!, PRICE * 2n),
        await call(c!, PRICE * 2n),
        "refresh",
        "quote",
        "consensusPrice",
      ]);
      expect([results[0], results[4], results[5], results[6]]).to.deep.equal([
        [PRICE, true],
        [PRICE, true],
        [PRICE, true],
        [PRICE],
      ]);
      const receipt = await transaction.wait();
      // Volatility may be sampled beside it, by how long the machine took.
      const { topicHash } = fixture.oracle.interface.getEvent("PriceRefreshed");
      expect(receipt?.logs.filter(({ topics }) => topics[0] === topicHash).length, "one event").to.equal(1);
    });

    it("remembers that there was no consensus, also when the sources agree again", async () => {
      const fixture = await deployWithSources(3);
      const [a, b] = fixture.sources;
      await a!.setPrice(PRICE * 2n);
      await b!.setPrice(PRICE * 4n);
      const { results } = await inOneTransaction(fixture, [
        "refresh",
        await call(a!, PRICE),
        await call(b!, PRICE),
        "refresh",
        "quote",
      ]);
      expect([results[0], results[3], results[4]]).to.deep.equal([
        [PRICE, false],
        [PRICE, false],
        [PRICE, false],
      ]);
      expect(await fixture.oracle.quote(FEED), "the next one sees it").to.deep.equal([PRICE, true]);
    });

    it("a missed consensus also hides the cache of this second, and consensusPrice says what was missing", async () => {
      const fixture = await deployWithSources(3);
      const { oracle, sources, at, now, sameTransaction } = fixture;
      const time = (await now()) + 100n;
      await at(time);
      await oracle.refresh(FEED);
      for (const source of sources.slice(1)) {
        await at(time);
        await source.setStatus(Status.Stale);
      }
      await at(time);
      const { results } = await inOneTransaction(fixture, ["quote", "refresh", "quote"]);
      expect(results).to.deep.equal([
        [PRICE, true],
        [PRICE, false],
        [PRICE, false],
      ]);
      const reason = oracle.interface.encodeErrorResult("PriceOracle_NoConsensus", [FEED, 1n, 1n, 2n]);
      await expect(inOneTransaction(fixture, ["refresh", "consensusPrice"]))
        .to.be.revertedWithCustomError(sameTransaction, "SameTransaction_Failed")
        .withArgs(1n, reason);
    });

    it("keeps feeds apart", async () => {
      const fixture = await deployWithSources(3);
      const { oracle, oracleAddress, sources, asReaders, sameTransaction } = fixture;
      const other = FEED + 1n;
      const rules = { quorum: 2n, kinds: 2n, maxDeviation: WAD / 100n, maxGap: 300n, volatilityFloor: 0n };
      await oracle.listFeed(other, rules, await asReaders(sources));
      for (const source of sources) await source.setPrice(PRICE + WAD);
      await sameTransaction.run([
        { target: oracleAddress, data: oracle.interface.encodeFunctionData("refresh", [FEED]) },
        { target: oracleAddress, data: oracle.interface.encodeFunctionData("refresh", [other]) },
      ]);
      expect((await oracle.cached(FEED)).price).to.equal(PRICE + WAD);
      expect((await oracle.cached(other)).price).to.equal(PRICE + WAD);
    });

    it("costs about 900 gas more for each further refresh", async () => {
      const fixture = await deployWithFeeds(3);
      await fixture.at((await fixture.now()) + 60n);
      const { costs } = await inOneTransaction(fixture, ["refresh", "refresh", "quote"]);
      // As a part of the first, because this build is neither the production one nor, under coverage, free of extra work.
      const [first = 0n, again = 0n, quote = 0n] = costs;
      expect(again * 15n < first && quote * 15n < first, costs.toString()).to.equal(true);
    });
  });

  it("fits its cache into the documented slot (layout.md)", async () => {
    const { oracle, oracleAddress, ethers, sources, at, now } = await deployWithSources(3);
    const time = (await now()) + 1_000n;
    await setAll(sources, PRICE + 5n, time - 7n);
    await sources[2]!.setAnswer(Status.Valid, PRICE + PRICE / 200n, time - 7n, 0n);
    await at(time);
    await oracle.refresh(FEED);
    const entry = ethers.AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [FEED, 0n]);
    const word = BigInt(await ethers.provider.getStorage(oracleAddress, ethers.keccak256(entry)));
    const { price, publishedAt, readAt, deadSeconds, spreadBps } = await oracle.cached(FEED);
    expect(deadSeconds > 0n && spreadBps > 0n, "no field is empty").to.equal(true);
    const version = 1n;
    expect(word).to.equal(
      price |
        (publishedAt << 112n) |
        (readAt << 152n) |
        (deadSeconds << 192n) |
        (spreadBps << 232n) |
        (version << 248n),
    );
  });
});

import { expect } from "chai";
import * as VolatilityMath from "../../../sdk/math/VolatilityMath.ts";
import type { Rules } from "./support/oracle.ts";
import { deployOracle, deployWithSources, FEED, PRICE, RULES, WAD } from "./support/oracle.ts";

describe("PriceOracle.listFeed (ORC-02, GOV-01)", () => {
  it("refuses everyone but the access manager's roles", async () => {
    const { oracle, stranger, mockSources, asReaders } = await deployOracle();
    const listings = await asReaders(await mockSources(3));
    await expect(oracle.connect(stranger).listFeed(FEED, RULES, listings))
      .to.be.revertedWithCustomError(oracle, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
  });

  const outside: [what: string, rules: Partial<Rules>, sources: number][] = [
    ["no source", {}, 0],
    ["17 sources", {}, 17],
    ["quorum 0", { quorum: 0n }, 3],
    ["quorum above the sources", { quorum: 4n }, 3],
    ["0 kinds", { kinds: 0n }, 3],
    ["1 kind (R6)", { kinds: 1n }, 3],
    ["5 kinds", { kinds: 5n }, 3],
    ["no deviation", { maxDeviation: 0n }, 3],
    ["deviation above 10%", { maxDeviation: WAD / 10n + 1n }, 3],
    ["gap below 30 s", { maxGap: 29n }, 3],
    ["gap above 1 h", { maxGap: 3_601n }, 3],
    ["floor above 1000%", { volatilityFloor: 10n * WAD + 1n }, 3],
  ];
  for (const [what, change, count] of outside) {
    it(`refuses rules out of bounds: ${what}`, async () => {
      const { oracle, mockSources, asReaders } = await deployOracle();
      const rules = { ...RULES, ...change };
      await expect(oracle.listFeed(FEED, rules, await asReaders(await mockSources(count))))
        .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidRules")
        .withArgs(Object.values(rules), count);
    });
  }

  const inside: [what: string, rules: Partial<Rules>, sources: number][] = [
    ["two sources, quorum 1", { quorum: 1n }, 2],
    ["2 kinds", { kinds: 2n }, 3],
    ["16 sources, quorum 16", { quorum: 16n }, 16],
    ["4 kinds", { kinds: 4n }, 4],
    ["deviation of 1 wei", { maxDeviation: 1n }, 3],
    ["deviation of 10%", { maxDeviation: WAD / 10n }, 3],
    ["gap of 30 s", { maxGap: 30n }, 3],
    ["gap of 1 h", { maxGap: 3_600n }, 3],
    ["no floor", { volatilityFloor: 0n }, 3],
    ["floor of 1000%", { volatilityFloor: 10n * WAD }, 3],
  ];
  for (const [what, change, count] of inside) {
    it(`accepts rules at their bounds: ${what}`, async () => {
      const kinds = ["Push", "Pull", "TimeWeighted", "Ratio"];
      const { oracle } = await deployWithSources(count, change, kinds);
      expect(await oracle.quote(FEED)).to.deep.equal([PRICE, true]);
    });
  }

  it("refuses the same reader and target twice, not the same target with another reader", async () => {
    const { oracle, mockSources, asReaders } = await deployOracle();
    const [a, b, c] = await asReaders(await mockSources(3));
    await expect(oracle.listFeed(FEED, RULES, [a!, b!, a!]))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_DuplicateSource")
      .withArgs(a!.reader, a!.target);
    await oracle.listFeed(FEED, RULES, [a!, b!, { ...c!, target: a!.target }]);
  });

  it("refuses sources that do not agree at once", async () => {
    const { oracle, mockSources, asReaders } = await deployOracle();
    const sources = await mockSources(4);
    await sources[2]!.setPrice(PRICE * 2n);
    await sources[3]!.setStatus(6n);
    await expect(oracle.listFeed(FEED, RULES, await asReaders(sources)))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_ListingWithoutConsensus")
      .withArgs(FEED, 3n, 2n);
    await expect(oracle.refresh(FEED)).to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed").withArgs(FEED);
  });

  it("refuses fewer kinds than the rules ask for, also when all sources agree", async () => {
    const { oracle, mockSources, asReaders } = await deployOracle();
    const sources = await asReaders(await mockSources(3, ["Push", "Pull"]));
    await expect(oracle.listFeed(FEED, { ...RULES, kinds: 3n }, sources))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_ListingWithoutConsensus")
      .withArgs(FEED, 3n, 3n);
  });

  it("ORC-02: refuses a feed whose sources are all of one kind, whoever lists it", async () => {
    for (const kind of ["Push", "Pull", "TimeWeighted", "Ratio"]) {
      const { oracle, mockSources, asReaders } = await deployOracle();
      await expect(oracle.listFeed(FEED, RULES, await asReaders(await mockSources(16, [kind]))))
        .to.be.revertedWithCustomError(oracle, "PriceOracle_ListingWithoutConsensus")
        .withArgs(FEED, 16n, 16n);
    }
  });

  it("stores the first consensus, its average and the floor of its variance", async () => {
    const { oracle, at, now, mockSources, asReaders } = await deployOracle();
    const sources = await mockSources(3);
    const listings = await asReaders(sources);
    const time = (await now()) + 100n;
    for (const [i, source] of sources.entries())
      await source.setAnswer(0n, PRICE + BigInt(i) * WAD, time - 50n + BigInt(i), 0n);
    await at(time);
    const transaction = await oracle.listFeed(FEED, RULES, listings);

    await expect(transaction)
      .to.emit(oracle, "FeedListed")
      .withArgs(
        FEED,
        Object.values(RULES),
        listings.map(({ reader, target, settings }) => [reader, target, settings]),
      );
    await expect(transaction)
      .to.emit(oracle, "PriceRefreshed")
      .withArgs(FEED, PRICE + WAD, time - 48n, 0n);
    expect(await oracle.cached(FEED)).to.deep.equal([PRICE + WAD, time - 48n, time, 0n, 10n]);
    expect(await oracle.lastPrice(FEED)).to.deep.equal([PRICE + WAD, time]);
    expect(await oracle.averagePrice(FEED)).to.equal(PRICE + WAD);
    expect(await oracle.deadSeconds(FEED)).to.equal(0n);
    const floor = VolatilityMath.fromAnnualUp(RULES.volatilityFloor);
    expect(await oracle.variance(FEED)).to.deep.equal([floor, floor]);
  });

  it("knows no feed that was never listed", async () => {
    const { oracle } = await deployWithSources(3);
    const other = FEED + 1n;
    const views = [
      "quote",
      "consensusPrice",
      "lastPrice",
      "averagePrice",
      "deadSeconds",
      "variance",
      "blindMove",
      "cached",
      "inspect",
      "refresh",
    ] as const;
    for (const view of views) {
      await expect(oracle.getFunction(view).staticCall(other))
        .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
        .withArgs(other);
    }
  });

  describe("again", () => {
    it("keeps dead seconds, counting the gap by the rules under which it arose", async () => {
      const { oracle, at, sources, asReaders } = await deployWithSources(3, { maxGap: 60n });
      const listed = (await oracle.cached(FEED)).readAt;
      await at(listed + 1_000n);
      await oracle.listFeed(FEED, { ...RULES, maxGap: 3_600n }, await asReaders(sources));
      expect(await oracle.deadSeconds(FEED)).to.equal(940n);
      await at(listed + 1_000n + 3_601n);
      await oracle.refresh(FEED);
      expect(await oracle.deadSeconds(FEED)).to.equal(941n);
    });

    it("keeps variance, average and the newest publish time, and reads the new sources", async () => {
      const { oracle, at, now, sources, mockSources, asReaders } = await deployWithSources(3);
      const start = (await now()) + 2_000n;
      for (const source of sources) await source.setAnswer(0n, (PRICE * 3n) / 2n, start - 1n, 0n);
      await at(start);
      await oracle.refresh(FEED);
      const [fast, slow] = await oracle.variance(FEED);
      const newest = (await oracle.cached(FEED)).publishedAt;
      expect(newest).to.equal(start - 1n);

      const others = await mockSources(5);
      for (const other of others) await other.setAnswer(0n, PRICE, start - 100n, 0n);
      await at(start + 50n);
      await oracle.listFeed(FEED, { ...RULES, quorum: 3n }, await asReaders(others));
      expect((await oracle.inspect(FEED)).prices).to.deep.equal(Array<bigint>(5).fill(PRICE));
      expect(await oracle.cached(FEED)).to.deep.equal([
        PRICE,
        newest,
        start + 50n,
        (await oracle.cached(FEED)).deadSeconds,
        0n,
      ]);
      expect(await oracle.averagePrice(FEED)).to.equal(
        VolatilityMath.movingAverageDown(VolatilityMath.movingAverageDown(PRICE, PRICE, 0n), (PRICE * 3n) / 2n, 50n),
      );
      const after = await oracle.variance(FEED);
      expect(after.fast >= fast && after.slow >= slow, "what was stored stays").to.equal(true);
    });

    it("is no way to replace the price of a second by one that is not newer", async () => {
      const { oracle, at, now, sources, asReaders } = await deployWithSources(3);
      const time = (await now()) + 10n;
      await at(time);
      await oracle.refresh(FEED);
      for (const source of sources) {
        await at(time);
        await source.setAnswer(0n, PRICE / 2n, (await oracle.cached(FEED)).publishedAt, 0n);
      }
      await at(time);
      await oracle.listFeed(FEED, RULES, await asReaders(sources));
      expect((await oracle.cached(FEED)).price).to.equal(PRICE);
    });

    it("works 255 times", async () => {
      const { oracle, oracleAddress, ethers, networkHelpers, sources, asReaders } = await deployWithSources(3);
      const slot = ethers.keccak256(
        ethers.AbiCoder.defaultAbiCoder().encode(
          ["uint256", "uint256"],
          [FEED, await feedsSlot(ethers, oracleAddress)],
        ),
      );
      const word = BigInt(await ethers.provider.getStorage(oracleAddress, slot));
      expect(word >> 248n, "version, the last byte of the cache slot").to.equal(1n);
      await networkHelpers.setStorageAt(oracleAddress, slot, (word & ((1n << 248n) - 1n)) | (255n << 248n));
      await expect(oracle.listFeed(FEED, RULES, await asReaders(sources))).to.be.revertedWithPanic(0x11);
    });
  });
});

/** Slot of the mapping of feeds: the only one whose entry for FEED is filled. */
async function feedsSlot(ethers: Awaited<ReturnType<typeof deployOracle>>["ethers"], oracle: string): Promise<bigint> {
  for (let slot = 0n; slot < 4n; slot++) {
    const entry = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [FEED, slot]));
    if (BigInt(await ethers.provider.getStorage(oracle, entry)) !== 0n) return slot;
  }
  throw new Error("no entry");
}

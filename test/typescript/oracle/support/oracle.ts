import type { BigNumberish } from "ethers";
import { network } from "hardhat";

export const WAD = 10n ** 18n;
export const FEED = 7n;
/** A price that stands for all prices. */
export const PRICE = 2_000n * WAD;

/** In the order of IPriceSource. */
export const Status = {
  Valid: 0n,
  Unreachable: 1n,
  Malformed: 2n,
  NotPositive: 3n,
  OutsideBand: 4n,
  FromFuture: 5n,
  Stale: 6n,
  DecimalsChanged: 7n,
  Uncertain: 8n,
} as const;

/** In the order of MockAggregator. */
export const Feed = { Honest: 0, Reverts: 1, BurnsGas: 2, Short: 3, Bomb: 4, RevertBomb: 5 } as const;
/** In the order of MockSource. */
export const Source = { Answers: 0, Reverts: 1, BurnsGas: 2, Short: 3, Bomb: 4 } as const;

export const RULES = {
  quorum: 2n,
  kinds: 2n,
  maxDeviation: WAD / 100n,
  maxGap: 300n,
  volatilityFloor: (4n * WAD) / 10n,
};
export type Rules = typeof RULES;

// One chain for all tests, as each has its own oracle. Blocks may share a second, as those of fast chains do; gas is given,
// because an estimate made in one second is too low when storing the time of the next one.
const { ethers, networkHelpers, provider } = await network.create({
  override: { allowBlocksWithSameTimestamp: true, gas: 12_000_000n },
});

/** A new oracle that the first signer administers, on a chain without a sequencer unless a feed is given (ORC-03). */
export async function deployOracle(sequencer?: { readonly feed: string; readonly grace: bigint }) {
  const [administrator, stranger] = await ethers.getSigners();
  if (administrator === undefined || stranger === undefined) throw new Error("no accounts");
  const manager = await ethers.deployContract("MockAccessManager", [administrator.address]);
  const oracle = await ethers.deployContract("PriceOracle", [
    await manager.getAddress(),
    sequencer?.feed ?? ethers.ZeroAddress,
    sequencer?.grace ?? 0n,
  ]);
  const oracleAddress = await oracle.getAddress();
  const sameTransaction = await ethers.deployContract("SameTransaction");
  const deployReaders = async () => [
    await (await ethers.deployContract("MockPullReader")).getAddress(),
    await (await ethers.deployContract("MockTimeWeightedReader")).getAddress(),
  ];
  let others: Promise<string[]> | undefined;

  return {
    ethers,
    networkHelpers,
    provider,
    administrator,
    stranger,
    manager,
    oracle,
    oracleAddress,
    sameTransaction,

    /** Mines what comes next at exactly this time. */
    at: (time: BigNumberish) => networkHelpers.time.setNextBlockTimestamp(BigInt(time)),
    /** Mines a block 10 seconds later: views then read the sources and not the cache of a second. */
    later: () => networkHelpers.time.increase(10),
    now: async () => BigInt(await networkHelpers.time.latest()),

    /** `count` mock sources of one kind after the other, each its own reader, all at PRICE. Any two of three decide (R6). */
    async mockSources(count: number, kinds: readonly string[] = ["Push", "Pull", "TimeWeighted"]) {
      const sources = [];
      for (let i = 0; i < count; i++) {
        const source = await ethers.deployContract(
          `Mock${kinds[i % kinds.length] ?? "Push"}Source` as "MockPushSource",
        );
        await source.setPrice(PRICE);
        sources.push(source);
      }
      return sources;
    },

    /** `count` Chainlink-shaped feeds with 8 decimals at PRICE. */
    async mockFeeds(count: number) {
      const feeds = [];
      for (let i = 0; i < count; i++) {
        feeds.push(await ethers.deployContract("MockAggregator", [8, PRICE / 10n ** 10n]));
      }
      return feeds;
    },

    /** Listings of sources that are their own readers. */
    async asReaders(sources: readonly { getAddress(): Promise<string> }[]) {
      const addresses = await Promise.all(sources.map((source) => source.getAddress()));
      return addresses.map((address) => ({ reader: address, target: address, settings: "0x" }));
    },

    /** Listings of Chainlink-shaped feeds. The first is read by the oracle unless `reader` is given, the others as two more kinds. */
    async asFeeds(feeds: readonly { getAddress(): Promise<string> }[], maxAge = 3_600n, reader = oracleAddress) {
      const settings = ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [maxAge]);
      const addresses = await Promise.all(feeds.map((feed) => feed.getAddress()));
      const readers = [reader, ...(await (others ??= deployReaders()))];
      return addresses.map((target, index) => ({ reader: readers[index % readers.length] ?? "", target, settings }));
    },
  };
}

export type OracleFixture = Awaited<ReturnType<typeof deployOracle>>;
export type MockSources = Awaited<ReturnType<OracleFixture["mockSources"]>>;
export type MockFeeds = Awaited<ReturnType<OracleFixture["mockFeeds"]>>;

/** An oracle with one feed of `count` mock sources. */
export async function deployWithSources(count: number, rules: Partial<Rules> = {}, kinds?: readonly string[]) {
  const fixture = await deployOracle();
  const sources = await fixture.mockSources(count, kinds);
  await fixture.oracle.listFeed(FEED, { ...RULES, ...rules }, await fixture.asReaders(sources));
  await fixture.later();
  return { ...fixture, sources };
}

/** An oracle with one feed of `count` Chainlink feeds. */
export async function deployWithFeeds(count: number, rules: Partial<Rules> = {}, maxAge = 3_600n) {
  const fixture = await deployOracle();
  const feeds = await fixture.mockFeeds(count);
  await fixture.oracle.listFeed(FEED, { ...RULES, ...rules }, await fixture.asFeeds(feeds, maxAge));
  await fixture.later();
  return { ...fixture, feeds };
}

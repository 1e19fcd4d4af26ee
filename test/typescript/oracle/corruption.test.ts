import { expect } from "chai";

import { deployOracle, Feed, FEED, PRICE, RULES, Status, WAD } from "./support/oracle.ts";

const native = (price: bigint) => price / 10n ** 10n;

/** Honest sources differ by up to 0.2%. */
const honest = (i: number) => PRICE + BigInt(i) * (WAD / 2n);

/** Feeds that have published and been read; as many of them as colluders want say what they want, and one honest one may be silent. */
async function deploy(count: number) {
  const fixture = await deployOracle();
  const feeds = await fixture.mockFeeds(count);
  const quorum = count >= 4 ? 3n : 2n;
  await fixture.oracle.listFeed(FEED, { ...RULES, quorum }, await fixture.asFeeds(feeds));
  for (const [i, feed] of feeds.entries()) await feed.setAnswer(native(honest(i)));
  await fixture.later();
  await fixture.oracle.refresh(FEED);
  await fixture.later();
  const { restore } = await fixture.networkHelpers.takeSnapshot();
  return {
    ...fixture,
    /** Whether so many colluders at this fraction of the price (parts per million) move the decision beyond what the honest ones say. */
    async isMoved(corrupted: number, parts: bigint, isOneSilent: boolean): Promise<boolean> {
      // The lowest ones go up, the highest ones down: honest answers are on the other side.
      const colluders = parts > 1_000_000n ? feeds.slice(0, corrupted) : feeds.slice(count - corrupted);
      const others = feeds.filter((feed) => !colluders.includes(feed));
      for (const feed of colluders) await feed.setAnswer((native(PRICE) * parts) / 1_000_000n);
      if (isOneSilent && others[0] !== undefined) await others[0].setMode(Feed.Reverts);
      await fixture.later();
      const { price, hasConsensus } = await fixture.oracle.quote(FEED);
      await restore();
      return hasConsensus && (price < honest(0) || price > honest(count - 1));
    },
  };
}

/** 0.9% is within what sources may differ; the others are far beyond. */
const NEAR = [991_000n, 1_009_000n];
const FAR = [500_000n, 2_000_000n];

describe("ORC-06: how many sources must be corrupted to move the decision", () => {
  const rows: { sources: number; found: readonly number[] }[] = [];

  for (let count = 3; count <= 8; count++) {
    it(`${count} sources`, async () => {
      const { isMoved } = await deploy(count);
      const fewest = async (tries: readonly bigint[], isOneSilent: boolean) => {
        for (let corrupted = 1; corrupted < count; corrupted++) {
          for (const parts of tries) if (await isMoved(corrupted, parts, isOneSilent)) return corrupted;
        }
        return count;
      };
      const majority = Math.floor(count / 2) + 1;
      const found = [
        await fewest(FAR, false),
        await fewest(NEAR, false),
        await fewest(FAR, true),
        await fewest(NEAR, true),
      ] as const;
      // More than half of the CONFIGURED sources must agree, so a silent one helps nobody to a price of his own. Within delta of the
      // honest ones a majority of those that speak is enough.
      expect(found).to.deep.equal([majority, majority, majority, Math.floor((count - 1) / 2) + 1]);
      rows.push({ sources: count, found });
    });
  }

  after(() => {
    console.log(
      "      corrupted sources that move the decision: anywhere | by less than delta | with one honest silent: both",
    );
    for (const { sources, found } of rows) console.log(`      ${sources} sources: ${found.join(" | ")}`);
  });
});

describe("ORC-01, ORC-06: decimals of feeds", () => {
  it("feeds of 0 to 24 decimals say the same price", async () => {
    const { ethers, oracle, asFeeds } = await deployOracle();
    const feeds = [];
    for (let decimals = 0n; decimals <= 24n; decimals++) {
      feeds.push(await ethers.deployContract("MockAggregator", [decimals, 2_000n * 10n ** decimals]));
    }
    for (const [feed, part] of [feeds.slice(0, 13), feeds.slice(13)].entries()) {
      await oracle.listFeed(feed, { ...RULES, quorum: BigInt(part.length) }, await asFeeds(part));
      const { statuses, prices } = await oracle.inspect(feed);
      expect(statuses).to.deep.equal(part.map(() => Status.Valid));
      expect(prices).to.deep.equal(part.map(() => PRICE));
    }
  });

  it("a feed that changes its decimals after listing is out of the consensus, whichever way, until it is listed anew", async () => {
    const { oracle, mockFeeds, asFeeds, later } = await deployOracle();
    const feeds = await mockFeeds(3);
    const listings = await asFeeds(feeds);
    await oracle.listFeed(FEED, RULES, listings);
    const changed = feeds[0]!;
    for (const decimals of [0n, 6n, 7n, 9n, 18n, 24n]) {
      await changed.setDecimals(decimals);
      await changed.setAnswer(2_000n * 10n ** decimals);
      await later();
      expect(await oracle.quote(FEED), `${decimals} decimals`).to.deep.equal([PRICE, true]);
      const { statuses, prices } = await oracle.inspect(FEED);
      expect(prices[0] !== PRICE, "what it says is read with the decimals of its listing").to.equal(true);
      expect([Status.Valid, Status.Malformed].includes(statuses[0] as 0n)).to.equal(true);
    }
    await oracle.listFeed(FEED, { ...RULES, quorum: 3n }, listings);
    expect((await oracle.inspect(FEED)).prices).to.deep.equal([PRICE, PRICE, PRICE]);
  });
});

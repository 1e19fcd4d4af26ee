import { expect } from "chai";
import type { MockFeeds } from "./support/oracle.ts";
import { deployOracle, deployWithFeeds, Feed, FEED, PRICE, RULES, Status, WAD } from "./support/oracle.ts";

const DAY = 86_400n;
/** Answers of the feeds have 8 decimals. */
const native = (price: bigint) => price / 10n ** 10n;

/** Honest sources differ by up to 0.1%, as those of one asset do. */
const honest = (i: number) => PRICE + BigInt(i) * (WAD / 2n);
const LOWEST = honest(0);

async function publish(feeds: MockFeeds, price: (i: number) => bigint) {
  for (const [i, feed] of feeds.entries()) await feed.setAnswer(native(price(i)));
}

/**
 * Feeds that everybody has published just now. "No decision changes" means: a price within what honest sources say,
 * and consensus.
 */
async function deployHonest(count: number) {
  const fixture = await deployOracle();
  const feeds = await fixture.mockFeeds(count);
  for (const feed of feeds) await feed.setBand(native(PRICE) / 100n, native(PRICE) * 100n);
  const quorum = count >= 4 ? 3n : 2n;
  await fixture.oracle.listFeed(FEED, { ...RULES, quorum }, await fixture.asFeeds(feeds));
  await publish(feeds, honest);
  await fixture.later();
  await fixture.oracle.refresh(FEED);
  const decided = async () => {
    await fixture.later();
    return fixture.oracle.quote(FEED);
  };
  return { ...fixture, feeds, decided, highest: honest(count - 1) };
}

function expectHonest(quote: { price: bigint; hasConsensus: boolean }, highest: bigint, what: string) {
  expect(quote.hasConsensus, what).to.equal(true);
  expect(quote.price >= LOWEST && quote.price <= highest, `${what}: ${quote.price}`).to.equal(true);
}

describe("ORC-06: faults that change no decision", () => {
  for (const count of [3, 4, 5, 7]) {
    describe(`${count} sources`, () => {
      it("a 1% manipulation of any one source, up or down", async () => {
        const { feeds, decided, highest } = await deployHonest(count);
        for (const [i, feed] of feeds.entries()) {
          for (const [percent, what] of [
            [101n, "up"],
            [99n, "down"],
          ] as const) {
            await feed.setAnswer((native(honest(i)) * percent) / 100n);
            expectHonest(await decided(), highest, `source ${i} ${what}`);
          }
          await feed.setAnswer(native(honest(i)));
        }
      });

      it("any one source frozen for a day while the market moves by 20%", async () => {
        for (let frozen = 0; frozen < count; frozen++) {
          const { oracle, feeds, at, now } = await deployHonest(count);
          const end = (await now()) + DAY;
          await at(end - 10n);
          for (const [i, feed] of feeds.entries()) {
            if (i !== frozen) await feed.setAnswer((native(honest(i)) * 8n) / 10n);
          }
          await at(end);
          await oracle.refresh(FEED);
          const { price, readAt } = await oracle.cached(FEED);
          expect(readAt, `source ${frozen}`).to.equal(end);
          expect(price >= (LOWEST * 8n) / 10n && price <= (honest(count - 1) * 8n) / 10n).to.equal(true);
          expect((await oracle.inspect(FEED)).statuses[frozen]).to.equal(Status.Stale);
        }
      });

      for (const [what, answer, status] of [
        ["at zero", 0n, Status.NotPositive],
        ["negative", -native(PRICE), Status.NotPositive],
        ["pinned at the lower edge of its band", native(PRICE) / 100n, Status.OutsideBand],
        ["pinned at the upper edge of its band", native(PRICE) * 100n, Status.OutsideBand],
      ] as const) {
        it(`any one source ${what}`, async () => {
          const { oracle, feeds, decided, highest } = await deployHonest(count);
          for (const [i, feed] of feeds.entries()) {
            await feed.setAnswer(answer);
            expectHonest(await decided(), highest, `source ${i}`);
            expect((await oracle.inspect(FEED)).statuses[i]).to.equal(status);
            await feed.setAnswer(native(honest(i)));
          }
        });
      }
    });
  }

  /** Two who collude try these, as fractions of the price in parts per million. */
  const TRIES = [500_000n, 985_000n, 990_500n, 995_000n, 1_000_000n, 1_005_000n, 1_009_500n, 1_015_000n, 3_000_000n];

  it("two colluding out of five", async () => {
    const { feeds, decided, highest } = await deployHonest(5);
    for (const [first, second] of [
      [0, 1],
      [0, 4],
      [2, 3],
      [3, 4],
    ] as const) {
      for (const parts of TRIES) {
        for (const i of [first, second]) await feeds[i]!.setAnswer((native(PRICE) * parts) / 1_000_000n);
        expectHonest(await decided(), highest, `${first} and ${second} at ${parts}`);
      }
      for (const i of [first, second]) await feeds[i]!.setAnswer(native(honest(i)));
    }
  });

  it("two colluding out of five with one honest source missing: they cannot carry the price away", async () => {
    let [withConsensus, without] = [0, 0];
    for (const move of [97n, 100n, 103n]) {
      const { feeds, decided } = await deployHonest(5);
      // The market moves after the last consensus; one honest source is silent, two say what they like.
      const [low, high] = [(honest(2) * move) / 100n, (honest(3) * move) / 100n];
      await feeds[2]!.setAnswer(native(low));
      await feeds[3]!.setAnswer(native(high));
      await feeds[4]!.setMode(Feed.Reverts);
      for (const parts of TRIES) {
        for (const i of [0, 1]) await feeds[i]!.setAnswer((native(low) * parts) / 1_000_000n);
        const last = honest(2);
        const { price, hasConsensus } = await decided();
        if (!hasConsensus) {
          without++;
          continue;
        }
        withConsensus++;
        const distance = (a: bigint, b: bigint) => (a > b ? a - b : b - a);
        const [nearest, farthest] = [low, high].map((other) => distance(other, last)).sort((a, b) => (a < b ? -1 : 1));
        expect(
          distance(price, last) <= farthest!,
          `move ${move}, try ${parts}: no further than an honest answer`,
        ).to.equal(true);
        expect(nearest !== undefined && distance(price, low) * 100n <= low + high, "within delta").to.equal(true);
      }
    }
    expect(withConsensus > 0 && without > 0, "both outcomes were seen").to.equal(true);
  });
});

describe("faults that happened (oracle-faults.md), with three sources", () => {
  it("2019 sKRW: one of two live sources 1,000 times too high is no consensus, not a mean", async () => {
    const { oracle, feeds, decided } = await deployHonest(3);
    await feeds[0]!.setMode(Feed.Reverts);
    await feeds[1]!.setAnswer(native(PRICE) * 90n);
    expect((await decided()).hasConsensus).to.equal(false);
    await expect(oracle.consensusPrice(FEED))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_NoConsensus")
      .withArgs(FEED, 2n, 1n, 2n);
  });

  it("2021 Pyth BTC: two of eleven publishers near zero", async () => {
    const { oracle, feeds, later } = await deployWithFeeds(11, { quorum: 3n });
    for (const feed of feeds.slice(0, 2)) await feed.setAnswer(1n);
    await later();
    expect(await oracle.quote(FEED)).to.deep.equal([PRICE, true]);
  });

  it("2022 LUNA: a feed that clamps at its minimum has no price, also when all do", async () => {
    const { oracle, feeds, decided } = await deployHonest(3);
    for (const feed of feeds) await feed.setAnswer(native(PRICE) / 100n);
    expect((await decided()).hasConsensus).to.equal(false);
    expect((await oracle.inspect(FEED)).statuses).to.deep.equal(Array<bigint>(3).fill(Status.OutsideBand));
  });

  it("2020 DAI: one venue at 1.30", async () => {
    const { feeds, decided, highest } = await deployHonest(3);
    await feeds[0]!.setAnswer((native(PRICE) * 130n) / 100n);
    expectHonest(await decided(), highest, "one venue");
  });

  it("2026 cbETH: a ratio served as a price, by one source", async () => {
    const { feeds, decided, highest } = await deployHonest(3);
    await feeds[2]!.setAnswer(112_000_000n);
    expectHonest(await decided(), highest, "1.12 instead of 2,000: outside of the feed's band");
  });

  it("2025 wrsETH: an absurd answer, by one source, inside of a band that is too wide", async () => {
    const { oracle, feeds, later } = await deployWithFeeds(3);
    await feeds[1]!.setAnswer(native(PRICE) * 1_650_000n);
    await later();
    expect(await oracle.quote(FEED)).to.deep.equal([PRICE, true]);
    expect((await oracle.inspect(FEED)).statuses[1], "above the highest price").to.equal(Status.Malformed);
  });
});

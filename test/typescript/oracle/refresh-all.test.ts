import { expect } from "chai";

import type { OracleFixture } from "./support/oracle.ts";
import { deployOracle, PRICE, RULES, Status, WAD } from "./support/oracle.ts";

const FEEDS = [3n, 7n, 47n, 255n] as const;
const ALL = FEEDS.reduce((bits, feed) => bits | (1n << feed), 0n);

/** Four feeds of three sources each, the lowest and highest bits among them. */
async function deployWithFour() {
  const fixture = await deployOracle();
  const sources = [];
  for (const feed of FEEDS) {
    const three = await fixture.mockSources(3);
    await fixture.oracle.listFeed(feed, { ...RULES }, await fixture.asReaders(three));
    sources.push(three);
  }
  await fixture.later();
  return { ...fixture, sources };
}

async function runAll({ oracle, oracleAddress, sameTransaction }: OracleFixture, ...bits: bigint[]) {
  const steps = bits.map((feeds) => ({
    target: oracleAddress,
    data: oracle.interface.encodeFunctionData("refreshAll", [feeds]),
  }));
  await sameTransaction.run(steps);
  return sameTransaction.costs();
}

describe("PriceOracle.refreshAll (ORC-04)", () => {
  const reads = async (fixture: OracleFixture) => {
    const { oracle } = fixture;
    return Promise.all(FEEDS.map(async (feed) => (await oracle.cached(feed)).readAt));
  };

  it("reads every feed that is named, and no other", async () => {
    const fixture = await deployWithFour();
    const { oracle, sources, at, now } = fixture;
    for (const three of sources) for (const source of three) await source.setPrice(PRICE + WAD);
    const before = await reads(fixture);
    const time = (await now()) + 100n;
    await at(time);
    const transaction = await oracle.refreshAll((1n << 3n) | (1n << 255n));
    await expect(transaction).to.emit(oracle, "PriceRefreshed");
    expect(await reads(fixture)).to.deep.equal([time, before[1], before[2], time]);
    expect((await oracle.cached(255n)).price).to.equal(PRICE + WAD);
    expect((await oracle.cached(7n)).price).to.equal(PRICE);
    await at(time + 1n);
    await oracle.refreshAll(0n);
    expect(await reads(fixture)).to.deep.equal([time, before[1], before[2], time]);
    await at(time + 2n);
    await oracle.refreshAll(ALL);
    expect(await reads(fixture)).to.deep.equal(FEEDS.map(() => time + 2n));
  });

  it("quotes and refreshAll say of each feed, lowest first, what quote says: price and whether there is a consensus", async () => {
    const fixture = await deployWithFour();
    const { oracle, sources, at, now } = fixture;
    for (const [index, three] of sources.entries()) {
      for (const source of three) await source.setPrice(PRICE + BigInt(index) * 10n ** 15n);
    }
    for (const source of sources[2] ?? []) await source.setStatus(Status.Stale);
    const expected = async () =>
      Promise.all(
        FEEDS.map(async (feed) => {
          const [price, hasConsensus] = await oracle.quote(feed);
          return (price << 1n) | (hasConsensus ? 1n : 0n);
        }),
      );
    await at((await now()) + 100n);
    const before = await oracle.quotes(ALL);
    expect(before, "not read in this second").to.deep.equal(await expected());
    expect(before.map((word) => word & 1n)).to.deep.equal([1n, 1n, 0n, 1n]);
    expect(await oracle.refreshAll.staticCall(ALL), "while it refreshes").to.deep.equal(before);
    await oracle.refreshAll(ALL);
    expect(await oracle.quotes(ALL), "read in this second").to.deep.equal(await expected());
    expect(await oracle.quotes(1n << 255n)).to.deep.equal([before[3]]);
    expect(await oracle.quotes(0n)).to.deep.equal([]);
    await expect(oracle.quotes(ALL | 2n))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
      .withArgs(1n);
  });

  it("what was read in this second stands, also in a later transaction and for a source that is newer; `refresh` takes it", async () => {
    const fixture = await deployWithFour();
    const { oracle, sources, at, now } = fixture;
    const time = (await now()) + 100n;
    await at(time);
    await oracle.refreshAll(ALL);
    for (const source of sources[0]!) {
      await at(time);
      await source.setAnswer(Status.Valid, PRICE + WAD, time, 0n);
    }
    await at(time);
    const again = await oracle.refreshAll(ALL);
    expect(await now()).to.equal(time);
    await expect(again).not.to.emit(oracle, "PriceRefreshed");
    expect(await oracle.quote(3n)).to.deep.equal([PRICE, true]);
    await at(time);
    await oracle.refresh(3n);
    expect(await now()).to.equal(time);
    expect(await oracle.quote(3n)).to.deep.equal([PRICE + WAD, true]);
    await at(time + 1n);
    await expect(oracle.refreshAll(ALL)).to.emit(oracle, "PriceRefreshed");
    expect((await reads(fixture))[1]).to.equal(time + 1n);
  });

  it("a feed that missed stops no other, is read again in a later transaction of the second, once in one transaction", async () => {
    const fixture = await deployWithFour();
    const { oracle, sources, at, now } = fixture;
    const before = await reads(fixture);
    const [, seven] = sources;
    for (const source of seven!) await source.setStatus(Status.Stale);
    const time = (await now()) + 100n;
    await at(time);
    await expect(oracle.refreshAll(ALL)).to.emit(oracle, "ConsensusMissed").withArgs(7n, 0n, 0n);
    expect(await reads(fixture)).to.deep.equal([time, before[1], time, time]);
    await at(time);
    await expect(oracle.refreshAll(ALL)).to.emit(oracle, "ConsensusMissed").withArgs(7n, 0n, 0n);
    // Within one transaction the second call does not ask again: far below what three sources cost.
    await at(time);
    const [first, second] = await runAll(fixture, 1n << 7n, 1n << 7n);
    expect(second).to.be.lessThan(first! / 4n);
    for (const source of seven!) {
      await at(time);
      await source.setAnswer(Status.Valid, PRICE + WAD, time, 0n);
    }
    await at(time);
    await oracle.refreshAll(ALL);
    expect(await now()).to.equal(time);
    expect(await reads(fixture)).to.deep.equal(FEEDS.map(() => time));
    expect(await oracle.quote(7n)).to.deep.equal([PRICE + WAD, true]);
  });

  it("refreshedWord does and says what refreshAll does and says of that feed", async () => {
    const fixture = await deployWithFour();
    const { oracle, sources, at, now } = fixture;
    for (const source of sources[0]!) await source.setPrice(PRICE + WAD);
    for (const source of sources[1]!) await source.setStatus(Status.Stale);
    const before = await reads(fixture);
    const time = (await now()) + 100n;
    await at(time);
    const read = await oracle.refreshedWord(3n);
    await expect(read).to.emit(oracle, "PriceRefreshed");
    expect(await reads(fixture)).to.deep.equal([time, before[1], before[2], before[3]]);
    await at(time);
    const again = await oracle.refreshedWord(3n);
    expect(await now()).to.equal(time);
    await expect(again, "read in this second").not.to.emit(oracle, "PriceRefreshed");
    await at(time);
    const missed = await oracle.refreshedWord(7n);
    await expect(missed).to.emit(oracle, "ConsensusMissed").withArgs(7n, 0n, 0n);
    expect(await oracle.refreshedWord.staticCall(3n)).to.equal(((PRICE + WAD) << 1n) | 1n);
    expect(await oracle.refreshedWord.staticCall(7n), "without a consensus").to.equal(PRICE << 1n);
    await expect(oracle.refreshedWord(8n))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
      .withArgs(8n);
  });

  it("reverts for a feed that was never listed, and then reads none", async () => {
    const fixture = await deployWithFour();
    const { oracle } = fixture;
    const before = await reads(fixture);
    for (const unknown of [0n, 8n, 254n]) {
      await expect(oracle.refreshAll(ALL | (1n << unknown)))
        .to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed")
        .withArgs(unknown);
    }
    expect(await reads(fixture)).to.deep.equal(before);
  });
});

import { expect } from "chai";

import { deployOracle, FEED, PRICE, RULES } from "./support/oracle.ts";

const GRACE = 3_600n;
const [UP, DOWN] = [0n, 1n];
/** latestRoundData() */
const QUESTION = "0xfeaf968c";
/** In the order of MockAnswers. */
const Mode = { Answers: 0, Reverts: 1, BurnsGas: 2, Bomb: 3, RevertBomb: 4 } as const;
const HIGHEST = (1n << 256n) - 1n;

/** An oracle behind a sequencer that has been up for long, with a feed of three sources. */
async function deploy() {
  const base = await deployOracle();
  const { ethers, networkHelpers } = base;
  const uptime = await ethers.deployContract("MockAnswers");
  const words = (round: readonly bigint[]) =>
    ethers.AbiCoder.defaultAbiCoder().encode(
      round.map(() => "uint256"),
      round,
    );
  /** As Chainlink's feed says it: when the answer last changed stands under `startedAt`. */
  const say = (answer: bigint, startedAt: bigint, updatedAt = startedAt) =>
    uptime.setAnswer(QUESTION, words([1n, answer, startedAt, updatedAt, 1n]));
  const start = (await base.now()) + 100_000n;
  await say(UP, start - 90_000n);
  const fixture = await deployOracle({ feed: await uptime.getAddress(), grace: GRACE });
  const { oracle, mockSources, asReaders } = fixture;
  const sources = await mockSources(3);
  await networkHelpers.time.increaseTo(start);
  for (const source of sources) await source.setPrice(PRICE);
  const listings = await asReaders(sources);
  await oracle.listFeed(FEED, RULES, listings);
  await fixture.later();
  return { ...fixture, uptime, words, say, sources, listings, start };
}

type Fixture = Awaited<ReturnType<typeof deploy>>;

/** What decides something reverts with these values; what only reads says that there is no consensus. */
async function expectDown({ oracle, listings, later }: Fixture, since: bigint, graceEnds: bigint) {
  await later();
  expect(await oracle.quote(FEED)).to.deep.equal([PRICE, false]);
  expect(await oracle.quotes(1n << FEED)).to.deep.equal([PRICE << 1n]);
  const { isLive, since: found, graceEnds: ends } = await oracle.sequencerStatus();
  expect([isLive, found, ends]).to.deep.equal([false, since, graceEnds]);
  for (const call of [
    () => oracle.refresh(FEED),
    () => oracle.refreshAll(1n << FEED),
    () => oracle.consensusPrice(FEED),
    () => oracle.listFeed(FEED, RULES, listings),
  ]) {
    await expect(call()).to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerDown").withArgs(since, graceEnds);
  }
}

async function expectLive({ oracle }: Fixture) {
  expect(await oracle.quote(FEED)).to.deep.equal([PRICE, true]);
  expect(await oracle.consensusPrice(FEED)).to.equal(PRICE);
  expect((await oracle.sequencerStatus()).isLive).to.equal(true);
  await oracle.refresh(FEED);
  await oracle.refreshAll(1n << FEED);
}

describe("ORC-03: prices while the sequencer of a layer 2 is down", () => {
  it("ORC-03: up since long, prices decide", async () => {
    const fixture = await deploy();
    await expectLive(fixture);
    const { feed, graceSeconds, since, graceEnds } = await fixture.oracle.sequencerStatus();
    expect([feed, graceSeconds]).to.deep.equal([await fixture.uptime.getAddress(), GRACE]);
    expect(graceEnds - since).to.equal(GRACE);
  });

  it("ORC-03: down, and in grace to the second after it", async () => {
    const fixture = await deploy();
    const { say, now, at, oracle, networkHelpers } = fixture;
    const downAt = await now();
    await say(DOWN, downAt);
    await expectDown(fixture, downAt, 0n);

    const upAt = (await now()) + 5n;
    await at(upAt);
    await say(UP, upAt);
    await expectDown(fixture, upAt, upAt + GRACE);
    await networkHelpers.time.increaseTo(upAt + GRACE - 1n);
    expect((await oracle.quote(FEED)).hasConsensus).to.equal(false);
    await expect(oracle.consensusPrice(FEED))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerDown")
      .withArgs(upAt, upAt + GRACE);
    await at(upAt + GRACE);
    await oracle.refresh(FEED);
    await expectLive(fixture);
  });

  it("ORC-03: a heartbeat that says the same again begins no new grace", async () => {
    const fixture = await deploy();
    const { say, start, now } = fixture;
    await say(UP, start - 90_000n, await now());
    await expectLive(fixture);
  });

  it("ORC-05: the time without prices is dead, the first maxGap of it apart", async () => {
    const { oracle, say, now, at } = await deploy();
    await oracle.refresh(FEED);
    const last = await now();
    const before = await oracle.deadSeconds(FEED);
    await say(DOWN, last + 1n);
    await at(last + 2_000n);
    await say(UP, last + 2_000n);
    await at(last + 2_000n + GRACE);
    await oracle.refresh(FEED);
    expect(await oracle.deadSeconds(FEED)).to.equal(before + 2_000n + GRACE - RULES.maxGap);
  });

  it("ORC-03, ORC-04: what was read in this second before it went down stands for the rest of the second", async () => {
    const { oracle, say, now, at } = await deploy();
    const time = (await now()) + 10n;
    await at(time);
    await oracle.refresh(FEED);
    await at(time);
    await say(DOWN, time);
    expect(await oracle.quote(FEED)).to.deep.equal([PRICE, true]);
    expect(await oracle.consensusPrice(FEED)).to.equal(PRICE);
    await at(time);
    await oracle.refreshAll(1n << FEED);
    await at(time);
    await expect(oracle.refresh(FEED)).to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerDown");
  });

  it("ORC-03: a feed that has no answer, or no sensible one, counts as down", async () => {
    const fixture = await deploy();
    const { uptime, words, say, now, start } = fixture;
    for (const round of [
      // No round yet.
      [0n, 0n, 0n, 0n, 0n],
      [1n, UP, 0n, start, 1n],
    ]) {
      await uptime.setAnswer(QUESTION, words(round));
      await expectDown(fixture, 0n, 0n);
    }
    for (const answer of [2n, HIGHEST]) {
      await say(answer, start - 90_000n);
      await expectDown(fixture, 0n, 0n);
    }
    // Changes to come: since is what it says, and no end can be named.
    for (const since of [(await now()) + 100_000n, HIGHEST]) {
      await say(UP, since);
      await expectDown(fixture, since, 0n);
    }
    await uptime.setAnswer(QUESTION, words([1n, UP, 1n, 1n]));
    await expectDown(fixture, 0n, 0n);
    await say(UP, start - 90_000n);
    for (const mode of [Mode.Reverts, Mode.BurnsGas, Mode.RevertBomb]) {
      await uptime.setMode(QUESTION, mode);
      await expectDown(fixture, 0n, 0n);
    }
    await uptime.setMode(QUESTION, Mode.Bomb);
    await expectLive(fixture);
  });

  it("ORC-03: a feed that was never listed is unknown, whatever the sequencer does", async () => {
    const { oracle, say, now } = await deploy();
    await say(DOWN, await now());
    for (const call of [() => oracle.quote(9n), () => oracle.refresh(9n)]) {
      await expect(call()).to.be.revertedWithCustomError(oracle, "PriceOracle_UnknownFeed").withArgs(9n);
    }
  });

  it("ORC-03: no feed, no grace; a feed, a grace of 1 minute to 6 hours, and an answer", async () => {
    const { ethers, oracle, uptime, manager, words } = await deploy();
    const feed = await uptime.getAddress();
    const { ZeroAddress } = ethers;
    const create = async (at: string, grace: bigint) =>
      ethers.deployContract("PriceOracle", [await manager.getAddress(), at, grace]);
    for (const [at, grace] of [
      [ZeroAddress, 1n],
      [ZeroAddress, GRACE],
      [feed, 0n],
      [feed, 59n],
      [feed, 21_601n],
    ] as const) {
      await expect(create(at, grace))
        .to.be.revertedWithCustomError(oracle, "PriceOracle_InvalidGrace")
        .withArgs(at, grace);
    }
    await create(feed, 60n);
    await create(feed, 21_600n);
    const without = await create(ZeroAddress, 0n);
    expect(await without.sequencerStatus()).to.deep.equal([ZeroAddress, 0n, true, 0n, 0n]);

    const nobody = await manager.getAddress();
    await expect(create(nobody, GRACE))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerUnreadable")
      .withArgs(nobody);
    // A price feed by mistake.
    await uptime.setAnswer(QUESTION, words([1n, PRICE, 1n, 1n, 1n]));
    await expect(create(feed, GRACE))
      .to.be.revertedWithCustomError(oracle, "PriceOracle_SequencerUnreadable")
      .withArgs(feed);
  });
});

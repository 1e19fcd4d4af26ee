import { expect } from "chai";
import { network } from "hardhat";

import { Random, seedOfRun } from "../support/random.ts";
import { FEED, PRICE, RULES, Status, WAD } from "./support/oracle.ts";
import { deployPool, exactPrice, HIGHEST, LOWEST } from "./support/uniswap.ts";

const { ethers } = await network.create();

/** 1 ether of 18 decimals for 2,000 dollars of 6. */
const TICK = -200_312;
const WINDOW = 1_800n;
const LIQUIDITY = 10n ** 18n;
const ETHER_AND_DOLLAR = { tick: TICK, liquidity: LIQUIDITY, cardinality: 300, decimals: [18, 6] } as const;

/** What TickPrice promises: below the exact price by less than 3e-18 of it and a wei. */
function expectExact(found: bigint, exact: bigint, what: string) {
  expect(found <= exact && found >= exact - 1n - (exact * 3n) / WAD, `${what}: ${found} and ${exact}`).to.equal(true);
}

const floorDiv = (a: bigint, b: bigint) => a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);

describe("ORC-01: prices of ticks, against powers of whole numbers", () => {
  const random = new Random(seedOfRun()).for("ticks");
  const draws = (count: number, limit: bigint) =>
    Array.from({ length: count }, () => random.below(2n * limit + 1n) - limit);

  for (const [decimals, ticks] of [
    [0n, [0n, 1n, -1n, 2n, -2n, 207_243n, -207_243n, ...draws(60, 20_000n), ...draws(6, 207_243n)]],
    [12n, [-276_324n, -483_000n, -200_312n, ...draws(4, 60_000n).map((tick) => tick - 200_000n)]],
    [-12n, [276_324n, 483_000n, ...draws(3, 60_000n).map((tick) => tick + 200_000n)]],
    // The ends of what a pool can be at.
    [-36n, [887_272n]],
    [36n, [-887_272n]],
  ] as const) {
    it(`${ticks.length} ticks with a difference of ${decimals} decimals`, async () => {
      const harness = await ethers.deployContract("TickPriceHarness");
      const prices = await harness.toWadDown([...ticks], decimals);
      for (const [i, tick] of ticks.entries()) {
        const exact = exactPrice(tick, decimals);
        expect(exact > 0n && exact < 13n * 10n ** 26n, `tick ${tick} is within what is stated`).to.equal(true);
        expectExact(prices[i]!, exact, `tick ${tick}`);
      }
    });
  }

  it("0 for what is above e^21 or below half a wei", async () => {
    const harness = await ethers.deployContract("TickPriceHarness");
    expect(await harness.toWadDown([210_011n, 887_272n, -414_500n, -887_272n], 0n)).to.deep.equal([0n, 0n, 0n, 0n]);
    expect((await harness.toWadDown([210_010n], 0n))[0]! > 10n ** 27n).to.equal(true);
    expect(await harness.toWadDown([887_272n], 72n)).to.deep.equal([0n]);
    expect(await harness.toWadDown([-887_272n], -72n)).to.deep.equal([0n]);
  });
});

describe("a Uniswap v3 pool as a source (ORC-01, ORC-06), on the published contracts", () => {
  it("ORC-01: the price of the pool's tick, in either token", async () => {
    const { source, tokens, listing, tickNow, mineAt, now } = await deployPool(ETHER_AND_DOLLAR);
    const changedAt = await now();
    await mineAt(changedAt + 2n * WINDOW);
    expect(await tickNow()).to.equal(BigInt(TICK));

    const inDollars = await (await listing(tokens[1])).words();
    const reading = await source.read(...inDollars);
    expect([reading.status, reading.publishedAt, reading.confidence]).to.deep.equal([Status.Valid, changedAt, 0n]);
    expectExact(reading.price, exactPrice(BigInt(TICK), 12n), "ether in dollars");
    expect(reading.price / WAD, "dollars").to.be.within(1_999n, 2_000n);

    const inEther = await (await listing(tokens[0])).words();
    const inverse = await source.read(...inEther);
    expectExact(inverse.price, exactPrice(BigInt(-TICK), -12n), "dollars in ether");
  });

  for (const [ticks, seconds] of [
    [23_027, 12n],
    [-23_027, 12n],
    [23_027, 2n],
    [100, 12n],
    [-6_932, 60n],
  ] as const) {
    it(`ORC-06: a price moved by ${ticks} ticks and back after ${seconds} s moves the mean by what was computed, in the block of the move by nothing`, async () => {
      const { source, tokens, listing, moveTo, mineAt, now } = await deployPool(ETHER_AND_DOLLAR);
      const start = (await now()) + 2n * WINDOW;
      await mineAt(start - 1n);
      const words = await (await listing(tokens[1])).words();
      const before = (await source.read(...words)).price;

      await moveTo(TICK + ticks, start);
      const within = await source.read(...words);
      expect([within.price, within.publishedAt], "the mean, and when the pool has moved").to.deep.equal([
        before,
        start,
      ]);

      await moveTo(TICK, start + seconds);
      const after = await source.read(...words);
      const moved = floorDiv(BigInt(TICK) * WINDOW + BigInt(ticks) * seconds, WINDOW);
      expectExact(after.price, exactPrice(moved, 12n), "the mean of both");
      // |d| s / window ticks, and one of rounding.
      const bound = (BigInt(Math.abs(ticks)) * seconds) / WINDOW + 1n;
      const limit = (before * exactPrice(bound)) / WAD;
      const floor = (before * exactPrice(-bound)) / WAD;
      expect(after.price <= limit && after.price >= floor, `${floor} <= ${after.price} <= ${limit}`).to.equal(true);
      expect(after.status).to.equal(Status.Valid);

      // When the window has passed, nothing is left of it.
      await mineAt(start + seconds + WINDOW);
      expect((await source.read(...words)).price).to.equal(before);
    });
  }

  it("ORC-01: a history shorter than the window is unreachable, and is not listed", async () => {
    const { source, tokens, listing, pool, poolAddress, moveTo, mineAt, now } = await deployPool({
      ...ETHER_AND_DOLLAR,
      cardinality: 1,
    });
    const start = await now();
    const { settings, words } = await listing(tokens[1]);
    await mineAt(start + WINDOW - 1n);
    await expect(source.configure(poolAddress, settings))
      .to.be.revertedWithCustomError(source, "UniswapV3Source_Unreadable")
      .withArgs(poolAddress, WINDOW);
    await mineAt(start + WINDOW);
    const listed = await words();
    expect((await source.read(...listed)).status).to.equal(Status.Valid);

    // A trade overwrites the only observation; from then on the window reaches back beyond it.
    await moveTo(TICK + 100, start + WINDOW + 5n);
    expect(await source.read(...listed)).to.deep.equal([Status.Unreachable, 0n, 0n, 0n]);
    await mineAt(start + 2n * WINDOW + 4n);
    expect((await source.read(...listed)).status).to.equal(Status.Unreachable);
    await mineAt(start + 2n * WINDOW + 5n);
    expect((await source.read(...listed)).status).to.equal(Status.Valid);
    expect((await pool.slot0()).observationCardinality).to.equal(1n);
  });

  it("ORC-01: liquidity that was too low in the mean is uncertain", async () => {
    const { source, tokens, listing, trader, poolAddress, at, mineAt, now } = await deployPool(ETHER_AND_DOLLAR);
    const start = (await now()) + 2n * WINDOW;
    await mineAt(start - 1n);
    const words = await (await listing(tokens[1], { minLiquidity: LIQUIDITY / 2n })).words();
    await at(start);
    await trader.burn(poolAddress, LOWEST, HIGHEST, (LIQUIDITY * 9n) / 10n);
    // Harmonic mean: window / ((window - t) / L + t / (L / 10)) = L / (1 + 9 t / window), half of L at t = window / 9 = 200.
    await mineAt(start + 199n);
    expect((await source.read(...words)).status).to.equal(Status.Valid);
    await mineAt(start + 201n);
    expect(await source.read(...words)).to.deep.equal([Status.Uncertain, 0n, 0n, 0n]);
    // Liquidity that comes back counts only as long as it has been there.
    await at(start + 300n);
    await trader.mint(poolAddress, LOWEST, HIGHEST, (LIQUIDITY * 9n) / 10n);
    expect((await source.read(...words)).status).to.equal(Status.Uncertain);
    await mineAt(start + 300n + WINDOW);
    expect((await source.read(...words)).status).to.equal(Status.Valid);
  });

  it("ORC-01: a pool in which nothing moves goes stale by the second", async () => {
    const { source, tokens, listing, moveTo, mineAt, now } = await deployPool(ETHER_AND_DOLLAR);
    const start = (await now()) + WINDOW;
    await moveTo(TICK + 3, start);
    const words = await (await listing(tokens[1], { maxAge: 3_600n })).words();
    await mineAt(start + 3_600n);
    const reading = await source.read(...words);
    expect([reading.status, reading.publishedAt]).to.deep.equal([Status.Valid, start]);
    await mineAt(start + 3_601n);
    expect(await source.read(...words)).to.deep.equal([Status.Stale, 0n, 0n, 0n]);
  });

  it("ORC-02, ORC-04: as a source of a feed it counts as a kind of its own, and keeps no fresher answer out of its second", async () => {
    const fixture = await deployPool(ETHER_AND_DOLLAR);
    const { oracle, tokens, listing, mineAt, now, at, mockSources, asReaders } = fixture;
    await mineAt((await now()) + 2n * WINDOW);
    const sources = await mockSources(2);
    for (const source of sources) await source.setPrice(PRICE + WAD);
    const listings = [...(await asReaders(sources)), (await listing(tokens[1])).listing];
    await oracle.listFeed(FEED, { ...RULES, quorum: 3n }, listings);
    const time = (await now()) + 100n;
    for (const source of sources) await source.setAnswer(Status.Valid, PRICE + WAD, time - 1n, 0n);
    await at(time);
    await oracle.refresh(FEED);
    const { price, publishedAt } = await oracle.cached(FEED);
    expect([price, publishedAt]).to.deep.equal([PRICE + WAD, time - 1n]);
    for (const source of sources) {
      await at(time);
      await source.setAnswer(Status.Valid, PRICE + 2n * WAD, time, 0n);
    }
    await at(time);
    await oracle.refresh(FEED);
    expect((await oracle.cached(FEED)).price, "in the same second").to.equal(PRICE + 2n * WAD);
  });
});

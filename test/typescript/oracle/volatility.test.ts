import { expect } from "chai";
import * as VolatilityMath from "../../../sdk/math/VolatilityMath.ts";
import { Random, seedOfRun } from "../support/random.ts";
import type { MockSources } from "./support/oracle.ts";
import { deployWithSources, FEED, PRICE, RULES, Status, WAD } from "./support/oracle.ts";

const { FAST_TIME, GRID, SLOW_TIME } = VolatilityMath;

/** chai's closeTo, which Hardhat's matchers keep for integers. */
function expectNear(found: number, expected: number, relative: number) {
  expect(Math.abs(found / expected - 1), `${found} and ${expected}`).to.be.below(relative);
}

async function setAll(sources: MockSources, price: bigint) {
  for (const source of sources) await source.setPrice(price);
}

/** An oracle with three sources and no floor, listed at the start of an interval of the grid. */
async function deployOnGrid(volatilityFloor = 0n) {
  const fixture = await deployWithSources(3, { volatilityFloor });
  const { oracle, at, now, sources, asReaders } = fixture;
  const start = ((await now()) / GRID + 2n) * GRID;
  await at(start);
  // A feed of its own, so that its first sample lies exactly at the start.
  const feed = FEED + 1n;
  await oracle.listFeed(feed, { ...RULES, volatilityFloor }, await asReaders(sources));
  return { ...fixture, feed, start };
}

/** The same after a sample, by the twin: what is stored for fast and slow. */
function sampled(
  stored: readonly [bigint, bigint],
  price: bigint,
  previous: bigint,
  elapsed: bigint,
): [bigint, bigint] {
  const realized = VolatilityMath.realizedVarianceUp(price, previous, elapsed);
  return [
    VolatilityMath.blendUp(stored[0], realized, { elapsed, tau: FAST_TIME }),
    VolatilityMath.blendUp(stored[1], realized, { elapsed, tau: SLOW_TIME }),
  ];
}

describe("realised volatility of a feed (VOL-01)", () => {
  it("the first refresh of an interval is a sample with its true time, further ones are not", async () => {
    const { oracle, at, sources, feed, start } = await deployOnGrid();
    const [p1, p2, p3] = [PRICE + 20n * WAD, PRICE + 90n * WAD, PRICE - 10n * WAD];
    await setAll(sources, p1);
    // Inside of the first interval: no sample.
    await at(start + GRID - 1n);
    await expect(oracle.refresh(feed)).not.to.emit(oracle, "VolatilitySampled");

    await setAll(sources, p2);
    await at(start + GRID + 7n);
    const first = sampled([0n, 0n], p2, PRICE, GRID + 7n);
    await expect(oracle.refresh(feed))
      .to.emit(oracle, "VolatilitySampled")
      .withArgs(feed, ...first);
    expect(await oracle.variance(feed)).to.deep.equal(first);

    await setAll(sources, p3);
    await at(start + GRID + 300n);
    await expect(oracle.refresh(feed)).not.to.emit(oracle, "VolatilitySampled");

    await at(start + 2n * GRID);
    const second = sampled(first, p3, p2, GRID - 7n);
    await expect(oracle.refresh(feed))
      .to.emit(oracle, "VolatilitySampled")
      .withArgs(feed, ...second);
  });

  it("missed intervals join the next sample, which weighs at most an hour", async () => {
    const { oracle, at, sources, feed, start } = await deployOnGrid();
    const price = PRICE + 300n * WAD;
    await setAll(sources, price);
    await at(start + 86_400n);
    const expected = sampled([0n, 0n], price, PRICE, 86_400n);
    await expect(oracle.refresh(feed))
      .to.emit(oracle, "VolatilitySampled")
      .withArgs(feed, ...expected);
    // ln(1.15)^2 over a day, with the weight of an hour in a day.
    const realized = Math.log(1.15) ** 2 / 86_400;
    expectNear(Number(expected[0]) / 1e18, realized * (1 - Math.exp(-1 / 24)), 1e-6);
    expectNear(Number(expected[1]) / 1e18, realized * (1 - Math.exp(-1 / 720)), 1e-6);
  });

  it("readers see the return since the last sample at once when it raises variance, and not when it lowers it", async () => {
    const { oracle, at, sources, feed, start } = await deployOnGrid(RULES.volatilityFloor);
    const floor = VolatilityMath.fromAnnualUp(RULES.volatilityFloor);
    await at(start + 60n);
    await oracle.refresh(feed);
    expect(await oracle.variance(feed), "a calm minute lowers nothing").to.deep.equal([floor, floor]);

    const crash = (PRICE * 7n) / 10n;
    await setAll(sources, crash);
    await at(start + 120n);
    await expect(oracle.refresh(feed)).not.to.emit(oracle, "VolatilitySampled");
    const preview = sampled([floor, floor], crash, PRICE, 120n);
    expect(preview[0]).to.be.above(floor * 10n);
    expect(await oracle.variance(feed)).to.deep.equal(preview);
  });

  it("is not below the floor, which may come later than the samples", async () => {
    const { oracle, at, sources, feed, start, asReaders } = await deployOnGrid();
    await at(start + 60n);
    await oracle.refresh(feed);
    // Rounding up: one wei per second.
    const calm = await oracle.variance(feed);
    expect(calm.fast <= 1n && calm.slow <= 1n).to.equal(true);
    await at(start + 120n);
    await oracle.listFeed(feed, { ...RULES, volatilityFloor: WAD }, await asReaders(sources));
    const floor = VolatilityMath.fromAnnualUp(WAD);
    expect(await oracle.variance(feed)).to.deep.equal([floor, floor]);
    // 100% a year is 1 / 31,536,000 a second.
    expect(floor).to.equal(WAD / 31_536_000n + 1n);
  });

  it("saturates instead of overflowing when a price falls to a wei and comes back", async () => {
    const { oracle, at, sources, feed, start } = await deployOnGrid();
    let time = start;
    for (const price of [1n, 10n ** 27n, 1n, 10n ** 27n]) {
      await setAll(sources, price);
      time += GRID;
      await at(time);
      await oracle.refresh(feed);
      const { fast, slow } = await oracle.variance(feed);
      expect(fast < 1n << 64n && slow < 1n << 64n && fast > 0n && slow > 0n).to.equal(true);
    }
  });

  it("twin and oracle agree on variance and average over 40 random refreshes", async () => {
    const { oracle, at, sources, feed, start } = await deployOnGrid();
    const random = new Random(seedOfRun());
    let [time, price, average, sampledAt, samplePrice] = [start, PRICE, PRICE, start, PRICE];
    let stored: [bigint, bigint] = [0n, 0n];
    for (let i = 0; i < 40; i++) {
      const step = 10n + random.below(random.oneIn(5n) ? 20_000n : 1_200n);
      const next = price + random.below(price / 10n) - price / 20n;
      await setAll(sources, next);
      time += step;
      await at(time);
      await oracle.refresh(feed);
      average = VolatilityMath.movingAverageDown(average, price, step);
      if (VolatilityMath.isNewInterval(time, sampledAt)) {
        stored = sampled(stored, next, samplePrice, time - sampledAt);
        [sampledAt, samplePrice] = [time, next];
      }
      price = next;
      const preview = sampled(stored, price, samplePrice, time - sampledAt);
      const larger = (a: bigint, b: bigint) => (a > b ? a : b);
      expect(await oracle.variance(feed)).to.deep.equal([larger(stored[0], preview[0]), larger(stored[1], preview[1])]);
      expect(await oracle.averagePrice(feed)).to.equal(average);
    }
  });
});

describe("moving average (LIQ-05)", () => {
  it("does not contain the price of the last refresh, however long it has stood", async () => {
    const { oracle, at, sources, feed, start, networkHelpers } = await deployOnGrid();
    await setAll(sources, PRICE / 2n);
    await at(start + 60n);
    await oracle.refresh(feed);
    expect(await oracle.averagePrice(feed)).to.equal(PRICE);
    await at(start + 6_000n);
    await networkHelpers.mine();
    expect(await oracle.averagePrice(feed), "until the next refresh").to.equal(PRICE);

    await setAll(sources, PRICE);
    await at(start + 60n + 3_600n * 2n);
    await oracle.refresh(feed);
    // Two time constants at half of the price.
    expectNear(Number(await oracle.averagePrice(feed)), Number(PRICE) * (0.5 + 0.5 * Math.exp(-2)), 1e-12);
  });

  it("lies between the lowest and the highest price, and ends at a price that stands", async () => {
    const { oracle, at, sources, feed, start } = await deployOnGrid();
    await setAll(sources, PRICE * 2n);
    await at(start + 10n);
    await oracle.refresh(feed);
    let last = PRICE;
    for (let hour = 1n; hour <= 4n; hour++) {
      await at(start + 10n + hour * 3_600n);
      await oracle.refresh(feed);
      const average = await oracle.averagePrice(feed);
      expect(average > last && average < PRICE * 2n).to.equal(true);
      last = average;
    }
    await at(start + 10n + 100n * 3_600n);
    await oracle.refresh(feed);
    expect(await oracle.averagePrice(feed)).to.equal(PRICE * 2n);
  });
});

describe("blindMove: how far a price without consensus may have moved (ORC-07)", () => {
  it("is 4 sigma sqrt(age), rounded up, 0 while there is consensus in this second", async () => {
    const { oracle, at, sources, feed, start, networkHelpers } = await deployOnGrid(RULES.volatilityFloor);
    expect(await oracle.blindMove(feed)).to.equal(0n);
    for (const source of sources) await source.setStatus(Status.Stale);
    for (const age of [60n, 3_600n, 86_400n]) {
      await at(start + age);
      await networkHelpers.mine();
      const { fast } = await oracle.variance(feed);
      const move = await oracle.blindMove(feed);
      expect(move * move >= 16n * fast * age * WAD, "rounded up").to.equal(true);
      expect((move - 1n) * (move - 1n) < 16n * fast * age * WAD, "by less than a wei").to.equal(true);
      // 40% a year: 4 * 0.4 * sqrt(age / year).
      expectNear(Number(move) / 1e18, 4 * 0.4 * Math.sqrt(Number(age) / 31_536_000), 1e-6);
    }
  });

  it("grows with what the market did before it went dark", async () => {
    const { oracle, at, sources, feed, start, networkHelpers } = await deployOnGrid(RULES.volatilityFloor);
    await setAll(sources, (PRICE * 8n) / 10n);
    await at(start + GRID);
    await oracle.refresh(feed);
    await at(start + GRID + 600n);
    await networkHelpers.mine();
    expect(await oracle.blindMove(feed)).to.be.above(
      VolatilityMath.blindMoveUp(VolatilityMath.fromAnnualUp(RULES.volatilityFloor), 600n) * 3n,
    );
  });
});

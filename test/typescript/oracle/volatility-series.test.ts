import { expect } from "chai";

import crash from "../../../scripts/replay/data/eth-2020-03.json" with { type: "json" };
import { blendUp, realizedVarianceUp } from "../../../sdk/math/VolatilityMath.ts";
import vectors from "../../vectors/ewma.json" with { type: "json" };
import { deployOracle, FEED, RULES, WAD } from "./support/oracle.ts";

const DAY = 86_400;
const HOUR = 3_600n;

describe(`VOL-01: published example of an exponentially weighted variance (${vectors.source}, docs/vectors.md)`, () => {
  for (const { return: kind, lambda, volatility, from, to, expected } of vectors.cases) {
    it(`${kind} return from ${from} to ${to}`, () => {
      // Their step is ours at the elapsed time for which exp(-elapsed / tau) is lambda; at most an hour counts, so tau follows.
      const elapsed = HOUR;
      const tau = BigInt(Math.round(-Number(elapsed) / Math.log(lambda)));
      const wad = (x: number) => BigInt(Math.round(x * 1e12)) * 10n ** 6n;
      const square = (x: bigint) => (x * x) / (WAD * elapsed);
      const simple = (wad(to) * WAD) / wad(from) - WAD;
      // Ours is of logarithms; the other convention goes in behind that.
      const realized = kind === "log" ? realizedVarianceUp(wad(to), wad(from), elapsed) : square(simple);
      const variance = blendUp(square(wad(volatility)), realized, { elapsed, tau });
      const found = Math.sqrt((Number(variance) * Number(elapsed)) / 1e18);
      expect(Math.abs(found - expected), `${found} and ${expected}`).to.be.below(0.5e-6);
    });
  }

  it("the two conventions differ by more than what is rounded", () => {
    const [simple, log] = vectors.cases;
    expect(simple!.expected - log!.expected).to.be.above(8e-6);
  });
});

describe("VOL-01: recorded prices, against a calculation of its own in floating point", () => {
  it(`${crash.series}: fast and slow variance within 1e-9 after each refresh`, async () => {
    const { oracle, mockSources, asReaders, at, now } = await deployOracle();
    const sources = await mockSources(3);
    const prices = crash.bars.map((bar) => BigInt(bar[3]!) * 10n ** 16n);
    const setAll = async (price: bigint) => {
      for (const source of sources) await source.setPrice(price);
    };
    await setAll(prices[0]!);
    const start = ((await now()) / HOUR + 2n) * HOUR;
    await at(start);
    await oracle.listFeed(FEED, { ...RULES, volatilityFloor: 0n }, await asReaders(sources));

    let [fast, slow, last] = [0, 0, Number(prices[0])];
    let highest = 0;
    for (const [i, price] of prices.slice(1).entries()) {
      const hour = BigInt(i + 1);
      // The 7th, 8th and 9th hours are missed: the next return is one of four hours, which weighs an hour.
      if (hour >= 7n && hour <= 9n) continue;
      const elapsed = hour === 10n ? 4 * 3_600 : 3_600;
      await setAll(price);
      await at(start + hour * HOUR);
      await oracle.refresh(FEED);

      const realized = Math.log(Number(price) / last) ** 2 / elapsed;
      const blend = (before: number, days: number) => {
        const kept = Math.exp(-3_600 / (days * DAY));
        return kept * before - Math.expm1(-3_600 / (days * DAY)) * realized;
      };
      [fast, slow, last] = [blend(fast, 1), blend(slow, 30), Number(price)];
      const found = await oracle.variance(FEED);
      for (const [name, ours, theirs] of [
        ["fast", found.fast, fast],
        ["slow", found.slow, slow],
      ] as const) {
        // Each sample is rounded up twice, by less than a wei.
        const bound = 1e-9 * theirs * 1e18 + 2 * (i + 1);
        expect(Math.abs(Number(ours) - theirs * 1e18), `hour ${hour}, ${name}`).to.be.below(bound);
      }
      highest = Math.max(highest, fast);
    }
    // The crash of 12 March: the day's volatility, annualized, was far above 100%.
    const annual = Math.sqrt(highest * 365 * DAY);
    console.log(`      highest fast volatility in the series: ${(annual * 100).toFixed(1)}% a year`);
    expect(annual).to.be.above(2);
  });
});

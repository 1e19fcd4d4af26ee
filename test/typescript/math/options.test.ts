import { expect } from "chai";

import { WAD } from "../../../sdk/math/constants.ts";
import { cashOrNothingPutUp, deviationUp, oneTouchUp, putSpreadUp } from "../../../sdk/math/OptionMath.ts";
import { min } from "../../../sdk/math/WadMath.ts";
import { expectClose } from "../support/close.ts";
import { floorTo, fromWad, ln, normal, ONE, over, times } from "../support/exact.ts";
import { estimate, RealRandom } from "../support/normal-draws.ts";
import { Random, seedOfRun } from "../support/random.ts";

/* On the twin, which test/typescript/differential/OptionMath.test.ts ties to the chain to the wei. */

const DAY = 86_400;
const wad = (value: number): bigint => BigInt(Math.round(value * 1e9)) * 10n ** 9n;
const real = (value: bigint): number => Number(value) / 1e18;

/** Formulas of CVR-08 with 60 digits, in the numbers of support/exact.ts. */
class Exact {
  readonly #s: bigint;
  readonly #spot: bigint;

  constructor(spot: bigint, s: bigint) {
    this.#s = fromWad(s);
    this.#spot = fromWad(spot);
  }

  put(strike: bigint): bigint {
    return normal(this.#distance(strike, 1n));
  }

  spread(upper: bigint, lower: bigint): bigint {
    return over(this.#european(upper) - this.#european(lower), fromWad(upper - lower));
  }

  touch(barrier: bigint): bigint {
    const sign = fromWad(barrier) < this.#spot ? 1n : -1n;
    const far = times(over(this.#spot, fromWad(barrier)), normal(sign * this.#distance(barrier, -1n)));
    return normal(sign * this.#distance(barrier, 1n)) + far;
  }

  #european(strike: bigint): bigint {
    const [held, owed] = [normal(this.#distance(strike, 1n)), normal(this.#distance(strike, -1n))];
    return times(fromWad(strike), held) - times(this.#spot, owed);
  }

  /** (b + sign s^2/2) / s. */
  #distance(level: bigint, sign: bigint): bigint {
    const half = (sign * times(this.#s, this.#s)) / 2n;
    const distance = over(ln(over(fromWad(level), this.#spot)) + half, this.#s);
    const limit = 12n * ONE; // Beyond it N is 0 or 1 to 30 digits.
    return distance > limit ? limit : distance < -limit ? -limit : distance;
  }
}

/** Not below the exact value; above it by a few errors of N and of the logarithm at most. */
function expectUp(found: bigint, exact: bigint, slack: bigint, what: string): void {
  const least = exact > 0n ? floorTo(exact) : 0n;
  expect(fromWad(found) >= exact || found >= WAD, `${what}: ${found} is below ${least}`).to.equal(true);
  expect(found <= least + slack, `${what}: ${found} is above ${least} by more than ${slack}`).to.equal(true);
}

describe("Premium models against the same formulas with 60 digits (CVR-08)", () => {
  const random = new Random(seedOfRun()).for("options");
  const draw = (): { spot: bigint; s: bigint; below: bigint; above: bigint } => {
    const spot = 10n ** 12n + random.below(10n ** 24n);
    const s = WAD / 1_000n + random.below(3n * WAD);
    return { spot, s, below: spot / 50n + random.below((spot * 49n) / 50n), above: spot + random.below(20n * spot) };
  };
  /** Three wei of error of the logarithm move the argument by so much. */
  const slackOf = (s: bigint): bigint => 40n + (2n * WAD) / s;

  it("CVR-08: put: never below, at 400 drawn products", () => {
    for (let i = 0; i < 400; i++) {
      const { spot, s, below, above } = draw();
      const strike = i % 4 === 0 ? above : below;
      const what = `put of ${strike} at ${spot}, s ${s}`;
      expectUp(cashOrNothingPutUp(spot, strike, s), new Exact(spot, s).put(strike), slackOf(s), what);
    }
  });

  it("CVR-08: put: never below in the last seconds near the strike, where a wei of the logarithm is a million of N", () => {
    for (let i = 0; i < 400; i++) {
      const spot = 10n ** 20n + random.below(10n ** 24n);
      const s = WAD / 1_000_000n + random.below(WAD / 10_000n);
      const strike = spot - random.below((3n * s * spot) / WAD + 1n);
      expectUp(
        cashOrNothingPutUp(spot, strike, s),
        new Exact(spot, s).put(strike),
        slackOf(s),
        `${strike} at ${spot}, s ${s}`,
      );
    }
  });

  it("CVR-08: put spread: never below, at 400 drawn products", () => {
    for (let i = 0; i < 400; i++) {
      const { spot, s, below, above } = draw();
      const upper = i % 4 === 0 ? above : below;
      const lower = upper - 1n - random.below((upper * 9n) / 10n);
      const slack = 2n + (60n * (2n * upper + 2n * spot)) / (upper - lower);
      const what = `spread ${upper} to ${lower} at ${spot}, s ${s}`;
      expectUp(putSpreadUp(spot, { upper, lower }, s), new Exact(spot, s).spread(upper, lower), slack, what);
    }
  });

  it("CVR-08: put spread: never below on all of its range: strikes from a millionth of the spot, deviations from 1e-6", () => {
    for (let i = 0; i < 400; i++) {
      const spot = WAD + random.below(10n ** 24n);
      const s = WAD / 1_000_000n + random.below(10n ** (12n + random.below(7n)));
      const least = spot / 1_000_000n + 1n;
      // Four deviations below the spot, or anywhere; as narrow, or as wide as can be.
      const near = (level: bigint): bigint => level - random.below(min((4n * level * s) / WAD + 1n, level / 2n));
      const upper = i % 2 === 0 ? near(spot) : 2n * least + random.below(spot);
      const narrow = near(upper) - 1n;
      const lower = i % 4 < 2 && narrow > least ? narrow : least + random.below(upper - least);
      const found = putSpreadUp(spot, { upper, lower }, s);
      const exact = new Exact(spot, s).spread(upper, lower);
      expect(fromWad(found) >= exact || found >= WAD, `${upper} to ${lower} at ${spot}, s ${s}`).to.equal(true);
    }
  });

  it("CVR-08: one-touch: never below, at 400 drawn products on either side", () => {
    for (let i = 0; i < 400; i++) {
      const { spot, s, below, above } = draw();
      const isBelow = i % 2 === 0;
      const price = isBelow ? below : above;
      const slack = slackOf(s) * (2n + spot / price);
      expectUp(
        oneTouchUp(spot, { price, isBelow }, s),
        new Exact(spot, s).touch(price),
        slack,
        `${price} at ${spot}, s ${s}`,
      );
    }
  });

  it("CVR-08: one-touch: never below in the last seconds near the barrier, on either side", () => {
    for (let i = 0; i < 400; i++) {
      const spot = 10n ** 20n + random.below(10n ** 24n);
      const s = WAD / 1_000_000n + random.below(WAD / 10_000n);
      const isBelow = i % 2 === 0;
      const distance = 1n + random.below((3n * s * spot) / WAD + 1n);
      const price = isBelow ? spot - distance : spot + distance;
      const found = oneTouchUp(spot, { price, isBelow }, s);
      expectUp(found, new Exact(spot, s).touch(price), 3n * slackOf(s), `${price} at ${spot}, s ${s}`);
    }
  });
});

describe("Premium models against what they are expectations of (CVR-08)", () => {
  it("CVR-08: a put spread is the mean of the puts with strikes between its two", () => {
    const [spot, s] = [2_000n * WAD, wad(0.31)];
    for (const [upper, lower] of [
      [1_800n, 1_200n],
      [1_950n, 1_940n],
      [1_000n, 10n],
    ] as const) {
      const steps = 200n;
      let sum = 0n; // Simpson's rule
      for (let i = 0n; i <= steps; i++) {
        const strike = lower * WAD + ((upper - lower) * WAD * i) / steps;
        sum += (i === 0n || i === steps ? 1n : i % 2n === 1n ? 4n : 2n) * cashOrNothingPutUp(spot, strike, s);
      }
      const mean = real(sum / steps / 3n);
      const found = putSpreadUp(spot, { upper: upper * WAD, lower: lower * WAD }, s);
      expectClose(real(found), mean, 1e-9, `${upper} to ${lower}`);
    }
  });

  it("CVR-08: draws of the price at the end agree with put and put spread within 4 standard errors", () => {
    const random = new RealRandom(1);
    const [spot, s, count] = [100, 0.4, 400_000];
    const end = (): number => spot * Math.exp(s * random.normal() - (s * s) / 2);
    for (const strike of [95, 80, 50]) {
      const put = estimate(count, () => (end() <= strike ? 1 : 0));
      expectClose(real(cashOrNothingPutUp(wad(spot), wad(strike), wad(s))), put.mean, 4 * put.standardError);
      const lower = strike / 2;
      const spread = estimate(count, () => Math.min(Math.max(strike - end(), 0) / (strike - lower), 1));
      const found = real(putSpreadUp(wad(spot), { upper: wad(strike), lower: wad(lower) }, wad(s)));
      expectClose(found, spread.mean, 4 * spread.standardError, `${strike}`);
    }
  });

  for (const { barrier, isBelow, volatility, days } of [
    { barrier: 80, isBelow: true, volatility: 0.8, days: 70 },
    { barrier: 50, isBelow: true, volatility: 1.2, days: 63 },
    { barrier: 97, isBelow: true, volatility: 0.5, days: 7 },
    { barrier: 110, isBelow: false, volatility: 0.6, days: 14 },
    { barrier: 200, isBelow: false, volatility: 1.5, days: 91 },
  ]) {
    it(`CVR-08: paths touch ${barrier} from 100 as often as one-touch says, ${volatility} a year, ${days} days`, () => {
      const random = new RealRandom(2_026);
      const variance = BigInt(Math.round((volatility ** 2 / (365 * DAY)) * 1e18));
      const s = deviationUp(variance, BigInt(days * DAY));
      const steps = 16;
      const step = real(s) ** 2 / steps;
      const distance = Math.log(barrier / 100);
      // Between two points on one side a bridge touches with probability exp(-2 d d' / step): so steps need not be small.
      const path = (): number => {
        let [at, isUntouched] = [0, 1];
        for (let i = 0; i < steps; i++) {
          const next = at + Math.sqrt(step) * random.normal() - step / 2;
          const product = (distance - at) * (distance - next);
          if ((distance - next) * distance <= 0) return 1;
          isUntouched *= 1 - Math.exp((-2 * product) / step);
          at = next;
        }
        return 1 - isUntouched;
      };
      const touched = estimate(100_000, path);
      const found = real(oneTouchUp(100n * WAD, { price: wad(barrier), isBelow }, s));
      expectClose(found, touched.mean, 4 * touched.standardError);
    });
  }
});

import { expect } from "chai";

import { WAD } from "../../../sdk/math/constants.ts";
import {
  expectedExcessUp,
  expectedShortfallUp,
  QUANTILE,
  scaleUp,
  tailProbabilityUp,
} from "../../../sdk/math/ReserveMath.ts";
import { expectClose } from "../support/close.ts";
import { estimate, RealRandom } from "../support/normal-draws.ts";

/*
 * The closed forms against the law that they are derived from: the density integrated numerically, and draws. On the twin, which
 * test/typescript/differential/ReserveMath.test.ts ties to the chain to the wei.
 */

/** Density of Student's t with 4 degrees of freedom: G(5/2) / (G(2) sqrt(4 pi)) (1 + t^2/4)^(-5/2), and G(5/2) = 3/4 sqrt(pi). */
const density = (t: number): number => (3 / 8) * (1 + (t * t) / 4) ** -2.5;

/** Integral of f over (0, infinity) by Simpson's rule after t = length u / (1 - u). */
function integral(f: (t: number) => number, length = 1): number {
  const steps = 20_000;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const u = i / steps;
    const weight = i === 0 ? 1 : i % 2 === 1 ? 4 : 2; // f vanishes at the other end.
    sum += (weight * f((length * u) / (1 - u))) / (1 - u) ** 2;
  }
  return (length * sum) / steps / 3;
}

const wad = (value: number): bigint => BigInt(Math.round(value * 1e9)) * 10n ** 9n;
const real = (value: bigint): number => Number(value) / 1e18;

describe("Reserve against the law of the gap (FND-02, FND-03)", () => {
  const scales = [0.0004, 0.0031, 0.02, 0.35];
  const multiples = [0, 0.3, 1, 2.5, 8.6103, 20, 70];

  for (const scale of scales) {
    it(`FND-03: tail and excess are the integrals of the density, kappa = ${scale}`, () => {
      for (const x of multiples) {
        const margin = wad(x * scale);
        const exact = real(margin) / scale; // what rounding of the margin leaves
        const tail = 2 * integral((t) => density(exact + t), 1 + exact);
        const excess = 2 * scale * integral((t) => t * density(exact + t), 1 + exact);
        expectClose(real(tailProbabilityUp(margin, wad(scale))), tail, 1e-10 * tail + 1e-16, `P beyond ${x}`);
        expectClose(real(expectedExcessUp(margin, wad(scale))), excess, 1e-10 * excess + 2e-18, `E at ${x}`);
      }
    });
  }

  it("FND-03: one horizon in 1,000 exceeds 8.6103 scales, to the digits that the quantile has", () => {
    const tail = real(tailProbabilityUp(QUANTILE, WAD));
    expect(tail).to.be.above(0.001);
    expect(tail).to.be.below(real(tailProbabilityUp(QUANTILE - 5n * 10n ** 13n, WAD)));
    expect(real(tailProbabilityUp(QUANTILE + 5n * 10n ** 13n, WAD))).to.be.below(0.001);
  });

  it("FND-03: the standard deviation of the law is that of the volatility: 80% a year is 0.8 sqrt(1/8760) an hour", () => {
    const variance = BigInt(Math.round((0.64 * 1e18) / 31_536_000));
    const scale = real(scaleUp(variance, 0n, 0n));
    const moment = 2 * scale ** 2 * integral((t) => t * t * density(t));
    // The integrand falls like t^-3 only, so the rule has less to work with.
    expectClose(Math.sqrt(moment), 0.8 / Math.sqrt(8_760), 1e-6);
  });

  it("FND-02, FND-03: draws agree with tail and excess within 4 standard errors", () => {
    const random = new RealRandom(20_261_121);
    const scale = 0.012;
    for (const margin of [0, 0.01, 0.03, 0.0775, 0.12]) {
      const draws = 400_000;
      const losses = new Float64Array(draws).map(() => Math.max(Math.abs(scale * random.student4()) - margin, 0));
      let at = 0;
      const excess = estimate(draws, () => losses[at++] ?? Number.NaN);
      at = 0;
      const tail = estimate(draws, () => ((losses[at++] ?? Number.NaN) > 0 ? 1 : 0));
      const [m, k] = [wad(margin), wad(scale)];
      expectClose(real(expectedExcessUp(m, k)), excess.mean, 4 * excess.standardError, `E at ${margin}`);
      expectClose(real(tailProbabilityUp(m, k)), tail.mean, 4 * tail.standardError + 1e-12, `P at ${margin}`);
    }
  });

  it("FND-03: the shortfall is the mean loss of the worst draws in 1,000, below and above the quantile", () => {
    const random = new RealRandom(7);
    const [scale, draws] = [0.012, 2_000_000];
    const moves = new Float64Array(draws).map(() => Math.abs(scale * random.student4())).sort();
    const worst = moves.subarray(draws - draws / 1_000);
    for (const rate of [0.03, 0.1, 0.1034, 0.25]) {
      let at = 0;
      const tail = estimate(worst.length, () => Math.max((worst[at++] ?? Number.NaN) - rate, 0));
      // The threshold is an estimate too; its part of the error is no larger than the mean's.
      const found = real(expectedShortfallUp(wad(rate), wad(scale)));
      expectClose(found, tail.mean, 4 * Math.SQRT2 * tail.standardError, `mmr ${rate}`);
    }
  });
});

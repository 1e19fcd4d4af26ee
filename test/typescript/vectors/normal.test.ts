import { expect } from "chai";

import { cumulative } from "../../../sdk/math/NormalMath.ts";
import vectors from "../../vectors/normal.json" with { type: "json" };

/** Decimal digits as WAD; what has more than 18 is cut. */
function wad(digits: string): bigint {
  const [whole = "", fraction = ""] = digits.replace("-", "").split(".");
  const value = BigInt(whole + fraction.padEnd(18, "0").slice(0, 18));
  return digits.startsWith("-") ? -value : value;
}
const toleranceOf = (digits: string): bigint => BigInt(Math.round(Number(digits) * 1e18));
const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

describe("Normal distribution against published tables (CVR-08, docs/vectors.md)", () => {
  it(`CVR-08: ${vectors.cumulative.length} values of N`, () => {
    for (const { x, expected, tolerance } of vectors.cumulative) {
      const off = distance(cumulative(wad(x)), wad(expected));
      expect(off <= toleranceOf(tolerance), `N(${x}) is off by ${off} wei`).to.equal(true);
    }
  });

  it(`CVR-08: ${vectors.quantile.length} quantiles: N of each is its probability`, () => {
    for (const { probability, expected, tolerance } of vectors.quantile) {
      // N rises by less than 0.4 for each unit.
      const off = distance(cumulative(wad(expected)), wad(probability));
      expect(off <= (toleranceOf(tolerance) * 4n) / 10n, `N(${expected}) is off by ${off} wei`).to.equal(true);
    }
  });
});

import { expect } from "chai";

import { WAD } from "../../../sdk/math/constants.ts";
import { cumulative, ERROR, HIGHEST } from "../../../sdk/math/NormalMath.ts";
import { floorTo, fromWad, normal, ONE } from "../support/exact.ts";
import { Random, seedOfRun } from "../support/random.ts";

/* On the twin, which test/typescript/differential/NormalMath.test.ts ties to the chain to the wei. */

/** Wei of error, in thousandths. */
const errorAt = (x: bigint): bigint => floorTo(fromWad(cumulative(x)) - normal(fromWad(x)), ONE / WAD / 1_000n);
const size = (x: bigint): bigint => (x < 0n ? -x : x);

describe("Normal distribution against its series with 60 digits (CVR-08)", () => {
  it("CVR-08: the reference itself: N(1), N(-3), N(-8) as tables print them", () => {
    expect(floorTo(normal(ONE), ONE / 10n ** 20n)).to.equal(84134474606854294858n);
    expect(floorTo(normal(-3n * ONE), ONE / 10n ** 20n)).to.equal(134989803163009452n);
    expect(floorTo(normal(-8n * ONE), ONE / 10n ** 25n)).to.equal(6220960574n);
  });

  it(`CVR-08: never off by more than ${ERROR} wei, at 3,601 even points of [-9, 9]`, () => {
    let worst = 0n;
    for (let i = -1_800n; i <= 1_800n; i++) {
      const error = size(errorAt((i * WAD) / 200n));
      if (error > worst) worst = error;
    }
    expect(worst < ERROR * 1_000n, `worst ${worst} thousandths of a wei`).to.equal(true);
    // The bound is not idle either: premiums are padded by it.
    expect(worst > (ERROR - 2n) * 1_000n, `worst ${worst} thousandths of a wei`).to.equal(true);
  });

  it("CVR-08: never off by more than that at 2,000 drawn points", () => {
    const random = new Random(seedOfRun()).for("normal");
    for (let i = 0; i < 2_000; i++) {
      const x = random.below(18n * WAD) - 9n * WAD;
      expect(size(errorAt(x)) < ERROR * 1_000n, `x = ${x}: ${errorAt(x)} thousandths of a wei`).to.equal(true);
    }
  });

  it("CVR-08: far out the tail is right to a part in 50,000, but for the last wei, down to nothing", () => {
    for (let x = 6n * WAD; x <= HIGHEST + WAD / 10n; x += WAD / 100n) {
      const exact = normal(fromWad(-x));
      const off = size(fromWad(cumulative(-x)) - exact);
      expect(off <= exact / 50_000n + ONE / WAD, `x = ${x}`).to.equal(true);
    }
    expect(cumulative(-HIGHEST)).to.equal(0n);
  });
});

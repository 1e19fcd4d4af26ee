import { expect } from "chai";

import { allot } from "../../../scripts/mutate/draw.ts";
import { scoreOf } from "../../../scripts/mutate/score.ts";

/** The matchers for chains take `closeTo` for whole numbers only. */
const expectClose = (actual: number, expected: number) => expect(Math.abs(actual - expected)).to.be.below(1e-12);

const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);

describe("mutate, sample and score", () => {
  it("draws from each file in proportion to what it has", () => {
    expect(allot([100, 300, 600], 10)).to.deep.equal([1, 3, 6]);
  });

  it("draws at least one from each file and never more than it has, and exactly as many as asked", () => {
    const alloted = allot([1, 2, 3, 994], 100);
    expect(alloted.slice(0, 3)).to.deep.equal([1, 1, 1]);
    expect(sum(alloted)).to.equal(100);
    expect(allot([1, 0, 5], 4)).to.deep.equal([1, 0, 3]);
  });

  it("draws all when more are asked for than there are", () => {
    expect(allot([2, 0, 3], 800)).to.deep.equal([2, 0, 3]);
  });

  it("leaves files out when there are fewer draws than files", () => {
    expect(sum(allot([5, 5, 5, 5, 5], 2))).to.equal(2);
  });

  // Where all or none succeed Wilson's interval ends at n / (n + z^2) and z^2 / (n + z^2).
  const SQUARE = 3.841458820694124;

  it("gives Wilson's interval at its ends, where it has a short form", () => {
    expectClose(scoreOf(10, 10).low, 10 / (10 + SQUARE));
    expectClose(scoreOf(10, 10).high, 1);
    expectClose(scoreOf(0, 10).high, SQUARE / (10 + SQUARE));
  });

  it("gives bounds that lie one quantile away from the share", () => {
    const { share, low, high } = scoreOf(760, 800);
    for (const bound of [low, high]) {
      expectClose((share - bound) ** 2, (SQUARE * bound * (1 - bound)) / 800);
    }
    expect(low).to.be.below(share).and.above(0.93);
    expect(high).to.be.above(share);
  });

  it("knows nothing without a sample", () => {
    expect(scoreOf(0, 0)).to.deep.equal({ share: 0, low: 0, high: 1 });
  });
});

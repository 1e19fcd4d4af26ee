import { expect } from "chai";

import { inTurn, millisecondsOf, selected } from "../../../scripts/mutate/order.ts";

const suite = (name: string, milliseconds: number, reports: readonly number[]) => ({ name, milliseconds, reports });

/** Two tests of 30 ms, and 40 ms for what both need. */
const SPLIT = {
  ...suite("test/typescript/clearing/trading.test.ts", 100, [1, 2, 3]),
  tests: [
    { title: "first", milliseconds: 30, reports: [1, 2] },
    { title: "second", milliseconds: 30, reports: [1, 3] },
  ],
};

describe("mutate, order of suites", () => {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

  it("asks only those that reach the mutant, the quickest first", () => {
    const facts = [suite("a", 30, [7]), suite("b", 10, [7, 8]), suite("c", 1, [8])];
    const target = { number: 7, file: "contracts/fund/Fund.sol", watchful: new Set<string>() };
    expect(names(inTurn(facts, target))).to.deep.equal(["b", "a"]);
  });

  it("asks what is near the mutated file and who has noticed another mutant there, before what is not much quicker", () => {
    const own = "test/solidity/fund/Recoveries.t.sol:RecoveriesTest";
    const beside = "test/typescript/fund/reserve-sale.test.ts";
    const far = "test/solidity/claims/Claims.t.sol:ClaimsTest";
    const file = "contracts/fund/Recoveries.sol";
    const turn = (times: readonly [number, number, number], ...watchful: string[]) =>
      names(
        inTurn([suite(own, times[0], [7]), suite(beside, times[1], [7]), suite(far, times[2], [7])], {
          number: 7,
          file,
          watchful: new Set(watchful),
        }),
      );
    expect(turn([70, 29, 10])).to.deep.equal([own, beside, far]);
    expect(turn([81, 31, 10])).to.deep.equal([far, own, beside]);
    expect(turn([70, 81, 60], beside), "who has noticed another one there").to.deep.equal([own, beside, far]);
  });

  it("takes the tests of a file that reach the mutant, and all when it is not known of each", () => {
    expect(selected(SPLIT, 2)).to.deep.equal({ name: SPLIT.name, titles: ["first"] });
    expect(selected(SPLIT, 1).titles).to.deep.equal(["first", "second"]);
    expect(selected(suite("a", 10, [1]), 1)).to.deep.equal({ name: "a" });
  });

  it("knows how long these take, with a part of what is set up for them", () => {
    expect(millisecondsOf(SPLIT, 1)).to.equal(70);
    expect(millisecondsOf(SPLIT, 2)).to.equal(40);
    expect(millisecondsOf(suite("a", 10, [1]), 1)).to.equal(10);
  });
});

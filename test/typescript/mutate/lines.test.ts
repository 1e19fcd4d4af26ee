import { expect } from "chai";

import { linesOf } from "../../../scripts/ci/lines.ts";

const LCOV = `TN:
SF:contracts/fund/Fund.sol
DA:1,1
DA:2,0
DA:3,0
LH:1
LF:3
end_of_record
SF:contracts/mocks/Mock.sol
DA:1,0
end_of_record
`;
const SOURCE = "one();\nif (two > 1) two = 1;\nthree();\n";
const UNREACHABLE = [{ identity: "contracts/fund/Fund.sol | two > 1 | then | 1", reason: "two is one at most" }];

describe("coverage, when every line is reached", () => {
  it("counts lines of contracts, mocks apart, and names those that no test runs", () => {
    expect(linesOf(LCOV, [], () => SOURCE)).to.deep.equal({
      found: 3,
      hit: 1,
      missed: ["contracts/fund/Fund.sol:2", "contracts/fund/Fund.sol:3"],
    });
  });

  it("counts a line once, and as reached when one of several runs has reached it", () => {
    const second = LCOV.replace("DA:1,1", "DA:1,0").replace("DA:3,0", "DA:3,7");
    for (const runs of [LCOV + second, second + LCOV]) {
      expect(linesOf(runs, [], () => SOURCE)).to.deep.equal({
        found: 3,
        hit: 2,
        missed: ["contracts/fund/Fund.sol:2"],
      });
    }
  });

  it("excuses a line whose decision is known to have one way only, and no other", () => {
    expect(linesOf(LCOV, UNREACHABLE, () => SOURCE).missed).to.deep.equal(["contracts/fund/Fund.sol:3"]);
    const elsewhere = [{ ...UNREACHABLE[0]!, identity: "contracts/fund/Other.sol | two > 1 | then | 1" }];
    expect(linesOf(LCOV, elsewhere, () => SOURCE).missed).to.have.length(2);
  });
});

import { expect } from "chai";

import { weaken } from "../support/mutants.ts";

const SOURCE = `
    function price(uint256 value) external pure returns (uint256) {
        uint256 limited = Math.min(
            value,
            LIMIT
        );
        return limited + fee(value) + fee(limited);
    }
`;

describe("a defence that is taken out was there", () => {
  const weakened = (defence: string, by: string) => weaken(SOURCE, { file: "Price.sol", edits: [[defence, by]] });

  it("it is found whatever white space the formatter has put into it", () => {
    expect(weakened("Math.min(value, LIMIT)", "value")).to.equal(SOURCE.replace(/Math\.min\([^)]*\)/, () => "value"));
  });

  it("a defence that has moved away fails the test by name, so that no attack is played on the real code twice", () => {
    expect(() => weakened("Math.min(value, CAP)", "value")).to.throw(
      "Price.sol: the defence `Math.min(value, CAP)` stands there 0 times, not once",
    );
  });

  it("a snippet that stands in two places is refused", () => {
    expect(() => weakened("+ fee(", "- fee(")).to.throw("stands there 2 times, not once");
  });
});

import { expect } from "chai";

import { besideEachOther } from "../support/defences.ts";
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

describe("several defences in one copy", () => {
  const beside = (defence: string, weakened: string, number: number) => ({ defence, weakened, number });

  it("each stands beside its weakened form, a statement as a branch and an expression as a choice", () => {
    const text = besideEachOther(SOURCE, "Price.sol", [
      beside("Math.min(value, LIMIT)", "value", 1),
      beside("return limited + fee(value) + fee(limited);", "return limited;", 2),
    ]);
    expect(text).to.include("uint256 limited = (_isOut(1) ? value : Math.min(value, LIMIT));");
    expect(text).to.include("if (_isOut(2)) { return limited; } else { return limited + fee(value) + fee(limited); }");
  });

  it("two that take the same place out each keep their own number", () => {
    const edits = [beside("Math.min(value, LIMIT)", "value", 3), beside("Math.min(value, LIMIT)", "0", 4)];
    expect(besideEachOther(SOURCE, "Price.sol", edits)).to.include(
      "(_isOut(3) ? value : (_isOut(4) ? 0 : Math.min(value, LIMIT)))",
    );
  });
});

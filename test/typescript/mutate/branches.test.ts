import { expect } from "chai";

import { reportOf } from "../../../scripts/branches/report.ts";
import { branchesOf } from "../../../scripts/branches/points.ts";
import { planBranches } from "../../../scripts/branches/plan.ts";
import { SWITCH_FILE, SWITCH_SOURCE } from "../../../scripts/instrument/switch.ts";
import { analyse, parse } from "../../../scripts/instrument/tree.ts";
import type { Source } from "../../../scripts/instrument/tree.ts";

const FILE = "contracts/Ways.sol";
const SOURCE = `pragma solidity 0.8.37;
interface Other { function ask() external returns (uint256); }
contract Ways {
    function go(uint256 a, bool b, Other other) external returns (uint256 c) {
        require(a != 9, "nine");
        if (a > 1 && b) c = 1;
        else if (b || a == 0) c = 2;
        for (uint256 i = 0; i < a; ++i) c += b ? 1 : 2;
        try other.ask() returns (uint256 d) { c += d; } catch { c = 0; }
    }
}
`;
const SOURCES = { [FILE]: { content: SOURCE } };

describe("branches, what is counted and when it is enough", () => {
  it("counts both ways of every decision", () => {
    const { branches } = branchesOf(parse(SOURCES).get(FILE) as Source, 1);
    expect(branches.map(({ line, text, way }) => `${line} ${text}: ${way}`)).to.deep.equal([
      "5 a != 9: passes",
      "5 a != 9: reverts",
      "6 a > 1 && b: then",
      "6 a > 1 && b: else",
      "6 a > 1: goes on",
      "6 a > 1: decides",
      "7 b || a == 0: then",
      "7 b || a == 0: else",
      "7 b: decides",
      "7 b: goes on",
      "8 i < a: on",
      "8 i < a: ended",
      "8 b: first",
      "8 b: second",
      "9 try: returned",
      "9 try: failed 1",
    ]);
  });

  it("writes a copy that the compiler takes, with a number for each", () => {
    const { changes, branches } = planBranches(SOURCES);
    const { errors } = analyse({ ...changes, [SWITCH_FILE]: { content: SWITCH_SOURCE } }, false);
    expect(errors).to.deep.equal([]);
    const numbers = [...(changes[FILE]?.content ?? "").matchAll(/(?:yes|no|reach)__\((\d+)/g)].map(([, n]) =>
      Number(n),
    );
    expect(numbers.sort((a, b) => a - b)).to.deep.equal(branches.map((_, index) => index + 1));
    expect(branches).to.have.length(16);
  });

  it("is enough only when every way is reached or excused", () => {
    const { branches } = planBranches(SOURCES);
    const all = new Set(branches.map((_, index) => index + 1));
    expect(reportOf(branches, all, new Map()).isComplete).to.equal(true);
    const [missed] = branches;
    const most = new Set([...all].filter((number) => number !== 1));
    const { lines, isComplete } = reportOf(branches, most, new Map());
    expect(isComplete).to.equal(false);
    expect(lines.at(-1)).to.equal(`${FILE}:5  passes: a != 9`);
    const excused = new Map([[missed?.identity ?? "", "the value never comes"]]);
    expect(reportOf(branches, most, excused).isComplete).to.equal(true);
    // An excuse for what is reached is wrong.
    expect(reportOf(branches, all, excused).isComplete).to.equal(false);
  });
});

import { expect } from "chai";

import { ListError } from "../../../scripts/instrument/errors.ts";
import { byIdentity, wrongEntries } from "../../../scripts/instrument/listed.ts";
import { EditError } from "../../../scripts/instrument/errors.ts";
import { rewrite } from "../../../scripts/instrument/rewrite.ts";
import { reportOf } from "../../../scripts/mutate/report.ts";
import type { Judged } from "../../../scripts/mutate/report.ts";

const judged = (status: "killed" | "survived" | "timed out", count: number, equivalent?: string): Judged[] =>
  Array.from({ length: count }, (_, index) => ({
    mutant: {
      identity: `${status} ${index}`,
      operator: "guard",
      file: "contracts/Tiny.sol",
      line: 7,
      before: "a > b",
      after: "false",
    },
    result: { status },
    ...(equivalent === undefined ? {} : { equivalent }),
  }));

describe("mutate, report", () => {
  it("passes when the lower end of the interval is at least 93%, and not when the share alone is", () => {
    expect(reportOf([...judged("killed", 760), ...judged("survived", 40)]).isEnough).to.equal(true);
    expect(reportOf([...judged("killed", 95), ...judged("survived", 5)]).isEnough).to.equal(false);
  });

  it("does not count what is equivalent", () => {
    const { lines, isEnough } = reportOf([...judged("killed", 100), ...judged("survived", 50, "rounds the same")]);
    expect(isEnough).to.equal(true);
    expect(lines.at(-1)).to.contain("100 of 100");
    expect(lines.join("\n")).not.to.contain("Survivors");
  });

  it("counts what timed out as noticed, in a column of its own", () => {
    const { lines } = reportOf([...judged("killed", 2), ...judged("timed out", 1), ...judged("survived", 1)]);
    expect(lines[1]?.trim().split(/\s+/)).to.deep.equal(["contracts/Tiny.sol", "2", "1", "1", "0"]);
    expect(lines.at(-1)).to.contain("3 of 4");
  });

  it("shows each survivor with its place, and what stood there and what stands there now", () => {
    const text = reportOf(judged("survived", 1)).lines.join("\n");
    expect(text).to.contain("contracts/Tiny.sol:7  guard\n  before  a > b\n  after   false");
  });
});

describe("instruments, lists of what is excused", () => {
  const REASON = "nothing that can be seen depends on it";

  it("takes no entry without a reason, and none twice", () => {
    expect(() => byIdentity([{ identity: "a", reason: "because" }])).to.throw(ListError, "needs a reason");
    const entry = { identity: "a", reason: REASON };
    expect(() => byIdentity([entry, entry])).to.throw(ListError, "twice");
  });

  it("complains of what does not exist, and of what a test sees after all", () => {
    const reasons = byIdentity(["a", "b", "c"].map((identity) => ({ identity, reason: REASON })));
    expect(wrongEntries(reasons, new Set(["a", "b"]), new Set(["b"]))).to.have.length(2);
    expect(wrongEntries(reasons, new Set(["a", "b", "c"]), new Set())).to.deep.equal([]);
  });
});

describe("instruments, changes of a text", () => {
  const edit = (start: number, end: number, mark: string) => ({
    start,
    end,
    wrap: (inner: string) => `${mark}(${inner})`,
  });

  it("makes changes within changes, and of those on one piece the first innermost", () => {
    expect(rewrite("abcdef", [edit(1, 5, "x"), edit(2, 4, "y"), edit(2, 4, "z")])).to.equal("ax(bz(y(cd))e)f");
  });

  it("makes changes beside each other, in whatever order they come", () => {
    expect(rewrite("abcd", [edit(2, 4, "y"), edit(0, 2, "x")])).to.equal("x(ab)y(cd)");
  });

  it("refuses changes that cross", () => {
    expect(() => rewrite("abcdef", [edit(0, 3, "x"), edit(2, 5, "y")])).to.throw(EditError);
  });
});

import { expect } from "chai";

import { bestOf, linesOf, witnessesOf } from "../../../scripts/mutate/table.ts";

const file = (name: string, milliseconds: number, titles: readonly string[]) => ({
  name: `test/typescript/${name}.test.ts`,
  milliseconds,
  reports: [1],
  tests: titles.map((title) => ({ title, milliseconds, reports: [1] })),
});

describe("mutate, table of invariants", () => {
  it("takes the directed tests that cite an invariant, the quickest first and six at most, and none that cites another", () => {
    const typescript = [
      file("slow", 90, ["INV-14: as read"]),
      file(
        "many",
        95,
        ["1", "2", "3", "4", "5"].map((count) => `INV-14: read ${count}`),
      ),
      file("quick", 10, ["INV-14: as it was read", "CLR-01: an account"]),
      file("other", 1, ["INV-20: the sum"]),
    ];
    const found = witnessesOf({ folder: "cache/none", solidity: [], typescript });
    expect(found.map((each) => each.map(({ id, test }) => `${id} ${test}`))).to.deep.equal([
      [
        "INV-14 INV-14: as it was read",
        "INV-14 INV-14: as read",
        ...["1", "2", "3", "4"].map((count) => `INV-14 INV-14: read ${count}`),
      ],
      ["INV-20 INV-20: the sum"],
    ]);
  });

  it("has for an invariant the test that noticed a mutant, or the first with all that were shown", () => {
    const row = { id: "INV-14", suite: file("a", 1, []), test: "first", shown: 10 };
    const mutant = { identity: "x", operator: "layer", file: "a", line: 1, before: "a", after: "b" } as const;
    const second = { ...row, test: "second", shown: 5 };
    expect(bestOf([row, { ...second, mutant }])).to.deep.equal({ ...second, mutant });
    expect(bestOf([row, second])).to.deep.equal({ ...row, shown: 15 });
    expect(() => bestOf([])).to.throw(RangeError);
  });

  it("names the mutant that a test noticed, or says that it noticed none", () => {
    const suite = file("a", 1, []);
    const mutant = {
      identity: "x",
      operator: "arithmetic",
      file: "contracts/A.sol",
      line: 7,
      before: "a | b",
      after: "",
    } as const;
    const row = { id: "INV-14", suite, test: "as read", shown: 3 };
    expect(linesOf([{ ...row, mutant, failure: "as read" }, row])).to.deep.equal([
      "| INV-14 | `test/typescript/a.test.ts`: as read | `contracts/A.sol:7`: `a \\| b` -> `nothing` |",
      "| INV-14 | `test/typescript/a.test.ts`: as read | none of the 3 drawn mutants that it was shown |",
    ]);
  });
});

import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Kept, digestOf } from "../../../scripts/branches/kept.ts";
import { parseOptions } from "../../../scripts/branches/options.ts";
import { scopeOf } from "../../../scripts/branches/report.ts";
import { OptionError } from "../../../scripts/instrument/errors.ts";

describe("branches, command line and what is kept of a run", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "branches-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("measures everything unless told otherwise", () => {
    expect(parseOptions([])).to.deep.equal({ hasTypeScript: true, only: [] });
    expect(parseOptions(["--solidity", "--only", "fund, Bonds.t.sol"])).to.deep.equal({
      hasTypeScript: false,
      only: ["fund", "Bonds.t.sol"],
    });
  });

  it("refuses what it cannot use and says what is allowed", () => {
    for (const wrong of [["--only"], ["--only", "fund,"], ["--typescript"], ["fund"]]) {
      expect(() => parseOptions(wrong), wrong.join(" ")).to.throw(OptionError, "--only LIST");
    }
  });

  it("says what its figures rest on", () => {
    const all = ["a", "b", "c", "d", "e"];
    expect(scopeOf(all, new Set(["a"]), new Set(["a", "b", "c"]))).to.equal(
      "Of 5 suites and files 1 measured now, 2 kept from the last run on the same contracts, 2 not measured.",
    );
  });

  it("keeps what a suite has reached, for a later run on the same contracts only", () => {
    const file = join(folder, "kept.json");
    const digest = digestOf({ "contracts/A.sol": { content: "contract A {}" } });
    expect(Kept.find(file, digest)).to.equal(undefined);
    const kept = Kept.begin(file, digest);
    kept.keep("one", [1, 2]);
    kept.keep("one", [3]);
    const found = Kept.find(file, digest);
    expect([found?.of("one"), found?.of("two")]).to.deep.equal([[3], undefined]);
    expect(Kept.find(file, digestOf({ "contracts/A.sol": { content: "contract B {}" } }))).to.equal(undefined);
    // A whole run begins with nothing.
    Kept.begin(file, digest);
    expect(Kept.find(file, digest)?.of("one")).to.equal(undefined);
  });
});

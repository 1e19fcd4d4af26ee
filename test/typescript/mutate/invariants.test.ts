import { expect } from "chai";

import { brokenBy, invariantsIn } from "../../../scripts/mutate/invariants.ts";

describe("mutate, invariants that tests cite", () => {
  it("reads one id, lists and ranges, and no other numbers", () => {
    expect(invariantsIn("INV-14: the cached price")).to.deep.equal(["INV-14"]);
    expect(invariantsIn("test_R1_INV03_OneBidOf07")).to.deep.equal(["INV-03"]);
    expect(invariantsIn("invariant_INV03_07to09_19_CVR02_Vault")).to.deep.equal([
      "INV-03",
      "INV-07",
      "INV-08",
      "INV-09",
      "INV-19",
    ]);
    expect(invariantsIn("invariant_INV01_INV02_CLR05_Markets")).to.deep.equal(["INV-01", "INV-02"]);
    expect(invariantsIn("test_CVR05_07")).to.deep.equal([]);
  });

  it("goes by the message of a failure, and by the name of the test when the message says nothing", () => {
    expect(brokenBy('FooTest.invariant_INV01to05_All(): Broken("INV-02: base")')).to.deep.equal(["INV-02"]);
    expect(brokenBy('FooTest.invariant_INV01to02_All(): Broken("CLR-07: less")')).to.deep.equal(["CLR-07"]);
    expect(brokenBy("FooTest.invariant_INV01to02_All(): reverted")).to.deep.equal(["INV-01", "INV-02"]);
    expect(brokenBy("FooTest.test_INV07_Leaks: revert")).to.deep.equal(["INV-07"]);
    expect(brokenBy("INV-21: splitting a bid changes no total")).to.deep.equal(["INV-21"]);
  });
});

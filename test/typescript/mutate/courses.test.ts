import { globSync, readFileSync } from "node:fs";

import { expect } from "chai";

import { forgetCourses } from "../../../scripts/instrument/courses.ts";

describe("courses in a process that runs many suites (npm run mutate)", () => {
  it("forgets what earlier courses have kept, under every name that a course has, and nothing else", () => {
    const names = globSync("test/solidity/invariants/courses/*.t.sol").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/return "([^"]+)";/g)].map(([, name]) => name ?? ""),
    );
    expect(names.length).to.be.greaterThan(2);
    const kept = names.map((name) => `${name}.runs`);
    for (const key of kept) process.env[key] = "20";
    process.env["BULWARK_KEPT"] = "1";
    try {
      forgetCourses();
      expect(kept.filter((key) => process.env[key] !== undefined)).to.deep.equal([]);
      expect(process.env["BULWARK_KEPT"]).to.equal("1");
    } finally {
      for (const key of [...kept, "BULWARK_KEPT"]) delete process.env[key];
    }
  });
});

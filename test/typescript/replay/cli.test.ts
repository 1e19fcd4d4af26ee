import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

import { parsePrices } from "../../../scripts/replay/prices.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const HEADER = "timestamp_utc,open,high,low,close";

describe("npm start: options, price files, results", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "bulwark-replay-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the main job as `npm start -- ...` does. */
  const start = (...options: string[]) =>
    spawnSync(process.execPath, [join(ROOT, "scripts/replay/index.ts"), ...options], { cwd: ROOT, encoding: "utf8" });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ["too few accounts", ["--accounts", "3"], "--accounts"],
    ["a count that is no number", ["--accounts", "many"], "--accounts"],
    ["a negative fund", ["--fund=-1"], "--fund"],
    ["an unknown option", ["--fnud", "1"], "--fnud"],
    ["a price file that is not there", ["--prices", "/nowhere/prices.csv"], "there is no such file"],
    ["a report in a folder that is not there", ["--report", "/nowhere/report.html"], "there is no folder"],
  ];
  for (const [what, options, message] of wrong) {
    it(`${what}: exit code 2 and a message that says what is allowed`, () => {
      const run = start(...options);
      expect(run.stderr).to.include(message);
      expect(run.status).to.equal(2);
    });
  }

  it("a price file with a broken bar: exit code 2, naming file and line", () => {
    const file = join(folder, "broken.csv");
    writeFileSync(
      file,
      `${HEADER}\n2020-03-12 00:00:00,190,195,185,188\n2020-03-12 01:00:00,188,180,185,186\n2020-03-12 02:00:00,1,1,1,1\n`,
    );
    const run = start("--prices", file);
    expect(run.stderr).to.include("broken.csv").and.to.include("3");
    expect(run.status).to.equal(2);
  });

  it("parsePrices refuses an empty file, a wrong header and too few bars", () => {
    expect(() => parsePrices("", "a.csv")).to.throw("is empty");
    expect(() => parsePrices("time,price\n1,2\n", "a.csv")).to.throw("the header must be");
    expect(() => parsePrices(`${HEADER}\n2020-03-12 00:00:00,190,195,185,188\n`, "a.csv")).to.throw("needs at least 2");
  });

  it("an empty fund ends in socialised loss and deleveraging, and the books still close (CLR-08, INV-01, INV-03)", function () {
    this.timeout(600_000);
    const json = join(folder, "out.json");
    const report = join(folder, "out.html");
    const run = start("--accounts", "40", "--fund", "0", "--json", json, "--report", report);
    expect(run.stderr + run.stdout).to.include("conservation difference");
    expect(run.status).to.equal(0);
    const figures = JSON.parse(readFileSync(json, "utf8")) as Record<string, unknown>;
    expect(Object.keys(figures)).to.include.members([
      ...["accounts", "liquidated", "bids", "penalties", "badDebt", "reserve", "junior", "senior", "reinsurance"],
      ...[
        "socialized",
        "deleveraged",
        "reward",
        "coverPaid",
        "winnersPaid",
        "conservationDifference",
        "dustBound",
        "gas",
      ],
    ]);
    expect(Number(figures["socialized"])).to.be.greaterThan(0);
    expect(Math.abs(Number(figures["conservationDifference"]))).to.be.at.most(Number(figures["dustBound"]));
    expect(readFileSync(report, "utf8")).to.include("<svg").and.not.include("http://");
  });
});

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

import { OptionError } from "../../../scripts/replay/errors.ts";
import { parseOptions } from "../../../scripts/replay/options.ts";

const COMMAND = fileURLToPath(new URL("../../../scripts/replay/index.ts", import.meta.url));
const HEADER = "timestamp_utc,open,high,low,close";

/** Runs the command as `npm start` does. */
function run(...args: string[]): { code: number | null; out: string; error: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: "utf8" });
  return { code: status, out: stdout, error: stderr };
}

describe("replay, command line", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "bulwark-replay-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const wrong: readonly [name: string, args: readonly string[], message: RegExp][] = [
    ["accounts that are no number", ["--accounts", "many"], /^replay: --accounts "many": give a whole number from 10 /],
    ["too few accounts", ["--accounts", "9"], /^replay: --accounts "9": /],
    ["a negative seed", ["--seed", "-1"], /^replay: --seed "-1": /],
    ["a fund with separators", ["--fund", "1,000"], /^replay: --fund "1,000": give an amount from 0 /],
    ["a fund finer than the token", ["--fund", "0.0000001"], /^replay: --fund "0.0000001": .*6 decimals/],
    ["a backstop below zero", ["--backstop", "-5"], /^replay: --backstop "-5": give an amount from 0 to 1000000000 /],
    ["reinsurance that is no number", ["--reinsurance", "all"], /^replay: --reinsurance "all": give an amount from 0 /],
    ["cover above the most", ["--cover", "1000000001"], /^replay: --cover "1000000001": give an amount from 0 to 1000/],
    ["cover finer than the token", ["--cover", "1.0000001"], /^replay: --cover "1.0000001": .*6 decimals/],
    [
      "a price file that is not there",
      ["--prices", "nowhere.csv"],
      /^replay: --prices "nowhere.csv": there is no such/,
    ],
    ["a folder that is not there", ["--json", "nowhere/out.json"], /^replay: --json "nowhere\/out.json": there is no /],
    ["an option that does not exist", ["--acounts", "24"], /^replay: unknown option '--acounts'/],
    ["an argument", ["prices.csv"], /^replay: too many arguments/],
    ["an option without its value", ["--fund"], /^replay: option '--fund <amount>' argument missing/],
  ];
  for (const [name, args, message] of wrong) {
    it(`refuses ${name}: one clear message, exit code 2`, () => {
      const { code, out, error } = run(...args);
      expect(error).to.match(message);
      expect(code).to.equal(2);
      expect(out).to.equal("");
      expect(error).to.not.include("    at ");
    });
  }

  it("refuses a price file with bars out of order, and says where", () => {
    const file = join(folder, "order.csv");
    const bar = ",10,11,9,10";
    writeFileSync(file, [HEADER, `2020-03-12T01:00:00Z${bar}`, `2020-03-12T00:00:00Z${bar}`].join("\n"));
    const { code, error } = run("--prices", file);
    expect(error.trim()).to.match(/^replay: price file ".*order\.csv", line 3: its time is not after the line before/);
    expect(code).to.equal(2);
  });

  it("explains itself with --help, exit code 0", () => {
    const { code, out } = run("--help");
    expect(code).to.equal(0);
    const options = ["accounts", "seed", "fund", "backstop", "reinsurance", "cover", "prices", "json", "report"];
    for (const option of options) expect(out).to.include(`--${option} `);
  });

  it("reads amounts exactly, in the token's smallest unit", () => {
    expect(parseOptions(["--fund", "0"]).fund).to.equal(0n);
    expect(parseOptions(["--fund", "123456.5"]).fund).to.equal(123_456_500_000n);
    expect(parseOptions(["--fund", "0.000001"]).fund).to.equal(1n);
  });

  it("reads each layer's amount by its own option, and lets each be nothing or the most", () => {
    const amounts = ["--backstop", "1", "--reinsurance", "2", "--cover", "3"];
    const { backstop, reinsurance, cover } = parseOptions(amounts);
    expect([backstop, reinsurance, cover]).to.deep.equal([1_000_000n, 2_000_000n, 3_000_000n]);
    for (const option of ["backstop", "reinsurance", "cover"] as const) {
      expect(parseOptions([`--${option}`, "0"])[option]).to.equal(0n);
      expect(parseOptions([`--${option}`, "1000000000"])[option]).to.equal(10n ** 15n);
    }
  });

  it("has capital behind the fund and cover by default", () => {
    const { backstop, reinsurance, cover } = parseOptions([]);
    expect([backstop, reinsurance, cover]).to.deep.equal([100_000_000_000n, 50_000_000_000n, 50_000_000_000n]);
  });

  it("has two hundred and more accounts and a funded fund by default", () => {
    const { accounts, fund, prices, json } = parseOptions([]);
    expect(accounts).to.be.at.least(200);
    expect(fund > 0n).to.equal(true);
    expect([prices, json]).to.deep.equal([undefined, undefined]);
  });

  it("names option and value in its errors", () => {
    try {
      parseOptions(["--seed", "1.5"]);
      expect.fail("a broken seed was taken");
    } catch (error) {
      expect(error).to.be.instanceOf(OptionError);
      expect(error).to.include({ option: "--seed", value: "1.5" });
    }
  });
});

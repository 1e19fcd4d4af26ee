import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

import { OptionError } from "../../../scripts/replay/errors.ts";
import { parseOptions } from "../../../scripts/risk/options.ts";
import type { Study } from "../../../scripts/risk/studies/study.ts";

const COMMAND = fileURLToPath(new URL("../../../scripts/risk/index.ts", import.meta.url));

describe("stress command line (RSK-10)", () => {
  const wrong: readonly [name: string, args: readonly string[], message: RegExp][] = [
    ["too few paths for a tail", ["--paths", "999"], /^--paths "999": give a whole number from 1000 to 10000000$/],
    ["too many accounts", ["--accounts", "5001"], /^--accounts "5001": give a whole number from 10 to 5000$/],
    ["no hours", ["--hours", "0"], /^--hours "0": give a whole number from 1 to 720$/],
    [
      "a model that nobody wrote",
      ["--models", "gbm,heston"],
      /^--models "heston": give all or some of gbm, jump, fhs-ewma, fhs-gjr$/,
    ],
    ["a class that is none", ["--class", "stable"], /^--class "stable": give one of major, mid, tail$/],
    ["an empty fund", ["--reserve", "0"], /^--reserve "0": without a reserve nothing may be open$/],
    ["an amount with a sign", ["--junior", "-5"], /^--junior "-5": give an amount from 0 to 1000000000 without signs/],
    ["an amount above all", ["--senior", "1000000001"], /^--senior "1000000001": give an amount/],
    ["more than the cap", ["--use", "101"], /^--use "101": give a whole number from 1 to 100$/],
    ["bidders slower than the timeout", ["--delay", "1201"], /^--delay "1201": give a whole number from 0 to 1200$/],
    ["bidders dearer than all", ["--cost", "1001"], /^--cost "1001": give a whole number from 0 to 1000$/],
    ["no volatility", ["--volatility", "0"], /^--volatility "0": give a whole number from 1 to 500$/],
    ["no threads", ["--threads", "0"], /^--threads "0": give a whole number from 1 to 64$/],
    ["a seed that is none", ["--seed", "4294967296"], /^--seed "4294967296": /],
    ["JSON into nowhere", ["--json", "/nowhere/at/all.json"], /^--json "\/nowhere\/at\/all.json": there is no folder/],
    ["a folder for a report", ["--html", tmpdir()], /: give a file, not a folder$/],
    [
      "a report of the years",
      ["--carry", "--html", "years.html"],
      /^--html "years.html": --carry has no report; give --json$/,
    ],
    ["layers in the years", ["--carry", "--senior", "5"], /^--senior "5": with --carry the reserve stands alone$/],
    ["an argument", ["eth"], /argument/],
    ["an option that is none", ["--speed", "1"], /unknown option/],
  ];
  for (const [name, args, message] of wrong) {
    it(`refuses ${name}`, () => {
      expect(() => parseOptions(args)).to.throw(message);
    });
  }

  it("names the option and the value in a typed error", () => {
    expect(() => parseOptions(["--hours", "x"]))
      .to.throw(OptionError)
      .with.property("option", "--hours");
  });

  it("has a week of 500 accounts on 100,000 paths of every model by default", () => {
    const { accounts, capital, hours, models, paths, use } = parseOptions([]);
    expect([accounts, hours, paths, use]).to.deep.equal([500, 168, 100_000, 0.8]);
    expect(models).to.deep.equal(["gbm", "jump", "fhs-ewma", "fhs-gjr"]);
    expect(capital).to.deep.equal({ reserve: 1e6, junior: 0, senior: 0, reinsurance: 0 });
    expect([parseOptions([]).carry, parseOptions(["--carry"]).carry]).to.deep.equal([false, true]);
    expect(parseOptions(["--models", "jump,gbm"]).models).to.deep.equal(["gbm", "jump"]);
  });

  it("ends with exit code 2 and one line for what it refuses", function () {
    this.timeout(30_000);
    const { status, stderr, stdout } = spawnSync(process.execPath, [COMMAND, "--use", "0"], { encoding: "utf8" });
    expect(stderr).to.equal('stress: --use "0": give a whole number from 1 to 100\n');
    expect([stdout, status]).to.deep.equal(["", 2]);
  });

  it("ends at once when it is interrupted: exit code 130, nothing on stdout", async function () {
    this.timeout(30_000);
    const child = spawn(process.execPath, [COMMAND, "--paths", "10000000", "--threads", "1"]);
    let [said, printed] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (!child.killed && said.includes("gbm, 10000000 paths")) child.kill("SIGINT");
    });
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    expect([code, printed]).to.deep.equal([130, ""]);
    expect(said).to.match(/stress: interrupted\.\n$/);
  });

  it("RSK-10: writes figures and a report that needs no network, and says how far it is", function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "stress-"));
    try {
      const files = { json: join(folder, "figures.json"), html: join(folder, "report.html") };
      const sizes = ["--paths", "1000", "--accounts", "60", "--hours", "48", "--models", "jump,fhs-gjr"];
      const args = [...sizes, "--threads", "2", "--json", files.json, "--html", files.html];
      const { status, stderr, stdout } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: "utf8" });
      expect(status, stderr).to.equal(0);
      expect(stdout).to.include("## What the fund may lose").and.to.include("## For the steward");
      expect(stderr, "progress").to.include("jump, 1000 paths").and.to.include("sensitivity");
      const figures = JSON.parse(readFileSync(files.json, "utf8")) as Study;
      expect(figures.simulations.map(({ model, paths }) => [model, paths])).to.deep.equal([
        ["jump", 1_000],
        ["fhs-gjr", 1_000],
      ]);
      expect(figures.options.seed).to.equal(1);
      const html = readFileSync(files.html, "utf8");
      expect(html.match(/<svg /g)).to.have.lengthOf(4);
      expect(html).not.to.match(/<script|<link|<img|https?:|NaN|undefined|Infinity/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

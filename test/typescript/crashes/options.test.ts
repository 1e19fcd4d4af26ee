import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

import { cut, deepestFall, recordedCrashes } from "../../../scripts/crashes/data.ts";
import { parseOptions } from "../../../scripts/crashes/options.ts";
import { OptionError } from "../../../scripts/replay/errors.ts";
import { parsePrices } from "../../../scripts/replay/prices.ts";

const COMMAND = fileURLToPath(new URL("../../../scripts/crashes/index.ts", import.meta.url));
const RECORDED = new URL("../../../../shared/data/prices/", import.meta.url);
const NAMES: Readonly<Record<string, string>> = {
  "2020-03": "black-thursday",
  "2022-05": "luna",
  "2022-06": "3ac-celsius",
  "2022-11": "ftx",
  "2023-03": "usdc-depeg",
  "2024-08": "yen-carry",
};
const KNOWN = recordedCrashes().map(({ id }) => id);

describe("recorded crashes, command line and data", () => {
  const wrong: readonly [name: string, args: readonly string[], message: RegExp][] = [
    [
      "a crash that nobody recorded",
      ["--crashes", "2019-01-eth"],
      /^--crashes "2019-01-eth": give all or ids among 2020-03-eth, /,
    ],
    ["too few accounts", ["--accounts", "9"], /^--accounts "9": give a whole number from 10 /],
    ["no hours", ["--hours", "1"], /^--hours "1": give a whole number from 2 to 48/],
    ["more hours than there are", ["--hours", "49"], /^--hours "49": /],
    ["a reserve above all", ["--reserve", "100.01"], /^--reserve "100.01": give 0 to 100 per cent/],
    ["a reserve that is no number", ["--reserve", "much"], /^--reserve "much": /],
    ["a seed that is none", ["--seed", "4294967296"], /^--seed "4294967296": /],
    ["JSON into nowhere", ["--json", "/nowhere/at/all.json"], /^--json "\/nowhere\/at\/all.json": there is no folder/],
    ["an argument", ["eth"], /argument|too many arguments/],
    ["an option that is none", ["--speed", "1"], /unknown option/],
  ];
  for (const [name, args, message] of wrong) {
    it(`refuses ${name}`, () => {
      expect(() => parseOptions(args, KNOWN)).to.throw(message);
    });
  }

  it("ends with exit code 2 and one line for what it refuses", function () {
    this.timeout(30_000);
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, "--hours", "1"], { encoding: "utf8" });
    expect(stderr).to.equal('crashes: --hours "1": give a whole number from 2 to 48\n');
    expect([stdout, status]).to.deep.equal(["", 2]);
  });

  it("names the option and the value in a typed error", () => {
    expect(() => parseOptions(["--hours", "x"], KNOWN))
      .to.throw(OptionError)
      .with.property("option", "--hours");
  });

  it("keeps the order of time whatever order is asked for, and all by default", () => {
    expect(parseOptions(["--crashes", "2024-08-eth,2020-03-eth"], KNOWN).crashes).to.deep.equal([
      "2020-03-eth",
      "2024-08-eth",
    ]);
    expect(parseOptions([], KNOWN).crashes).to.deep.equal(KNOWN);
    expect(parseOptions(["--reserve", "2.5"], KNOWN).reserveBps).to.equal(250);
  });

  it("holds every recorded window, and the bars are those of the recording where it is at hand", () => {
    expect(new Set(recordedCrashes().map(({ window }) => window))).to.deep.equal(new Set(Object.keys(NAMES)));
    for (const { id, window, asset, series } of recordedCrashes()) {
      expect(series.bars, id).to.have.length(48);
      const file = new URL(`${window}_${NAMES[window] ?? ""}_${asset}USDT_spot_1h.csv`, RECORDED);
      if (!existsSync(file)) continue;
      const recorded = parsePrices(readFileSync(file, "utf8"), file.pathname);
      const first = recorded.bars.findIndex(({ time }) => time === series.bars[0]?.time);
      expect(first, id).to.be.at.least(0);
      expect(series.bars, id).to.deep.equal(recorded.bars.slice(first, first + 48));
    }
  });

  it("holds every spot series of the recording where it is at hand, and of each the 48 hours with the deepest fall", () => {
    if (!existsSync(RECORDED)) return;
    const files = readdirSync(RECORDED).filter((name) => name.endsWith("USDT_spot_1h.csv"));
    const named = recordedCrashes().map(
      ({ window, asset }) => `${window}_${NAMES[window] ?? ""}_${asset}USDT_spot_1h.csv`,
    );
    expect([...named].sort()).to.deep.equal([...files].sort());
    for (const [index, { id, series }] of recordedCrashes().entries()) {
      const recorded = parsePrices(readFileSync(new URL(named[index] ?? "", RECORDED), "utf8"), id);
      const starts = recorded.bars.slice(0, recorded.bars.length - 47);
      const falls = starts.map((_, first) =>
        deepestFall({ ...recorded, bars: recorded.bars.slice(first, first + 48) }),
      );
      expect(deepestFall(series), id).to.equal(Math.max(...falls));
    }
  });

  it("cuts hours that hold the low, and measures the deepest fall from a high", () => {
    const bar = (time: number, price: bigint) => ({ time, open: price, high: price, low: price, close: price });
    const bars = [100n, 110n, 90n, 55n, 60n, 70n].map((price, index) => bar(index, price));
    const series = { name: "", source: "", intervalSeconds: 1, bars };
    expect(deepestFall(series)).to.equal(50);
    const lowOf = (hours: number) => cut(series, hours).bars.map(({ open }) => open);
    expect(lowOf(2)).to.deep.equal([90n, 55n]);
    expect(lowOf(4)).to.deep.equal([100n, 110n, 90n, 55n]);
    expect(lowOf(5)).to.deep.equal([100n, 110n, 90n, 55n, 60n]);
    expect(lowOf(48)).to.deep.equal([100n, 110n, 90n, 55n, 60n, 70n]);
  });
});

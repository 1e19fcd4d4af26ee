import { existsSync } from "node:fs";
import { expect } from "chai";

import { PriceFileError } from "../../../scripts/replay/errors.ts";
import { pathOf } from "../../../scripts/replay/path.ts";
import { MAX_BARS, builtInPrices, parsePrices, readPrices } from "../../../scripts/replay/prices.ts";

const HEADER = "timestamp_utc,open,high,low,close";
const GOOD = ["2020-03-12T00:00:00Z,194.61,195.55,192.22,193.31", "2020-03-12T01:00:00Z,193.3,193.73,184.23,185.03"];
/** The recorded files lie beside the project on its build machines, and nowhere else. */
const RECORDED = "/work/shared/data/prices/2020-03_black-thursday_ETHUSDT_spot_1h.csv";

const fileOf = (...rows: string[]) => [HEADER, ...rows].join("\n");

/** Expects that a text is refused at a line with a message. */
function expectRefused(text: string, line: number, problem: RegExp): void {
  try {
    parsePrices(text, "test.csv");
  } catch (error) {
    expect(error).to.be.instanceOf(PriceFileError);
    const refusal = error as PriceFileError;
    expect(refusal.message).to.match(problem);
    expect([refusal.file, refusal.line]).to.deep.equal(["test.csv", line]);
    return;
  }
  expect.fail(`was taken: ${text}`);
}

describe("replay, price files", () => {
  it("reads bars as exact integers of 1e-8", () => {
    const { bars, intervalSeconds } = parsePrices(fileOf(...GOOD), "test.csv");
    expect(intervalSeconds).to.equal(3_600);
    expect(bars[0]).to.deep.equal({
      time: Date.UTC(2020, 2, 12) / 1_000,
      open: 19_461_000_000n,
      high: 19_555_000_000n,
      low: 19_222_000_000n,
      close: 19_331_000_000n,
    });
  });

  it("takes volume, a byte order mark, Windows line ends, blank ends and small numbers with exponents", () => {
    const rows = ["2022-05-13T00:00:00Z,0.0001,0.00015,5e-05,6.5E-5,1e9", "2022-05-13T00:01:00Z,1,1,1,1,"];
    const text = `\uFEFF${HEADER},volume\r\n${rows.join("\r\n")}\r\n\r\n`;
    const [first] = parsePrices(text, "test.csv").bars;
    expect(first).to.include({ open: 10_000n, high: 15_000n, low: 5_000n, close: 6_500n });
  });

  const [first = "", second = ""] = GOOD;
  const refused: readonly [name: string, text: string, line: number, problem: RegExp][] = [
    ["an empty file", "", 0, /is empty/],
    ["no header", GOOD.join("\n"), 1, /the header must be/],
    ["columns in another order", `timestamp_utc,open,low,high,close\n${GOOD.join("\n")}`, 1, /the header must be/],
    ["a single bar", fileOf(first), 0, /has 1 bars; it needs at least 2/],
    ["a missing column", fileOf(first, "2020-03-12T01:00:00Z,1,1,1"), 3, /has 4 columns; the header has 5/],
    ["an unknown time", fileOf(first, second.replace("Z", "")), 3, /timestamp .* is not like/],
    ["a day that does not exist", fileOf(first, second.replace("03-12", "13-12")), 3, /timestamp .* is not like/],
    ["a word", fileOf(first, second.replace("193.73", "high")), 3, /high "high" is not a positive decimal/],
    ["a negative price", fileOf(first, second.replace("184.23", "-184.23")), 3, /low "-184.23" is not a positive/],
    ["a price of zero", fileOf(first, second.replace("184.23", "0.000000001")), 3, /low .* is not above zero/],
    ["a low above the high", fileOf(first, second.replace("193.73", "180")), 3, /high 180 is below low 184.23/],
    ["a close below the low", fileOf(first, second.replace("185.03", "184.22")), 3, /close lies outside/],
    ["an open above the high", fileOf(first, second.replace("193.3,", "193.74,")), 3, /open lies outside/],
    ["a bar twice", fileOf(first, first), 3, /its time is not after the line before/],
    ["a gap", fileOf(first, second, second.replace("T01", "T03")), 4, /comes 7200 s after the bar before/],
    ["bars of two days", fileOf(first, second.replace("12T01", "14T00")), 0, /172800 s apart/],
  ];
  for (const [name, text, line, problem] of refused) {
    it(`refuses ${name}`, () => expectRefused(text, line, problem));
  }

  it("refuses more bars than can be replayed in time", () => {
    const rows = Array.from({ length: MAX_BARS + 1 }, (_, hour) => {
      const stamp = new Date(Date.UTC(2020, 0, 1, hour)).toISOString().replace(".000", "");
      return `${stamp},1,1,1,1`;
    });
    expectRefused(fileOf(...rows), 0, new RegExp(`at most ${MAX_BARS} are used`));
    expect(parsePrices(fileOf(...rows.slice(1)), "test.csv").bars).to.have.length(MAX_BARS);
  });

  it("walks a falling bar by its high first and a rising one by its low first", () => {
    const rising = "2020-03-12T01:00:00Z,100,120,90,110";
    const path = pathOf(parsePrices(fileOf("2020-03-12T00:00:00Z,110,120,90,100", rising), "test.csv"));
    expect(path.map(({ price }) => price / 10n ** 8n)).to.deep.equal([110n, 120n, 90n, 100n, 100n, 90n, 120n, 110n]);
    expect(path.map(({ time }) => time - (path[0]?.time ?? 0))).to.deep.equal([
      0, 900, 1800, 2700, 3600, 4500, 5400, 6300,
    ]);
  });

  it("ships the 48 hours of 12 and 13 March 2020, with their source", () => {
    const { bars, intervalSeconds, source } = builtInPrices();
    expect([bars.length, intervalSeconds]).to.deep.equal([48, 3_600]);
    expect(bars[0]?.time).to.equal(Date.UTC(2020, 2, 12) / 1_000);
    // The lowest trade of the fall, 86.00, came on 13 March between 2 and 3 o'clock.
    const lowest = bars.reduce((low, bar) => (bar.low < low.low ? bar : low));
    expect([lowest.time, lowest.low]).to.deep.equal([Date.UTC(2020, 2, 13, 2) / 1_000, 8_600_000_000n]);
    expect(source).to.match(/Binance/);
  });

  it("ships the recorded figures, bar by bar", function () {
    if (!existsSync(RECORDED)) this.skip();
    const { bars } = builtInPrices();
    const start = bars[0]?.time ?? 0;
    const recorded = readPrices(RECORDED).bars.filter(({ time }) => time >= start && time < start + 48 * 3_600);
    expect(bars).to.deep.equal(recorded);
  });
});

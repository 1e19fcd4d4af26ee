import { readFileSync } from "node:fs";

import { PriceFileError } from "./errors.ts";
import { FEED_DECIMALS } from "./local.ts";

/** A bar of a price series. Prices are integers of 1e-8, as the feeds publish them. */
export interface Bar {
  /** Opening, seconds since 1970. */
  readonly time: number;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
}

/** A series and where it comes from. */
export interface PriceSeries {
  readonly name: string;
  readonly source: string;
  readonly intervalSeconds: number;
  readonly bars: readonly Bar[];
}

const COLUMNS = ["timestamp_utc", "open", "high", "low", "close"] as const;
const HEADER = COLUMNS.join(",");
/** One more column that files may have and nothing here needs. */
const OPTIONAL_COLUMN = "volume";
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const DECIMAL = /^(\d{1,9})(?:\.(\d+))?(?:[eE]-(\d{1,2}))?$/;
/** Ten days of hourly bars and some: the command promises an end within minutes. */
export const MAX_BARS = 1_000;
/** A quarter of a bar is one step; the local feeds go stale after a day. */
const MAX_INTERVAL = 86_400;
const MIN_INTERVAL = 4;

/** Parses `timestamp_utc,open,high,low,close[,volume]`; `file` is only named in errors. */
export function parsePrices(text: string, file: string): PriceSeries {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trim());
  while (lines.length > 0 && lines.at(-1) === "") lines.pop();
  const [header, ...rows] = lines;
  if (header === undefined) throw new PriceFileError(file, 0, `is empty; it needs the header "${HEADER}" and bars`);
  if (header !== HEADER && header !== `${HEADER},${OPTIONAL_COLUMN}`) {
    throw new PriceFileError(file, 1, `the header must be "${HEADER}" or "${HEADER},volume", not "${header}"`);
  }
  if (rows.length < 2) throw new PriceFileError(file, 0, `has ${rows.length} bars; it needs at least 2`);
  if (rows.length > MAX_BARS)
    throw new PriceFileError(file, 0, `has ${rows.length} bars; at most ${MAX_BARS} are used`);

  const width = header.split(",").length;
  const bars = rows.map((row, index) => parseBar(row, width, new Line(file, index + 2)));
  return { name: file, source: file, intervalSeconds: checkTimes(bars, file), bars };
}

/** Reads a price file. */
export function readPrices(path: string): PriceSeries {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PriceFileError(path, 0, `cannot be read (${reason})`);
  }
  return parsePrices(text, path);
}

/** What data/eth-2020-03.json holds. */
interface CompactSeries {
  readonly series: string;
  readonly source: string;
  readonly start: string;
  readonly intervalSeconds: number;
  /** Open, high, low, close in units of 0.01. */
  readonly bars: readonly (readonly [number, number, number, number])[];
}

/** ETH's hourly prices of 12 and 13 March 2020, which ship with the project. */
export function builtInPrices(): PriceSeries {
  const path = new URL("./data/eth-2020-03.json", import.meta.url);
  const compact = JSON.parse(readFileSync(path, "utf8")) as CompactSeries;
  const start = Date.parse(compact.start) / 1_000;
  const inFeedUnits = (cents: number) => BigInt(cents) * 10n ** BigInt(FEED_DECIMALS - 2);
  const bars = compact.bars.map(([open, high, low, close], index) => ({
    time: start + index * compact.intervalSeconds,
    open: inFeedUnits(open),
    high: inFeedUnits(high),
    low: inFeedUnits(low),
    close: inFeedUnits(close),
  }));
  return { name: compact.series, source: compact.source, intervalSeconds: compact.intervalSeconds, bars };
}

/** One line of a file, for errors that say where. */
class Line {
  readonly file: string;
  readonly number: number;

  constructor(file: string, number: number) {
    this.file = file;
    this.number = number;
  }

  error(problem: string): PriceFileError {
    return new PriceFileError(this.file, this.number, problem);
  }
}

function parseBar(row: string, width: number, line: Line): Bar {
  const cells = row.split(",").map((cell) => cell.trim());
  if (cells.length !== width) throw line.error(`has ${cells.length} columns; the header has ${width}`);
  const [stamp = "", open = "", high = "", low = "", close = ""] = cells;
  const time = TIMESTAMP.test(stamp) ? Date.parse(stamp) / 1_000 : Number.NaN;
  if (Number.isNaN(time)) throw line.error(`timestamp "${stamp}" is not like 2020-03-12T00:00:00Z`);
  const bar = {
    time,
    open: parsePrice(open, "open", line),
    high: parsePrice(high, "high", line),
    low: parsePrice(low, "low", line),
    close: parsePrice(close, "close", line),
  };
  if (bar.high < bar.low) throw line.error(`high ${high} is below low ${low}`);
  for (const [name, price] of [
    ["open", bar.open],
    ["close", bar.close],
  ] as const) {
    if (price > bar.high || price < bar.low) throw line.error(`${name} lies outside low ${low} to high ${high}`);
  }
  return bar;
}

/** A decimal of at most nine digits before the point, cut to the feed's eight behind it. */
function parsePrice(cell: string, name: string, line: Line): bigint {
  const match = DECIMAL.exec(cell);
  if (!match) throw line.error(`${name} "${cell}" is not a positive decimal number below 10^9`);
  const [, whole = "0", fraction = "", exponent = "0"] = match;
  const shift = FEED_DECIMALS - fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  const price = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  if (price === 0n) throw line.error(`${name} "${cell}" is not above zero (8 decimals count)`);
  return price;
}

/** Bars must follow each other at one interval. */
function checkTimes(bars: readonly Bar[], file: string): number {
  const interval = (bars[1]?.time ?? 0) - (bars[0]?.time ?? 0);
  bars.forEach(({ time }, index) => {
    const before = bars[index - 1]?.time;
    if (before === undefined) return;
    const line = new Line(file, index + 2);
    if (time <= before) throw line.error("its time is not after the line before; bars must be in order of time");
    if (time - before !== interval) {
      throw line.error(`comes ${time - before} s after the bar before; the first two are ${interval} s apart`);
    }
  });
  if (interval < MIN_INTERVAL || interval > MAX_INTERVAL) {
    throw new PriceFileError(file, 0, `its bars are ${interval} s apart; ${MIN_INTERVAL} s to a day can be replayed`);
  }
  return interval;
}

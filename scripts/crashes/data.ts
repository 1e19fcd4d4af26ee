import { readFileSync } from "node:fs";

import { FEED_DECIMALS } from "../replay/local.ts";
import type { PriceSeries } from "../replay/prices.ts";
import { CrashDataError } from "./errors.ts";

export const CLASS_NAMES = ["major", "mid", "tail"] as const;
export type ClassName = (typeof CLASS_NAMES)[number];

/** A recorded crash of one asset. */
export interface Crash {
  readonly id: string;
  /** Month of the window that it was cut from. */
  readonly window: string;
  readonly asset: string;
  /** How a market in the asset would be listed. */
  readonly marketClass: ClassName;
  readonly series: PriceSeries;
}

/** What data/crashes.json holds of a crash. */
interface Recorded {
  readonly id: string;
  readonly window: string;
  readonly asset: string;
  readonly marketClass: string;
  readonly source: string;
  readonly start: string;
  /** Figures are integers of 10^-decimals. */
  readonly decimals: number;
  /** Open, high, low, close. */
  readonly bars: readonly (readonly [number, number, number, number])[];
}

interface Recording {
  readonly intervalSeconds: number;
  readonly crashes: readonly Recorded[];
}

/** All crashes that ship with the project, in order of time. */
export function recordedCrashes(): readonly Crash[] {
  const path = new URL("./data/crashes.json", import.meta.url);
  const { crashes, intervalSeconds } = JSON.parse(readFileSync(path, "utf8")) as Recording;
  return crashes.map((crash) => read(crash, intervalSeconds));
}

function read({ id, window, asset, marketClass, source, start, decimals, bars }: Recorded, interval: number): Crash {
  const first = Date.parse(start) / 1_000;
  const known = CLASS_NAMES.find((name) => name === marketClass);
  if (known === undefined) throw new CrashDataError(id, `class "${marketClass}" is none of ${CLASS_NAMES.join(", ")}`);
  if (Number.isNaN(first)) throw new CrashDataError(id, `start "${start}" is no time`);
  const toFeed = (figure: number) => BigInt(figure) * 10n ** BigInt(FEED_DECIMALS - decimals);
  const series = {
    name: `${asset}/USDT spot, hourly, ${window}`,
    source,
    intervalSeconds: interval,
    bars: bars.map(([open, high, low, close], index) => {
      if (!(low > 0 && low <= open && open <= high && low <= close && close <= high)) {
        throw new CrashDataError(id, `bar ${index + 1} is no bar`);
      }
      const time = first + index * interval;
      return { time, open: toFeed(open), high: toFeed(high), low: toFeed(low), close: toFeed(close) };
    }),
  };
  return { id, window, asset, marketClass: known, series };
}

/** The `hours` bars around the lowest price: three quarters of them before it where there are so many. */
export function cut(series: PriceSeries, hours: number): PriceSeries {
  const { bars } = series;
  const lowest = bars.reduce((low, bar, index) => (bar.low < (bars[low]?.low ?? bar.low) ? index : low), 0);
  const end = Math.min(bars.length, Math.max(hours, lowest + Math.ceil(hours / 4)));
  return { ...series, bars: bars.slice(Math.max(0, end - hours), end) };
}

/** Deepest fall from a high, per cent. */
export function deepestFall({ bars }: PriceSeries): number {
  let [high, fall] = [0n, 0];
  for (const bar of bars) {
    if (bar.high > high) high = bar.high;
    fall = Math.max(fall, 100 - Number((bar.low * 1_000_000n) / high) / 10_000);
  }
  return fall;
}

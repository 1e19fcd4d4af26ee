import type { Bar, PriceSeries } from "./prices.ts";

/** A moment at which the feeds move. */
export interface Point {
  /** Seconds since 1970. */
  readonly time: number;
  /** 1e-8. */
  readonly price: bigint;
}

const POINTS_PER_BAR = 4;

/**
 * Every bar becomes four moves, a quarter of its interval apart: open, the two extremes, close. A bar says not which extreme came
 * first: a rising one is taken to have touched its low first, a falling one its high, so that each bar is walked in one sweep
 * and the falls of a crash come whole. Between two points the price jumps: nobody can trade inside a gap.
 */
export function pathOf(series: PriceSeries): Point[] {
  const step = series.intervalSeconds / POINTS_PER_BAR;
  return series.bars.flatMap((bar) =>
    walk(bar).map((price, index) => ({ time: Math.floor(bar.time + index * step), price })),
  );
}

function walk({ open, high, low, close }: Bar): bigint[] {
  return close >= open ? [open, low, high, close] : [open, high, low, close];
}

import { BookSide } from "../kernel/BookSide.ts";
import type { SideBook } from "../kernel/BookSide.ts";
import { Margin } from "../kernel/constants.ts";
import type { Start } from "../kernel/Kernel.ts";
import type { RiskControl } from "../kernel/RiskControl.ts";

/** How far each account is from liquidation, in the logarithm of the price, and its part of one side's open interest. */
export interface Distances {
  readonly longs: readonly { readonly distance: number; readonly share: number }[];
  readonly shorts: readonly { readonly distance: number; readonly share: number }[];
}

/** @param control is loaded with what the start says; mmr as of then */
export function distancesOf(start: Start, control: RiskControl, addOn: number): Distances {
  control.load(start.controlled);
  const rate = control.rateAt(start.observed.readAt) / Margin.rateOne;
  const { price } = start.observed;
  return {
    longs: sideDistances(start.longs, 1, price, rate, addOn),
    shorts: sideDistances(start.shorts, -1, price, rate, addOn),
  };
}

/** Part of open interest, of both sides, expected to meet its liquidation price in a time of this variance. */
export function pressureAt({ longs, shorts }: Distances, variance: number): number {
  const scale = Math.sqrt(variance / 2);
  const sum = (side: Distances["longs"]) =>
    side.reduce((total, { distance, share }) => total + share * touchProbability(distance / scale), 0);
  return (sum(longs) + sum(shorts)) / 2;
}

/**
 * P(|T| > x), T Student with 4 degrees of freedom, as in FND-03: by the principle of reflection a path touches a level on one side about
 * twice as often as it ends beyond it.
 */
export function touchProbability(x: number): number {
  if (x <= 0) return 1;
  const square = x * x;
  const cube = Math.sqrt(square + 4) ** 3;
  return (4 * (3 * square + 16)) / (cube * (cube + x * (square + 6)));
}

/** Part of open interest whose liquidation price was met by an hourly close of each day, counted from the close before it. */
export function realizedPressure(
  { returns, times }: { readonly times: Float64Array; readonly returns: Float64Array },
  days: readonly number[],
  { longs, shorts }: Distances,
): Float64Array {
  const extremes = new Map<number, { at: number; low: number; high: number }>();
  returns.forEach((move, index) => {
    const day = Math.floor(times[index]! / 86_400);
    const seen = extremes.get(day) ?? { at: 0, low: 0, high: 0 };
    seen.at += move;
    seen.low = Math.min(seen.low, seen.at);
    seen.high = Math.max(seen.high, seen.at);
    extremes.set(day, seen);
  });
  const beyond = (side: Distances["longs"], move: number) =>
    side.reduce((sum, { distance, share }) => sum + (distance <= move ? share : 0), 0);
  return Float64Array.from(days, (day) => {
    const { high = 0, low = 0 } = extremes.get(day) ?? {};
    return (beyond(longs, -low) + beyond(shorts, high)) / 2;
  });
}

/** How much of each side is below maintenance margin after a move at once: what liquidators would find. */
export interface MapPoint {
  /** Part of the price. */
  readonly move: number;
  readonly longs: number;
  readonly shorts: number;
}

const WIDEST = 40;

/** From -40% to +40% by the point. */
export function liquidationMap(start: Start, control: RiskControl, addOn: number): readonly MapPoint[] {
  control.load(start.controlled);
  const rate = control.rateAt(start.observed.readAt) / Margin.rateOne;
  const sides = [new BookSide(1, start.longs, true), new BookSide(-1, start.shorts, true)] as const;
  return Array.from({ length: 2 * WIDEST + 1 }, (_, index) => {
    const move = (index - WIDEST) / 100;
    const price = start.observed.price * (1 + move);
    const [longs = 0, shorts = 0] = sides.map((side) => {
      side.reset();
      const count = side.collect(price, rate, addOn);
      const found = side.found.subarray(0, count);
      return found.reduce((sum, account) => sum + side.shares[account]!, 0) / side.totalShares;
    });
    return { move, longs, shorts };
  });
}

/** |ln| of the liquidation price over the price: where quote + sign n = n rate + n^2 addOn, n the notional. */
function sideDistances({ base, quote }: SideBook, sign: number, price: number, rate: number, addOn: number) {
  const total = base.reduce((sum, each) => sum + each, 0);
  return Array.from(base, (units, index) => {
    const slope = 1 - sign * rate;
    const owed = -sign * quote[index]!;
    const root = Math.sqrt(Math.max(0, slope * slope - sign * 4 * addOn * owed));
    const notional = (2 * owed) / (slope + root);
    const distance = owed <= 0 ? Infinity : sign * Math.log((units * price) / notional);
    return { distance, share: units / total };
  });
}

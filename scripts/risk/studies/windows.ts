import { cut, deepestFall, recordedCrashes } from "../../crashes/data.ts";
import type { Crash } from "../../crashes/data.ts";
import { FEED_RULES } from "../../../deploy/modules/defaults.ts";
import { FEED_DECIMALS } from "../../replay/local.ts";
import type { Bar } from "../../replay/prices.ts";
import { startOf } from "../kernel/book.ts";
import { COLUMNS, Kernel } from "../kernel/Kernel.ts";
import { parametersOf } from "../kernel/parameters.ts";
import { Outcomes } from "../paths/simulate.ts";
import type { StressOptions } from "../options.ts";
import { sizeOf } from "./size.ts";

/** One recorded crash in the kernel: what FND-03 asked for, and what was lost. Parts of the open interest at the start. */
export interface WindowResult {
  readonly crash: string;
  readonly marketClass: string;
  /** Deepest fall from a high, per cent. */
  readonly fall: number;
  /** Target before the crash, and its highest in it. */
  readonly target: number;
  readonly highestTarget: number;
  /** Shortfalls and rewards. */
  readonly loss: number;
  readonly income: number;
  readonly socialized: number;
}

const HOURS = 48;
/** A market that was calm before: its oracle shows the floor of a feed, the least that risk control can have known. */
export const CALM = Number(FEED_RULES.volatilityFloor) / 1e18;

/** Every recorded crash, with the class that the market would have. */
export function replayWindows(options: StressOptions): readonly WindowResult[] {
  return recordedCrashes().map((crash) => replayWindow(crash, options));
}

function replayWindow({ id, marketClass, series }: Crash, options: StressOptions): WindowResult {
  const { accounts, bidders, capital, seed, use } = options;
  const bars = cut(series, HOURS);
  const prices = sweep(bars.bars);
  const [price = 0, ...path] = prices;
  const parameters = parametersOf(marketClass, { capital, bidders });
  const start = startOf(parameters, { accounts, seed, use, price, volatility: CALM });
  const row = new Float64Array(COLUMNS.length);
  new Kernel(parameters, start).run(path, row);
  const outcome = new Outcomes(row);
  const { openInterest, target } = sizeOf(parameters, start);
  const part = (amount: number) => amount / openInterest;
  return {
    crash: id,
    marketClass,
    fall: deepestFall(bars),
    target: part(target),
    highestTarget: part(outcome.mean("highestTarget")),
    loss: part(outcome.grossLosses()[0]!),
    income: part(outcome.mean("penalties") + outcome.mean("premiums")),
    socialized: part(outcome.mean("socialized")),
  };
}

/**
 * The first open, then of each bar the extreme that lies farther from the price before: hourly closes would leave out what an hour went
 * through, and that is what liquidates.
 */
export function sweep(bars: readonly Bar[]): number[] {
  const toNumber = (price: bigint) => Number(price) / 10 ** FEED_DECIMALS;
  const prices = bars.slice(0, 1).map(({ open }) => toNumber(open));
  for (const { high, low } of bars) {
    const before = prices[prices.length - 1]!;
    const [up, down] = [toNumber(high), toNumber(low)];
    prices.push(before / down > up / before ? down : up);
  }
  return prices;
}

import { RATIO_ONE } from "../../sdk/math/constants.ts";
import { decimal } from "../replay/format.ts";
import { drainOf, spans, yearsToPay } from "./carry.ts";
import type { Range } from "./meter.ts";
import type { CrashResult } from "./run.ts";

const RATIO_DECIMALS = RATIO_ONE.toString().length - 1;
const money = (amount: bigint) => decimal(amount);
const part = (ratio: bigint) => decimal(ratio, RATIO_DECIMALS);

/**
 * The figures for programs: money is a decimal string in units of the settlement asset, ratios are decimal strings. INV-03 holds in each
 * run: badDebt + reward = reserve + junior + senior + reinsurance + socialized. Calm years stand for the volatilities of the report.
 */
export function toJson(results: readonly CrashResult[]): string {
  const runs = results.map((result) => ({
    crash: result.crash,
    window: result.window,
    asset: result.asset,
    class: result.marketClass,
    hours: result.hours,
    fallPercent: result.fall,
    riskControl: result.linked,
    accounts: result.accounts,
    liquidated: result.liquidated,
    bids: result.bids,
    deleveragings: result.deleveragings,
    openInterest: money(result.openInterest),
    inflow: mapped(result.inflow, money),
    badDebt: money(result.badDebt),
    reward: money(result.reward),
    layers: mapped(result.layers, money),
    drained: money(drainOf(result)),
    calmYears: yearsToPay(result) ?? [0, 0],
    reserve: range(result.reserve, money),
    ratio: range(result.ratio, part),
    hourly: result.levels.map(({ time, price, openInterest, reserve, ratio, gapRate }) => ({
      time,
      price: money(price),
      openInterest: money(openInterest),
      reserve: money(reserve),
      ratio: part(ratio),
      gapRatePerSecond: decimal(gapRate, 15),
    })),
    checks: result.checks.map(({ id, name, holds, detail }) => ({ id, name, holds, detail })),
  }));
  const together = [true, false].flatMap((riskControl) =>
    spans(results.filter(({ linked }) => linked === riskControl)).map((span) => ({ riskControl, ...span })),
  );
  return `${JSON.stringify({ runs, spans: together }, null, 2)}\n`;
}

function range({ start, lowest, end }: Range, write: (figure: bigint) => string) {
  return { start: write(start), lowest: write(lowest), end: write(end) };
}

function mapped<T extends object>(figures: T, write: (figure: bigint) => string): Record<string, string> {
  const entries = Object.entries(figures) as [string, bigint][];
  return Object.fromEntries(entries.map(([name, figure]) => [name, write(figure)]));
}

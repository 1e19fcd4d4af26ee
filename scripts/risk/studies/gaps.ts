import { setImmediate } from "node:timers/promises";

import { CLASS_NAMES, recordedCrashes } from "../../crashes/data.ts";
import type { ClassName, Crash } from "../../crashes/data.ts";
import type { StressOptions } from "../options.ts";
import { recordedHistory } from "../paths/history.ts";
import { carry, sum } from "./carry.ts";
import type { Carried, CarryRequest, Flow, Hour } from "./carry.ts";
import { sweep } from "./windows.ts";

/** A day on which more was lost than penalties brought, and what had come in since the one before it. */
export interface Gap {
  readonly day: string;
  /** The recorded crash that the day belongs to. */
  readonly crash: string | undefined;
  readonly on: Flow;
  /** From the day after the gap before to this one, both included. */
  readonly since: Flow;
}

/** Ether's hours with the parameters of one class. */
export interface Years {
  readonly marketClass: ClassName;
  /** Hours after which traders come back. */
  readonly renewal: number;
  readonly years: ReadonlyMap<string, Flow>;
  readonly total: Flow;
  readonly reserve: Carried["reserve"];
  readonly gaps: readonly Gap[];
}

/** A recorded crash of another asset after those years: with the cap kept, and with as much open as traders want. */
export interface AfterYears {
  readonly crash: string;
  readonly marketClass: ClassName;
  /** What the years brought beyond what they took. */
  readonly before: number;
  /** Gap premium of a mean year, in money. */
  readonly yearlyPremium: number;
  readonly capped: Flow;
  readonly uncapped: Flow;
}

export interface CarryStudy {
  readonly hours: number;
  readonly demand: number;
  /** Every class, traders back each week. */
  readonly classes: readonly Years[];
  /** Class major with traders back more often and less often. */
  readonly renewals: readonly Years[];
  readonly after: readonly AfterYears[];
}

/** The reserve is this part of what traders want, as in `npm run crashes`. */
const RESERVE_PART = 0.05;
const HOURS_OF_YEAR = 365 * 24;
const ETHER = "ETH";
const WEEK = 168;
/** Beside the week: a day and a quarter of a year. */
const OTHER_RENEWALS = [24, 2_190] as const;

/** Walks that the study takes, for whoever shows how far it is. */
export const CARRY_WALKS = 2 * CLASS_NAMES.length + OTHER_RENEWALS.length;

/**
 * What premium and penalties brought and what gaps took, over ether's recorded hours and through other assets' crashes.
 * @param listener is told how many walks over all hours are done; between them others get their turn, so that Ctrl-C is heard
 */
export async function carryStudy(
  options: Pick<StressOptions, "accounts" | "bidders" | "capital" | "seed" | "use">,
  listener: (done: number) => void = () => undefined,
): Promise<CarryStudy> {
  const { accounts, bidders, capital, seed, use } = options;
  const demand = capital.reserve / RESERVE_PART;
  const crashes = recordedCrashes();
  const hours = etherHours(crashes);
  const base = { accounts, seed, bidders, reserve: capital.reserve, demand, use };
  let done = 0;
  const walk = async (request: CarryRequest) => {
    const carried = carry(request, hours);
    listener(++done);
    await setImmediate();
    return carried;
  };
  const classes: Years[] = [];
  const after: AfterYears[] = [];
  for (const marketClass of CLASS_NAMES) {
    const capped: CarryRequest = { ...base, marketClass, renewal: WEEK };
    const free = { ...capped, use: undefined };
    const walks = { capped: await walk(capped), uncapped: await walk(free) };
    const years = yearsOf(capped, walks.capped);
    classes.push(years);
    const others = crashes.filter((crash) => crash.asset !== ETHER && crash.marketClass === marketClass);
    for (const crash of others) {
      after.push({
        crash: crash.id,
        marketClass,
        before: leftOf(years.total, true),
        yearlyPremium: (years.total.premiums / years.total.hours) * HOURS_OF_YEAR,
        capped: through(crash, capped, walks.capped),
        uncapped: through(crash, free, walks.uncapped),
      });
    }
  }
  const renewals: Years[] = [];
  for (const renewal of OTHER_RENEWALS) {
    const request: CarryRequest = { ...base, marketClass: "major", renewal };
    renewals.push(yearsOf(request, await walk(request)));
  }
  return { hours: hours.length, demand, classes, renewals, after };
}

/** What a crash brings and takes after the years. */
function through(crash: Crash, request: CarryRequest, before: Carried): Flow {
  return sum(carry(request, continued(crash, before.kernel.seen.price), before).stretches.values());
}

function yearsOf({ marketClass, renewal }: CarryRequest, { reserve, stretches }: Carried): Years {
  const years = new Map<string, Flow>();
  for (const [day, flow] of stretches) {
    const year = day.slice(0, 4);
    const already = years.get(year);
    years.set(year, already ? sum([already, flow]) : flow);
  }
  return { marketClass, renewal, years, total: sum(stretches.values()), reserve, gaps: gapsOf(stretches) };
}

/** What a stretch left over, with the gap premium and without. */
export function leftOf({ losses, penalties, premiums }: Flow, withPremium: boolean): number {
  return penalties - losses + (withPremium ? premiums : 0);
}

/** @param days flows by day, in order of time */
export function gapsOf(days: ReadonlyMap<string, Flow>): readonly Gap[] {
  const crashOf = new Map<string, string>();
  for (const { asset, id, series } of recordedCrashes()) {
    if (asset === ETHER) for (const { time } of series.bars) crashOf.set(dayOf(time), id);
  }
  const gaps: Gap[] = [];
  let since: Flow[] = [];
  for (const [day, on] of days) {
    since.push(on);
    if (on.losses <= on.penalties) continue;
    gaps.push({ day, crash: crashOf.get(day), on, since: sum(since) });
    since = [];
  }
  return gaps;
}

/**
 * Ether's recorded hours, by day. Where a recorded crash of ether lies, each hour goes to the extreme that lies farther from the price
 * before, because closes leave out what an hour went through. Over a gap of the venue the price jumps within one hour.
 */
function etherHours(crashes: readonly Crash[]): readonly Hour[] {
  const { closes, times } = recordedHistory();
  const extremes = new Map<number, number>();
  for (const { asset, series } of crashes) {
    if (asset !== ETHER) continue;
    const [, ...prices] = sweep(series.bars);
    for (const [index, { time }] of series.bars.entries()) extremes.set(time, prices[index]!);
  }
  const hours = [...times].map((time, index) => ({
    price: extremes.get(time) ?? closes[index]!,
    stretch: dayOf(time),
  }));
  // Whole weeks, so that a crash of another asset after them meets a book that has just been opened.
  return hours.slice(0, hours.length - (hours.length % WEEK));
}

/** The crash as moves from a price. */
function continued({ id, series }: Crash, from: number): readonly Hour[] {
  const [first = 1, ...prices] = sweep(series.bars);
  return prices.map((price) => ({ price: (from * price) / first, stretch: id }));
}

function dayOf(seconds: number): string {
  return new Date(1_000 * seconds).toISOString().slice(0, 10);
}

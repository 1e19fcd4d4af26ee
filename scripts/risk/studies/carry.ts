import type { ClassName } from "../../crashes/data.ts";
import { opened, startOf } from "../kernel/book.ts";
import { Kernel } from "../kernel/Kernel.ts";
import { parametersOf } from "../kernel/parameters.ts";
import type { Bidders } from "../kernel/parameters.ts";
import { CALM } from "./windows.ts";

/** A price after an hour, and the stretch of time that its money is counted in. */
export interface Hour {
  readonly price: number;
  readonly stretch: string;
}

/** Who trades, and what stands behind the market at the start: a reserve, and no layer behind it. */
export interface CarryRequest {
  readonly marketClass: ClassName;
  readonly accounts: number;
  readonly seed: number;
  readonly bidders: Bidders;
  readonly reserve: number;
  /** Open interest of a side that traders want, units of the settlement asset. */
  readonly demand: number;
  /** Part of the cap at which traders stop; undefined: the cap is not kept. */
  readonly use: number | undefined;
  /** Hours after which traders come back: whoever was liquidated has been replaced by then. */
  readonly renewal: number;
}

/** What came in and went out, units of the settlement asset. */
export interface Flow {
  readonly hours: number;
  readonly premiums: number;
  readonly penalties: number;
  /** Shortfalls and bidders' rewards, whoever bore them. */
  readonly losses: number;
  /** Part of the losses that holders bore. */
  readonly socialized: number;
  /** Open interest of a side, summed over the hours. */
  readonly interest: number;
}

export interface Carried {
  /** In order of time. */
  readonly stretches: ReadonlyMap<string, Flow>;
  readonly reserve: { readonly start: number; readonly lowest: number; readonly end: number };
  /** As the last book left it. */
  readonly kernel: Kernel;
}

export const NOTHING: Flow = { hours: 0, premiums: 0, penalties: 0, losses: 0, socialized: 0, interest: 0 };

/**
 * Walks hour after hour. Reserve, oracle and risk control go on; the book is opened anew now and then, at the price and with the leverage
 * that initial margin then lets in, which is the most dangerous moment of a book. Draw budgets begin anew with it.
 * @param before goes on from there, at whatever price the new hours begin
 */
export function carry(request: CarryRequest, hours: readonly Hour[], before?: Carried): Carried {
  const stretches = new Map<string, Flow>();
  const start = before?.reserve.end ?? request.reserve;
  let [reserve, lowest] = [start, start];
  let kernel = before?.kernel;
  for (let from = 0; from < hours.length; from += request.renewal) {
    kernel = openBook(request, { reserve, price: hours[0]!.price, last: kernel });
    for (const { price, stretch } of hours.slice(from, from + request.renewal)) {
      const already = sumsOf(kernel);
      kernel.step(price);
      const hour = { ...difference(sumsOf(kernel), already), hours: 1, interest: kernel.longs.openInterest * price };
      stretches.set(stretch, sum([stretches.get(stretch) ?? NOTHING, hour]));
      lowest = Math.min(lowest, kernel.fund.reserve);
    }
    reserve = kernel.fund.reserve + kernel.fund.booked;
  }
  if (kernel === undefined) throw new RangeError("no hours to walk");
  return { stretches, reserve: { start, lowest, end: reserve }, kernel };
}

function openBook(request: CarryRequest, at: { reserve: number; price: number; last: Kernel | undefined }): Kernel {
  const { accounts, bidders, demand, marketClass, seed, use } = request;
  const capital = { reserve: at.reserve, junior: 0, senior: 0, reinsurance: 0 };
  const parameters = parametersOf(marketClass, { capital, bidders });
  const rest = startOf(parameters, { accounts, seed, use: use ?? 1, price: at.price, volatility: CALM });
  const observed = at.last ? { ...at.last.seen } : rest.observed;
  const control = at.last ? { ...at.last.control } : rest.controlled;
  const rate = at.last ? at.last.control.rateAt(observed.readAt) : control.rateSet;
  const wanted = demand / observed.price;
  const openInterest = use === undefined ? wanted : Math.min(wanted, control.cap * use);
  const kernel = new Kernel(parameters, opened({ accounts, seed }, control, { observed, rate, openInterest }));
  kernel.reset();
  return kernel;
}

function sumsOf({ fund, liquidations }: Kernel): Flow {
  const { penalties, premiums, rewards } = fund;
  const { shortfall, socialized } = liquidations;
  return { ...NOTHING, premiums, penalties, losses: shortfall + rewards, socialized };
}

export function sum(flows: Iterable<Flow>): Flow {
  const total = { ...NOTHING };
  for (const flow of flows) {
    for (const key of Object.keys(total) as (keyof Flow)[]) total[key] += flow[key];
  }
  return total;
}

function difference(later: Flow, earlier: Flow): Flow {
  const entries = (Object.keys(later) as (keyof Flow)[]).map((key) => [key, later[key] - earlier[key]] as const);
  return Object.fromEntries(entries) as unknown as Flow;
}

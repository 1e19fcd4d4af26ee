import { INITIAL_MARGIN_POINTS } from "../../../sdk/math/constants.ts";
import { notionalOf, planPopulation } from "../../replay/population.ts";
import type { Plan } from "../../replay/population.ts";
import { createRandom } from "../../replay/random.ts";
import type { SideBook } from "./BookSide.ts";
import { Margin, Risk, VARIANCE_ONE, YEAR } from "./constants.ts";
import { Fund } from "./Fund.ts";
import type { Start } from "./Kernel.ts";
import { Observations } from "./Observations.ts";
import type { Observed } from "./Observations.ts";
import type { StressParameters } from "./parameters.ts";
import { RiskControl } from "./RiskControl.ts";
import type { Controlled } from "./RiskControl.ts";

/** What a book is made of. */
export interface BookRequest {
  readonly accounts: number;
  readonly seed: number;
  /** Of the first hour. */
  readonly price: number;
  /** Of the hours before, a year: what oracle and risk control start from. */
  readonly volatility: number;
  /** Open interest as a part of the cap that risk control allows. */
  readonly use: number;
}

/** Fees and the size add-on leave a little less than what initial margin allows. */
const LEVERAGE_SPARE = 0.98;

/**
 * A market at rest: risk control has settled at this volatility, and the replay's mix of traders fills a part of the cap that the fund's
 * resources allow. Everybody entered at the first price with the leverage planned, cut to what initial margin lets in.
 */
export function startOf(parameters: StressParameters, request: BookRequest): Start {
  const observed = atRest(request);
  const seen = new Observations();
  seen.load(observed);
  const control = new RiskControl(parameters);
  const rate = control.targetOf(Math.max(seen.fastVariance, seen.slowVariance));
  const fund = new Fund(parameters);
  fund.reset();
  const sync = (openInterest: number) => {
    control.load(settled(rate, parameters));
    control.sync(seen, 0, openInterest, fund.resourcesAt(0));
  };
  sync(0);
  const openInterest = control.cap * request.use;
  sync(openInterest);
  return opened(request, control, { observed, rate, openInterest });
}

/** What a book is opened into: what the oracle has seen, mmr now (1e-5), and the open interest of a side, units of base. */
export interface Opening {
  readonly observed: Observed;
  readonly rate: number;
  readonly openInterest: number;
}

/** The replay's mix of traders at the price that the oracle has now, each with as much leverage as initial margin lets in. */
export function opened(
  { accounts, seed }: Pick<BookRequest, "accounts" | "seed">,
  control: Controlled,
  { observed, openInterest, rate }: Opening,
): Start {
  const initialRate = ((rate + Number(INITIAL_MARGIN_POINTS)) / Margin.rateOne) * factorOf(control.ratio);
  const plans = planPopulation(accounts, createRandom(seed).fork("population"));
  const side = (isLong: boolean) => sideOf(plans, { isLong, openInterest, initialRate, price: observed.price });
  return { longs: side(true), shorts: side(false), observed, controlled: { ...control } };
}

/** The riskiest first: in the order of quote per unit of base, which is that of liquidation prices. */
export function sorted(accounts: readonly { readonly base: number; readonly quote: number }[]): SideBook {
  const ordered = [...accounts].sort((one, two) => one.quote / one.base - two.quote / two.base);
  return {
    base: Float64Array.from(ordered, ({ base }) => base),
    quote: Float64Array.from(ordered, ({ quote }) => quote),
  };
}

function atRest({ price, volatility }: BookRequest): Observed {
  const variance = Math.ceil((volatility * volatility * VARIANCE_ONE) / YEAR);
  return { price, fast: variance, slow: variance, samplePrice: price, sampledAt: 0, average: price, readAt: 0 };
}

/** Nothing holds the next sync back, so that it writes what it would have come to in time. */
function settled(rate: number, { listedCap }: StressParameters): Controlled {
  const ratio = Risk.maxRatio;
  return {
    rateSet: rate,
    rateTarget: rate,
    rateSetAt: 0,
    penaltyRate: Risk.minPenalty,
    ratio,
    ratioAt: 0,
    cap: listedCap,
    gapRate: 0,
    syncedAt: 0,
  };
}

function factorOf(ratio: number): number {
  return (2 * Risk.ratioOne - Math.min(ratio, Risk.ratioOne)) / Risk.ratioOne;
}

function sideOf(
  plans: readonly Plan[],
  given: { isLong: boolean; openInterest: number; initialRate: number; price: number },
): SideBook {
  const own = plans.filter(({ isLong }) => isLong === given.isLong);
  const planned = own.reduce((sum, plan) => sum + notionalOf(plan), 0);
  const sign = given.isLong ? 1 : -1;
  return sorted(
    own.map((plan) => {
      const base = (given.openInterest * notionalOf(plan)) / planned;
      const leverage = Math.min(plan.leverage, LEVERAGE_SPARE / given.initialRate);
      return { base, quote: (base * given.price) / leverage - sign * base * given.price };
    }),
  );
}

import { INITIAL_MARGIN_POINTS, RATE_ONE } from "../../sdk/math/constants.ts";
import type { Desk } from "../replay/desk.ts";
import type { Check } from "../replay/invariants.ts";
import type { Layers } from "../replay/ledger.ts";
import { MARKET, TOKEN_DECIMALS } from "../replay/local.ts";
import { notionalOf, planPopulation } from "../replay/population.ts";
import type { Plan } from "../replay/population.ts";
import { createRandom } from "../replay/random.ts";
import { replay } from "../replay/replay.ts";
import type { Listener } from "../replay/replay.ts";
import { cut, deepestFall } from "./data.ts";
import type { ClassName, Crash } from "./data.ts";
import { Meter } from "./meter.ts";
import type { Level, Range } from "./meter.ts";
import { marketOf, moduleOf } from "./module.ts";
import type { CrashOptions } from "./options.ts";

/** What the fund took in, WAD, by kind (FND-02). */
export interface Inflow {
  readonly penalties: bigint;
  readonly gapPremium: bigint;
  /** Its share of trading fees. */
  readonly fees: bigint;
  /** Its share of premiums for cover. */
  readonly cover: bigint;
}

/** A crash as it went, with risk control or without. Money WAD. */
export interface CrashResult {
  readonly crash: string;
  readonly window: string;
  readonly asset: string;
  readonly marketClass: ClassName;
  readonly hours: number;
  /** Per cent. */
  readonly fall: number;
  /** Whether risk control is linked, and with it the gap premium. */
  readonly linked: boolean;
  readonly accounts: number;
  readonly liquidated: number;
  readonly bids: number;
  readonly deleveragings: number;
  readonly inflow: Inflow;
  readonly badDebt: bigint;
  /** Part of the reserve's payments that went to bidders. */
  readonly reward: bigint;
  readonly layers: Layers;
  /** Money that the fund's books and the sum of all that went in and out are apart; 0 unless something is wrong. */
  readonly unexplained: bigint;
  /** Highest open interest of one side, at the price of then. */
  readonly openInterest: bigint;
  readonly reserve: Range;
  /** Resources over target, in units of RATIO_ONE. */
  readonly ratio: Range;
  readonly levels: readonly Level[];
  readonly checks: readonly Check[];
}

/** What stands behind the fund and behind holders, basis points of the open interest that longs plan. */
const BACKSTOP_BPS = 150;
const REINSURANCE_BPS = 50;
const COVER_BPS = 200;
const ALL_BPS = 10_000;
/** Fees and the size add-on leave a little less than what initial margin allows. */
const LEVERAGE_SPARE = 0.98;
/** Four steps of a quarter of an hour: risk control is synced by the hour. */
const STEPS_PER_SYNC = 4;

/** Plays one crash on a chain of its own. The same traders, capital and prices with risk control and without. */
export async function runCrash(
  crash: Crash,
  options: CrashOptions,
  { linked, listener }: { linked: boolean; listener: Listener },
): Promise<CrashResult> {
  const series = cut(crash.series, options.hours);
  const plans = plansFor(crash.marketClass, options);
  const planned = plans.filter(({ isLong }) => isLong).reduce((sum, plan) => sum + notionalOf(plan), 0);
  const part = (bps: number) => BigInt(Math.floor((planned * bps) / ALL_BPS)) * 10n ** BigInt(TOKEN_DECIMALS);
  const capital = {
    fund: part(options.reserveBps),
    backstop: part(BACKSTOP_BPS),
    reinsurance: part(REINSURANCE_BPS),
    cover: part(COVER_BPS),
  };
  const files = { prices: undefined, json: undefined, report: "" };
  const meter = new Meter(crash.marketClass, linked);
  const outcome = await replay(
    { accounts: options.accounts, seed: options.seed, ...capital, ...files },
    series,
    listener,
    {
      module: moduleOf(crash.marketClass),
      plans,
      onFunded: (desk) => (linked ? linkRiskControl(desk) : Promise.resolve()),
      onStep: async (desk, step) => {
        if ((step + 1) % STEPS_PER_SYNC !== 0) return;
        const { ramp } = desk.book;
        if (linked) await sync(desk);
        await meter.read(desk, ramp);
      },
      onEnd: (desk) => meter.close(desk, capital.fund),
    },
  );
  const { summary } = outcome;
  return {
    crash: crash.id,
    window: crash.window,
    asset: crash.asset,
    marketClass: crash.marketClass,
    hours: series.bars.length,
    fall: deepestFall(series),
    linked,
    accounts: summary.accounts,
    liquidated: summary.liquidated,
    bids: summary.bids,
    deleveragings: summary.deleveragings,
    inflow: meter.inflow,
    badDebt: summary.badDebt,
    reward: summary.reward,
    layers: summary.layers,
    unexplained: meter.unexplained,
    openInterest: meter.highestInterest,
    reserve: meter.reserve,
    ratio: meter.ratio,
    levels: meter.levels,
    checks: [...outcome.checks, ...meter.checks],
  };
}

/** The replay's traders: leverage cut to what the class's initial margin allows, deposits in money, because no other asset has a feed. */
export function plansFor(marketClass: ClassName, { accounts, seed }: Pick<CrashOptions, "accounts" | "seed">): Plan[] {
  const initial = (marketOf(marketClass).maintenanceRate + Number(INITIAL_MARGIN_POINTS)) / Number(RATE_ONE);
  const most = LEVERAGE_SPARE / initial;
  return planPopulation(accounts, createRandom(seed).fork("population")).map((plan) => ({
    ...plan,
    inEther: false,
    leverage: Math.min(plan.leverage, most),
  }));
}

/** The fund is filled, nobody trades yet: the first sync sets the cap that the resources allow (known issue 51). */
async function linkRiskControl(desk: Desk): Promise<void> {
  const { at, house } = desk.chain;
  const data = house.interface.encodeFunctionData("linkRiskController", [at.riskController]);
  await desk.act({ to: at.house, data, operation: "link risk control" });
  await sync(desk);
}

async function sync(desk: Desk): Promise<void> {
  const { at, riskController } = desk.chain;
  const data = riskController.interface.encodeFunctionData("sync", [MARKET]);
  await desk.act({ to: at.riskController, data, operation: "sync" });
}

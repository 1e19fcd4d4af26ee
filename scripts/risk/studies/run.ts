import { annualVolatility, calibrate } from "../forecast/calibrate.ts";
import { rollingBacktests } from "../forecast/rolling.ts";
import { startOf } from "../kernel/book.ts";
import { BPS, Margin } from "../kernel/constants.ts";
import { parametersOf } from "../kernel/parameters.ts";
import { RiskControl } from "../kernel/RiskControl.ts";
import { hourlyReturns, recordedHistory } from "../paths/history.ts";
import type { PathModel } from "../paths/models.ts";
import type { Pool } from "../paths/Pool.ts";
import type { StressOptions } from "../options.ts";
import type { Progress } from "../progress.ts";
import { predict } from "./predictor.ts";
import { liquidationMap } from "./pressure.ts";
import { proposalsFrom } from "./proposals.ts";
import { reverseStress } from "./reverse.ts";
import { sensitivities, SENSITIVITY_RUNS } from "./sensitivity.ts";
import type { Scenario } from "./sensitivity.ts";
import { summarize } from "./simulation.ts";
import type { Simulation } from "./simulation.ts";
import { sizeOf } from "./size.ts";
import { withProposals } from "./steward.ts";
import type { Study, Verification } from "./study.ts";
import { replayWindows } from "./windows.ts";

/** Sensitivities walk a part of the paths: they compare like with like. */
const SENSITIVITY_PART = 10;
const LEAST_PATHS = 1_000;

/** All studies, one after the other. */
export async function runStudies(options: StressOptions, pool: Pool, progress: Progress): Promise<Study> {
  const history = recordedHistory();
  const series = hourlyReturns(history);
  const volatility = options.volatility ?? annualVolatility(series.returns);
  const scenario = scenarioOf(options, history.closes.at(-1) ?? 1, volatility);
  const { parameters } = scenario;
  const start = startOf(parameters, scenario.book);
  const size = sizeOf(parameters, start);
  const models = options.models.map((kind) => calibrate(kind, series.returns, volatility));

  const begun = performance.now();
  const simulations: Simulation[] = [];
  for (const model of models) simulations.push(await simulate(scenario, model, options, { pool, progress }));
  const seconds = (performance.now() - begun) / 1_000;
  const walked = options.paths * models.length;

  const worst = worstOf(simulations, models);
  const fewer = { ...options, paths: Math.max(LEAST_PATHS, Math.floor(options.paths / SENSITIVITY_PART)) };
  const runs = progress.step("sensitivity", SENSITIVITY_RUNS);
  const given = { model: worst, seed: options.seed, paths: fewer.paths, hours: options.hours };
  const varied = await sensitivities(pool, scenario, given, runs);

  const rest = progress.step("recorded hours", 4);
  const windows = replayWindows(options);
  rest(1);
  const reverse = reverseStress(parameters, start);
  rest(2);
  const backtests = rollingBacktests(series.returns);
  rest(3);
  const prediction = predict(series, parameters, start);
  rest(4);

  const { capital, classBudget, terms } = parameters;
  const proposals = proposalsFrom({
    terms,
    payable: (capital.reserve * classBudget) / BPS + capital.junior + capital.senior + capital.reinsurance,
    simulations,
    windows: windows.filter(({ marketClass }) => marketClass === options.marketClass),
    prediction,
  });
  return {
    options,
    asset: history.asset,
    source: history.source,
    hoursRecorded: history.closes.length,
    volatility,
    ...size,
    models,
    simulations,
    throughput: {
      paths: walked,
      seconds,
      threads: pool.threads,
      accountHours: (walked * options.accounts * options.hours) / seconds,
    },
    windows,
    backtests,
    reverse,
    sensitivities: varied,
    prediction,
    map: liquidationMap(start, new RiskControl(parameters), parameters.addOn * Margin.addOnUnit),
    proposals,
    verification: proposals.length === 0 ? undefined : await verify(),
  };

  /** The worst model once more, with the proposed terms and without, on the same draws and the same open interest rule. */
  async function verify(): Promise<Verification> {
    const changed = { ...scenario, parameters: { ...parameters, terms: withProposals(terms, proposals) } };
    return {
      before: await simulate(scenario, worst, options, { pool, progress }),
      after: await simulate(changed, worst, options, { pool, progress }),
    };
  }
}

function scenarioOf(options: StressOptions, price: number, volatility: number): Scenario {
  const { accounts, bidders, capital, marketClass, seed, use } = options;
  return {
    parameters: parametersOf(marketClass, { capital, bidders }),
    book: { accounts, seed, price, volatility, use },
  };
}

async function simulate(
  { book, parameters }: Scenario,
  model: PathModel,
  { hours, paths, seed }: Pick<StressOptions, "hours" | "paths" | "seed">,
  { pool, progress }: { readonly pool: Pool; readonly progress: Progress },
): Promise<Simulation> {
  const start = startOf(parameters, book);
  const listener = progress.step(`${model.kind}, ${paths} paths`, paths);
  const outcomes = await pool.run({ parameters, start, model, seed, paths, hours }, listener);
  return summarize(model.kind, outcomes, sizeOf(parameters, start));
}

/** The model whose worst paths cost most. */
function worstOf(simulations: readonly Simulation[], models: readonly PathModel[]): PathModel {
  const cost = (index: number) => simulations[index]?.gross[0]?.expectedShortfall.value ?? 0;
  const worst = models.reduce((best, _, index) => (cost(index) > cost(best) ? index : best), 0);
  return models[worst]!;
}

import type { Outcomes } from "../paths/simulate.ts";
import type { ModelKind } from "../paths/models.ts";
import { hasTail, proportion, tailRiskOf } from "../statistics/tail.ts";
import type { Estimate, TailRisk } from "../statistics/tail.ts";

export const LEVELS = [0.99, 0.999] as const;
export const LAYERS = ["reserve", "junior", "senior", "reinsurance", "socialized"] as const;
export type Layer = (typeof LAYERS)[number];

/** What the paths of one model came to. Money in units of the settlement asset. */
export interface Simulation {
  readonly model: ModelKind;
  readonly paths: number;
  /** One-sided, at the start. */
  readonly openInterest: number;
  /** FND-03's target at the start. */
  readonly target: number;
  /** What the reserve paid less what it took in. */
  readonly fund: readonly TailRisk[];
  /** What somebody had to pay: shortfalls and rewards. */
  readonly gross: readonly TailRisk[];
  /** At least one unit that no layer paid. */
  readonly depletion: Estimate;
  /** The gross loss was larger than the target at the start. */
  readonly aboveTarget: Estimate;
  /** Means of a path. */
  readonly mean: Readonly<Record<Layer | "rewards" | "penalties" | "premiums" | "bids" | "forced", number>>;
  /** Gross losses in order, for plots: this many of them, spread evenly from the smallest to the largest. */
  readonly curve: readonly number[];
}

const CURVE_POINTS = 400;
const MEANS = [...LAYERS, "rewards", "penalties", "premiums", "bids", "forced"] as const;

export function summarize(
  model: ModelKind,
  outcomes: Outcomes,
  at: { readonly openInterest: number; readonly target: number },
): Simulation {
  const { paths } = outcomes;
  const [fund, gross] = [outcomes.fundLosses(), outcomes.grossLosses()];
  const levels = LEVELS.filter((level) => hasTail(paths, level));
  const sorted = Float64Array.from(gross).sort();
  return {
    model,
    paths,
    ...at,
    fund: levels.map((level) => tailRiskOf(fund, level)),
    gross: levels.map((level) => tailRiskOf(gross, level)),
    depletion: proportion(outcomes.count("socialized"), paths),
    aboveTarget: proportion(
      gross.reduce((count, loss) => count + (loss > at.target ? 1 : 0), 0),
      paths,
    ),
    mean: Object.fromEntries(MEANS.map((name) => [name, outcomes.mean(name)])) as Simulation["mean"],
    curve: Array.from({ length: CURVE_POINTS }, (_, index) => quantileAt(sorted, index)),
  };
}

/** Denser toward the worst: the tail is what the plot is for. */
export function exceedanceAt(index: number, paths: number): number {
  return paths ** (-index / (CURVE_POINTS - 1));
}

function quantileAt(sorted: Float64Array, index: number): number {
  const above = Math.round(exceedanceAt(index, sorted.length) * sorted.length);
  return sorted[Math.max(0, sorted.length - Math.max(1, above))]!;
}

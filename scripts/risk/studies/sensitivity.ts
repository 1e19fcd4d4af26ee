import { startOf } from "../kernel/book.ts";
import type { BookRequest } from "../kernel/book.ts";
import type { StressParameters } from "../kernel/parameters.ts";
import type { PathModel } from "../paths/models.ts";
import type { Pool } from "../paths/Pool.ts";
import { tailRiskOf } from "../statistics/tail.ts";
import { sizeOf } from "./size.ts";

/** The same paths with one thing changed. */
export interface Sensitivity {
  readonly name: string;
  readonly change: number;
  /** Expected shortfall (99%) of what somebody had to pay, part of the reserve. */
  readonly expectedShortfall: number;
  /** Against nothing changed. */
  readonly difference: number;
  /** Paths with a loss that no layer paid. */
  readonly depleted: number;
  /** Open interest at the start over the reserve. */
  readonly openInterest: number;
}

export interface Scenario {
  readonly parameters: StressParameters;
  readonly book: BookRequest;
}

export const CHANGES = [-0.25, 0.25] as const;
const LEVEL = 0.99;
const TERMS = [
  "maintenanceFloor",
  "maintenanceCap",
  "deviations",
  "shortfallFloor",
  "resourceShare",
  "basePenalty",
  "chargedShare",
  "loading",
] as const;

/** What may be changed, each by a factor. */
const VARIATIONS: readonly (readonly [name: string, vary: (from: Scenario, factor: number) => Scenario])[] = [
  ...TERMS.map((term) => [term, (from: Scenario, factor: number) => withTerm(from, term, factor)] as const),
  ["reserve", (from, factor) => withReserve(from, factor)],
  [
    "use of the cap",
    ({ book, ...rest }, factor) => ({ ...rest, book: { ...book, use: Math.min(1, book.use * factor) } }),
  ],
  [
    "volatility before",
    ({ book, ...rest }, factor) => ({ ...rest, book: { ...book, volatility: book.volatility * factor } }),
  ],
  ["bidders' delay", (from, factor) => withBidders(from, "delay", factor)],
  ["bidders' cost", (from, factor) => withBidders(from, "cost", factor)],
];

export const SENSITIVITY_RUNS = 1 + VARIATIONS.length * CHANGES.length;

/** Every variation up and down on the same draws. */
export async function sensitivities(
  pool: Pool,
  base: Scenario,
  given: { readonly model: PathModel; readonly seed: number; readonly paths: number; readonly hours: number },
  onRun: (done: number) => void,
): Promise<readonly Sensitivity[]> {
  let done = 0;
  const run = async ({ book, parameters }: Scenario) => {
    const start = startOf(parameters, book);
    const outcomes = await pool.run({ ...given, parameters, start });
    onRun(++done);
    const { reserve } = parameters.capital;
    return {
      expectedShortfall: tailRiskOf(outcomes.grossLosses(), LEVEL).expectedShortfall.value / reserve,
      depleted: outcomes.count("socialized"),
      openInterest: sizeOf(parameters, start).openInterest / reserve,
    };
  };
  const unchanged = await run(base);
  const results: Sensitivity[] = [{ name: "nothing", change: 0, difference: 0, ...unchanged }];
  for (const [name, vary] of VARIATIONS) {
    for (const change of CHANGES) {
      const result = await run(vary(base, 1 + change));
      const difference = result.expectedShortfall - unchanged.expectedShortfall;
      results.push({ name, change, difference, ...result });
    }
  }
  return results;
}

function withTerm({ parameters, book }: Scenario, term: (typeof TERMS)[number], factor: number): Scenario {
  const terms = { ...parameters.terms, [term]: Math.round(parameters.terms[term] * factor) };
  return { book, parameters: { ...parameters, terms } };
}

function withReserve({ parameters, book }: Scenario, factor: number): Scenario {
  const capital = { ...parameters.capital, reserve: parameters.capital.reserve * factor };
  return { book, parameters: { ...parameters, capital } };
}

function withBidders({ parameters, book }: Scenario, name: "delay" | "cost", factor: number): Scenario {
  const bidders = { ...parameters.bidders, [name]: Math.round(parameters.bidders[name] * factor) };
  return { book, parameters: { ...parameters, bidders } };
}

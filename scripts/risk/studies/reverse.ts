import { COLUMNS, Kernel } from "../kernel/Kernel.ts";
import type { Start } from "../kernel/Kernel.ts";
import type { StressParameters } from "../kernel/parameters.ts";
import { Outcomes } from "../paths/simulate.ts";

/** The smallest move after which somebody bears what no layer pays. */
export interface ReverseStress {
  readonly direction: "fall" | "rise";
  /** Hours over which the move is spread evenly in the logarithm. */
  readonly hours: number;
  /** Part of the price; undefined: none was found up to `limit`. */
  readonly move: number | undefined;
  readonly limit: number;
  /** Part of the reserve that is left after it. */
  readonly reserveLeft: number | undefined;
}

/** Hours that follow the move, so that what it started comes to its end. */
const AFTER = 6;
const STEP = 0.01;
const PRECISION = 1e-6;
const LIMITS = { fall: 0.95, rise: 3 } as const;
export const SPANS = [1, 4, 24] as const;

/** For falls and rises over each of SPANS. */
export function reverseStress(parameters: StressParameters, start: Start): readonly ReverseStress[] {
  const kernel = new Kernel(parameters, start);
  return (["fall", "rise"] as const).flatMap((direction) =>
    SPANS.map((hours) => search(kernel, parameters, start, { direction, hours })),
  );
}

/** Losses need not grow with every step of a move, so the first point of a grid that breaks is looked for, then the edge before it. */
function search(
  kernel: Kernel,
  { capital }: StressParameters,
  { observed }: Start,
  shape: { readonly direction: "fall" | "rise"; readonly hours: number },
): ReverseStress {
  const run = (move: number) => {
    const row = new Float64Array(COLUMNS.length);
    kernel.run(pathOf(observed.price, move, shape), row);
    return new Outcomes(row);
  };
  const breaks = (move: number) => run(move).mean("socialized") > 0;
  const limit = LIMITS[shape.direction];
  let high = STEP;
  while (high <= limit && !breaks(high)) high += STEP;
  if (high > limit) return { ...shape, move: undefined, limit, reserveLeft: undefined };
  const move = bisect(breaks, high - STEP, high);
  return { ...shape, move, limit, reserveLeft: run(move).mean("lastReserve") / capital.reserve };
}

/** The edge between `low`, where `holds` is false, and `high`, where it is true; the upper end of what is left. */
export function bisect(holds: (at: number) => boolean, low: number, high: number): number {
  let [below, above] = [low, high];
  while (above - below > PRECISION) {
    const middle = (below + above) / 2;
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}

function pathOf(price: number, move: number, shape: { direction: "fall" | "rise"; hours: number }): number[] {
  const target = Math.log(shape.direction === "fall" ? 1 - move : 1 + move);
  return Array.from({ length: shape.hours + AFTER }, (_, hour) => {
    const part = Math.min(1, (hour + 1) / shape.hours);
    return price * Math.exp(target * part);
  });
}

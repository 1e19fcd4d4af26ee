/** Where a minimum was found, and its value. */
export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
}

interface Vertex {
  readonly point: readonly number[];
  readonly value: number;
}

/** Nelder and Mead's simplex (1965), with their coefficients: reflect 1, expand 2, contract and shrink a half. */
export function minimise(
  of: (point: readonly number[]) => number,
  start: readonly number[],
  { step = 0.1, tolerance = 1e-10, most = 600 } = {},
): Minimum {
  const vertexAt = (point: readonly number[]): Vertex => ({ point, value: of(point) });
  const moved = (index: number) => start.map((value, at) => (at === index ? value + step : value));
  let simplex = [vertexAt(start), ...start.map((_, index) => vertexAt(moved(index)))];
  for (let round = 0; round < most; round++) {
    simplex = simplex.sort((one, two) => one.value - two.value);
    const [best, worst] = [simplex[0]!, simplex[simplex.length - 1]!];
    if (Math.abs(worst.value - best.value) <= tolerance * (Math.abs(best.value) + tolerance)) break;
    const others = simplex.slice(0, -1);
    const centre = start.map((_, at) => others.reduce((sum, { point }) => sum + point[at]!, 0) / others.length);
    const along = (part: number) => vertexAt(centre.map((value, at) => value + part * (worst.point[at]! - value)));
    const next = replacement(along, simplex);
    simplex = next === undefined ? shrunk(simplex, vertexAt) : [...others, next];
  }
  return simplex.reduce((best, vertex) => (vertex.value < best.value ? vertex : best));
}

/** What takes the place of the worst vertex, or nothing where the simplex must shrink. */
function replacement(along: (part: number) => Vertex, simplex: readonly Vertex[]): Vertex | undefined {
  const [best, second, worst] = [simplex[0]!, simplex[simplex.length - 2]!, simplex[simplex.length - 1]!];
  const reflected = along(-1);
  if (reflected.value < best.value) {
    const expanded = along(-2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < second.value) return reflected;
  const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
  return contracted.value < Math.min(worst.value, reflected.value) ? contracted : undefined;
}

function shrunk(simplex: readonly Vertex[], vertexAt: (point: readonly number[]) => Vertex): Vertex[] {
  const [best, ...rest] = simplex as [Vertex, ...Vertex[]];
  return [best, ...rest.map(({ point }) => vertexAt(point.map((value, at) => (value + best.point[at]!) / 2)))];
}

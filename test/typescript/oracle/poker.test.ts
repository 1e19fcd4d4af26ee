import { expect } from "chai";
import * as VolatilityMath from "../../../sdk/math/VolatilityMath.ts";
import { seedOfRun } from "../support/random.ts";

/*
 * VOL-01 against a poker who chooses when to poke after seeing the path. The estimator runs in the twin, which equals the
 * contract to the wei (differential tests); one step is 30 seconds. Whoever pokes decides which moment of an interval of
 * 15 minutes is the sample; what he gains is the bias of the estimate, as its time average over the true variance.
 */

const STEP = 30;
const DAYS = 30;
const WARM_UP_DAYS = 5;
const ANNUAL_VOLATILITY = 0.8;
const WAD = 10n ** 18n;
const GRID = Number(VolatilityMath.GRID);

/** What a poker sees: time since the last sample, the return since then, and time since the interval began. */
interface View {
  readonly elapsed: number;
  readonly move: number;
  readonly intoInterval: number;
}
type Poker = (view: View, typical: number) => boolean;

/** Others who refresh at times `phase` after multiples of `period` seconds; never when that is 0. */
interface Keepers {
  readonly name: string;
  readonly period: number;
  readonly phase: number;
}
const NOBODY: Keepers = { name: "nobody else", period: 0, phase: 0 };

/** Numbers in [0, 1), seeded (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Log prices of a path with constant volatility. */
function drawPath(seed: number): Float64Array {
  const next = uniform(seed);
  const deviation = ANNUAL_VOLATILITY * Math.sqrt(STEP / 31_536_000);
  const path = new Float64Array((DAYS * 86_400) / STEP);
  for (let i = 1; i < path.length; i++) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    path[i] = path[i - 1]! + deviation * normal;
  }
  return path;
}

const TRUE_VARIANCE = ANNUAL_VOLATILITY ** 2 / 31_536_000;

/**
 * @param poker decides at each step of an interval without sample whether this one is the sample
 * @returns time average of what readers see of the fast estimate, over the true variance
 */
function biasOf(path: Float64Array, poker: Poker, keepers: Keepers): number {
  const price = (i: number) => BigInt(Math.round(Math.exp(path[i]!) * 1e12)) * 10n ** 9n;
  let [sampledStep, stored] = [0, BigInt(Math.round(TRUE_VARIANCE * 1e18))];
  let [sum, count] = [0, 0];
  const typical = Math.sqrt(TRUE_VARIANCE * GRID);
  for (let i = 1; i < path.length; i++) {
    const [time, sampledAt] = [i * STEP, sampledStep * STEP];
    if (Math.floor(time / GRID) > Math.floor(sampledAt / GRID)) {
      const elapsed = time - sampledAt;
      const view = { elapsed, move: path[i]! - path[sampledStep]!, intoInterval: time % GRID };
      if ((keepers.period > 0 && time % keepers.period === keepers.phase) || poker(view, typical)) {
        const realized = VolatilityMath.realizedVarianceUp(price(i), price(sampledStep), BigInt(elapsed));
        stored = VolatilityMath.blendUp(stored, realized, { elapsed: BigInt(elapsed), tau: VolatilityMath.FAST_TIME });
        sampledStep = i;
      }
    }
    // Readers look every 15 minutes, half an interval away from the grid.
    if (time % GRID === GRID / 2 && time > WARM_UP_DAYS * 86_400) {
      const elapsed = BigInt(time - sampledStep * STEP);
      const realized = VolatilityMath.realizedVarianceUp(price(i), price(sampledStep), elapsed);
      const preview = VolatilityMath.blendUp(stored, realized, { elapsed, tau: VolatilityMath.FAST_TIME });
      sum += Number(preview > stored ? preview : stored) / Number(WAD);
      count++;
    }
  }
  return sum / count / TRUE_VARIANCE;
}

const SHARES = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2];
const LAST_STEP = GRID - STEP;

/** Pokes when the price is back where it was, or has run far, and waits to the end of the interval or as long as it takes. */
const POKERS: readonly [name: string, poker: Poker][] = SHARES.flatMap((share) => [
  [`calm ${share}`, ({ move, intoInterval }, typical) => Math.abs(move) < share * typical || intoInterval >= LAST_STEP],
  [`patient calm ${share}`, ({ move }, typical) => Math.abs(move) < share * typical],
  [
    `patient calm ${share} for the time`,
    ({ move, elapsed }, typical) => Math.abs(move) < share * typical * Math.sqrt(elapsed / GRID),
  ],
  [
    `wild ${share}`,
    ({ move, elapsed, intoInterval }, typical) =>
      Math.abs(move) > share * typical * Math.sqrt(elapsed / GRID) || intoInterval >= LAST_STEP,
  ],
  [
    `patient wild ${share}`,
    ({ move, elapsed }, typical) => Math.abs(move) > share * typical * Math.sqrt(elapsed / GRID),
  ],
]);
const REGULAR: Poker = () => true;
const NEVER: Poker = () => false;

describe("VOL-01: a poker who chooses when to poke after seeing the path", () => {
  const seed = Number(seedOfRun());
  const paths = [1, 2].map((i) => drawPath(seed + i));
  const mean = (poker: Poker, keepers: Keepers) =>
    paths.reduce((sum, path) => sum + biasOf(path, poker, keepers), 0) / paths.length;

  /** Lowest and highest estimate that any poker brings about, over the one with regular refreshes alone. */
  function range(keepers: Keepers): { low: number; high: number } {
    const regular = mean(REGULAR, NOBODY);
    const biases = POKERS.map(([name, poker]) => ({ name, bias: mean(poker, keepers) / regular }));
    biases.sort((a, b) => a.bias - b.bias);
    const [lowest, highest] = [biases[0]!, biases[biases.length - 1]!];
    console.log(
      `      ${keepers.name}: ${lowest.bias.toFixed(3)} (${lowest.name}) to ${highest.bias.toFixed(3)} (${highest.name})`,
    );
    return { low: lowest.bias, high: highest.bias };
  }

  it("regular refreshes estimate the truth", () => {
    expect(mean(REGULAR, NOBODY)).to.be.within(0.9, 1.15);
  });

  it("where keepers refresh every 150 s (maxGap / 2), he moves the estimate by less than 5%", () => {
    const { low, high } = range({ name: "keepers every 150 s", period: 150, phase: 120 });
    expect(low).to.be.above(0.95);
    expect(high).to.be.below(1.05);
  });

  it("where a keeper opens each interval, he moves nothing", () => {
    const keepers = { name: "a keeper at the start of each interval", period: GRID, phase: 0 };
    const alone = mean(NEVER, keepers);
    for (const [name, poker] of POKERS) expect(mean(poker, keepers) === alone, name).to.equal(true);
  });

  it("where nobody else refreshes, what he can do is bounded too", () => {
    const { low, high } = range(NOBODY);
    expect(low).to.be.above(1 / 4);
    expect(high).to.be.below(2);
  });
});

import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { expect } from "chai";

import { SampleError, SeriesError } from "../../../scripts/risk/errors.ts";
import { calibrate, residualsOf } from "../../../scripts/risk/forecast/calibrate.ts";
import { fitJumps } from "../../../scripts/risk/forecast/jumps.ts";
import { minimise } from "../../../scripts/risk/forecast/minimise.ts";
import { ewma, fitGjr, nextVariance } from "../../../scripts/risk/forecast/variance.ts";
import { decode, hourlyReturns, recordedHistory } from "../../../scripts/risk/paths/history.ts";
import { fillPath, HOURS_PER_YEAR } from "../../../scripts/risk/paths/models.ts";
import type { PathModel } from "../../../scripts/risk/paths/models.ts";
import { PathRandom } from "../../../scripts/risk/paths/PathRandom.ts";
import { expectNear } from "./support/near.ts";

/** Mean and variance. */
function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return { mean, variance: list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length };
}

/** Last prices of many paths of a day that begin at 1. */
function ends(model: PathModel, paths: number): Float64Array {
  const random = new PathRandom();
  const path = new Float64Array(24);
  return Float64Array.from({ length: paths }, (_, index) => {
    random.start(11, index);
    fillPath(model, random, 1, path);
    return path[23] ?? Number.NaN;
  });
}

describe("price paths (RSK-10)", () => {
  const PATHS = 20_000;
  const day = (volatility: number) => (volatility * volatility * 24) / HOURS_PER_YEAR;

  it("RSK-10: xoshiro128** is the published generator", () => {
    // First outputs from the state 1, 2, 3, 4, as its authors' C code gives them.
    const random = new PathRandom();
    random.setState(1, 2, 3, 4);
    const outputs = Array.from({ length: 10 }, () => random.integer());
    const published = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(outputs).to.deep.equal(published);
  });

  it("RSK-10: uniform, normal and Poisson draws have their moments; paths beside each other have nothing in common", () => {
    const random = new PathRandom();
    random.start(1, 1);
    const draw = (of: () => number) => moments(Float64Array.from({ length: 100_000 }, of));
    const uniform = draw(() => random.uniform());
    expectNear(uniform.mean, 0.5, 0.005);
    expectNear(uniform.variance, 1 / 12, 0.002);
    const normal = draw(() => random.normal());
    expectNear(normal.mean, 0, 0.015);
    expectNear(normal.variance, 1, 0.02);
    const poisson = draw(() => random.poisson(0.3));
    expectNear(poisson.mean, 0.3, 0.01);
    expectNear(poisson.variance, 0.3, 0.012);
    const first = Float64Array.from({ length: PATHS }, (_, path) => {
      random.start(1, path);
      return random.normal();
    });
    const { mean, variance } = moments(first);
    expectNear(mean, 0, 4 / Math.sqrt(PATHS));
    expectNear(variance, 1, 0.05);
    const products = moments(first.subarray(1).map((each, index) => each * (first[index] ?? 0)));
    expectNear(products.mean, 0, 4 / Math.sqrt(PATHS), "correlation of neighbours");
  });

  it("RSK-10: Brownian paths are a martingale with the variance asked for", () => {
    const last = ends({ kind: "gbm", volatility: 0.9 }, PATHS);
    expectNear(moments(last).mean, 1, 4 * Math.sqrt(day(0.9) / PATHS));
    expectNear(moments(last.map(Math.log)).variance, day(0.9), 0.05 * day(0.9));
    // -s^2 / 2 in the logarithm.
    expectNear(moments(last.map(Math.log)).mean, -day(0.9) / 2, 4 * Math.sqrt(day(0.9) / PATHS));
  });

  it("RSK-10: Merton's jumps are compensated, and add lambda (mean^2 + deviation^2) to the variance", () => {
    const jumps = { jumpsPerYear: 400, jumpMean: -0.05, jumpDeviation: 0.08 };
    const last = ends({ kind: "jump", volatility: 0.5, ...jumps }, PATHS);
    const variance = day(0.5) + ((400 * 24) / HOURS_PER_YEAR) * (0.05 ** 2 + 0.08 ** 2);
    expectNear(moments(last).mean, 1, 4.5 * Math.sqrt(variance / PATHS));
    expectNear(moments(last.map(Math.log)).variance, variance, 0.08 * variance);
  });

  it("RSK-10: filtered paths begin with the variance asked for and carry what is drawn", () => {
    const residuals = Float64Array.from([-1, 1]);
    const path = new Float64Array(2);
    const random = new PathRandom();
    const law = { omega: 1e-5, alpha: 0.1, gamma: 0.2, beta: 0.6 };
    const seen = new Set<string>();
    for (let index = 0; index < 40; index++) {
      random.start(2, index);
      fillPath({ kind: "fhs-gjr", ...law, variance: 4e-4, residuals }, random, 100, path);
      const [first = 0, second = 0] = path;
      const move = Math.log(first / 100);
      expectNear(Math.abs(move), 0.02, 1e-12);
      // After a fall the news weighs alpha + gamma.
      const next = Math.sqrt(1e-5 + (move < 0 ? 0.3 : 0.1) * 4e-4 + 0.6 * 4e-4);
      expectNear(Math.abs(Math.log(second / first)), next, 1e-12);
      seen.add(`${Math.sign(move)}${Math.sign(second - first)}`);
    }
    expect(seen.size).to.equal(4);
  });
});

describe("models of recorded hours (RSK-10)", function () {
  this.timeout(20_000);

  /** Returns of a known law. */
  function simulated(count: number): Float64Array {
    const law = { omega: 2e-6, alpha: 0.05, gamma: 0.06, beta: 0.88 };
    const random = new PathRandom();
    random.start(21, 0);
    let variance = 5e-5;
    return Float64Array.from({ length: count }, () => {
      const move = Math.sqrt(variance) * random.normal();
      variance = nextVariance(law, variance, move);
      return move;
    });
  }

  it("RSK-10: the fit of GJR-GARCH finds the law that made the returns", () => {
    const law = fitGjr(simulated(40_000));
    expectNear(law.alpha, 0.05, 0.015);
    expectNear(law.gamma, 0.06, 0.02);
    expectNear(law.beta, 0.88, 0.02);
    expect(() => fitGjr(new Float64Array(999)))
      .to.throw(SampleError)
      .with.property("size", 999);
  });

  it("RSK-10: Nelder and Mead find the bottom of Rosenbrock's valley", () => {
    const valley = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    const { point, value } = minimise(valley, [-1.2, 1], { tolerance: 1e-14 });
    expectNear(point[0] ?? 0, 1, 1e-4);
    expectNear(point[1] ?? 0, 1, 1e-4);
    expect(value).to.be.lessThan(1e-8);
  });

  it("RSK-10: the jump test finds jumps that were put in, and few where there are none", () => {
    const random = new PathRandom();
    random.start(31, 0);
    const calm = Float64Array.from({ length: 20_000 }, () => 0.005 * random.normal());
    expect(fitJumps(calm).jumpsPerYear).to.be.lessThan((3 / 20_000) * HOURS_PER_YEAR);
    const shaken = calm.map((move, index) => (index % 400 === 200 ? move - 0.08 : move));
    const fitted = fitJumps(shaken);
    expectNear(fitted.jumpsPerYear, HOURS_PER_YEAR / 400, 0.05 * (HOURS_PER_YEAR / 400));
    expectNear(fitted.jumpMean, -0.08, 0.003);
    expectNear(fitted.volatility, 0.005 * Math.sqrt(HOURS_PER_YEAR), 0.02);
    expect(() => fitJumps(calm.subarray(0, 779))).to.throw(SampleError);
  });

  it("RSK-10: residuals have mean 0 and variance 1, and every kind of model is made from the recorded hours", () => {
    const { returns } = hourlyReturns(recordedHistory());
    const { mean, variance } = moments(residualsOf(ewma(0.94), returns));
    expectNear(mean, 0, 1e-12);
    expectNear(variance, 1, 1e-9);
    for (const kind of ["gbm", "jump", "fhs-ewma"] as const) {
      expect(calibrate(kind, returns.subarray(0, 8_000), 0.9).kind).to.equal(kind);
    }
  });
});

describe("the recorded hours that ship with the project (RSK-10)", () => {
  const PATH = new URL("../../../scripts/risk/data/eth-hourly.json", import.meta.url);
  type Recorded = Parameters<typeof decode>[0];
  const recorded = JSON.parse(readFileSync(PATH, "utf8")) as Recorded;
  /** Four closes: 100.00, 101.00, 99.50, 99.50. */
  const small: Recorded = {
    ...recorded,
    count: 4,
    gaps: [[2, 3]],
    closes: deflateRawSync(Buffer.from([0xa0, 0x9c, 0x01, 0xc8, 0x01, 0xab, 0x02, 0x00])).toString("base64"),
  };

  it("RSK-10: are ETH's closes of five years, with the gaps of the venue", () => {
    const { closes, times } = recordedHistory();
    expect(closes).to.have.lengthOf(43_703);
    expect([closes[0], closes.at(-1)]).to.deep.equal([727.62, 1196.13]);
    expect(new Date((times.at(-1) ?? 0) * 1_000).toISOString()).to.equal("2022-12-31T23:00:00.000Z");
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(steps.filter((step) => step !== 3_600)).to.have.lengthOf(26);
    expect(Math.max(...steps)).to.equal(34 * 3_600);
    // 12 March 2020, 10:00 to 11:00 UTC, and no return over a gap.
    const { returns, times: ofReturns } = hourlyReturns(recordedHistory());
    expect(returns).to.have.lengthOf(43_703 - 1 - 26);
    const at = ofReturns.indexOf(Date.UTC(2020, 2, 12, 10) / 1_000);
    expect(returns[at]).to.be.lessThan(-0.12);
  });

  it("RSK-10: are read as they are written down: differences, signs, gaps", () => {
    const { closes, times } = decode(small);
    expect([...closes]).to.deep.equal([100, 101, 99.5, 99.5]);
    expect([...times].map((time) => (time - (times[0] ?? 0)) / 3_600)).to.deep.equal([0, 1, 5, 6]);
  });

  const broken: readonly [name: string, change: Partial<Recorded>, message: string][] = [
    ["a start that is no time", { start: "soon" }, 'series "ETH": start "soon" is no time'],
    ["a close that is cut off", { count: 5 }, 'series "ETH": ends within a close'],
    ["bytes that belong to nothing", { count: 3 }, 'series "ETH": 1 bytes follow the last close'],
    [
      "a close of nothing",
      { count: 1, closes: deflateRawSync(Buffer.from([0x00])).toString("base64") },
      'series "ETH": close 1 is not above 0',
    ],
  ];
  for (const [name, change, message] of broken) {
    it(`RSK-10: refuses ${name}`, () => {
      expect(() => decode({ ...small, ...change }))
        .to.throw(SeriesError, message)
        .with.property("series", "ETH");
    });
  }
});

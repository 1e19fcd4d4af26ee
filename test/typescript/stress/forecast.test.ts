import { expect } from "chai";

import { RISK_PARAMETERS } from "../../../deploy/modules/defaults.ts";
import { SampleError } from "../../../scripts/risk/errors.ts";
import { dailyVariances, harForecasts, leastSquares } from "../../../scripts/risk/forecast/har.ts";
import {
  BACKTEST_LEVELS,
  boundsOf,
  FORECASTERS,
  LOOKBACK,
  studentBound,
} from "../../../scripts/risk/forecast/rolling.ts";
import { startOf } from "../../../scripts/risk/kernel/book.ts";
import { BookSide } from "../../../scripts/risk/kernel/BookSide.ts";
import { Margin, Volatility } from "../../../scripts/risk/kernel/constants.ts";
import { parametersOf } from "../../../scripts/risk/kernel/parameters.ts";
import { expectedExcess, RiskControl } from "../../../scripts/risk/kernel/RiskControl.ts";
import { hourlyReturns, recordedHistory } from "../../../scripts/risk/paths/history.ts";
import { PathRandom } from "../../../scripts/risk/paths/PathRandom.ts";
import { predict } from "../../../scripts/risk/studies/predictor.ts";
import { distancesOf, liquidationMap, pressureAt, touchProbability } from "../../../scripts/risk/studies/pressure.ts";
import * as reserve from "../../../sdk/math/ReserveMath.ts";
import { MIN_VARIANCE } from "../../../sdk/math/RiskMath.ts";
import { expectNear } from "./support/near.ts";
import { BigintOracle } from "./support/twin-oracle.ts";
import { toWad } from "./support/twin-fund.ts";

const series = hourlyReturns(recordedHistory());
const PRICE = 2_000;

describe("bounds of one hour (RSK-10, FND-03)", function () {
  this.timeout(20_000);

  it("RSK-10: no forecast knows what comes after its hour", () => {
    const count = LOOKBACK + 500;
    const returns = series.returns.slice(0, count);
    const changed = returns.map((move, hour) => (hour < LOOKBACK + 300 ? move : 3 * move + 0.01));
    for (const forecaster of FORECASTERS) {
      const [before, after] = [boundsOf(forecaster, returns), boundsOf(forecaster, changed)];
      BACKTEST_LEVELS.forEach((level, index) => {
        const [one, other] = [before[index] ?? new Float64Array(), after[index] ?? new Float64Array()];
        // The bound of the first changed hour is still the same: it was given before.
        expect([...one.subarray(0, LOOKBACK + 301)], `${forecaster}, ${level}`).to.deep.equal([
          ...other.subarray(0, LOOKBACK + 301),
        ]);
        expect(one[LOOKBACK + 301], `${forecaster}, ${level}`).not.to.equal(other[LOOKBACK + 301]);
      });
    }
  });

  it("FND-03: the law's bound at 99.9% is the twins': 8.6103 kappa of the oracle's own variance", () => {
    const returns = series.returns.slice(0, 200);
    const bounds = boundsOf("law", returns)[1] ?? new Float64Array();
    const variance = Volatility.floor;
    const start = { price: 1, fast: variance, slow: variance, samplePrice: 1, sampledAt: 0, average: 1, readAt: 0 };
    const oracle = new BigintOracle(start);
    let price = 1;
    returns.forEach((move, hour) => {
      const scale = reserve.scaleUp(oracle.fast, oracle.slow, MIN_VARIANCE);
      expectNear(bounds[hour] ?? 0, (Number(scale) / 1e18) * (Number(reserve.QUANTILE) / 1e18), 1e-6, `hour ${hour}`);
      price *= Math.exp(move);
      oracle.refresh(toWad(price), BigInt(hour + 1) * 3_600n);
    });
  });

  it("FND-03: quantile, tail and excess of Student's law fit each other and the twins", () => {
    for (const level of [0.5, 0.9, 0.99, 0.999, 0.9999]) {
      expectNear(touchProbability(studentBound(level)), 1 - level, 1e-12);
    }
    expectNear(studentBound(0.999), Number(reserve.QUANTILE) / 1e18, 5e-5);
    for (const [margin, scale] of [
      [0.03, 0.003],
      [0.04, 0.01],
      [0.2, 0.02],
    ] as const) {
      const twin = Number(reserve.expectedExcessUp(toWad(margin), toWad(scale))) / 1e18;
      expectNear(expectedExcess(margin, scale), twin, 1e-12);
      const tail = Number(reserve.tailProbabilityUp(toWad(margin), toWad(scale))) / 1e18;
      expectNear(touchProbability(margin / scale), tail, 1e-12);
      // E[(|R| - M)+] is the integral of the tail beyond M.
      let integral = 0;
      const step = scale / 200;
      for (let at = margin; at < margin + 400 * scale; at += step)
        integral += step * touchProbability((at + step / 2) / scale);
      expectNear(integral / twin, 1, 2e-3);
    }
  });
});

describe("the predictor of liquidation pressure (RSK-10)", function () {
  this.timeout(20_000);
  const parameters = parametersOf("major", { capital: { reserve: 1e6, junior: 0, senior: 0, reinsurance: 0 } });
  const start = startOf(parameters, { accounts: 200, seed: 1, price: PRICE, volatility: 0.9, use: 0.8 });
  const addOn = parameters.addOn * Margin.addOnUnit;

  it("RSK-10: least squares find the plane that was put in", () => {
    const random = new PathRandom();
    random.start(4, 4);
    const rows = Array.from({ length: 50 }, () => [1, random.normal(), random.normal(), random.normal()]);
    const weights = [0.5, -2, 3, 0.25];
    const targets = rows.map((row) => row.reduce((sum, value, term) => sum + value * (weights[term] ?? 0), 0));
    leastSquares(rows, targets).forEach((weight, term) => expectNear(weight, weights[term] ?? 0, 1e-10));
  });

  it("RSK-10: HAR uses no day after the one on which it is made, and needs a year and a month", () => {
    const { variances } = dailyVariances(series.times, series.returns);
    const some = variances.slice(0, 500);
    const changed = some.map((variance, day) => (day < 450 ? variance : 5 * variance));
    const [before, after] = [harForecasts(some), harForecasts(changed)];
    expect([...before.subarray(0, 450)]).to.deep.equal([...after.subarray(0, 450)]);
    expect(before[450]).not.to.equal(after[450]);
    expect(Number.isNaN(before[386])).to.equal(true);
    expect(Number.isNaN(before[387])).to.equal(false);
    expect(() => harForecasts(some.slice(0, 387)))
      .to.throw(SampleError)
      .with.property("size", 387);
  });

  it("RSK-10: a day's variance is the sum of its squared returns, scaled where hours are missing", () => {
    const times = Float64Array.from({ length: 44 }, (_, hour) => (hour < 24 ? hour : hour + 4) * 3_600);
    const returns = Float64Array.from({ length: 44 }, () => 0.01);
    const { days, variances } = dailyVariances(times, returns);
    expect(days).to.deep.equal([0, 1]);
    variances.forEach((variance) => expectNear(variance, 24e-4, 1e-12));
    expect(dailyVariances(times.subarray(0, 43), returns.subarray(0, 43)).days).to.deep.equal([0]);
  });

  it("RSK-10: what docs/risk-engine.md says of its skill: HAR beats yesterday and the oracle's average in variance", () => {
    const { ahead, next, skill } = predict(series, parameters, start);
    expect(skill.map(({ against }) => against)).to.deep.equal(["yesterday", "oracle", "rule"]);
    expect(ahead.days).to.equal(skill[0]?.variance.days);
    expect(ahead.beyondEither).to.be.at.most(ahead.beyondRule);
    expect(ahead.raised).to.be.within(1, ahead.days - 1);
    for (const { pressure, variance } of skill) {
      expect(variance.days).to.be.greaterThan(1_400);
      expect(variance.statistic).to.be.lessThan(0);
      expect(variance.pValue).to.be.lessThan(0.01);
      // Of liquidations themselves it says less: against the oracle's average chance explains the difference.
      expect(pressure.statistic).to.be.lessThan(0);
    }
    expect(skill[1]?.pressure.pValue).to.be.greaterThan(0.05);
    const { floor, cap } = { floor: RISK_PARAMETERS[0].maintenanceFloor, cap: RISK_PARAMETERS[0].maintenanceCap };
    for (const { maintenance, pressure } of Object.values(next)) {
      expect(maintenance).to.be.within(floor, cap);
      expect(pressure).to.be.within(0, 1);
    }
  });

  it("RSK-10: each account is liquidated at its distance and not before", () => {
    const { longs, shorts } = distancesOf(start, new RiskControl(parameters), addOn);
    const rate = start.controlled.rateSet / Margin.rateOne;
    for (const [distances, side] of [
      [longs, new BookSide(1, start.longs, true)],
      [shorts, new BookSide(-1, start.shorts, true)],
    ] as const) {
      side.reset();
      distances.forEach(({ distance }, account) => {
        const at = (log: number) => side.isBelow(account, PRICE * Math.exp(-side.sign * log), rate, addOn);
        expect(at(distance * (1 - 1e-9)), `before ${distance}`).to.equal(false);
        expect(at(distance * (1 + 1e-9)), `beyond ${distance}`).to.equal(true);
      });
      expectNear(
        distances.reduce((sum, { share }) => sum + share, 0),
        1,
        1e-12,
      );
    }
  });

  it("RSK-10: pressure rises with variance, from nothing to everything", () => {
    const distances = distancesOf(start, new RiskControl(parameters), addOn);
    const pressures = [1e-8, 1e-5, 1e-4, 1e-3, 1e-2, 1e4].map((variance) => pressureAt(distances, variance));
    pressures.slice(1).forEach((pressure, index) => expect(pressure).to.be.greaterThan(pressures[index] ?? 1));
    expectNear(pressures[0] ?? 1, 0, 1e-6);
    expectNear(pressures.at(-1) ?? 0, 1, 0.02);
  });

  it("RSK-10: the map is empty where nothing moves, and fills away from there", () => {
    const map = liquidationMap(start, new RiskControl(parameters), addOn);
    expect(map).to.have.lengthOf(81);
    expect(map[40]).to.deep.equal({ move: 0, longs: 0, shorts: 0 });
    map.slice(1).forEach(({ longs, shorts }, index) => {
      expect(longs).to.be.at.most(map[index]?.longs ?? 0);
      expect(shorts).to.be.at.least(map[index]?.shorts ?? 1);
    });
    expect(map[0]?.longs).to.be.greaterThan(0.5);
    expect(map[80]?.shorts).to.be.greaterThan(0.2);
  });
});

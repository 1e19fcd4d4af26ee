import { expect } from "chai";

import { SampleError } from "../../../scripts/risk/errors.ts";
import { ewma, nextVariance } from "../../../scripts/risk/forecast/variance.ts";
import { PathRandom } from "../../../scripts/risk/paths/PathRandom.ts";
import {
  backtest,
  binomialAtMost,
  independence,
  proportionOfFailures,
  zoneOf,
} from "../../../scripts/risk/statistics/backtest.ts";
import { chiSquareTail, normalTwoSided } from "../../../scripts/risk/statistics/gamma.ts";
import { dieboldMariano, qlike } from "../../../scripts/risk/statistics/skill.ts";
import { expectedShortfall, proportion, tailRiskOf, valueAtRisk } from "../../../scripts/risk/statistics/tail.ts";
import vectors from "../../vectors/backtests.json" with { type: "json" };
import volatilities from "../../vectors/ewma.json" with { type: "json" };
import { expectNear } from "./support/near.ts";

/** Half a unit of the last digit that was printed. */
function printed(digits: string): number {
  const [, fraction = ""] = digits.split(".");
  return 0.5 * 10 ** -fraction.length;
}

describe("statistics of the stress command (RSK-10, docs/vectors.md)", () => {
  it("RSK-10: Kupiec's ratio and p-value are the published ones", () => {
    for (const { failures, pValue, probability, ratio, trials } of vectors.proportionOfFailures.cases) {
      const test = proportionOfFailures(failures, trials, probability);
      expectNear(test.ratio, Number(ratio), printed(ratio));
      expectNear(test.pValue, Number(pValue), printed(pValue));
    }
    for (const { failures, probability, ratio, trials } of vectors.proportionOfFailures.known) {
      expectNear(proportionOfFailures(failures, trials, probability).ratio, ratio, 1e-9);
    }
  });

  it("RSK-10: Kupiec's regions of no rejection begin and end where they were tabulated", () => {
    for (const { high, low, probability, trials } of vectors.nonRejection.rows) {
      const p = (failures: number) => proportionOfFailures(failures, trials, probability).pValue;
      expect(p(low)).to.be.greaterThan(0.05);
      expect(p(high)).to.be.greaterThan(0.05);
      expect(p(low - 1)).to.be.lessThan(0.05);
      expect(p(high + 1)).to.be.lessThan(0.05);
    }
  });

  it("RSK-10: the traffic light changes where Basel's table does, and counts the binomial law", () => {
    for (const { failures, zone } of vectors.trafficLight.rows) expect(zoneOf(failures, 250, 0.01)).to.equal(zone);
    for (const { failures, percent } of vectors.trafficLight.cumulative.rows) {
      expectNear(100 * binomialAtMost(failures, 250, 0.01), percent, 0.00005);
    }
  });

  it("RSK-10: chi-square tails at the critical values", () => {
    for (const { tail, x } of vectors.chiSquare.quantiles) expectNear(chiSquareTail(x, 1), tail, 1e-12);
    // Two degrees of freedom: an exponential law.
    expectNear(chiSquareTail(3, 2), Math.exp(-1.5), 1e-14);
    expectNear(normalTwoSided(-1.959963984540054), 0.05, 1e-13);
    expect(chiSquareTail(0, 1)).to.equal(1);
  });

  it("RSK-10: value at risk and expected shortfall of the worked examples, and VaR is not subadditive", () => {
    for (const { expectedShortfall: shortfall, level, name, outcomes, valueAtRisk: value } of vectors.tail.cases) {
      const weighed = outcomes.map(([loss = 0, probability = 0]) => ({ loss, probability }));
      expect(valueAtRisk(weighed, level), name).to.equal(value);
      expectNear(expectedShortfall(weighed, level), shortfall, 1e-9, name);
    }
  });

  it("RSK-10: one step of EWMA as in Hull's exercise", () => {
    for (const { expected, from, lambda, return: kind, to, volatility } of volatilities.cases) {
      const move = kind === "log" ? Math.log(to / from) : to / from - 1;
      expectNear(Math.sqrt(nextVariance(ewma(lambda), volatility ** 2, move)), expected, 5e-7);
    }
  });

  it("RSK-10: independence counts what follows a failure", () => {
    // 0 0 1 1 0 0 0 1 0 0: after a fine hour 4 fine and 2 failed, after a failed one 2 fine and 1 failed: a third both times.
    const apart = independence([0, 0, 1, 1, 0, 0, 0, 1, 0, 0]);
    expectNear(apart.ratio, 0, 1e-12);
    expectNear(apart.pValue, 1, 1e-6);
    // Twenty failures in a row: 178 fine after fine, 1 failed; 1 fine after failed, 19 failed; against one rate for all 199.
    const clustered = [...Array<number>(100).fill(0), ...Array<number>(20).fill(1), ...Array<number>(80).fill(0)];
    const memory = 178 * Math.log(178 / 179) + Math.log(1 / 179) + Math.log(1 / 20) + 19 * Math.log(19 / 20);
    const none = 179 * Math.log(179 / 199) + 20 * Math.log(20 / 199);
    expectNear(independence(clustered).ratio, 2 * (memory - none), 1e-9);
    expect(independence(clustered).pValue).to.be.lessThan(1e-20);
    const both = backtest(clustered, 0.1);
    expect([both.trials, both.failures, both.expected]).to.deep.equal([200, 20, 20]);
    expectNear(both.coverage.ratio, 0, 1e-12);
    expectNear(both.conditional.ratio, both.independence.ratio, 1e-9);
    expectNear(both.conditional.pValue, Math.exp(-both.conditional.ratio / 2), 1e-12);
  });

  it("RSK-10: Wilson's interval at its edges and in the middle", () => {
    // With no hit in n: 0 to z^2 / (n + z^2).
    const square = 1.959963984540054 ** 2;
    expect(proportion(0, 100)).to.deep.equal({ value: 0, low: 0, high: proportion(0, 100).high });
    expectNear(proportion(0, 100).high, square / (100 + square), 1e-12);
    expectNear(proportion(100, 100).low, 100 / (100 + square), 1e-12);
    expect(proportion(100, 100).high).to.equal(1);
    const half = proportion(50, 100);
    expectNear(half.low + half.high, 1, 1e-12);
    // The bounds are the rates from which 1/2 is z standard errors away.
    expectNear((0.5 - half.low) / Math.sqrt((half.low * (1 - half.low)) / 100), Math.sqrt(square), 1e-9);
    expect(() => proportion(0, 0)).to.throw(SampleError);
  });

  it("RSK-10: the intervals of value at risk and expected shortfall hold what they are meant to, 95 times in 100", () => {
    const random = new PathRandom();
    const [level, size, runs] = [0.95, 1_000, 400];
    // Exponential losses: VaR = -ln(1 - level), and ES is one more.
    const [value, shortfall] = [-Math.log(1 - level), 1 - Math.log(1 - level)];
    let [hits, wide] = [0, 0];
    for (let run = 0; run < runs; run++) {
      random.start(5, run);
      const risk = tailRiskOf(
        Float64Array.from({ length: size }, () => -Math.log(random.uniform())),
        level,
      );
      if (risk.valueAtRisk.low <= value && value <= risk.valueAtRisk.high) hits++;
      if (risk.expectedShortfall.low <= shortfall && shortfall <= risk.expectedShortfall.high) wide++;
    }
    // Four standard errors of 400 draws at 95% are 4.4 points; a tail of 50 is a little short for the asymptotic interval.
    expect(hits / runs).to.be.within(0.906, 0.994);
    expect(wide / runs).to.be.within(0.88, 0.994);
  });

  it("RSK-10: a sample's tail is its worst part", () => {
    const risk = tailRiskOf(
      Float64Array.from({ length: 1_000 }, (_, index) => (index * 7) % 1_000),
      0.98,
    );
    // 980 to 999 are the worst twenty; what is exceeded by twenty of a thousand is 979.
    expect(risk.valueAtRisk.value).to.equal(979);
    expect(risk.expectedShortfall.value).to.equal(989.5);
    expect(() => tailRiskOf(new Float64Array(999), 0.99))
      .to.throw(SampleError, "a tail of 0.01 needs at least 1000 values and got 999")
      .with.property("size", 999);
  });

  it("RSK-10: QLIKE is 0 for the truth only, and punishes too little more than too much", () => {
    expect(qlike(2, 2)).to.equal(0);
    expectNear(qlike(1, 2), 2 - Math.log(2) - 1, 1e-15);
    expect(qlike(1, 2)).to.be.greaterThan(qlike(2, 1));
  });

  it("RSK-10: Diebold and Mariano's test finds no difference where there is none, and its sign where there is", () => {
    const random = new PathRandom();
    let rejected = 0;
    for (let run = 0; run < 300; run++) {
      random.start(9, run);
      const [one, other] = [0, 1].map(() => Array.from({ length: 400 }, () => random.normal() ** 2));
      if (dieboldMariano(one ?? [], other ?? []).pValue < 0.05) rejected++;
    }
    expect(rejected / 300).to.be.within(0.01, 0.1);
    const good = Array.from({ length: 400 }, () => random.normal() ** 2);
    const test = dieboldMariano(
      good,
      good.map((loss, index) => loss + 0.5 + (index % 3) / 10),
    );
    expect(test.statistic).to.be.lessThan(-4);
    expectNear(test.meanLossOfOther - test.meanLoss, 0.6, 0.01);
    expect(() => dieboldMariano([1], [2])).to.throw(SampleError);
  });
});

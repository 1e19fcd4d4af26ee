import { expect } from "chai";

import { CLASS_NAMES } from "../../../scripts/crashes/data.ts";
import { WorkerError } from "../../../scripts/risk/errors.ts";
import { startOf } from "../../../scripts/risk/kernel/book.ts";
import { COLUMNS, Kernel } from "../../../scripts/risk/kernel/Kernel.ts";
import { incomeRateAt, secondsUntil } from "../../../scripts/risk/kernel/Liquidations.ts";
import { Observations } from "../../../scripts/risk/kernel/Observations.ts";
import { parametersOf } from "../../../scripts/risk/kernel/parameters.ts";
import type { StressParameters } from "../../../scripts/risk/kernel/parameters.ts";
import { RiskControl } from "../../../scripts/risk/kernel/RiskControl.ts";
import { fillPath } from "../../../scripts/risk/paths/models.ts";
import type { JumpModel } from "../../../scripts/risk/paths/models.ts";
import { PathRandom } from "../../../scripts/risk/paths/PathRandom.ts";
import { Pool } from "../../../scripts/risk/paths/Pool.ts";
import { simulateHere } from "../../../scripts/risk/paths/simulate.ts";
import { incomeRate } from "../../../sdk/math/AuctionMath.ts";
import { currentRateUp, settledRate } from "../../../sdk/math/MarginMath.ts";
import { BigintMarket, rowOf, toWad } from "./support/twin.ts";
import { expectNear } from "./support/near.ts";

const PATHS = 1_000;
const PRICE = 2_000;
/** Money figures are compared beside this much at least: a thousandth of the reserve. */
const LEAST_MONEY = 1_000;
/** Two jumps a day of a fifth: nothing like a market, but every branch is taken often. */
const VIOLENT: JumpModel = { kind: "jump", volatility: 1, jumpsPerYear: 700, jumpMean: 0, jumpDeviation: 0.2 };
/** Wei of base. */
const DUST = 1_000_000n;
const CAPITAL = { reserve: 1e6, junior: 1e4, senior: 1e4, reinsurance: 1e4 };

/** Every class, quick and slow bidders, cheap ones and ones whom nothing is enough. */
function parametersFor(index: number): StressParameters {
  const marketClass = CLASS_NAMES[index % CLASS_NAMES.length] ?? "major";
  const delay = [0, 300, 700, 1_000][index % 4] ?? 0;
  const cost = index % 11 === 0 ? 900 : index % 5 === 0 ? 200 : index % 7 === 0 ? 100 : 20;
  return parametersOf(marketClass, { capital: CAPITAL, bidders: { delay, cost } });
}

/** Prices that are the same number in both arithmetics. */
function pathOf(index: number, hours: number): Float64Array {
  const random = new PathRandom();
  random.start(1, index);
  const path = new Float64Array(hours);
  fillPath(VIOLENT, random, PRICE, path);
  return path.map((price) => Math.round(price * 2 ** 20) / 2 ** 20);
}

describe("the stress kernel", function () {
  this.timeout(60_000);

  it(`RSK-10: agrees with the bigint twins to 1e-9 on ${PATHS} paths, in counts exactly`, () => {
    const sums = new Float64Array(COLUMNS.length);
    let [worst, where] = [0, ""];
    for (let index = 0; index < PATHS; index++) {
      const parameters = parametersFor(index);
      const start = startOf(parameters, { accounts: 24, seed: index, price: PRICE, volatility: 0.9, use: 1 });
      const [kernel, twin] = [new Kernel(parameters, start), new BigintMarket(parameters, start)];
      const path = pathOf(index, 36);
      const row = new Float64Array(COLUMNS.length);
      kernel.run(path, row);
      for (const price of path) twin.step(toWad(price));
      const expected = rowOf(twin);
      COLUMNS.forEach((name, column) => {
        const [mine = 0, its = 0] = [row[column], expected[column]];
        sums[column] = (sums[column] ?? 0) + its;
        if (name === "bids" || name === "forced") expect(mine, `path ${index}, ${name}`).to.equal(its);
        const apart = Math.abs(mine - its) / Math.max(Math.abs(its), name === "lastPrice" ? 0 : LEAST_MONEY);
        if (apart > worst) [worst, where] = [apart, `path ${index}, ${name}: ${mine} and ${its}`];
      });
      twin.values.forEach((value, seat) => {
        const longs = kernel.longs.shares.length;
        const [side, account] = seat < longs ? [kernel.longs, seat] : [kernel.shorts, seat - longs];
        const [mine, its] = [side.valueOf(account, kernel.seen.price), Number(value) / 1e18];
        expectNear(mine, its, 1e-9 * Math.max(LEAST_MONEY, Math.abs(its)), `path ${index}, value of ${seat}`);
      });
      // Where all is closed a deleveraging leaves wei (R2a), of which rule and ratio mean nothing.
      if (twin.openInterest > DUST) {
        const set = [kernel.control.ratio, kernel.control.penaltyRate, kernel.control.gapRate].map(BigInt);
        expect(set, `path ${index}`).to.deep.equal([
          twin.control.ratio,
          twin.control.penaltyRate,
          twin.control.gapRate,
        ]);
      }
      expect(twin.unallocated).to.equal(0n);
    }
    expect(worst, where).to.be.at.most(1e-9);
    // A comparison of what never happened would say nothing.
    COLUMNS.forEach((name, column) => expect(sums[column], name).to.be.greaterThan(0));
  });

  it("RSK-10: leaving out accounts that the price does not reach changes not a bit", () => {
    for (let index = 0; index < 60; index++) {
      const parameters = parametersFor(index);
      const start = startOf(parameters, { accounts: 500, seed: index, price: PRICE, volatility: 0.9, use: 1 });
      const path = pathOf(index, 168);
      const rows = [false, true].map((exhaustive) => {
        const row = new Float64Array(COLUMNS.length);
        new Kernel(parameters, start, exhaustive).run(path, row);
        return [...row];
      });
      expect(rows[0], `path ${index}`).to.deep.equal(rows[1]);
    }
  });

  it("RSK-10, INV-03: what was short is paid by the layers and holders, and the reserve's account closes", () => {
    for (let index = 0; index < 60; index++) {
      const parameters = parametersFor(index);
      const start = startOf(parameters, { accounts: 100, seed: index, price: PRICE, volatility: 0.9, use: 1 });
      const row = new Float64Array(COLUMNS.length);
      new Kernel(parameters, start).run(pathOf(index, 168), row);
      const of = (name: (typeof COLUMNS)[number]) => row[COLUMNS.indexOf(name)] ?? Number.NaN;
      const paid = of("reserve") + of("junior") + of("senior") + of("reinsurance") + of("socialized");
      expectNear(paid, of("shortfall"), 1e-9 * Math.max(1, of("shortfall")));
      const left = CAPITAL.reserve - of("reserve") - of("rewards") + of("penalties") + of("premiums");
      expectNear(of("lastReserve"), left, 1e-9 * CAPITAL.reserve);
    }
  });

  it("RSK-10: a path comes to the same on any number of threads, and from the same seed again", async () => {
    const parameters = parametersFor(4);
    const start = startOf(parameters, { accounts: 40, seed: 3, price: PRICE, volatility: 0.9, use: 0.8 });
    const job = { parameters, start, model: VIOLENT, seed: 7, paths: 600, hours: 24 };
    const here = simulateHere(job);
    for (const threads of [1, 2]) {
      const pool = new Pool(threads);
      let done = 0;
      const there = await pool.run(job, (paths) => (done = paths));
      const again = await pool.run(job);
      await pool.close();
      expect([...there.rows]).to.deep.equal([...here.rows]);
      expect([...again.rows]).to.deep.equal([...here.rows]);
      expect(done).to.equal(job.paths);
    }
    expect([...simulateHere({ ...job, seed: 8 }).rows]).not.to.deep.equal([...here.rows]);
  });

  it("RSK-10: a thread that fails ends the run with its reason", async () => {
    const parameters = parametersFor(4);
    const start = startOf(parameters, { accounts: 10, seed: 3, price: PRICE, volatility: 0.9, use: 0.8 });
    const pool = new Pool(1);
    const job = { parameters, start, model: VIOLENT, seed: 7, paths: 10, hours: -1 };
    const error: unknown = await pool.run(job).catch((reason: unknown) => reason);
    await pool.close();
    expect(error).to.be.instanceOf(WorkerError);
    expect((error as WorkerError).message).to.equal("a worker thread failed: Invalid typed array length: -1");
    expect((error as WorkerError).cause).to.be.instanceOf(RangeError);
  });

  it("LIQ-02: k_time is the twin's, and secondsUntil its first second that pays", () => {
    for (let second = 0; second <= 1_201; second++) {
      expectNear(incomeRateAt(second), Number(incomeRate(BigInt(second))) / 1e18, 1e-15);
    }
    for (const wanted of [0, 0.02, 0.0201, 0.05, 0.1, 0.1001, 1 / 9, 0.3, 0.5]) {
      const second = secondsUntil(wanted) ?? Number.NaN;
      expect(incomeRateAt(second), `at ${wanted}`).to.be.at.least(wanted - 1e-12);
      if (second > 0) expect(incomeRateAt(second - 1), `before ${wanted}`).to.be.lessThan(wanted);
    }
    expect(secondsUntil(0.5)).to.equal(1_200);
    expect(secondsUntil(0.5 + 1e-9)).to.equal(undefined);
  });

  it("MRG-02: a target that changes between two hours leaves mmr where the twin leaves it", () => {
    const parameters = parametersFor(0);
    const start = startOf(parameters, { accounts: 10, seed: 1, price: PRICE, volatility: 0.9, use: 0.5 });
    for (const [rateSet, rateTarget, rateSetAt] of [
      [3_000, 5_000, 1_001],
      [6_000, 4_500, 2_999],
      [4_000, 4_000, 17],
      [3_990, 4_000, 17],
    ] as const) {
      const control = new RiskControl(parameters);
      control.load({ ...start.controlled, rateSet, rateTarget, rateSetAt });
      const seen = new Observations();
      seen.load(start.observed);
      control.sync(seen, 7_200, 10, 1e6);
      const ramp = { rateSet: BigInt(rateSet), rateTarget: BigInt(rateTarget), setAt: BigInt(rateSetAt) };
      const { rate, settledAt } = settledRate(ramp, 7_200n);
      expect([BigInt(control.rateSet), BigInt(control.rateSetAt)]).to.deep.equal([rate, settledAt]);
      expect(control.rateTarget).not.to.equal(rateTarget);
      for (const now of [7_200, 7_201, 9_000, 100_000]) {
        const next = { rateSet: rate, rateTarget: BigInt(control.rateTarget), setAt: settledAt };
        expect(BigInt(control.rateAt(now))).to.equal(currentRateUp(next, BigInt(now)));
      }
    }
  });

  it("FND-04: at rest the book fills its part of the cap, both sides alike, nobody below initial margin", () => {
    const parameters = parametersFor(0);
    const start = startOf(parameters, { accounts: 500, seed: 1, price: PRICE, volatility: 0.9, use: 0.8 });
    const sum = (values: Float64Array) => values.reduce((total, each) => total + each, 0);
    expectNear(sum(start.longs.base), 0.8 * start.controlled.cap, 1e-9 * start.controlled.cap);
    expectNear(sum(start.shorts.base), sum(start.longs.base), 1e-9 * start.controlled.cap);
    const initial = start.controlled.rateSet / 100_000 + 0.06;
    for (const [side, sign] of [
      [start.longs, 1],
      [start.shorts, -1],
    ] as const) {
      side.base.forEach((base, index) => {
        const value = (side.quote[index] ?? 0) + sign * base * PRICE;
        expect(value / (base * PRICE)).to.be.at.least(initial);
      });
    }
  });
});

import { expect } from "chai";

import { MarketClass, RISK_PARAMETERS } from "../../../deploy/modules/defaults.ts";
import { CLASS_NAMES, recordedCrashes } from "../../../scripts/crashes/data.ts";
import { parseOptions } from "../../../scripts/risk/options.ts";
import { startOf } from "../../../scripts/risk/kernel/book.ts";
import { Volatility } from "../../../scripts/risk/kernel/constants.ts";
import { COLUMNS, Kernel } from "../../../scripts/risk/kernel/Kernel.ts";
import { parametersOf } from "../../../scripts/risk/kernel/parameters.ts";
import { Outcomes } from "../../../scripts/risk/paths/simulate.ts";
import type { SkillTest } from "../../../scripts/risk/statistics/skill.ts";
import type { Prediction } from "../../../scripts/risk/studies/predictor.ts";
import { proposalsFrom } from "../../../scripts/risk/studies/proposals.ts";
import type { Evidence } from "../../../scripts/risk/studies/proposals.ts";
import { bisect, reverseStress } from "../../../scripts/risk/studies/reverse.ts";
import { exceedanceAt, summarize } from "../../../scripts/risk/studies/simulation.ts";
import type { Simulation } from "../../../scripts/risk/studies/simulation.ts";
import { mandateOf, tighten, withProposals } from "../../../scripts/risk/studies/steward.ts";
import { replayWindows, sweep } from "../../../scripts/risk/studies/windows.ts";
import type { WindowResult } from "../../../scripts/risk/studies/windows.ts";
import { scaleUp } from "../../../sdk/math/ReserveMath.ts";
import { highestVariance, maintenanceTargetUp, MIN_VARIANCE, shortfallUp } from "../../../sdk/math/RiskMath.ts";
import { expectNear } from "./support/near.ts";

const CAPITAL = { reserve: 1e6, junior: 0, senior: 0, reinsurance: 0 };
const [MAJOR] = RISK_PARAMETERS;

/** A simulation in which all is well. */
const QUIET: Simulation = {
  model: "gbm",
  paths: 10_000,
  openInterest: 1e6,
  target: 2e4,
  fund: [],
  gross: [
    {
      level: 0.999,
      valueAtRisk: { value: 1e3, low: 9e2, high: 2e3 },
      expectedShortfall: { value: 1e4, low: 8e3, high: 2e4 },
    },
  ],
  depletion: { value: 0, low: 0, high: 0.0004 },
  aboveTarget: { value: 0, low: 0, high: 0.0004 },
  mean: {
    reserve: 50,
    junior: 0,
    senior: 0,
    reinsurance: 0,
    socialized: 0,
    rewards: 10,
    penalties: 30,
    premiums: 100,
    bids: 1,
    forced: 1,
  },
  curve: [],
};
const BETTER: SkillTest = { days: 1_000, meanLoss: 0.3, meanLossOfOther: 0.5, statistic: -5, pValue: 0.001 };
const LOW = { volatility: 0.4, maintenance: 3_000, gap: 1e-6, pressure: 0 };
const HIGH = { volatility: 1, maintenance: 4_274, gap: 1.2e-6, pressure: 0.1 };
/** Tomorrow is forecast as the rule has it. */
const CALM: Prediction = {
  skill: [
    { against: "yesterday", variance: BETTER, pressure: BETTER },
    { against: "rule", variance: BETTER, pressure: BETTER },
  ],
  ahead: { days: 1_000, raised: 10, beyondRule: 5, beyondEither: 4 },
  next: { har: LOW, yesterday: LOW, oracle: LOW, rule: LOW },
};

/** A crash that the target covered. */
const COVERED: WindowResult = {
  crash: "2023-03-eth",
  marketClass: "major",
  fall: 11,
  target: 0.015,
  highestTarget: 0.07,
  loss: 0.015,
  income: 0,
  socialized: 0,
};
const EVIDENCE: Evidence = { terms: MAJOR, payable: 1e4, simulations: [QUIET], windows: [COVERED], prediction: CALM };

describe("studies of the stress command (RSK-10)", function () {
  this.timeout(20_000);

  it("RSK-10: reverse stress finds the edge: a little less hurts no holder, and more reserve moves it away", () => {
    const edges = [CAPITAL, { ...CAPITAL, junior: 5e4 }].map((capital) => {
      const parameters = parametersOf("major", { capital });
      // The same book for both: only what stands behind it differs.
      const book = { accounts: 100, seed: 1, price: 2_000, volatility: 0.9, use: 0.8 };
      const start = startOf(parametersOf("major", { capital: CAPITAL }), book);
      const results = reverseStress(parameters, start);
      expect(results.map(({ direction, hours }) => `${direction} ${hours}`)).to.deep.equal([
        "fall 1",
        "fall 4",
        "fall 24",
        "rise 1",
        "rise 4",
        "rise 24",
      ]);
      const move = results[0]?.move ?? Number.NaN;
      const socialized = (fall: number) => {
        const row = new Float64Array(COLUMNS.length);
        new Kernel(parameters, start).run(Array<number>(7).fill(2_000 * (1 - fall)), row);
        return new Outcomes(row).mean("socialized");
      };
      expect(socialized(move)).to.be.greaterThan(0);
      expect(socialized(move - 2e-6)).to.equal(0);
      return move;
    });
    expect(edges[1]).to.be.greaterThan((edges[0] ?? 1) + 0.001);
    expectNear(
      bisect((at) => at >= Math.SQRT1_2, 0, 1),
      Math.SQRT1_2,
      1e-6,
    );
  });

  it("FND-03: each window's target before the crash is the twins' at the volatility floor", () => {
    const windows = replayWindows(parseOptions(["--accounts", "60"]));
    expect(windows.map(({ crash }) => crash)).to.deep.equal(recordedCrashes().map(({ id }) => id));
    for (const { crash, highestTarget, loss, marketClass, target } of windows) {
      const terms = RISK_PARAMETERS[CLASS_NAMES.findIndex((name) => name === marketClass)] ?? MAJOR;
      const variance = BigInt(Volatility.floor);
      const bounds = { floor: BigInt(terms.maintenanceFloor), cap: BigInt(terms.maintenanceCap) };
      const rate = maintenanceTargetUp(highestVariance(variance, variance), BigInt(terms.deviations), bounds);
      const scale = scaleUp(variance, variance, MIN_VARIANCE);
      const expected = Number(shortfallUp(scale, rate, BigInt(terms.shortfallFloor))) / 1e18;
      expectNear(target, expected, 1e-9, crash);
      expect(highestTarget, crash).to.be.greaterThan(target);
      expect(loss, crash).to.be.within(0, 1);
    }
    // The deepest hour of the oldest window costs more than a calm market's target: docs/risk-engine.md says so.
    const [march] = windows;
    expect(march?.crash).to.equal("2020-03-eth");
    expect(march?.loss).to.be.greaterThan(march?.target ?? 1);
  });

  it("RSK-10: a bar is walked to its farther extreme", () => {
    const bar = (open: bigint, high: bigint, low: bigint) => ({ time: 0, open, high, low, close: open });
    const unit = 10n ** 8n;
    const bars = [bar(100n * unit, 110n * unit, 95n * unit), bar(110n * unit, 112n * unit, 90n * unit)];
    // From 100 to 110 (10% against 5.3%), then to 90 (22% against 1.8%).
    expect(sweep(bars)).to.deep.equal([100, 110, 90]);
  });

  it("RSK-10: a summary counts what its rows say", () => {
    const paths = 1_000;
    const rows = new Float64Array(paths * COLUMNS.length);
    for (let path = 0; path < paths; path++) {
      const set = (name: (typeof COLUMNS)[number], value: number) => {
        rows[path * COLUMNS.length + COLUMNS.indexOf(name)] = value;
      };
      set("shortfall", path);
      set("reserve", path);
      set("rewards", 1);
      set("penalties", 3);
      set("premiums", 2);
      set("socialized", path >= 990 ? 5 : 0);
    }
    const simulation = summarize("gbm", new Outcomes(rows), { openInterest: 1e4, target: 900.5 });
    expect(simulation.gross[0]?.expectedShortfall.value).to.equal(995.5);
    expect(simulation.fund[0]?.expectedShortfall.value).to.equal(990.5);
    expect(simulation.gross, "a thousandth of a thousand is no tail").to.have.lengthOf(1);
    expect(simulation.depletion.value).to.equal(0.01);
    expect(simulation.aboveTarget.value).to.equal(0.1);
    expect(simulation.mean.socialized).to.equal(0.05);
    expect([simulation.curve[0], simulation.curve.at(-1)]).to.deep.equal([1, 1_000]);
    expect([exceedanceAt(0, paths), exceedanceAt(399, paths)]).to.deep.equal([1, 1 / paths]);
  });

  it("RSK-02, RSK-10: nothing is proposed while all is well, nor where no path says anything", () => {
    expect(proposalsFrom(EVIDENCE)).to.deep.equal([]);
    // A thousand paths without a loss that no layer pays: the interval is wide because they are few.
    const few = { ...QUIET, paths: 1_000, depletion: { value: 0, low: 0, high: 0.004 } };
    expect(proposalsFrom({ ...EVIDENCE, simulations: [few] })).to.deep.equal([]);
    expect(proposalsFrom({ ...EVIDENCE, simulations: [], windows: [] })).to.deep.equal([]);
  });

  it("RSK-02, RSK-10: each piece of evidence asks for its parameter, toward safety, within the mandate", () => {
    const worse: Simulation = {
      ...QUIET,
      model: "jump",
      gross: QUIET.gross.map((tail) => ({ ...tail, expectedShortfall: { value: 1.25e4, low: 1e4, high: 2e4 } })),
      depletion: { value: 0.001, low: 0.0008, high: 0.0011 },
      mean: { ...QUIET.mean, reserve: 1_000 },
    };
    const proposals = proposalsFrom({
      ...EVIDENCE,
      simulations: [QUIET, worse],
      windows: [COVERED, { ...COVERED, crash: "2020-03-eth", loss: 0.05 }],
      prediction: { ...CALM, next: { ...CALM.next, har: HIGH } },
    });
    const cuts = proposals.map(({ field, proposed, wanted }) => [field, proposed, wanted]);
    expect(cuts).to.deep.equal([
      ["maintenanceFloor", 4_274, 4_274],
      // 500 basis points asked for, half as much again as 150 at most.
      ["shortfallFloor", 225, 500],
      // 10,000 of 12,500: stricter than what depletion asks for, a tenth over what is tolerated.
      ["resourceShare", 2_800, 2_800],
      // 980 beyond penalties on 100 of premium: more than the forecast's fifth.
      ["loading", 22_500, 147_000],
    ]);
    const onlyDepleted = { ...worse, gross: QUIET.gross, mean: QUIET.mean };
    expect(proposalsFrom({ ...EVIDENCE, simulations: [onlyDepleted] })[0]?.proposed).to.equal(3_182);
    expect(proposals[1]?.reason).to.include("2020-03-eth took 5.00%");
    for (const { reason } of proposals.slice(2)) expect(reason).to.include("jump");
    const changed = withProposals(MAJOR, proposals);
    expect(changed).to.deep.equal({
      ...MAJOR,
      maintenanceFloor: 4_274,
      shortfallFloor: 225,
      resourceShare: 2_800,
      loading: 22_500,
    });
  });

  it("RSK-02: a forecast without skill moves nothing, nor does one that is lower", () => {
    const high = { ...CALM.next, har: HIGH };
    const asked = proposalsFrom({ ...EVIDENCE, prediction: { ...CALM, next: high } });
    expect(asked.map(({ field, proposed }) => [field, proposed])).to.deep.equal([
      ["maintenanceFloor", 4_274],
      ["loading", 18_000],
    ]);
    const against = (variance: SkillTest): Evidence => {
      const skill = [CALM.skill[0]!, { against: "rule" as const, variance, pressure: BETTER }];
      return { ...EVIDENCE, prediction: { ...CALM, skill, next: high } };
    };
    expect(proposalsFrom(against({ ...BETTER, pValue: 0.06 }))).to.deep.equal([]);
    expect(proposalsFrom(against({ ...BETTER, statistic: 5 }))).to.deep.equal([]);
    const low = { ...CALM.next, rule: HIGH };
    expect(proposalsFrom({ ...EVIDENCE, prediction: { ...CALM, next: low } })).to.deep.equal([]);
  });

  it("RSK-02: what is less safe is never proposed, and the mandate's ends are whole numbers inside it", () => {
    expect(tighten(MAJOR, "loading", 14_000, "")).to.deep.equal([]);
    expect(tighten(MAJOR, "resourceShare", 3_600, "")).to.deep.equal([]);
    expect(tighten(MAJOR, "resourceShare", 0, "")[0]?.proposed).to.equal(2_334);
    const { high, low } = mandateOf(MAJOR);
    expect([low.resourceShare, high.resourceShare, low.deviations, high.deviations]).to.deep.equal([
      2_334, 3_850, 360, 600,
    ]);
    expect(mandateOf(RISK_PARAMETERS[MarketClass.Tail]).high.maintenanceCap).to.equal(50_000);
  });
});

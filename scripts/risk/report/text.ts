import { markdown } from "../../crashes/table.ts";
import { LAYERS } from "../studies/simulation.ts";
import type { Simulation } from "../studies/simulation.ts";
import { percent } from "../studies/proposals.ts";
import type { Study } from "../studies/study.ts";
import type { Estimate } from "../statistics/tail.ts";
import type { RatioTest } from "../statistics/backtest.ts";
import type { SkillTest } from "../statistics/skill.ts";

/** Cells of a row by column. */
export type Row = Readonly<Record<string, string>>;
/** A table with what it says. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly note: string;
}

export const money = (amount: number) => Math.round(amount).toLocaleString("en-US");
const estimate = ({ high, low, value }: Estimate, write: (figure: number) => string) =>
  `${write(value)} (${write(low)} to ${write(high)})`;
const probability = (part: number) => (part === 0 ? "0" : percent(part, 3));

/** Everything that the command says, in Markdown. */
export function report(study: Study): string {
  return [headline(study), written(sectionsOf(study))].join("\n");
}

/** Tables in Markdown, each with what it says. */
export function written(sections: readonly Section[]): string {
  return sections.map(({ note, rows, title }) => `## ${title}\n\n${markdown(rows)}\n\n${note}\n`).join("\n");
}

export function headline({ openInterest, options, target, throughput, volatility }: Study): string {
  return (
    `Class ${options.marketClass}, ${options.accounts} accounts, ${options.hours} hours, open interest ${money(openInterest)} a side, reserve ` +
    `${money(options.capital.reserve)}, target ${money(target)} (FND-03), volatility ${percent(volatility, 0)} a year, seed ${options.seed}.\n` +
    `${money(throughput.paths)} paths in ${throughput.seconds.toFixed(1)} s on ${throughput.threads} threads: ` +
    `${money(throughput.paths / throughput.seconds)} paths and ${(throughput.accountHours / 1e6).toFixed(0)} million account hours a second.\n`
  );
}

/** The tables, in the order in which they are shown. */
export function sectionsOf(study: Study): readonly Section[] {
  return [
    {
      title: "What the fund may lose",
      rows: study.simulations.flatMap(risks),
      note: "Units of the settlement asset, in brackets 95% confidence. Fund: what the reserve paid less penalties and gap premium, below 0 where it gained. All layers: shortfalls and rewards, whoever paid.",
    },
    {
      title: "Who paid, mean of a path",
      rows: study.simulations.map(payers),
      note: "Depleted: at least one unit was left that no layer paid. Above target: all layers together lost more than FND-03's target at the start.",
    },
    {
      title: "Recorded crashes beside FND-03's target",
      rows: study.windows.map((window) => ({
        crash: window.crash,
        class: window.marketClass,
        fall: `${window.fall.toFixed(1)}%`,
        "target before": percent(window.target),
        "highest target": percent(window.highestTarget),
        lost: percent(window.loss),
        income: percent(window.income),
        socialised: percent(window.socialized),
        "lost over target before": window.target === 0 ? "-" : (window.loss / window.target).toFixed(2),
      })),
      note: "Parts of the open interest at the start. Each market was calm before (the volatility floor), so the target is the lowest that risk control could have had.",
    },
    {
      title: "Bounds of one hour against recorded hours",
      rows: study.backtests.map((result) => ({
        forecaster: result.forecaster,
        level: percent(result.level, 1),
        hours: money(result.trials),
        passed: money(result.failures),
        expected: result.expected.toFixed(0),
        "Kupiec p": pValue(result.coverage),
        "Christoffersen p": pValue(result.independence),
        "both p": pValue(result.conditional),
        "green / yellow / red": `${result.zones.green} / ${result.zones.yellow} / ${result.zones.red}`,
      })),
      note: `${study.asset}, ${study.source}. |r| of an hour against the bound given before it; law is FND-03's with the oracle's own variances. Below p = 0.05 a bound is rejected; zones are of windows of 250 hours.`,
    },
    {
      title: "What empties the fund",
      rows: study.reverse.map(({ direction, hours, limit, move, reserveLeft }) => ({
        move: direction,
        "within hours": `${hours}`,
        smallest: move === undefined ? `none up to ${percent(limit, 0)}` : percent(move),
        "reserve left": reserveLeft === undefined ? "-" : percent(reserveLeft, 1),
      })),
      note: "The smallest move after which holders bear a loss, from rest. Draw budgets keep a part of the reserve back from one class in one day (FND-02).",
    },
    {
      title: "What it depends on",
      rows: study.sensitivities.map((each) => ({
        changed: each.name,
        by: each.change === 0 ? "" : `${each.change > 0 ? "+" : ""}${percent(each.change, 0)}`,
        "ES 99%, of the reserve": percent(each.expectedShortfall),
        difference: each.change === 0 ? "" : `${each.difference > 0 ? "+" : ""}${percent(each.difference)}`,
        "paths depleted": `${each.depleted}`,
        "open interest / reserve": each.openInterest.toFixed(2),
      })),
      note: "Of the model whose tail costs most, on the same draws; open interest follows the cap that the changed terms allow.",
    },
    ...predicted(study),
    {
      title: "For the steward",
      rows:
        study.proposals.length === 0
          ? [{ parameter: "none" }]
          : study.proposals.map((proposal) => ({
              parameter: proposal.field,
              now: `${proposal.current}`,
              proposed: `${proposal.proposed}`,
              "asked for": `${proposal.wanted}`,
              mandate: `${proposal.low} to ${proposal.high}`,
              because: proposal.reason,
            })),
      note: verified(study),
    },
  ];
}

function risks(simulation: Simulation): Row[] {
  return simulation.fund.map((fund, index) => {
    const gross = simulation.gross[index];
    return {
      model: simulation.model,
      level: percent(fund.level, 1),
      "fund: value at risk": estimate(fund.valueAtRisk, money),
      "fund: expected shortfall": estimate(fund.expectedShortfall, money),
      "all layers: value at risk": gross === undefined ? "" : estimate(gross.valueAtRisk, money),
      "all layers: expected shortfall": gross === undefined ? "" : estimate(gross.expectedShortfall, money),
    };
  });
}

function payers(simulation: Simulation): Row {
  const { mean } = simulation;
  return {
    model: simulation.model,
    depleted: estimate(simulation.depletion, probability),
    "above target": estimate(simulation.aboveTarget, probability),
    ...Object.fromEntries(LAYERS.map((layer) => [layer, mean[layer].toFixed(1)])),
    rewards: mean.rewards.toFixed(1),
    penalties: mean.penalties.toFixed(1),
    "gap premium": mean.premiums.toFixed(1),
    bids: mean.bids.toFixed(1),
    forced: mean.forced.toFixed(2),
  };
}

function predicted({ prediction }: Study): Section[] {
  const verdict = ({ meanLoss, meanLossOfOther, pValue: p, statistic }: SkillTest) =>
    `${statistic < 0 ? "better" : "worse"}, ${meanLoss.toPrecision(3)} against ${meanLossOfOther.toPrecision(3)}, p = ${p.toPrecision(2)}`;
  const { ahead } = prediction;
  return [
    {
      title: "Tomorrow",
      rows: Object.entries(prediction.next).map(([source, { gap, maintenance, pressure, volatility }]) => ({
        forecast: source,
        "volatility a year": percent(volatility, 1),
        "mmr target": percent(maintenance / 100_000, 3),
        "expected gap of an hour": `${(1e6 * gap).toFixed(2)} ppm`,
        "open interest expected to be liquidated": percent(pressure),
      })),
      note: "Of the day after the last one recorded. Oracle: the fast variance that the chain has at midnight; rule: the greater of fast and slow, from which mmr and premium follow.",
    },
    {
      title: "What the forecast was worth",
      rows: prediction.skill.map(({ against, pressure, variance }) => ({
        "HAR against": against,
        days: `${variance.days}`,
        "variance (QLIKE)": verdict(variance),
        "open interest liquidated (squared error)": verdict(pressure),
      })),
      note:
        "Out of sample, Diebold and Mariano's test. HAR is fitted to the year before each day. " +
        `For ${ahead.raised} of ${ahead.days} days it asked for more margin than the rule had at midnight. An hour moved by more than mmr on ` +
        `${ahead.beyondRule} days with the rule as of midnight, on ${ahead.beyondEither} with the greater of both.`,
    },
  ];
}

function verified({ verification }: Study): string {
  const bounds =
    "Values of the class in the units of `ClassParameters`; only moves toward safety, cut to the steward's mandate.";
  if (verification === undefined) return `${bounds} Nothing asks for a change.`;
  const { after, before } = verification;
  const say = (simulation: Simulation) => {
    const [gross] = simulation.gross;
    const loss =
      gross === undefined
        ? ""
        : `${estimate(gross.expectedShortfall, money)} at open interest ${money(simulation.openInterest)}`;
    return `${loss}, depleted ${estimate(simulation.depletion, probability)}`;
  };
  return `${bounds} Checked on the same ${money(before.paths)} paths of ${before.model}: expected shortfall at 99% of all layers before ${say(before)}; after ${say(after)}.`;
}

function pValue({ pValue: p }: RatioTest): string {
  return p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}

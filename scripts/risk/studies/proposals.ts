import type { ClassTerms } from "../../../deploy/modules/defaults.ts";
import { BPS } from "../kernel/constants.ts";
import type { Prediction } from "./predictor.ts";
import type { Simulation } from "./simulation.ts";
import { tighten } from "./steward.ts";
import type { Proposal } from "./steward.ts";
import type { WindowResult } from "./windows.ts";

/** Share of paths with a loss that no layer paid which nobody needs to act on. */
export const TOLERATED_DEPLETION = 0.001;
/** A forecast is acted on when chance would have made it look so good once in twenty times at most. */
const SIGNIFICANCE = 0.05;

/** What proposals rest on. */
export interface Evidence {
  readonly terms: ClassTerms;
  /** What the class may draw in a day from a full reserve, and the layers behind it, units of the settlement asset. */
  readonly payable: number;
  readonly simulations: readonly Simulation[];
  /** Recorded crashes of the class. */
  readonly windows: readonly WindowResult[];
  readonly prediction: Prediction;
}

/** What the evidence asks the steward to change, all of it toward safety (RSK-02). */
export function proposalsFrom(evidence: Evidence): readonly Proposal[] {
  return strictest([
    ...ahead(evidence),
    ...reserveForCrashes(evidence),
    ...shareForTail(evidence),
    ...shareForDepletion(evidence),
    ...premiumForLosses(evidence),
  ]);
}

/** One proposal for each parameter: of two the one that asks for more, and all of them only tighten. */
function strictest(proposals: readonly Proposal[]): Proposal[] {
  const distance = ({ current, wanted }: Proposal) => Math.abs(wanted - current);
  return proposals.filter(
    (proposal, index) =>
      !proposals.some((other, at) => {
        if (other.field !== proposal.field || at === index) return false;
        return distance(other) > distance(proposal) || (distance(other) === distance(proposal) && at < index);
      }),
  );
}

/**
 * mmr's floor and the gap premium before the volatility that is forecast for tomorrow has come, where the forecast has shown skill against
 * everything that the chain could know.
 */
function ahead({ prediction: { next, skill }, terms }: Evidence): Proposal[] {
  const proven = skill.every(({ variance }) => variance.statistic < 0 && variance.pValue < SIGNIFICANCE);
  const { har, rule } = next;
  if (!proven || har.maintenance <= rule.maintenance) return [];
  const reason =
    `volatility of tomorrow ${percent(har.volatility)} a year by HAR, ${percent(rule.volatility)} by the rule: ` +
    "margin and premium would rise only after the market has moved";
  return [
    ...tighten(terms, "maintenanceFloor", har.maintenance, reason),
    ...tighten(terms, "loading", (terms.loading * har.gap) / rule.gap, reason),
  ];
}

/** The target's floor, where a crash that was recorded took more from a calm market than the target was. */
function reserveForCrashes({ terms, windows }: Evidence): Proposal[] {
  const worst = largest(windows, ({ loss }) => loss);
  if (worst === undefined || worst.loss <= worst.target) return [];
  const reason =
    `${worst.crash} took ${percent(worst.loss)} of the open interest of a market that was calm before, ` +
    `the target was ${percent(worst.target)}`;
  return tighten(terms, "shortfallFloor", worst.loss * BPS, reason);
}

/** Less open interest on the same resources, where the worst thousandth of paths costs more than the class may draw. */
function shareForTail({ payable, simulations, terms }: Evidence): Proposal[] {
  const worst = largest(simulations, ({ gross }) => gross.at(-1)?.expectedShortfall.value ?? 0);
  const tail = worst?.gross.at(-1);
  if (worst === undefined || tail === undefined || tail.expectedShortfall.value <= payable) return [];
  const { high, low, value } = tail.expectedShortfall;
  const reason =
    `expected shortfall at ${percent(tail.level)} of ${worst.model} is ${value.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)}), ` +
    `the class may draw ${payable.toFixed(0)} in a day`;
  return tighten(terms, "resourceShare", terms.resourceShare * (payable / value), reason);
}

/** The same, where too many paths end with a loss that no layer pays. One at least must have: no path at all proves nothing. */
function shareForDepletion({ simulations, terms }: Evidence): Proposal[] {
  const worst = largest(simulations, ({ depletion }) => (depletion.value > 0 ? depletion.high : 0));
  if (worst === undefined || worst.depletion.value === 0 || worst.depletion.high <= TOLERATED_DEPLETION) return [];
  const { high, low, value } = worst.depletion;
  const reason =
    `${percent(value)} of the paths of ${worst.model} end with a loss that no layer pays (${percent(low)} to ${percent(high)}), ` +
    `tolerated are ${percent(TOLERATED_DEPLETION)}`;
  return tighten(terms, "resourceShare", terms.resourceShare * (TOLERATED_DEPLETION / high), reason);
}

/** A dearer gap premium, where it does not bring in on average what penalties leave of the losses. */
function premiumForLosses({ simulations, terms }: Evidence): Proposal[] {
  const needOf = ({ mean }: Simulation) => lossesOf(mean) / Math.max(mean.premiums, Number.MIN_VALUE);
  const worst = largest(simulations, needOf);
  if (worst === undefined || needOf(worst) <= 1) return [];
  const reason =
    `a path of ${worst.model} costs ${lossesOf(worst.mean).toFixed(0)} beyond penalties on average and brings ` +
    `${worst.mean.premiums.toFixed(0)} of gap premium`;
  return tighten(terms, "loading", terms.loading * needOf(worst), reason);
}

function lossesOf(mean: Simulation["mean"]): number {
  const { junior, penalties, reinsurance, reserve, rewards, senior, socialized } = mean;
  return reserve + junior + senior + reinsurance + socialized + rewards - penalties;
}

function largest<T>(items: readonly T[], of: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || of(item) > of(best) ? item : best),
    undefined,
  );
}

export function percent(part: number, digits = 2): string {
  return `${(100 * part).toFixed(digits)}%`;
}

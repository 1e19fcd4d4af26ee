import { BPS, Margin, Reserve, Risk, VARIANCE_ONE } from "./constants.ts";
import type { Observations } from "./Observations.ts";
import type { StressParameters } from "./parameters.ts";

/** What risk control has set, in the chain's units: rates 1e-5, penalty basis points, ratio 1e-9, gap rate 1e-15 a second. */
export interface Controlled {
  readonly rateSet: number;
  readonly rateTarget: number;
  readonly rateSetAt: number;
  readonly penaltyRate: number;
  readonly ratio: number;
  readonly ratioAt: number;
  /** Units of base. */
  readonly cap: number;
  readonly gapRate: number;
  readonly syncedAt: number;
}

const DEVIATION_ONE = 100;

/** kappa of FND-03. */
export function scaleOf(variance: number): number {
  return Math.sqrt((Math.max(variance, Risk.minVariance) / VARIANCE_ONE) * (Reserve.horizon / 2));
}

/** E[(|R| - margin)+] of Student's law with 4 degrees of freedom (FND-03). */
export function expectedExcess(margin: number, scale: number): number {
  const square = scale * scale;
  const root = Math.sqrt(margin * margin + 4 * square);
  return (4 * square * square) / (root * (margin * margin + 2 * square + margin * root));
}

/** ES of the worst of a thousand hours beyond the maintenance margin, fraction of the price. */
export function expectedShortfall(maintenance: number, scale: number): number {
  const margin = Math.max(maintenance, Reserve.quantile * scale);
  return margin - maintenance + Reserve.oneOf * expectedExcess(margin, scale);
}

/** Targets of one market by rule, as `RiskController.sync` writes them (RSK-01), with mmr's ramp (MRG-02). */
export class RiskControl {
  rateSet = 0;
  rateTarget = 0;
  rateSetAt = 0;
  penaltyRate = 0;
  ratio = 0;
  ratioAt = 0;
  cap = 0;
  gapRate = 0;
  syncedAt = 0;
  /** max(ES, floor) of the last sync, fraction of notional. */
  shortfall = 0;
  /** FND-03's target as of the last sync, units of the settlement asset. */
  target = 0;
  readonly #parameters: StressParameters;

  constructor(parameters: StressParameters) {
    this.#parameters = parameters;
  }

  load(from: Controlled): void {
    this.rateSet = from.rateSet;
    this.rateTarget = from.rateTarget;
    this.rateSetAt = from.rateSetAt;
    this.penaltyRate = from.penaltyRate;
    this.ratio = from.ratio;
    this.ratioAt = from.ratioAt;
    this.cap = from.cap;
    this.gapRate = from.gapRate;
    this.syncedAt = from.syncedAt;
  }

  /** mmr, 1e-5: a rise shows early and a fall late. */
  rateAt(now: number): number {
    const elapsed = now - this.rateSetAt;
    if (this.rateTarget >= this.rateSet) {
      return Math.min(this.rateTarget, this.rateSet + Math.ceil((elapsed * Margin.risePerHour) / 3_600));
    }
    return Math.max(this.rateTarget, this.rateSet - Math.floor((elapsed * Margin.fallPerHour) / 3_600));
  }

  /**
   * @param openInterest of one side, units of base
   * @param resources what the fund may pay now
   */
  sync(seen: Observations, now: number, openInterest: number, resources: number): void {
    const { terms } = this.#parameters;
    const { fastVariance: fast, slowVariance: slow } = seen;
    const variance = Math.max(fast, slow);
    const scale = scaleOf(variance);
    const margin = this.rateAt(now) / Margin.rateOne;
    this.shortfall = Math.max(expectedShortfall(margin, scale), terms.shortfallFloor / BPS);
    this.target = openInterest * seen.price * this.shortfall;
    this.#moveRatio(now, resources);
    this.#moveCap(now, seen.price, resources);
    this.#moveGapRate(now, openInterest, margin, scale);
    this.penaltyRate = this.#penaltyOf(fast, slow);
    this.#moveRate(now, this.targetOf(variance));
    this.syncedAt = now;
  }

  /** mmr target, 1e-5. */
  targetOf(variance: number): number {
    const { deviations, maintenanceFloor, maintenanceCap } = this.#parameters.terms;
    const move = (deviations / DEVIATION_ONE) * Math.sqrt((variance / VARIANCE_ONE) * Reserve.horizon);
    const rate = Math.ceil(move * Margin.rateOne);
    return Math.max(Math.min(rate, maintenanceCap), maintenanceFloor);
  }

  #moveRatio(now: number, resources: number): void {
    const exact = this.target === 0 ? Risk.ratioOne : Math.floor((resources / this.target) * Risk.ratioOne);
    const credit = Math.min(now - this.ratioAt, Risk.maxCredit);
    const risen = this.ratio + Math.floor((Risk.ratioOne * credit) / Risk.riseTime);
    this.ratio = Math.min(exact, Risk.maxRatio, risen);
    this.ratioAt = now;
  }

  #moveCap(now: number, price: number, resources: number): void {
    const { listedCap, terms } = this.#parameters;
    const allowed = Math.min((resources * terms.resourceShare) / BPS / (this.shortfall * price), listedCap);
    const credit = Math.min(now - this.syncedAt, Risk.maxCredit);
    this.cap = Math.min(allowed, this.cap + (allowed * credit) / Risk.riseTime);
  }

  #moveGapRate(now: number, openInterest: number, margin: number, scale: number): void {
    const { chargedShare, loading } = this.#parameters.terms;
    const charged = expectedExcess(Math.max(margin, Reserve.quantile * scale), scale) * chargedShare * loading;
    const multiple = this.#multipleOf(openInterest);
    const perSecond = (charged * multiple) / (BPS * BPS * Reserve.horizon);
    const target = Math.min(Math.ceil(perSecond * Risk.gapRateOne), Risk.maxGapRate);
    const credit = Math.min(now - this.syncedAt, Risk.maxCredit);
    this.gapRate = Math.max(target, this.gapRate - Math.floor((this.gapRate * credit) / Risk.fallTime));
  }

  #multipleOf(openInterest: number): number {
    if (openInterest <= this.cap * Risk.kink) return 1;
    if (openInterest >= this.cap) return Risk.steepest;
    return 1 + ((openInterest / this.cap - Risk.kink) * (Risk.steepest - 1)) / (1 - Risk.kink);
  }

  #penaltyOf(fast: number, slow: number): number {
    const factor = (2 * Risk.ratioOne - Math.min(this.ratio, Risk.ratioOne)) / Risk.ratioOne;
    const exact = this.#parameters.terms.basePenalty * Math.sqrt(Math.sqrt(fast / slow)) * factor;
    const onGrid = Math.ceil(exact / Risk.penaltyStep) * Risk.penaltyStep;
    return Math.max(Math.min(onGrid, Risk.maxPenalty), Risk.minPenalty);
  }

  /** A new target goes on from where mmr stands; whole units that were made are kept. */
  #moveRate(now: number, target: number): void {
    if (target === this.rateTarget) return;
    const rises = this.rateTarget >= this.rateSet;
    const speed = rises ? Margin.risePerHour : Margin.fallPerHour;
    const distance = Math.abs(this.rateTarget - this.rateSet);
    const steps = Math.floor(((now - this.rateSetAt) * speed) / 3_600);
    if (steps >= distance) {
      this.rateSet = this.rateTarget;
      this.rateSetAt = now;
    } else {
      this.rateSet += rises ? steps : -steps;
      this.rateSetAt += Math.ceil((steps * 3_600) / speed);
    }
    this.rateTarget = target;
  }
}

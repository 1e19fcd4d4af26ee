import type { StressParameters } from "../../../../scripts/risk/kernel/parameters.ts";
import type { Controlled } from "../../../../scripts/risk/kernel/RiskControl.ts";
import { currentRateUp, settledRate } from "../../../../sdk/math/MarginMath.ts";
import type { Ramp } from "../../../../sdk/math/MarginMath.ts";
import * as reserve from "../../../../sdk/math/ReserveMath.ts";
import * as risk from "../../../../sdk/math/RiskMath.ts";
import { toWad } from "./twin-fund.ts";
import type { BigintOracle } from "./twin-oracle.ts";

const HOUR = 3_600n;
const RATIO_RANGE = 10n ** 9n;

/** `RiskController.sync` of one market, an hour after the one before, in the chain's own arithmetic (RSK-01). */
export class BigintControl {
  ratio: bigint;
  cap: bigint;
  gapRate: bigint;
  penaltyRate: bigint;
  #ramp: Ramp;
  readonly #p: StressParameters;

  constructor(controlled: Controlled, parameters: StressParameters) {
    this.ratio = BigInt(controlled.ratio);
    this.cap = toWad(controlled.cap);
    this.gapRate = BigInt(controlled.gapRate);
    this.penaltyRate = BigInt(controlled.penaltyRate);
    this.#ramp = {
      rateSet: BigInt(controlled.rateSet),
      rateTarget: BigInt(controlled.rateTarget),
      setAt: BigInt(controlled.rateSetAt),
    };
    this.#p = parameters;
  }

  rateAt(now: bigint): bigint {
    return currentRateUp(this.#ramp, now);
  }

  /** @return the market's part of the target, WAD */
  sync({ fast, price, slow }: BigintOracle, now: bigint, openInterest: bigint, resources: bigint): bigint {
    const { listedCap, terms } = this.#p;
    const scale = reserve.scaleUp(fast, slow, risk.MIN_VARIANCE);
    const rate = this.rateAt(now);
    const shortfall = risk.shortfallUp(scale, rate, BigInt(terms.shortfallFloor));
    const target = risk.contributionUp(openInterest, price, shortfall);
    const measured = risk.ratioDown(resources, target);
    this.ratio = risk.risenDown({ current: this.ratio, target: measured, elapsed: HOUR }, RATIO_RANGE);
    const share = BigInt(terms.resourceShare);
    const allowed = risk.capDown({ resources, share, shortfall, price, listed: toWad(listedCap) });
    this.cap = risk.risenDown({ current: this.cap, target: allowed, elapsed: HOUR }, allowed);
    const gapTarget = risk.gapRateUp({
      scale,
      rate,
      chargedShare: BigInt(terms.chargedShare),
      loading: BigInt(terms.loading),
      multiple: risk.multipleUp(openInterest, this.cap),
    });
    this.gapRate = risk.fallenUp({ current: this.gapRate, target: gapTarget, elapsed: HOUR });
    this.penaltyRate = risk.penaltyUp({ fast, slow, basePenalty: BigInt(terms.basePenalty), ratio: this.ratio });
    this.#setTarget(
      now,
      risk.maintenanceTargetUp(risk.highestVariance(fast, slow), BigInt(terms.deviations), {
        floor: BigInt(terms.maintenanceFloor),
        cap: BigInt(terms.maintenanceCap),
      }),
    );
    return target;
  }

  #setTarget(now: bigint, rateTarget: bigint): void {
    if (rateTarget === this.#ramp.rateTarget) return;
    const { rate, settledAt } = settledRate(this.#ramp, now);
    this.#ramp = { rateSet: rate, rateTarget, setAt: settledAt };
  }
}

import { RATE_ONE } from "../../../../../sdk/math/constants.ts";
import { settledRate } from "../../../../../sdk/math/MarginMath.ts";
import { AccountFlag, MarketFlag, Scope } from "../types.ts";
import { refuse } from "../world.ts";
import { Settlement } from "./Settlement.ts";

const MAX_GAP_RATE = 10n ** 8n;
const [MIN_PENALTY, MAX_PENALTY, PENALTY_STEP] = [500n, 2_000n, 100n];

export interface RiskTargets {
  readonly maintenanceTarget: bigint;
  readonly cap: bigint;
  readonly gapRate: bigint;
  readonly penaltyRate: bigint;
}

/** Twin of RiskLimits.sol (MRG-02, RSK-01, GOV-03). */
export class RiskLimits extends Settlement {
  pauseMarket(market: bigint, until: bigint): void {
    this.requireSender(this.links.get().guardian, "ClearingHouse_NotLinked");
    this.requireMarket(market);
    const { flags } = this.markets.get(market);
    const isPaused = until > this.now;
    this.markets.change({ flags: isPaused ? flags | MarketFlag.Paused : flags & ~MarketFlag.Paused }, market);
    this.endings.change({ pausedUntil: until }, market);
  }

  applyRisk(market: bigint, targets: RiskTargets, ratio: bigint): void {
    this.requireSender(this.links.get().riskController, "ClearingHouse_NotLinked");
    this.requireMarket(market);
    const { cap, gapRate, maintenanceTarget, penaltyRate } = targets;
    const { listedCap } = this.endings.get(market);
    const inBounds =
      cap <= listedCap &&
      gapRate <= MAX_GAP_RATE &&
      penaltyRate >= MIN_PENALTY &&
      penaltyRate <= MAX_PENALTY &&
      penaltyRate % PENALTY_STEP === 0n;
    if (!inBounds) refuse("ClearingHouse_InvalidRiskTargets", market, targets, listedCap);
    this.accrueGap(market, this.oracle.lastPrice(market));
    this.#setMaintenanceTarget(market, maintenanceTarget);
    this.interest.change({ cap, gapRate, gapAt: this.now }, market);
    this.setPenaltyRate(market, penaltyRate);
    this.config.change({ ratio });
  }

  accrue(market: bigint): void {
    this.requireMarket(market);
    this.accrueGap(market, this.oracle.lastPrice(market));
  }

  /** By the administrator. */
  setMaintenanceTarget(market: bigint, rateTarget: bigint): void {
    this.#setMaintenanceTarget(market, rateTarget);
  }

  /** By the administrator. */
  lowerCap(market: bigint, cap: bigint): void {
    this.requireMarket(market);
    const { listedCap } = this.endings.get(market);
    if (cap >= listedCap) refuse("ClearingHouse_CapNotLower", market, cap, listedCap);
    this.endings.change({ listedCap: cap }, market);
    if (this.interest.get(market).cap > cap) this.interest.change({ cap }, market);
  }

  setSaleRecords(account: string, kept: boolean): void {
    this.requireAuthorized(account, Scope.Trade);
    const { flags } = this.headers.get(account);
    this.headers.change({ flags: kept ? flags | AccountFlag.Recorded : flags & ~AccountFlag.Recorded }, account);
  }

  #setMaintenanceTarget(market: bigint, rateTarget: bigint): void {
    this.requireMarket(market);
    if (rateTarget === 0n || rateTarget > RATE_ONE / 2n) refuse("ClearingHouse_InvalidRate", market, rateTarget);
    const settings = this.markets.get(market);
    if (settings.rateTarget === rateTarget) return;
    const ramp = { rateSet: settings.rateSet, rateTarget: settings.rateTarget, setAt: settings.rateSetAt };
    const { rate, settledAt } = settledRate(ramp, this.now);
    this.markets.change({ rateSet: rate, rateSetAt: settledAt, rateTarget }, market);
  }
}

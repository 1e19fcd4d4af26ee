// What a bid would do, from an account's health alone: twin of contracts/liquidation/SaleTerms.sol and of the fraction that
// LiquidationEngine takes (LIQ-02 to LIQ-05). What the fund's layers pay is the fund's own answer.
import { incomeDown, incomeRate, maxFractionUp, penaltyOf } from "../math/AuctionMath.ts";
import { BPS_ONE, WAD } from "../math/constants.ts";
import { max, min, mulDivDown, mulDivUp, mulWadDown, mulWadUp, positivePart } from "../math/WadMath.ts";

/** tau: an auction ends at E >= tau MM. */
export const TARGET_RATIO = (WAD * 115n) / 100n;
export const PENALTY_UNIT = WAD / BPS_ONE;

/** The part of `Health` (contracts/types/Margin.sol) that a sale depends on. WAD. */
export interface SaleHealth {
  readonly value: bigint;
  readonly marginBalance: bigint;
  readonly linearMargin: bigint;
  readonly sizeMargin: bigint;
  readonly blindMargin: bigint;
  readonly blindSpread: bigint;
  readonly blindLoss: bigint;
  /** Basis points of MM. */
  readonly penaltyBasis: bigint;
}

/** Terms for the whole account. WAD. */
export interface SaleTerms {
  /** Live seconds on the clock. */
  readonly elapsed: bigint;
  /** V, with what is blind taken in the account's favour. */
  readonly value: bigint;
  /** k MM: the bidder's gross income. */
  readonly income: bigint;
  /** What the whole account costs, penalty included. */
  readonly price: bigint;
  readonly penalty: bigint;
  /** Most that one bid takes. */
  readonly maxFraction: bigint;
}

/** What is asked of the layers behind a bid. WAD. */
export interface SaleNeeds {
  readonly fraction: bigint;
  readonly payment: bigint;
  readonly penalty: bigint;
  /** Debt of the whole account. */
  readonly wholeShortfall: bigint;
  /** Part of the whole income that V does not pay. */
  readonly owing: bigint;
  /** Debt of the fraction, which is made good to the bidder. */
  readonly shortfall: bigint;
}

/** MM: the sum of its three parts. */
export function maintenanceMargin(health: Pick<SaleHealth, "linearMargin" | "sizeMargin" | "blindMargin">): bigint {
  return health.linearMargin + health.sizeMargin + health.blindMargin;
}

/** E < MM. */
export function isLiquidatable(health: SaleHealth): boolean {
  return health.marginBalance < maintenanceMargin(health);
}

/** V with what is blind taken in the account's favour, and never as a loss. */
export function fairValue(health: Pick<SaleHealth, "value" | "blindSpread" | "blindLoss">): bigint {
  return health.value + health.blindSpread + health.blindLoss;
}

/** Price, income, penalty and f* of an account after `elapsed` live seconds. */
export function saleTerms(health: SaleHealth, elapsed: bigint, minMaintenanceMargin: bigint): SaleTerms {
  const relief = health.blindSpread + health.blindLoss;
  const value = health.value + relief;
  const sold = health.linearMargin + health.sizeMargin;
  const income = incomeDown(sold, health.marginBalance + relief, incomeRate(elapsed));
  const price = positivePart(value - income);
  const penalty = penaltyOf(PENALTY_UNIT, health.penaltyBasis, value, income);
  const kept = price - penalty;
  const found = maxFractionUp({ ...health, retained: kept - min(kept, relief), targetRatio: TARGET_RATIO });
  return { elapsed, value, income, price, penalty, maxFraction: withoutDust(health, found, minMaintenanceMargin) };
}

/** min(asked, f*), the whole where the rest would be dust, and what that costs. */
export function saleNeeds(
  health: SaleHealth,
  terms: SaleTerms,
  request: { readonly asked: bigint; readonly minMaintenanceMargin: bigint },
): SaleNeeds {
  const most = terms.maxFraction;
  const { asked, minMaintenanceMargin } = request;
  const fraction = asked < most ? wholeIfDust(health, asked, minMaintenanceMargin) : most;
  const wholeShortfall = positivePart(-terms.value);
  return {
    fraction,
    payment: mulWadUp(terms.price, fraction),
    penalty: mulWadUp(terms.penalty, fraction),
    wholeShortfall,
    owing: terms.income - min(terms.income, positivePart(terms.value)),
    shortfall: mulWadUp(wholeShortfall, fraction),
  };
}

/** LIQ-05: a shortfall by market class; what has no weight is charged to class tail. */
export function byClass(weights: readonly [bigint, bigint, bigint], shortfall: bigint): [bigint, bigint, bigint] {
  const sum = weights[0] + weights[1] + weights[2];
  const part = (weight: bigint): bigint =>
    shortfall === 0n || sum === 0n ? 0n : min(mulDivDown(shortfall, weight, sum), weight);
  const [major, mid, tail] = [part(weights[0]), part(weights[1]), part(weights[2])];
  return [major, mid, tail + (shortfall - major - mid - tail)];
}

/** Gross income of the bidder for the fraction: what he is not charged of V, and the reward. */
export function incomeOf(terms: SaleTerms, needs: SaleNeeds, reward: bigint): bigint {
  return mulWadDown(terms.income - needs.owing, needs.fraction) + reward;
}

function withoutDust(health: SaleHealth, fraction: bigint, least: bigint): bigint {
  if (health.linearMargin <= least) return WAD;
  return wholeIfDust(health, max(fraction, mulDivUp(least, WAD, health.linearMargin)), least);
}

/** All of it where the rest would be dust. */
export function wholeIfDust(health: SaleHealth, fraction: bigint, least: bigint): bigint {
  return fraction >= WAD || marginLeft(health, fraction) < least ? WAD : fraction;
}

/** Maintenance margin of the account after a fraction was sold, rounded down. */
function marginLeft(health: SaleHealth, fraction: bigint): bigint {
  const rest = WAD - fraction;
  return (
    mulWadDown(health.linearMargin, rest) + health.blindMargin + mulWadDown(mulWadDown(health.sizeMargin, rest), rest)
  );
}

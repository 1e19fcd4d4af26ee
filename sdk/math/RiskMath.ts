import { asUint256 } from "./checked.ts";
import { BPS_ONE, RATE_ONE, RATIO_ONE, WAD } from "./constants.ts";
import { expectedExcessUp, expectedShortfallUp, HORIZON, QUANTILE } from "./ReserveMath.ts";
import { sqrtUp } from "./SquareRoot.ts";
import { max, min, mulDivDown, mulDivUp, mulWadUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/RiskMath.sol (RSK-01, FND-02 to FND-04, MRG-02, LIQ-07): what risk control asks of a market. Needs, charges
 * and penalties are rounded up, room and ratio down.
 */

/** Lowest variance that counts: 10% a year, WAD per second. */
export const MIN_VARIANCE = 317_097_920n;
/** Part of its cap from which a market pays more than the plain gap premium, WAD. */
export const KINK = (8n * WAD) / 10n;
/** How many times as much it pays at the whole cap and above, WAD. */
export const STEEPEST = 4n * WAD;
/** Highest gap premium, 1e-15 per second and unit of notional. */
export const MAX_GAP_RATE = 10n ** 8n;
/** Bounds and grid of the penalty, basis points of MM. */
export const MIN_PENALTY_RATE = 500n;
export const MAX_PENALTY_RATE = 2_000n;
export const PENALTY_STEP = 100n;
/** Highest ratio that is told apart. */
export const MAX_RATIO = 4n * RATIO_ONE;
/** A registered account is measured by a move of so many standard deviations of an hour. */
export const STRESS_DEVIATIONS = 6n;
/** Most time that one step away from safety can be made of, seconds. */
export const MAX_CREDIT = 3_600n;
/** Time in which the ratio may rise by 1, and a cap from 0 to all that the resources allow, seconds. */
export const RISE_TIME = 86_400n;
/** A gap premium falls by at most elapsed / FALL_TIME of itself. */
export const FALL_TIME = 21_600n;

const RATE_TO_WAD = WAD / RATE_ONE;
const BPS_TO_WAD = WAD / BPS_ONE;
const DEVIATION_ONE = 100n;
const GAP_DIVISOR = 10n ** 29n * HORIZON;
const MAX_UINT128 = (1n << 128n) - 1n;

/** The greater of both variances, not below MIN_VARIANCE. */
export function highestVariance(fast: bigint, slow: bigint): bigint {
  return max(max(asUint256(fast, "fast"), asUint256(slow, "slow")), MIN_VARIANCE);
}

/** mmr target = clamp(z sigma sqrt(h), floor, cap), in units of RATE_ONE; z in hundredths. */
export function maintenanceTargetUp(
  variance: bigint,
  deviations: bigint,
  bounds: { floor: bigint; cap: bigint },
): bigint {
  const unit = RATE_TO_WAD * DEVIATION_ONE;
  const rate = (moveUp(variance, deviations) + unit - 1n) / unit;
  return max(min(rate, asUint256(bounds.cap, "cap")), asUint256(bounds.floor, "floor"));
}

/** What the penalty of a market follows from. */
export interface PenaltyInputs {
  /** Variances, WAD per second. */
  readonly fast: bigint;
  readonly slow: bigint;
  /** pi0, basis points of MM. */
  readonly basePenalty: bigint;
  /** In units of RATIO_ONE. */
  readonly ratio: bigint;
}

/** pi = clamp(pi0 sqrt(sigmaFast / sigmaSlow) clamp(2 - ratio, 1, 2), 5%, 20%), basis points of MM, a multiple of PENALTY_STEP. */
export function penaltyUp({ fast, slow, basePenalty, ratio }: PenaltyInputs): bigint {
  const quotient = mulDivUp(max(asUint256(fast, "fast"), MIN_VARIANCE), 10n ** 36n, max(slow, MIN_VARIANCE));
  const root = sqrtUp(sqrtUp(quotient));
  const exact = mulDivUp(asUint256(basePenalty * root), factorOf(ratio), 10n ** 9n * RATIO_ONE);
  const onGrid = asUint256(((exact + PENALTY_STEP - 1n) / PENALTY_STEP) * PENALTY_STEP);
  return max(min(onGrid, MAX_PENALTY_RATE), MIN_PENALTY_RATE);
}

/** max(ES, floor): what the fund must have for one unit of a market's notional, WAD; floor in basis points. */
export function shortfallUp(scale: bigint, rate: bigint, floor: bigint): bigint {
  return max(expectedShortfallUp(asUint256(rate * RATE_TO_WAD), scale), asUint256(floor * BPS_TO_WAD));
}

/** A market's part of the target, WAD. */
export function contributionUp(openInterest: bigint, price: bigint, shortfall: bigint): bigint {
  return min(mulWadUp(mulWadUp(openInterest, price), shortfall), MAX_UINT128);
}

/** A position of a registered account. */
export interface StressedPosition {
  /** Wei. */
  readonly absoluteBase: bigint;
  readonly price: bigint;
  readonly variance: bigint;
  /** mmr now, in units of RATE_ONE. */
  readonly rate: bigint;
}

/** |b| p max(0, 6 sigma sqrt(h) - mmr), WAD. */
export function stressUp({ absoluteBase, price, variance, rate }: StressedPosition): bigint {
  const move = moveUp(variance, STRESS_DEVIATIONS);
  const margin = asUint256(rate * RATE_TO_WAD);
  if (move <= margin) return 0n;
  return mulWadUp(mulWadUp(absoluteBase, price), move - margin);
}

/** resources / target in units of RATIO_ONE, at most MAX_RATIO; 1 where nothing is at risk. */
export function ratioDown(resources: bigint, target: bigint): bigint {
  if (asUint256(target, "target") === 0n) return RATIO_ONE;
  return min(mulDivDown(resources, RATIO_ONE, target), MAX_RATIO);
}

/** clamp(2 - ratio, 1, 2) in units of RATIO_ONE. */
export function factorOf(ratio: bigint): bigint {
  return 2n * RATIO_ONE - min(asUint256(ratio, "ratio"), RATIO_ONE);
}

/** What the cap of a market follows from. */
export interface CapInputs {
  /** WAD. */
  readonly resources: bigint;
  /** Basis points. */
  readonly share: bigint;
  /** From shortfallUp. */
  readonly shortfall: bigint;
  readonly price: bigint;
  /** Wei of base. */
  readonly listed: bigint;
}

/** Open interest that the market's share of the resources can stand behind, wei of base. */
export function capDown({ resources, share, shortfall, price, listed }: CapInputs): bigint {
  const allotted = mulDivDown(resources, share, BPS_ONE);
  return min(mulDivDown(allotted, WAD * WAD, asUint256(shortfall * price)), asUint256(listed, "listed"));
}

/** m: 1 up to KINK of the cap, then in a straight line to STEEPEST at the cap and above, WAD. */
export function multipleUp(openInterest: bigint, cap: bigint): bigint {
  if (asUint256(openInterest * WAD) <= asUint256(cap * KINK)) return WAD;
  if (openInterest >= cap) return STEEPEST;
  return WAD + ((mulDivUp(openInterest, WAD, cap) - KINK) * (STEEPEST - WAD)) / (WAD - KINK);
}

/** What the gap premium of a market follows from. */
export interface GapInputs {
  /** kappa, WAD. */
  readonly scale: bigint;
  /** mmr now, in units of RATE_ONE. */
  readonly rate: bigint;
  /** u, basis points. */
  readonly chargedShare: bigint;
  /** Basis points. */
  readonly loading: bigint;
  /** m, WAD. */
  readonly multiple: bigint;
}

/** g = u loading m E[(|R| - M)+] / h with M = max(mmr, 8.6103 kappa), 1e-15 per second and unit of notional, for each side. */
export function gapRateUp({ scale, rate, chargedShare, loading, multiple }: GapInputs): bigint {
  const margin = max(asUint256(rate * RATE_TO_WAD), mulWadUp(scale, QUANTILE));
  const charged = asUint256(asUint256(expectedExcessUp(margin, scale) * chargedShare) * loading);
  return min(mulDivUp(charged, multiple, GAP_DIVISOR), MAX_GAP_RATE);
}

/** How something may move in `elapsed` seconds. */
export interface Step {
  readonly current: bigint;
  readonly target: bigint;
  readonly elapsed: bigint;
}

/** The target, or what `current` may have risen to at `range` in RISE_TIME. */
export function risenDown({ current, target, elapsed }: Step, range: bigint): bigint {
  const step = mulDivDown(range, min(asUint256(elapsed, "elapsed"), MAX_CREDIT), RISE_TIME);
  return min(asUint256(target, "target"), asUint256(current + step));
}

/** The target, or what `current` may have fallen to. */
export function fallenUp({ current, target, elapsed }: Step): bigint {
  const step = mulDivDown(current, min(asUint256(elapsed, "elapsed"), MAX_CREDIT), FALL_TIME);
  return max(asUint256(target, "target"), current - step);
}

function moveUp(variance: bigint, deviations: bigint): bigint {
  const square = asUint256(deviations * deviations);
  return sqrtUp(asUint256(asUint256(square * asUint256(variance, "variance")) * HORIZON * WAD));
}

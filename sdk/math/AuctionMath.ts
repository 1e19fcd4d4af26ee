import { asInt256, asUint256 } from "./checked.ts";
import { WAD } from "./constants.ts";
import { abs, max, min, mulDivDown, mulWadDown, mulWadUp, positivePart } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/AuctionMath.sol (LIQ-01 to LIQ-06).
 */

/** k at the start of an auction, WAD. */
export const START_RATE = WAD / 50n;
/** k after KNEE_SECONDS, WAD. */
export const KNEE_RATE = WAD / 10n;
/** k after END_SECONDS, WAD. */
export const MAX_RATE = WAD / 2n;
/** Live seconds to KNEE_RATE. */
export const KNEE_SECONDS = 300n;
/** Live seconds to MAX_RATE. */
export const END_SECONDS = 1_200n;
/** Part of max(0, MM - E) that a bidder earns from the first second, WAD. */
export const GAP_SHARE = (WAD * 3n) / 10n;

const COEFFICIENT_BITS = 126n;
const UNBOUNDED = (1n << 256n) - 1n;

/** What {@link maxFractionUp} is measured by. Amounts in WAD of the settlement asset. */
export interface FractionInput {
  /** E. */
  readonly marginBalance: bigint;
  /** A: maintenance margin that grows with size. */
  readonly linearMargin: bigint;
  /** B: maintenance margin that grows with the square of size. */
  readonly sizeMargin: bigint;
  /** Maintenance margin of positions that stay whole. */
  readonly blindMargin: bigint;
  /** c: what the account keeps when all of it is sold. */
  readonly retained: bigint;
  /** tau, WAD. */
  readonly targetRatio: bigint;
}

/** What {@link deleverageFractionUp} is measured by. */
export interface DeleverageInput {
  readonly marginBalance: bigint;
  readonly penalty: bigint;
  readonly linearMargin: bigint;
  readonly sizeMargin: bigint;
  readonly blindMargin: bigint;
  readonly targetRatio: bigint;
}

/** k_time after `elapsed` live seconds, WAD, rounded down. */
export function incomeRate(elapsed: bigint): bigint {
  asUint256(elapsed, "elapsed");
  if (elapsed >= END_SECONDS) return MAX_RATE;
  if (elapsed < KNEE_SECONDS) return START_RATE + mulDivDown(KNEE_RATE - START_RATE, elapsed, KNEE_SECONDS);
  return KNEE_RATE + mulDivDown(MAX_RATE - KNEE_RATE, elapsed - KNEE_SECONDS, END_SECONDS - KNEE_SECONDS);
}

/** k MM, a bidder's gross income for the whole account, rounded down. */
export function incomeDown(maintenance: bigint, marginBalance: bigint, rate: bigint): bigint {
  const gap = positivePart(asInt256(asInt256(maintenance, "maintenance") - asInt256(marginBalance, "marginBalance")));
  const income = max(mulWadDown(maintenance, rate), mulWadDown(gap, GAP_SHARE));
  return min(income, mulWadDown(maintenance, MAX_RATE));
}

/** Penalty for the whole account: min(pi MM rounded up, max(0, V - k MM)). */
export function penaltyOf(rate: bigint, maintenance: bigint, value: bigint, income: bigint): bigint {
  const left = positivePart(asInt256(asInt256(value, "value") - asInt256(income, "income")));
  return min(mulWadUp(maintenance, rate), left);
}

/** Largest part of an account that a bid may take, WAD, rounded up (LIQ-03). */
export function maxFractionUp(input: FractionInput): bigint {
  const retained = scaled(asInt256(input.retained, "retained"));
  const slope = asInt256(
    asInt256(times(input.linearMargin, input.targetRatio) - scaled(input.marginBalance)) + retained,
  );
  const curvature = asUint256(input.sizeMargin * input.targetRatio);
  return WAD - remainingShareDown(curvature, slope, asInt256(retained - times(input.blindMargin, input.targetRatio)));
}

/** Part of an account with V > 0 that deleveraging closes, WAD, rounded up (LIQ-06). */
export function deleverageFractionUp(input: DeleverageInput): bigint {
  const penalty = scaled(asInt256(input.penalty, "penalty"));
  const rest = asInt256(scaled(input.marginBalance) - penalty);
  const bound = asInt256(rest - times(input.blindMargin, input.targetRatio));
  const slope = asInt256(times(input.linearMargin, input.targetRatio) - penalty);
  return WAD - remainingShareDown(asUint256(input.sizeMargin * input.targetRatio), slope, bound);
}

/* PRIVATE */

/** Largest x in [0, 1] with curvature x^2 + slope x <= bound, WAD, rounded down; 0 if bound <= 0. */
function remainingShareDown(curvature: bigint, slope: bigint, bound: bigint): bigint {
  if (bound <= 0n) return 0n;
  const largest = max(max(curvature, abs(slope)), bound);
  const excess = BigInt(largest.toString(2).length) - COEFFICIENT_BITS;
  const root =
    excess > 0n
      ? positiveRootDown(-(-curvature >> excess), -(-slope >> excess), bound >> excess)
      : positiveRootDown(curvature << -excess, slope << -excess, bound << -excess);
  return min(root, WAD);
}

/** Positive root of curvature x^2 + slope x = bound, WAD, rounded down. */
function positiveRootDown(curvature: bigint, slope: bigint, bound: bigint): bigint {
  const absoluteSlope = abs(slope);
  const discriminant = absoluteSlope * absoluteSlope + 4n * curvature * bound;
  const root = squareRootDown(discriminant);
  if (slope < 0n) return curvature === 0n ? UNBOUNDED : mulDivDown(root + absoluteSlope, WAD, 2n * curvature);
  const divisor = absoluteSlope + (root * root < discriminant ? root + 1n : root);
  return divisor === 0n ? UNBOUNDED : mulDivDown(2n * bound, WAD, divisor);
}

/** Square root by Newton's method from above, where every step falls until it has arrived. */
function squareRootDown(value: bigint): bigint {
  if (value === 0n) return 0n;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) root = next;
  return root;
}

function scaled(amount: bigint): bigint {
  return asInt256(asInt256(amount) * WAD);
}

function times(amount: bigint, ratio: bigint): bigint {
  return asInt256(asUint256(asUint256(amount) * asUint256(ratio)));
}

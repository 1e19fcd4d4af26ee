import { asInt256, asUint256 } from "./checked.ts";
import { BPS_ONE, WAD } from "./constants.ts";
import { expWad } from "./ExpLn.ts";
import { abs, min, mulDivDown, mulWadDown } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/FundingMath.sol (CLR-05): velocity of funding, its decay, and what a fill does to it.
 */

/** tau: time constant of the decay, seconds. */
export const DECAY_SECONDS = 3_600n;
/** k: weight of a fill is 1 - exp(-notional / (k OI)), WAD. */
export const DEPTH = WAD / 2n;
/** Most that may be paid within one time constant, as a share of the index, WAD. */
export const MAX_SHARE = WAD / 2_000n;

const MANTISSA_BITS = 23;
const EXPONENT_BITS = 8n;

/** What has been paid in `elapsed` seconds since `velocity` was written, per unit of base, rounded toward 0. */
export function accrued(velocity: bigint, elapsed: bigint): bigint {
  const sum = mulWadDown(asUint256(abs(velocity) * DECAY_SECONDS), WAD - remainingShare(elapsed));
  return velocity < 0n ? -sum : sum;
}

/** The velocity after `elapsed` seconds, rounded toward 0. */
export function decayed(velocity: bigint, elapsed: bigint): bigint {
  const left = asInt256(mulWadDown(abs(velocity), remainingShare(elapsed)));
  return velocity < 0n ? -left : left;
}

/** What a fill was, for its effect on the velocity. */
export interface FillEffect {
  /** Consensus, WAD. */
  readonly indexPrice: bigint;
  /** WAD. */
  readonly fillPrice: bigint;
  /** Of the fill, WAD. */
  readonly notional: bigint;
  /** Open interest before the fill at the index price, WAD. */
  readonly openNotional: bigint;
  /** From maxShareOf, WAD. */
  readonly maxShare: bigint;
}

/** The velocity after a fill; `velocity` is decayed to now. */
export function afterFill(velocity: bigint, fill: FillEffect): bigint {
  asInt256(velocity, "velocity");
  const limit = mulWadDown(fill.indexPrice, fill.maxShare) / DECAY_SECONDS;
  const premium = asInt256(fill.fillPrice, "fillPrice") - asInt256(fill.indexPrice, "indexPrice");
  const target = clamp(premium / DECAY_SECONDS, limit);
  const pull = mulWadDown(abs(target), weightOf(fill.notional, fill.openNotional));
  return clamp(asInt256(velocity + (target < 0n ? -pull : pull)), limit);
}

/** Weight of a fill, WAD: 1 - exp(-notional / (k OI)), 1 where nothing is open. */
export function weightOf(notional: bigint, openNotional: bigint): bigint {
  if (openNotional === 0n) return WAD;
  const ratio = mulDivDown(notional, WAD, openNotional);
  return ratio > 100n * WAD ? WAD : WAD - expWad(-((ratio * WAD) / DEPTH));
}

/** Highest share of the index that may be paid within one time constant, WAD. */
export function maxShareOf(takerFeeBps: bigint): bigint {
  return min(MAX_SHARE, asUint256(takerFeeBps * DEPTH) / BPS_ONE);
}

/** Velocity of a stored rate: mantissa * 2^exponent. */
export function unpack(rate: bigint): bigint {
  const mantissa = rate >> EXPONENT_BITS; // Shifts of bigint keep the sign and round toward -infinity, like `sar`.
  return mantissa * (1n << (rate & 0xffn));
}

/** A velocity as stored, rounded toward 0. */
export function pack(velocity: bigint): bigint {
  const size = abs(velocity);
  const bits = size.toString(2).length;
  const exponent = size === 0n ? 0n : BigInt(Math.max(0, bits - MANTISSA_BITS));
  const mantissa = size >> exponent;
  return ((velocity < 0n ? -mantissa : mantissa) << EXPONENT_BITS) | exponent;
}

/** e^(-elapsed / tau), WAD. */
function remainingShare(elapsed: bigint): bigint {
  if (asUint256(elapsed, "elapsed") > 100n * DECAY_SECONDS) return 0n;
  return expWad(-((elapsed * WAD) / DECAY_SECONDS));
}

function clamp(value: bigint, limit: bigint): bigint {
  if (value > limit) return limit;
  return value < -limit ? -limit : value;
}

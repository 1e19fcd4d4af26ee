import { incomeDown, incomeRate, maxFractionUp, penaltyOf } from "../../../sdk/math/AuctionMath.ts";
import { haircutValueDown, initialMarginUp, positionMarginUp, valueDown } from "../../../sdk/math/MarginMath.ts";
import { positivePart } from "../../../sdk/math/WadMath.ts";
import { WAD } from "./deployment.ts";

/*
 * What an account is worth and what an auction costs, from cash, base and entry alone (MRG-01, LIQ-02, LIQ-03). Nothing here
 * asks the chain.
 */

/** A position as it was agreed. */
export interface ExpectedLeg {
  /** Signed base, wei. */
  readonly base: bigint;
  /** Average entry price, WAD. */
  readonly entry: bigint;
  /** Price now, WAD. */
  readonly price: bigint;
  /** mmr, 1e-5. */
  readonly rate?: bigint;
  /** 1e-6 per million. */
  readonly addOn?: bigint;
}

export interface ExpectedCollateral {
  readonly amount: bigint;
  readonly price: bigint;
  readonly haircut: bigint;
}

export interface ExpectedHealth {
  readonly value: bigint;
  readonly marginBalance: bigint;
  readonly linearMargin: bigint;
  readonly sizeMargin: bigint;
  readonly maintenance: bigint;
  readonly initialMargin: bigint;
}

export interface ExpectedTerms {
  readonly income: bigint;
  readonly price: bigint;
  readonly penalty: bigint;
  readonly maxFraction: bigint;
}

const TARGET_RATIO = (WAD * 115n) / 100n;
const PENALTY_RATE = WAD / 10n;
const MIN_MAINTENANCE = 10n * WAD;

/** Entries and prices that divide evenly keep every figure exact. */
export function expectedHealth(
  cash: bigint,
  legs: readonly ExpectedLeg[],
  collateral: readonly ExpectedCollateral[] = [],
): ExpectedHealth {
  let [value, marginBalance] = [cash, cash];
  let [linearMargin, sizeMargin, initialMargin] = [0n, 0n, 0n];
  for (const { base, entry, price, rate = 4_000n, addOn = 2_000n } of legs) {
    const profit = (base * (price - entry)) / WAD;
    value += profit;
    marginBalance += profit;
    const size = base < 0n ? -base : base;
    const { linear, size: grown } = positionMarginUp(size, price, rate, addOn);
    linearMargin += linear;
    sizeMargin += grown;
    initialMargin += initialMarginUp(size, price, rate + 6_000n, addOn);
  }
  for (const { amount, price, haircut } of collateral) {
    value += valueDown(amount, price);
    marginBalance += haircutValueDown(amount, price, haircut);
  }
  return { value, marginBalance, linearMargin, sizeMargin, maintenance: linearMargin + sizeMargin, initialMargin };
}

/** Terms after `elapsed` live seconds. */
export function expectedTerms(health: ExpectedHealth, elapsed: bigint): ExpectedTerms {
  const { value, marginBalance, linearMargin, sizeMargin, maintenance } = health;
  const income = incomeDown(maintenance, marginBalance, incomeRate(elapsed));
  const price = positivePart(value - income);
  const penalty = penaltyOf(PENALTY_RATE, maintenance, value, income);
  const fraction = maxFractionUp({
    marginBalance,
    linearMargin,
    sizeMargin,
    blindMargin: 0n,
    retained: price - penalty,
    targetRatio: TARGET_RATIO,
  });
  const rest = WAD - fraction;
  const left = (linearMargin * rest) / WAD + (((sizeMargin * rest) / WAD) * rest) / WAD;
  return { income, price, penalty, maxFraction: left < MIN_MAINTENANCE ? WAD : fraction };
}

export function ceilWad(amount: bigint, fraction: bigint): bigint {
  return (amount * fraction + WAD - 1n) / WAD;
}

export function floorWad(amount: bigint, fraction: bigint): bigint {
  return (amount * fraction) / WAD;
}

import { asUint256 } from "./checked.ts";
import { WAD } from "./constants.ts";
import { min, mulDivDown, mulDivUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/TrancheMath.sol (CVR-01, CVR-05): shares of a tranche and what they are worth, both with 18 decimals.
 */

/** Shares that nobody owns, and as many wei of value. */
export const VIRTUAL = 1_000_000n;

const DUST = WAD / 100n;
const MAX_SHARES = 10n ** 9n;

/** Whether a loss has left so little that the old shares die at the next deposit. */
export function isSpent(value: bigint, supply: bigint): boolean {
  return asUint256(value, "value") < DUST && value < asUint256(supply, "supply") / MAX_SHARES;
}

/** Shares for a deposit of `wad`, rounded down: favours those who are in. */
export function toSharesDown(wad: bigint, value: bigint, supply: bigint): bigint {
  const living = isSpent(value, supply) ? 0n : supply;
  return mulDivDown(wad, withVirtual(living), withVirtual(value));
}

/** Shares that a payment of `wad` uses up, rounded up: favours those who stay. */
export function toSharesUp(wad: bigint, value: bigint, supply: bigint): bigint {
  return mulDivUp(wad, withVirtual(supply), withVirtual(value));
}

/** What `shares` are worth, rounded down, never above the whole value: favours those who stay. */
export function toAssetsDown(shares: bigint, value: bigint, supply: bigint): bigint {
  return min(mulDivDown(shares, withVirtual(value), withVirtual(supply)), value);
}

/** Value of one share, WAD, rounded down. */
export function priceDown(value: bigint, supply: bigint): bigint {
  return mulDivDown(WAD, withVirtual(value), withVirtual(supply));
}

function withVirtual(amount: bigint): bigint {
  return asUint256(asUint256(amount, "amount") + VIRTUAL);
}

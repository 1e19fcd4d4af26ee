import { NumberOutOfRangeError } from "../errors.ts";

/*
 * bigint has no width. These stand where Solidity's arithmetic is checked or a cast is made, so that a twin fails
 * exactly where the chain would revert.
 */

function fits(value: bigint, low: bigint, high: bigint, type: string, subject: string): bigint {
  if (value < low || value > high) throw new NumberOutOfRangeError(subject, value, type);
  return value;
}

const MAX_UINT256 = (1n << 256n) - 1n;
const MAX_INT256 = (1n << 255n) - 1n;
const MAX_INT128 = (1n << 127n) - 1n;
const MAX_UINT112 = (1n << 112n) - 1n;
const MAX_UINT16 = (1n << 16n) - 1n;

/** @returns value, if it fits in uint256 */
export const asUint256 = (value: bigint, subject = "result"): bigint =>
  fits(value, 0n, MAX_UINT256, "uint256", subject);

/** @returns value, if it fits in int256 */
export const asInt256 = (value: bigint, subject = "result"): bigint =>
  fits(value, -MAX_INT256 - 1n, MAX_INT256, "int256", subject);

/** @returns value, if it fits in int128 */
export const asInt128 = (value: bigint, subject = "result"): bigint =>
  fits(value, -MAX_INT128 - 1n, MAX_INT128, "int128", subject);

/** @returns value, if it fits in uint112 */
export const asUint112 = (value: bigint, subject = "result"): bigint =>
  fits(value, 0n, MAX_UINT112, "uint112", subject);

/** @returns value, if it fits in uint16 */
export const asUint16 = (value: bigint, subject = "result"): bigint => fits(value, 0n, MAX_UINT16, "uint16", subject);

import { DivisionByZeroError } from "../errors.ts";
import { asInt256, asUint256 } from "./checked.ts";
import { WAD } from "./constants.ts";

/*
 * Twin of contracts/libraries/WadMath.sol. Down is toward zero for unsigned and toward -infinity for signed numbers,
 * up is away from zero and toward +infinity.
 */

/** a * b / d, rounded down; the product may take 512 bits. */
export function mulDivDown(a: bigint, b: bigint, d: bigint): bigint {
  return asUint256(productOf(a, b, d) / d);
}

/** a * b / d, rounded up; the product may take 512 bits. */
export function mulDivUp(a: bigint, b: bigint, d: bigint): bigint {
  return asUint256((productOf(a, b, d) + d - 1n) / d);
}

/** a * b / 1e18, rounded down. */
export function mulWadDown(a: bigint, b: bigint): bigint {
  return mulDivDown(a, b, WAD);
}

/** a * b / 1e18, rounded up. */
export function mulWadUp(a: bigint, b: bigint): bigint {
  return mulDivUp(a, b, WAD);
}

/** a * b / d, rounded toward -infinity. */
export function signedMulDivDown(a: bigint, b: bigint, d: bigint): bigint {
  asInt256(a, "a");
  return a < 0n ? -asInt256(mulDivUp(-a, b, d)) : asInt256(mulDivDown(a, b, d));
}

/** a * b / d, rounded toward +infinity. */
export function signedMulDivUp(a: bigint, b: bigint, d: bigint): bigint {
  asInt256(a, "a");
  return a < 0n ? -asInt256(mulDivDown(-a, b, d)) : asInt256(mulDivUp(a, b, d));
}

/** a / d, rounded toward -infinity, d > 0. */
export function signedDivDown(a: bigint, d: bigint): bigint {
  asInt256(a, "a");
  const quotient = a / divisor(asInt256(d, "d"));
  return a < 0n && a % d !== 0n ? quotient - 1n : quotient;
}

/** a / d, rounded toward +infinity, d > 0. */
export function signedDivUp(a: bigint, d: bigint): bigint {
  asInt256(a, "a");
  const quotient = a / divisor(asInt256(d, "d"));
  return a > 0n && a % d !== 0n ? quotient + 1n : quotient;
}

/** |a|. */
export function abs(a: bigint): bigint {
  asInt256(a, "a");
  return a < 0n ? -a : a;
}

/** max(a, 0). */
export function positivePart(a: bigint): bigint {
  asInt256(a, "a");
  return a > 0n ? a : 0n;
}

/** The smaller one. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger one. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function productOf(a: bigint, b: bigint, d: bigint): bigint {
  divisor(asUint256(d, "d"));
  return asUint256(a, "a") * asUint256(b, "b");
}

function divisor(d: bigint): bigint {
  if (d === 0n) throw new DivisionByZeroError("d");
  return d;
}

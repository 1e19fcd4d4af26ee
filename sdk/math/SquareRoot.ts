import { asUint256 } from "./checked.ts";

/** Largest whole number whose square is not above `square`, as Solady's FixedPointMathLib.sqrt. */
export function sqrtDown(square: bigint): bigint {
  if (asUint256(square, "square") < 2n) return square;
  // Newton's method from above: each step falls until the root is reached.
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (;;) {
    const next = (root + square / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

/** Smallest whole number whose square is not below `square`. */
export function sqrtUp(square: bigint): bigint {
  const root = sqrtDown(square);
  return root * root < square ? root + 1n : root;
}

/*
 * N and ln to 60 digits, from their series, in whole numbers: what approximations are compared with. Slow, and simple on purpose.
 */

/** One, in the numbers of this file. */
export const ONE = 10n ** 90n;
const WAD = 10n ** 18n;

/** A WAD number in the numbers of this file. */
export const fromWad = (value: bigint): bigint => (value * ONE) / WAD;
/** Rounded toward -infinity, in units of `unit` (default: wei of WAD). */
export function floorTo(value: bigint, unit = ONE / WAD): bigint {
  return value >= 0n ? value / unit : -((-value + unit - 1n) / unit);
}

export const times = (a: bigint, b: bigint): bigint => (a * b) / ONE;
export const over = (a: bigint, b: bigint): bigint => (a * ONE) / b;

/** Square root by Newton's method. */
export function root(square: bigint): bigint {
  let x = square > ONE ? square : ONE;
  for (;;) {
    const next = (x + (square * ONE) / x) / 2n;
    if (next >= x) return x;
    x = next;
  }
}

/** atanh(1/k) or atan(1/k) by Taylor's series. */
function inverse(k: bigint, isHyperbolic: boolean): bigint {
  let [power, sum] = [ONE / k, 0n];
  for (let i = 0n; power !== 0n; i++, power /= k * k) {
    const term = power / (2n * i + 1n);
    sum += isHyperbolic || i % 2n === 0n ? term : -term;
  }
  return sum;
}

const LN_TWO = 2n * inverse(3n, true);
/** Machin's formula. */
const PI = 4n * (4n * inverse(5n, false) - inverse(239n, false));
const ROOT_OF_TWO_PI = root(2n * PI);

/** ln(x), x > 0: 2 atanh((x - 1) / (x + 1)) after halving or doubling to near 1. */
export function ln(x: bigint): bigint {
  let [rest, halvings] = [x, 0n];
  for (; rest * 2n > 3n * ONE; rest /= 2n) halvings++;
  for (; rest * 4n < 3n * ONE; rest *= 2n) halvings--;
  const z = over(rest - ONE, rest + ONE);
  const square = times(z, z);
  let [power, sum] = [z, 0n];
  for (let i = 1n; power !== 0n; i += 2n, power = times(power, square)) sum += power / i;
  return 2n * sum + halvings * LN_TWO;
}

/** N(x) for |x| up to 12: 1/2 plus the integrated series of the density. Its largest terms lose 32 of 90 digits at 12. */
export function normal(x: bigint): bigint {
  if (x < 0n) return ONE - normal(-x);
  if (x > 12n * ONE) return ONE;
  const halfSquare = times(x, x) / 2n;
  let [power, sum] = [x, 0n];
  for (let k = 0n; power !== 0n; k++, power = -times(power, halfSquare) / k) sum += power / (2n * k + 1n);
  return ONE / 2n + over(sum, ROOT_OF_TWO_PI);
}

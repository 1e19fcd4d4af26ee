import { NumberOutOfRangeError } from "../errors.ts";

/*
 * exp and ln of WAD numbers with exactly the results of Solady's FixedPointMathLib.expWad and lnWad, which the
 * contracts use. Both follow the published scheme: reduce the range by a power of two, evaluate a rational
 * approximation in 2^96 fixed point, put the power back. Shifts of bigint round toward -infinity like `sar`, its
 * division truncates like `sdiv`, and no intermediate value leaves 256 bits, so that the results agree to the wei.
 */

const ONE_SHIFT = 96n;
const HALF = 1n << 95n;
/** ln(2) * 2^96. */
const LN_TWO = 54916777467707473351141471128n;
const FIVE_TO_18 = 5n ** 18n;

/** Below this exp is less than half a wei. */
const EXP_LOWEST = -41446531673892822313n;
/** From here on exp does not fit in int256. */
const EXP_LIMIT = 135305999368893231589n;
/** 6.031... * 1e18 * 2^117: scale of the approximation, and 2^96 fixed point to WAD. */
const EXP_SCALE = 3822833074963236453042738258902158003155416615667n;

/** Coefficients of the numerator of ln's approximation, highest power first; the last one stays unscaled. */
const LN_P = [
  3273285459638523848632254066296n,
  24828157081833163892658089445524n,
  43456485725739037958740375743393n,
  -11111509109440967052023855526967n,
  -45023709667254063763336534515857n,
  -14706773417378608786704636184526n,
] as const;
const LN_P_LAST = -795164235651350426258249787498n;
/** Coefficients of the monic denominator after its highest. */
const LN_Q = [
  5573035233440673466300451813936n,
  71694874799317883764090561454958n,
  283447036172924575727196451306956n,
  401686690394027663651624208769553n,
  204048457590392012362485061816622n,
  31853899698501571402653359427138n,
  909429971244387300277376558375n,
] as const;
/** 5.549... * 5^18 * 2^96. */
const LN_SCALE = 1677202110996718588342820967067443963516166n;
/** ln(2) * 5^18 * 2^192. */
const LN_TWO_SCALED = 16597577552685614221487285958193947469193820559219878177908093499208371n;
/** ln(2^96 / 1e18) * 5^18 * 2^192. */
const LN_BASE_SCALED = 600920179829731861736702779321621459595472258049074101567377883020018308n;

/** exp(x) in WAD, rounded as on chain; 0 below about -41.4. */
export function expWad(x: bigint): bigint {
  if (x <= EXP_LOWEST) return 0n;
  if (x >= EXP_LIMIT) throw new NumberOutOfRangeError("exp", x, "int256");

  const binary = (x << 78n) / FIVE_TO_18;
  const k = ((binary << ONE_SHIFT) / LN_TWO + HALF) >> ONE_SHIFT;
  const rest = binary - k * LN_TWO;

  let y = rest + 1346386616545796478920950773328n;
  y = ((y * rest) >> ONE_SHIFT) + 57155421227552351082224309758442n;
  let p = y + rest - 94201549194550492254356042504812n;
  p = ((p * y) >> ONE_SHIFT) + 28719021644029726153956944680412240n;
  p = p * rest + (4385272521454847904659076985693276n << ONE_SHIFT);

  let q = rest - 2855989394907223263936484059900n;
  q = ((q * rest) >> ONE_SHIFT) + 50020603652535783019961831881945n;
  q = ((q * rest) >> ONE_SHIFT) - 533845033583426703283633433725380n;
  q = ((q * rest) >> ONE_SHIFT) + 3604857256930695427073651918091429n;
  q = ((q * rest) >> ONE_SHIFT) - 14423608567350463180887372962807573n;
  q = ((q * rest) >> ONE_SHIFT) + 26449188498355588339934803723976023n;

  return ((p / q) * EXP_SCALE) >> (195n - k);
}

/** ln(x) in WAD, rounded as on chain. x is WAD and above 0. */
export function lnWad(x: bigint): bigint {
  if (x <= 0n || x >= 1n << 255n) throw new NumberOutOfRangeError("ln", x, "positive int256");

  const power = BigInt(x.toString(2).length - 1);
  // x scaled into [1, 2) in 2^96 fixed point.
  const mantissa = (x << (255n - power)) >> 159n;

  let p = mantissa + LN_P[0];
  for (const coefficient of LN_P.slice(1)) p = ((p * mantissa) >> ONE_SHIFT) + coefficient;
  p = p * mantissa + (LN_P_LAST << ONE_SHIFT);

  let q = mantissa + LN_Q[0];
  for (const coefficient of LN_Q.slice(1)) q = ((mantissa * q) >> ONE_SHIFT) + coefficient;

  return (LN_SCALE * (p / q) + LN_TWO_SCALED * (power - ONE_SHIFT) + LN_BASE_SCALED) >> 174n;
}

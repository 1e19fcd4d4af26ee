import { asInt128, asInt256, asUint112, asUint16, asUint256 } from "./checked.ts";
import { PRODUCT_FLOOR, PRODUCT_ONE, SUM_ONE, SUM_ROLL_LIMIT, WAD } from "./constants.ts";
import { lnWad } from "./ExpLn.ts";
import { abs, min, mulDivDown, mulDivUp, positivePart, signedDivDown, signedDivUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/SideIndex.sol (CLR-09): base = shares * P, quote value = quote + shares * effective S,
 * effective S = S - P * F. Where Solidity changes a side in place, a new one is returned.
 */

/** State of one side of a market. */
export interface Side {
  /** S, scale 1e27. */
  readonly sum: bigint;
  /** P, scale 1e30. */
  readonly product: bigint;
  /** How often P or S was started afresh. */
  readonly generation: bigint;
}

/** End values of a closed generation; `sum` is the effective one. */
export interface GenerationEnd {
  readonly product: bigint;
  readonly sum: bigint;
}

const PRODUCT_TIMES_WAD = (PRODUCT_ONE * WAD) / SUM_ONE;
const PRODUCT_PER_SUM = PRODUCT_ONE / SUM_ONE;
const MAX_UINT64 = (1n << 64n) - 1n;

/** Base that `shares` stand for, signed, magnitude rounded down. */
export function baseOf(shares: bigint, product: bigint): bigint {
  return asInt256(asInt256(shares, "shares") * asInt256(product, "product")) / PRODUCT_ONE;
}

/** Shares for `base`, signed, magnitude rounded up; `baseOf(sharesOf(b, P), P) === b` for 0 < P <= 1e30. */
export function sharesOf(base: bigint, product: bigint): bigint {
  const shares = asInt256(mulDivUp(abs(base), PRODUCT_ONE, product));
  return base < 0n ? -shares : shares;
}

/** S - P * F, rounded toward -infinity. */
export function effectiveSumDown(side: Side, funding: bigint): bigint {
  return asInt256(side.sum - fundingPerShareUp(side.product, funding));
}

/** What a position's quote is worth now, rounded down. */
export function quoteValueDown(shares: bigint, quote: bigint, effectiveSum: bigint): bigint {
  return asInt256(quote + signedDivDown(asInt256(shares * effectiveSum), SUM_ONE));
}

/** The quote to store so that a position is worth `quoteValue` now, rounded down. */
export function storedQuoteDown(shares: bigint, quoteValue: bigint, effectiveSum: bigint): bigint {
  return asInt256(quoteValue - signedDivUp(asInt256(shares * effectiveSum), SUM_ONE));
}

/**
 * Charges `amount` to a side, every unit of base alike (LIQ-05).
 * @returns the side after, and the charge to one unit of base, WAD, rounded up
 */
export function charge(
  side: Side,
  long: boolean,
  amount: bigint,
  openInterest: bigint,
): { side: Side; perUnit: bigint } {
  const perShare = mulDivUp(amount, side.product, asUint256(openInterest * PRODUCT_PER_SUM));
  return { side: chargedPerShare(side, long, perShare), perUnit: mulDivUp(amount, WAD, openInterest) };
}

/** Charges `perUnit` (WAD) to every unit of base of a side. */
export function chargePerUnit(side: Side, long: boolean, perUnit: bigint): Side {
  return chargedPerShare(side, long, mulDivUp(perUnit, side.product, PRODUCT_TIMES_WAD));
}

/** What is closed by {@link deleverage}. */
export interface Closing {
  /** Wei of base that are closed, at most `openInterest`. */
  readonly base: bigint;
  /** Base of the side before, wei, above 0. */
  readonly openInterest: bigint;
  /** WAD. */
  readonly price: bigint;
  /** F of the market, WAD. */
  readonly funding: bigint;
}

/**
 * Closes a part of a side pro rata (LIQ-06).
 * @returns the side after, and P before
 */
export function deleverage(side: Side, long: boolean, closing: Closing): { side: Side; productBefore: bigint } {
  const { base, openInterest, price, funding } = closing;
  const productBefore = side.product;
  const productAfter = mulDivDown(productBefore, asUint256(openInterest - base, "openInterest - base"), openInterest);
  const closed = productBefore - productAfter;
  const proceeds = (long ? mulDivDown : mulDivUp)(closed, price, PRODUCT_TIMES_WAD);
  const effective = asInt256(effectiveSumDown(side, funding) + asInt256(proceeds));
  const sum = asInt128(effective + fundingPerShareUp(productAfter, funding), "sum");
  return { side: { ...side, product: asUint112(productAfter, "product"), sum }, productBefore };
}

/** Whether the side must start a new generation now. */
export function endsGeneration(side: Side, funding: bigint): boolean {
  return side.product < PRODUCT_FLOOR || abs(effectiveSumDown(side, funding)) >= SUM_ROLL_LIMIT;
}

/** Ends the generation of a side and starts the next at P = 1, effective S = 0. */
export function startGeneration(side: Side, funding: bigint): { side: Side; end: GenerationEnd } {
  const end = { product: side.product, sum: asInt128(effectiveSumDown(side, funding), "sum") };
  return {
    side: {
      product: PRODUCT_ONE,
      sum: asInt128(fundingPerShareUp(PRODUCT_ONE, funding), "sum"),
      generation: asUint16(side.generation + 1n, "generation"),
    },
    end,
  };
}

/** Carries a position over the end of a generation; base and value stay the same. */
export function rollOnce(shares: bigint, quote: bigint, end: GenerationEnd): { shares: bigint; quote: bigint } {
  return { shares: baseOf(shares, end.product), quote: quoteValueDown(shares, quote, end.sum) };
}

/** -ln(P' / P), WAD, saturating at the largest uint64 (CLM-03). Within 2 wei of the logarithm, equal to the chain. */
export function deleveragedLn(productBefore: bigint, productAfter: bigint): bigint {
  asInt256(productBefore, "productBefore");
  asInt256(productAfter, "productAfter");
  if (productAfter === 0n) return MAX_UINT64;
  if (productAfter >= productBefore) return 0n;
  return min(positivePart(lnWad(productBefore) - lnWad(productAfter)), MAX_UINT64);
}

/* PRIVATE */

function fundingPerShareUp(product: bigint, funding: bigint): bigint {
  return signedDivUp(asInt256(product * asInt256(funding, "funding")), PRODUCT_TIMES_WAD);
}

function chargedPerShare(side: Side, long: boolean, perShareUp: bigint): Side {
  const change = asInt256(perShareUp);
  return { ...side, sum: asInt128(long ? side.sum - change : side.sum + change, "sum") };
}

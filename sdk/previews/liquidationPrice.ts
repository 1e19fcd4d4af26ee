// At which prices of one feed an account could be liquidated, all other prices standing still (MRG-01).
import { MAX_PRICE, WAD } from "../math/constants.ts";
import { haircutValueDown, positionMarginUp } from "../math/MarginMath.ts";
import { abs, signedMulDivDown } from "../math/WadMath.ts";
import { maintenanceMargin } from "./bid.ts";

/** What of an account depends on one feed. */
export interface FeedExposure {
  /** Price now, WAD. */
  readonly price: bigint;
  /** Signed base of the market with the feed's number, wei; 0 without a position. */
  readonly base: bigint;
  /** mmr now, 1e-5. */
  readonly rate: bigint;
  /** Growth of mmr per million units of notional, 1e-6. */
  readonly addOn: bigint;
  readonly collateral: readonly { readonly amount: bigint; readonly haircut: bigint }[];
}

/** The nearest prices at which E < MM; undefined where there is none on that side. */
export interface LiquidationPrices {
  readonly isLiquidatable: boolean;
  /** Highest one below the price of now, WAD. */
  readonly below: bigint | undefined;
  /** Lowest one above it, WAD. A long position has one too, far away: its add-on grows with the square of the price. */
  readonly above: bigint | undefined;
}

interface MarginHealth {
  readonly marginBalance: bigint;
  readonly linearMargin: bigint;
  readonly sizeMargin: bigint;
  readonly blindMargin: bigint;
}

/**
 * E - MM is a sum of lines and parabolas that open downward, so the prices at which an account is safe are one interval: bisection finds both
 * its ends.
 */
export function liquidationPrices(health: MarginHealth, exposure: FeedExposure): LiquidationPrices {
  const rest = health.marginBalance - maintenanceMargin(health) - excessAt(exposure, exposure.price);
  const isSold = (price: bigint): boolean => rest + excessAt(exposure, price) < 0n;
  if (isSold(exposure.price)) return { isLiquidatable: true, below: undefined, above: undefined };
  return {
    isLiquidatable: false,
    below: edge(isSold, exposure.price, 0n),
    above: edge(isSold, exposure.price, MAX_PRICE),
  };
}

/** What the feed's holdings add to E - MM at a price. */
function excessAt({ base, rate, addOn, collateral }: FeedExposure, price: bigint): bigint {
  const { linear, size } = positionMarginUp(abs(base), price, rate, addOn);
  const held = collateral.reduce((sum, { amount, haircut }) => sum + haircutValueDown(amount, price, haircut), 0n);
  return signedMulDivDown(base, price, WAD) + held - linear - size;
}

function edge(isSold: (price: bigint) => boolean, safe: bigint, end: bigint): bigint | undefined {
  if (!isSold(end)) return undefined;
  let [healthy, sold] = [safe, end];
  while (abs(healthy - sold) > 1n) {
    const middle = (healthy + sold) / 2n;
    if (isSold(middle)) sold = middle;
    else healthy = middle;
  }
  return sold;
}

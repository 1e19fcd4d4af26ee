import { asInt256, asUint256 } from "./checked.ts";
import { positionMarginUp } from "./MarginMath.ts";
import { abs, signedMulDivDown } from "./WadMath.ts";
import { MAX_PRICE, WAD } from "./constants.ts";

/*
 * Twin of contracts/libraries/TouchMath.sol (CVR-07): liquidation price of an account with one position.
 */

/** An account with one position and no collateral beside cash. */
export interface OnePosition {
  /** Cash and quote value of the position, WAD. */
  readonly balance: bigint;
  /** Signed, wei; not 0. */
  readonly base: bigint;
  /** mmr, 1e-5. */
  readonly rate: bigint;
  /** Growth of mmr per million units of notional, 1e-6. */
  readonly addOn: bigint;
}

/** Whether the account would be liquidated at a price: E < MM. */
export function isLiquidatable({ balance, base, rate, addOn }: OnePosition, price: bigint): boolean {
  const { linear, size } = positionMarginUp(abs(base), price, rate, addOn);
  return asInt256(asInt256(balance, "balance") + signedMulDivDown(base, price, WAD)) < linear + size;
}

/** Highest price (long) or lowest one (short) at which the account is liquidatable; 0 when it is so now, or never. */
export function touchPrice(position: OnePosition, price: bigint): bigint {
  const isLong = position.base > 0n;
  let sold = isLong ? 0n : MAX_PRICE;
  if (isLiquidatable(position, asUint256(price, "price")) || !isLiquidatable(position, sold)) return 0n;
  let healthy = price;
  while (isLong ? healthy - sold > 1n : sold - healthy > 1n) {
    const middle = (healthy + sold) / 2n;
    if (isLiquidatable(position, middle)) sold = middle;
    else healthy = middle;
  }
  return sold;
}

// Which orders of a board a trade takes: the best prices first, whole orders only where the maker allows no parts.
import { OrderFlags } from "../../../sdk/index.ts";
import type { SignedOrder } from "../../../sdk/index.ts";
import { WAD } from "../../../sdk/math/constants.ts";

/** An order that can be filled now. */
export interface Offer {
  readonly signed: SignedOrder;
  /** Absolute base that is left, WAD. */
  readonly remaining: bigint;
}

export interface Fill {
  readonly signed: SignedOrder;
  /** Absolute base, WAD. */
  readonly size: bigint;
}

export interface Sweep {
  readonly fills: readonly Fill[];
  /** Base that is found, WAD; less than was asked for where the board has no more. */
  readonly found: bigint;
  /** Average price, WAD; 0 without a fill. */
  readonly price: bigint;
}

/** Offers to whoever buys (or sells), best price first. */
export function offersFor(offers: readonly Offer[], market: number, isBuy: boolean): readonly Offer[] {
  return offers
    .filter(({ signed: { order } }) => order.market === market && order.size < 0n === isBuy)
    .sort((a, b) => {
      const difference = a.signed.order.limitPrice - b.signed.order.limitPrice;
      return Number(isBuy ? difference : -difference);
    });
}

export function sweep(offers: readonly Offer[], size: bigint, most: number): Sweep {
  const fills: Fill[] = [];
  let [found, paid] = [0n, 0n];
  for (const { signed, remaining } of offers) {
    const wanted = size - found;
    if (wanted === 0n || fills.length === most) break;
    const isDivisible = (signed.order.flags & OrderFlags.PARTIAL_FILLS) !== 0;
    if (!isDivisible && remaining > wanted) continue;
    const taken = remaining < wanted ? remaining : wanted;
    fills.push({ signed, size: taken });
    found += taken;
    paid += taken * signed.order.limitPrice;
  }
  return { fills, found, price: found === 0n ? 0n : paid / found };
}

/** What a position's entry price is: its quote per unit of base, WAD. */
export function entryPrice(base: bigint, quoteValue: bigint): bigint {
  return base === 0n ? 0n : (-quoteValue * WAD) / base;
}

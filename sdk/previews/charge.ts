// What an account would bear of a loss that is charged to its side of a market (LIQ-05): to the wei what its position is worth less.
import { WAD } from "../math/constants.ts";
import { charge, effectiveSumDown, quoteValueDown } from "../math/SideIndex.ts";
import type { Side } from "../math/SideIndex.ts";
import { abs, min, mulDivDown, mulWadDown } from "../math/WadMath.ts";

/** A position and its side, as they are stored. */
export interface ChargedPosition {
  readonly side: Side;
  /** F of the market now, WAD. */
  readonly funding: bigint;
  readonly openInterest: bigint;
  readonly shares: bigint;
  readonly quote: bigint;
  /** Signed base, wei. */
  readonly base: bigint;
  /** WAD. */
  readonly price: bigint;
}

export interface ChargeShare {
  /** Part of the side that the account is, WAD, rounded down. */
  readonly share: bigint;
  /** What is charged: at most the side's notional. */
  readonly charged: bigint;
  /** To each unit of base, WAD, rounded up. */
  readonly perUnit: bigint;
  /** What the account's position is worth less. */
  readonly cost: bigint;
}

/** Charges `amount` to the position's side. A side never pays more than its notional: the rest goes to all markets. */
export function chargeShare(position: ChargedPosition, amount: bigint): ChargeShare {
  const { side, funding, openInterest, shares, quote, base, price } = position;
  if (openInterest === 0n || base === 0n) return { share: 0n, charged: 0n, perUnit: 0n, cost: 0n };
  const charged = min(amount, mulWadDown(openInterest, price));
  const after = charge(side, base > 0n, charged, openInterest);
  const valueOf = (state: Side): bigint => quoteValueDown(shares, quote, effectiveSumDown(state, funding));
  return {
    share: mulDivDown(abs(base), WAD, openInterest),
    charged,
    perUnit: after.perUnit,
    cost: valueOf(side) - valueOf(after.side),
  };
}

// Who bears what no layer has paid: twin of contracts/clearing/LossSharing.sol and of the closing price in Deleveraging.sol (LIQ-05, LIQ-06).
import { WAD } from "../math/constants.ts";
import { abs, min, mulDivUp, mulWadDown, mulWadUp } from "../math/WadMath.ts";

/** What the account that caused the loss has in one market. */
export interface LossStake {
  readonly market: number;
  /** Signed, wei. */
  readonly base: bigint;
  /** WAD. */
  readonly price: bigint;
  readonly hasConsensus: boolean;
  /** The hour's average, WAD. */
  readonly average: bigint;
}

/** A market with open interest, as a spread finds it. */
export interface MarketInterest {
  readonly market: number;
  readonly openInterest: bigint;
  /** Signed base of the account that caused the loss; 0 without a position. */
  readonly ownBase: bigint;
  /** Last consensus price, WAD. */
  readonly price: bigint;
}

export interface LossState {
  readonly stakes: readonly LossStake[];
  /** Every listed market, the account's among them. */
  readonly interests: readonly MarketInterest[];
}

export interface LossTerms {
  /** What no layer has paid, WAD. */
  readonly loss: bigint;
  /** Part of the account that is sold or closed, WAD. */
  readonly fraction: bigint;
  /** In a deleveraging the closed base bears a market's part, through the price that it is closed at; in a bid the whole other side does. */
  readonly isClosing: boolean;
}

/** What one side of a market is charged. */
export interface SideCharge {
  readonly market: number;
  /** The side that bears it. */
  readonly isLong: boolean;
  /** WAD. */
  readonly amount: bigint;
  /** To each unit of the base that bears it, WAD, rounded up. */
  readonly perUnit: bigint;
}

/** What all markets are charged of the rest, on both sides alike. */
export interface SpreadCharge {
  readonly market: number;
  /** To each unit of base, WAD, rounded up. */
  readonly perUnit: bigint;
}

export interface LossSplit {
  /** To the sides that gained: in the markets in which the account has lost, by its loss there. */
  readonly sides: readonly SideCharge[];
  /** The rest, by notional; what the account itself would bear of it is credited back. */
  readonly spread: { readonly amount: bigint; readonly markets: readonly SpreadCharge[] };
  /** What no open interest can bear: kept by the house, and repaid from the fund's next income. */
  readonly unallocated: bigint;
}

export const NO_LOSS: LossSplit = { sides: [], spread: { amount: 0n, markets: [] }, unallocated: 0n };

/** Splits a loss over the markets, to the wei. */
export function splitLoss(state: LossState, terms: LossTerms): LossSplit {
  if (terms.loss === 0n) return NO_LOSS;
  const weighed = state.stakes.map((stake) => ({ stake, weight: lossWeight(stake) }));
  let weightLeft = weighed.reduce((sum, { weight }) => sum + weight, 0n);
  let remaining = terms.loss;
  const sides: SideCharge[] = [];
  for (const { stake, weight } of weighed) {
    if (weight === 0n) continue;
    const bearing = terms.isClosing ? abs(stake.base) : openInterestOf(state, stake.market);
    const amount = [
      mulDivUp(remaining, weight, weightLeft),
      mulWadUp(weight, terms.fraction),
      mulWadDown(bearing, stake.price),
    ].reduce(min, remaining);
    remaining -= amount;
    weightLeft -= weight;
    if (amount === 0n) continue;
    sides.push({ market: stake.market, isLong: stake.base < 0n, amount, perUnit: mulDivUp(amount, WAD, bearing) });
  }
  return { sides, ...spreadLoss(state, remaining) };
}

/** Price at which the other side of a closed position closes: what the account cannot pay is taken through it. */
export function closingPrice(stake: Pick<LossStake, "base" | "price">, closed: bigint, charged: bigint): bigint {
  const perUnit = mulDivUp(charged, WAD, closed);
  if (stake.base > 0n) return min(stake.price + perUnit, 2n * stake.price);
  return perUnit >= stake.price ? 0n : stake.price - perUnit;
}

/** LIQ-05's weight: what the price has moved from its average against the account. */
export function lossWeight({ base, price, average, hasConsensus }: LossStake): bigint {
  if (!hasConsensus || base === 0n) return 0n;
  const [from, to] = base > 0n ? [average, price] : [price, average];
  return from <= to ? 0n : mulWadDown(abs(base), from - to);
}

function spreadLoss({ interests }: LossState, loss: bigint): Pick<LossSplit, "spread" | "unallocated"> {
  if (loss === 0n) return { spread: NO_LOSS.spread, unallocated: 0n };
  const open = interests.filter(({ openInterest }) => openInterest !== 0n);
  const notional = open.reduce((sum, { openInterest, ownBase, price }) => {
    const bearing = 2n * openInterest;
    return sum + mulWadDown(bearing - min(bearing, abs(ownBase)), price);
  }, 0n);
  const amount = min(loss, notional);
  const markets =
    amount === 0n
      ? []
      : open.map(({ market, price }) => ({ market, perUnit: min(price, mulDivUp(price, amount, notional)) }));
  return { spread: { amount, markets }, unallocated: loss - amount };
}

function openInterestOf({ interests }: LossState, market: number): bigint {
  return interests.find((one) => one.market === market)?.openInterest ?? 0n;
}

import { UnknownMarketClassError } from "../errors.ts";
import { asUint256 } from "./checked.ts";
import { BPS_ONE, INITIAL_MARGIN_POINTS, RATE_ONE, RATIO_ONE, WAD } from "./constants.ts";
import { min, mulDivDown, mulDivUp, mulWadDown, mulWadUp } from "./WadMath.ts";

/*
 * Twin of contracts/libraries/MarginMath.sol (MRG-01, MRG-02, ORC-07). Needs are rounded up, values down.
 */

/** Risk class of a market, as `MarketClass` in contracts/types/Identifiers.sol. */
export const MarketClass = { Major: 0, Mid: 1, Tail: 2 } as const;
export type MarketClass = (typeof MarketClass)[keyof typeof MarketClass];

/** How fast mmr may rise, per hour, in units of RATE_ONE. */
export const RISE_PER_HOUR = 250n;
/** How fast mmr may fall, per hour, in units of RATE_ONE. */
export const FALL_PER_HOUR = 50n;
/** Scale of the add-on: 1e-6 of mmr per million units of notional. */
export const ADD_ON_SCALE = 10n ** 30n;
/** A rate in units of RATE_ONE times this is WAD. */
export const RATE_TO_WAD = WAD / RATE_ONE;

const HOUR = 3_600n;
const PROFIT_WEIGHTS: Readonly<Record<MarketClass, bigint>> = {
  [MarketClass.Major]: WAD,
  [MarketClass.Mid]: (WAD * 3n) / 4n,
  [MarketClass.Tail]: WAD / 2n,
};

/** Value of `absoluteBase` (wei) at `price` (WAD), rounded up. */
export function notionalUp(absoluteBase: bigint, price: bigint): bigint {
  return mulWadUp(absoluteBase, price);
}

/** Maintenance margin of one position: the part that grows with size and the part that grows with its square. */
export function positionMarginUp(
  absoluteBase: bigint,
  price: bigint,
  rate: bigint,
  addOn: bigint,
): { linear: bigint; size: bigint } {
  const notional = notionalUp(absoluteBase, price);
  return {
    linear: mulDivUp(notional, rate, RATE_ONE),
    size: mulDivUp(notional, asUint256(notional * asUint256(addOn, "addOn")), ADD_ON_SCALE),
  };
}

/** imr without add-on: (target + 6 points) * clamp(2 - ratio, 1, 2), in units of RATE_ONE, rounded up. */
export function initialRate(rateTarget: bigint, ratio: bigint): bigint {
  const multiplier = 2n * RATIO_ONE - min(asUint256(ratio, "ratio"), RATIO_ONE);
  return mulDivUp(asUint256(asUint256(rateTarget, "rateTarget") + INITIAL_MARGIN_POINTS), multiplier, RATIO_ONE);
}

/** Initial margin of one position at a rate from {@link initialRate}, rounded up. */
export function initialMarginUp(absoluteBase: bigint, price: bigint, rate: bigint, addOn: bigint): bigint {
  const { linear, size } = positionMarginUp(absoluteBase, price, rate, addOn);
  return asUint256(linear + size);
}

/** A ramp of mmr: from `rateSet` at `setAt` toward `rateTarget`. */
export interface Ramp {
  readonly rateSet: bigint;
  readonly rateTarget: bigint;
  /** Seconds since 1970. */
  readonly setAt: bigint;
}

/** mmr now, in units of RATE_ONE, rounded up: a rise shows early and a fall late. */
export function currentRateUp(ramp: Ramp, timestamp: bigint): bigint {
  const { rateSet, rateTarget } = ramp;
  const elapsed = elapsedIn(ramp, timestamp);
  if (rateTarget >= rateSet) {
    return min(rateTarget, asUint256(rateSet + mulDivUp(elapsed, RISE_PER_HOUR, HOUR)));
  }
  const fall = mulDivDown(elapsed, FALL_PER_HOUR, HOUR);
  return fall < rateSet - rateTarget ? rateSet - fall : rateTarget;
}

/** What to store when a new target is written: whole units made, and the second when the last one was complete. */
export function settledRate(ramp: Ramp, timestamp: bigint): { rate: bigint; settledAt: bigint } {
  const { rateSet, rateTarget, setAt } = ramp;
  const rises = rateTarget >= rateSet;
  const speed = rises ? RISE_PER_HOUR : FALL_PER_HOUR;
  const distance = rises ? rateTarget - rateSet : rateSet - rateTarget;
  const steps = mulDivDown(elapsedIn(ramp, timestamp), speed, HOUR);
  if (steps >= distance) return { rate: rateTarget, settledAt: timestamp };
  return {
    rate: rises ? rateSet + steps : rateSet - steps,
    settledAt: asUint256(setAt + mulDivUp(steps, HOUR, speed)),
  };
}

/** Weight of positive unrealised PnL in initial margin and withdrawals, WAD. */
export function profitWeight(marketClass: MarketClass, ratio: bigint): bigint {
  // A plain number may come from JavaScript or from decoded data.
  const weight = (PROFIT_WEIGHTS as Readonly<Record<number, bigint | undefined>>)[marketClass];
  if (weight === undefined) throw new UnknownMarketClassError(marketClass);
  return mulDivDown(weight, min(asUint256(ratio, "ratio"), RATIO_ONE), RATIO_ONE);
}

/** Price of a position without consensus: the last one moved against the account, never below 0 (ORC-07). */
export function blindPrice(price: bigint, long: boolean, rate: bigint, blindMove: bigint): bigint {
  const move = min(asUint256(asUint256(rate, "rate") * RATE_TO_WAD), asUint256(blindMove, "blindMove"));
  if (!long) return mulWadUp(price, asUint256(WAD + move));
  return move < WAD ? mulWadDown(price, WAD - move) : 0n;
}

/** Value of `amount` (WAD) at `price` (WAD), rounded down. */
export function valueDown(amount: bigint, price: bigint): bigint {
  return mulWadDown(amount, price);
}

/** Value of `amount` (WAD) at `price` (WAD) less a haircut in basis points, rounded down once. */
export function haircutValueDown(amount: bigint, price: bigint, haircut: bigint): bigint {
  const kept = asUint256(BPS_ONE - asUint256(haircut, "haircut"), "BPS_ONE - haircut");
  return mulDivDown(amount, asUint256(asUint256(price, "price") * kept), WAD * BPS_ONE);
}

function elapsedIn({ rateSet, rateTarget, setAt }: Ramp, timestamp: bigint): bigint {
  asUint256(rateSet, "rateSet");
  asUint256(rateTarget, "rateTarget");
  return asUint256(asUint256(timestamp, "timestamp") - asUint256(setAt, "setAt"), "timestamp - setAt");
}

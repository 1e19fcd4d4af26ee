// What a fill does to the margins of one of its parties: twin of contracts/clearing/Trading.sol and Positions.sol (CLR-06, CLR-06b).
import { BPS_ONE, WAD } from "../math/constants.ts";
import { initialMarginUp, initialRate, notionalUp, positionMarginUp, profitWeight } from "../math/MarginMath.ts";
import type { MarketClass } from "../math/MarginMath.ts";
import { abs, mulDivUp, mulWadDown, signedMulDivDown } from "../math/WadMath.ts";

/** The account and the market before the fill, the gap premium of the time until now charged. WAD. */
export interface TradeState {
  readonly value: bigint;
  readonly marginBalance: bigint;
  readonly initialBalance: bigint;
  readonly maintenanceMargin: bigint;
  readonly initialMargin: bigint;
  /** Signed, wei. */
  readonly base: bigint;
  readonly quoteValue: bigint;
  readonly indexPrice: bigint;
  /** mmr now and its target, 1e-5. */
  readonly rate: bigint;
  readonly rateTarget: bigint;
  /** Growth of mmr per million units of notional, 1e-6. */
  readonly addOn: bigint;
  readonly marketClass: MarketClass;
  /** Ratio of the fund, 1e9. */
  readonly ratio: bigint;
}

export interface TradeTerms {
  /** Base that the account receives, WAD, negative when it sells. */
  readonly size: bigint;
  /** WAD. */
  readonly price: bigint;
  /** The taker pays the fee. */
  readonly isTaker: boolean;
  readonly takerFeeBps: bigint;
}

/** The account after the fill. WAD; value and balances are good to 2 wei, which storing a position may round away. */
export interface TradeOutcome {
  readonly value: bigint;
  readonly marginBalance: bigint;
  readonly initialBalance: bigint;
  readonly maintenanceMargin: bigint;
  readonly initialMargin: bigint;
  readonly base: bigint;
  readonly fee: bigint;
  /** Whether the position grows, turns round or is new: then initial margin is needed after. */
  readonly addsRisk: boolean;
  readonly meetsInitialMargin: boolean;
}

export function tradeOutcome(state: TradeState, terms: TradeTerms): TradeOutcome {
  const { base, quoteValue, indexPrice, ratio, marketClass } = state;
  const fee = terms.isTaker ? mulDivUp(notionalUp(abs(terms.size), terms.price), terms.takerFeeBps, BPS_ONE) : 0n;
  const quote = quoteOf(terms, indexPrice);
  const kept = keptQuote({ base, quoteValue }, terms.size, quote);
  // What is realised, less the fee and what the price was worse than the index.
  const cash = quoteValue + quote - kept + (quoteOf(terms, terms.price) - quote) - fee;
  const baseAfter = base + terms.size;
  const [before, after] = [profitOf(base, quoteValue, indexPrice), profitOf(baseAfter, kept, indexPrice)];
  const weight = profitWeight(marketClass, ratio);
  const counted = (profit: bigint): bigint => (profit > 0n ? mulWadDown(profit, weight) : profit);
  const initialBalance = state.initialBalance + counted(after) - counted(before) + cash;
  const margins = [marginsOf(state, base), marginsOf(state, baseAfter)] as const;
  const initialMargin = state.initialMargin - margins[0].initial + margins[1].initial;
  return {
    value: state.value + after - before + cash,
    marginBalance: state.marginBalance + after - before + cash,
    initialBalance,
    maintenanceMargin: state.maintenanceMargin - margins[0].maintenance + margins[1].maintenance,
    initialMargin,
    base: baseAfter,
    fee,
    addsRisk: addsRisk(base, baseAfter),
    meetsInitialMargin: initialBalance >= initialMargin,
  };
}

/** Rounded once, for the taker; the maker's is the exact opposite. */
function quoteOf({ size, isTaker }: TradeTerms, price: bigint): bigint {
  return isTaker ? -signedMulDivDown(size, price, WAD) : signedMulDivDown(-size, price, WAD);
}

/** Quote of the position after a change; the rest is realised. */
function keptQuote(leg: { base: bigint; quoteValue: bigint }, size: bigint, quote: bigint): bigint {
  if (leg.base === 0n || leg.base > 0n === size > 0n) return leg.quoteValue + quote;
  const [held, changed] = [abs(leg.base), abs(size)];
  if (changed === held) return 0n;
  if (changed < held) return signedMulDivDown(leg.quoteValue, held - changed, held);
  return signedMulDivDown(quote, changed - held, changed);
}

function profitOf(base: bigint, quoteValue: bigint, price: bigint): bigint {
  return signedMulDivDown(base, price, WAD) + quoteValue;
}

function marginsOf(state: TradeState, base: bigint): { maintenance: bigint; initial: bigint } {
  const { indexPrice, rate, rateTarget, addOn, ratio } = state;
  const { linear, size } = positionMarginUp(abs(base), indexPrice, rate, addOn);
  const initial = initialMarginUp(abs(base), indexPrice, initialRate(rateTarget, ratio), addOn);
  return { maintenance: linear + size, initial };
}

function addsRisk(before: bigint, after: bigint): boolean {
  if (before === 0n || after === 0n) return after !== 0n;
  return before > 0n !== after > 0n || abs(after) > abs(before);
}

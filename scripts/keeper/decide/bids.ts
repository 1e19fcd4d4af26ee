// Which accounts to bid for, and how much of each (LIQ-02, LIQ-03).
import { MAX_RATE } from "../../../sdk/math/AuctionMath.ts";
import { WAD } from "../../../sdk/math/constants.ts";
import { sqrtUp } from "../../../sdk/math/SquareRoot.ts";
import { min, mulDivDown, mulDivUp, mulWadDown, mulWadUp, positivePart } from "../../../sdk/math/WadMath.ts";
import { saleNeeds } from "../../../sdk/previews/bid.ts";
import type { Action } from "./actions.ts";
import type { Purse } from "./purse.ts";
import type { AccountState, KeeperState, Offer } from "./state.ts";

const BPS = 10_000n;
/** Payment and margin are rounded up each. */
const ROUNDING = 1n;
/** The engine rounds what is left down three times. */
const DUST_ROUNDING = 4n;

/** What the whole account asks for. WAD. */
interface Whole {
  /** Highest price that is accepted. */
  readonly price: bigint;
  /** Lowest income that is accepted. */
  readonly income: bigint;
  /** Of the budget. */
  readonly outlay: bigint;
  /** Of the bidder's free margin. */
  readonly margin: bigint;
}

/** The most profitable ones first, as long as budget and margin last. */
export function bids(state: KeeperState, purse: Purse): Action[] {
  const found: Action[] = [];
  for (const account of byIncome(state.accounts)) {
    const bid = bidFor(state, account, purse);
    if (bid !== undefined) found.push(bid);
  }
  return found;
}

function byIncome(accounts: readonly AccountState[]): readonly AccountState[] {
  const income = ({ offer }: AccountState) => offer?.income ?? 0n;
  return accounts.toSorted((one, other) => {
    if (income(one) !== income(other)) return income(one) > income(other) ? -1 : 1;
    return one.account < other.account ? -1 : 1;
  });
}

function bidFor(state: KeeperState, target: AccountState, purse: Purse): Action | undefined {
  const { offer, health, account } = target;
  const { bidder } = purse;
  if (offer === undefined || bidder === undefined || bidder.account === account || offer.fraction === 0n) {
    return undefined;
  }
  const whole = wholeOf(target, offer, state.rules.toleranceBps);
  const least = state.minMaintenanceMargin;
  const affordableNow = min(offer.fraction, affordable(whole, purse));
  const counted = (fraction: bigint) => ({
    fraction,
    outlay: mulWadUp(whole.outlay, fraction) + ROUNDING,
    margin: mulWadUp(whole.margin, fraction),
  });
  // The engine takes the whole where the rest would be dust: now, or after others have taken their part before this bid.
  const taken = (asked: bigint) => {
    const { fraction } = saleNeeds(health, offer.terms, { asked, minMaintenanceMargin: least });
    return { ...counted(isNeverDust(fraction, whole.income, least) ? fraction : WAD), fraction };
  };
  const found = [affordableNow, min(affordableNow, neverDust(whole.income, least))]
    .filter((asked) => asked > 0n)
    .map(taken)
    .find(({ outlay, margin }) => purse.canTake(outlay, margin));
  if (found === undefined) return undefined;
  const { fraction, outlay, margin } = found;
  const needed = state.rules.minProfit + state.gasCost;
  const income = mulWadDown(whole.income, fraction);
  if (income < needed) return undefined;
  purse.take(outlay, margin);
  const request = {
    account,
    bidder: bidder.account,
    fraction,
    // Below it the lowest accepted income would not bring the least profit.
    minFraction: needed === 0n ? 0n : mulDivUp(needed, WAD, whole.income),
    maxPrice: whole.price,
    minIncome: whole.income,
  };
  return { kind: "bid", request, outlay, leastProfit: income - state.gasCost };
}

function wholeOf({ health }: AccountState, { terms, fraction, income }: Offer, tolerance: bigint): Whole {
  const price = mulDivUp(terms.price, BPS + tolerance, BPS);
  const needed = mulDivUp(health.initialMargin, BPS + tolerance, BPS);
  // What comes with the slice: its balance, and the debt in it, which is made good.
  const brought = health.initialBalance + positivePart(-terms.value);
  return {
    price,
    income: mulDivDown(mulDivDown(income, WAD, fraction), BPS - tolerance, BPS),
    outlay: price + needed,
    margin: positivePart(price + needed - brought),
  };
}

/**
 * Whether the engine can at no later state take the whole instead of this fraction and still pay the income that is asked for. It takes the whole
 * where (1 - f)^2 MM is below the least margin, and pays no more than half of MM.
 */
function isNeverDust(fraction: bigint, leastIncome: bigint, leastMargin: bigint): boolean {
  return (WAD - fraction) ** 2n * leastIncome > MAX_RATE * (leastMargin + DUST_ROUNDING) * WAD;
}

/** The largest such fraction, or 0. */
function neverDust(leastIncome: bigint, leastMargin: bigint): bigint {
  if (leastIncome === 0n) return 0n;
  const rest = sqrtUp((MAX_RATE * (leastMargin + DUST_ROUNDING) * WAD) / leastIncome + 1n) + 1n;
  return positivePart(WAD - rest);
}

function affordable({ outlay, margin }: Whole, purse: Purse): bigint {
  const most = (left: bigint, whole: bigint) => (whole <= left ? WAD : mulDivDown(left, WAD, whole));
  return min(most(positivePart(purse.budget - ROUNDING), outlay), most(purse.margin, margin));
}

// Which accounts to bid for, and how much of each (LIQ-02, LIQ-03).
import { WAD } from "../../../sdk/math/constants.ts";
import { min, mulDivDown, mulDivUp, mulWadDown, mulWadUp, positivePart } from "../../../sdk/math/WadMath.ts";
import { saleNeeds } from "../../../sdk/previews/bid.ts";
import type { Action } from "./actions.ts";
import type { Purse } from "./purse.ts";
import type { AccountState, KeeperState, Offer } from "./state.ts";

const BPS = 10_000n;
/** Payment and margin are rounded up each. */
const ROUNDING = 1n;

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
  const asked = min(offer.fraction, affordable(whole, purse));
  if (asked === 0n) return undefined;
  // The engine takes the whole where the rest would be dust: that must be affordable too.
  const { fraction } = saleNeeds(health, offer.terms, {
    asked,
    minMaintenanceMargin: state.minMaintenanceMargin,
  });
  const [outlay, margin] = [mulWadUp(whole.outlay, fraction) + ROUNDING, mulWadUp(whole.margin, fraction)];
  if (!purse.canTake(outlay, margin)) return undefined;
  const needed = state.rules.minProfit + state.gasCost;
  const least = mulWadDown(whole.income, fraction);
  if (least < needed) return undefined;
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
  return { kind: "bid", request, outlay, leastProfit: least - state.gasCost };
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

function affordable({ outlay, margin }: Whole, purse: Purse): bigint {
  const most = (left: bigint, whole: bigint) => (whole <= left ? WAD : mulDivDown(left, WAD, whole));
  return min(most(positivePart(purse.budget - ROUNDING), outlay), most(purse.margin, margin));
}

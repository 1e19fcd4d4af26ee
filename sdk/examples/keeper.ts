// A keeper's look at accounts: who can be bid for, what a bid would earn now and in a minute, and a bid within limits.
import { confirmed, contractErrors } from "../index.ts";
import type { AccountId, BidPreview, BulwarkClient } from "../index.ts";

/** What was found of one account. */
export interface Chance {
  readonly account: AccountId;
  readonly now: BidPreview;
  /** Income if prices stood still for a minute. */
  readonly incomeInAMinute: bigint;
}

const MINUTE = 60n;

/** Every account of `accounts` that a bid would be taken for, best income first. */
export async function lookForBids(
  client: BulwarkClient,
  bidder: AccountId,
  accounts: readonly AccountId[],
): Promise<Chance[]> {
  const found: Chance[] = [];
  for (const account of await client.liquidations.biddable(accounts)) {
    const now = await client.liquidations.preview({ account, bidder });
    const later = await client.liquidations.preview({ account, bidder, after: MINUTE });
    found.push({ account, now, incomeInAMinute: later.income });
  }
  return found.sort((a, b) => (a.now.income < b.now.income ? 1 : -1));
}

/** Bids for the best one that costs at most `budget` (WAD). Answers what was paid, or undefined where there was nothing to do. */
export async function bidForBest(
  client: BulwarkClient,
  bidder: AccountId,
  chances: readonly Chance[],
  budget: bigint,
): Promise<bigint | undefined> {
  const best = chances.find(({ now }) => now.payment <= budget);
  if (best === undefined) return undefined;
  const request = client.liquidations.request({ account: best.account, bidder }, best.now);
  try {
    await confirmed(client.liquidations.bid(request));
    return best.now.payment;
  } catch (error) {
    // Someone else was faster, or the account has recovered: nothing is lost but gas.
    if (error instanceof contractErrors.LiquidationEngine_NotLiquidatable) return undefined;
    if (error instanceof contractErrors.LiquidationEngine_FractionBelowMinimum) return undefined;
    throw error;
  }
}

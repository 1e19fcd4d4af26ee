// A trade and its insurance as a switch: both in one transaction, or neither.
import { confirmed, planOf } from "../index.ts";
import type { AccountId, BulwarkClient, SignedOrder } from "../index.ts";

export interface InsuredTrade {
  readonly signed: SignedOrder;
  readonly taker: AccountId;
  /** Absolute base, WAD. */
  readonly size: bigint;
  /** Series of cover, and WAD of its tokens. */
  readonly series: bigint;
  readonly units: bigint;
}

const PERCENT_OF_TOLERANCE = 2n;
const VALID_FOR = 300n;

/**
 * Fills an order and buys cover for it. The caller has lent the Router its scopes once (`client.accounts.lendRouter`); the permit pays the premium.
 * @returns most that the cover may have cost, in the token's own decimals
 */
export async function tradeInsured(client: BulwarkClient, trade: InsuredTrade): Promise<bigint> {
  const { signed, taker, size, series, units } = trade;
  const { premium } = await client.covers.previewPremium(series, units);
  const maxPremium = (premium * (100n + PERCENT_OF_TOLERANCE)) / 100n;
  const block = await client.provider.getBlock("latest");
  const deadline = BigInt(block?.timestamp ?? 0) + VALID_FOR;
  const permit = await client.tokens.permit(client.covers.permitSpender, { value: maxPremium, deadline });
  const plan = planOf(deadline, [
    { kind: "permit", asset: 0, permit },
    { kind: "fill", signed, taker, size },
    { kind: "buyCover", series, units, maxPremium },
  ]);
  await confirmed(client.run(plan));
  return maxPremium;
}

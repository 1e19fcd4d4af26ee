// Plans of the Router (PER-01): several steps of one caller in one transaction.
import type { AccountId } from "./identifiers.ts";
import type { Order, SignedOrder } from "./orders.ts";
import type { Permit } from "./permits.ts";
import type { BidRequest } from "./rooms/liquidations.ts";

/** As `Action` of contracts/interfaces/IRouter.sol. */
export const Action = {
  Permit: 0,
  Deposit: 1,
  Refresh: 2,
  Fill: 3,
  Bid: 4,
  BuyCover: 5,
  UpdatePyth: 6,
  UpdateRedStone: 7,
} as const;

/** One step. Amounts of tokens in their own decimals. */
export type Step =
  | { readonly kind: "permit"; readonly asset: number; readonly permit: Permit }
  | {
      readonly kind: "deposit";
      readonly account: AccountId;
      readonly asset: number;
      readonly amount: bigint;
      /** WAD. */
      readonly minCredited: bigint;
    }
  | { readonly kind: "refresh"; readonly feeds: readonly number[] }
  | { readonly kind: "fill"; readonly signed: SignedOrder; readonly taker: AccountId; readonly size: bigint }
  | { readonly kind: "bid"; readonly request: BidRequest }
  | { readonly kind: "buyCover"; readonly series: bigint; readonly units: bigint; readonly maxPremium: bigint }
  | { readonly kind: "updatePyth"; readonly data: readonly string[]; readonly maxFee: bigint }
  | { readonly kind: "updateRedStone"; readonly dataFeedIds: readonly string[]; readonly payload: string };

/** A plan as the Router takes it. */
export interface Plan {
  readonly deadline: bigint;
  readonly actions: number[];
  readonly permits: { asset: number; value: bigint; deadline: bigint; v: number; r: string; s: string }[];
  readonly deposits: { account: string; asset: number; amount: bigint; minCredited: bigint }[];
  readonly refreshes: bigint[];
  readonly fills: { order: Order; signature: string; taker: string; size: bigint }[];
  readonly bids: BidRequest[];
  readonly covers: { series: bigint; units: bigint; maxPremium: bigint }[];
  readonly pythUpdates: { data: string[]; maxFee: bigint }[];
  readonly redStoneUpdates: { dataFeedIds: string[]; payload: string }[];
}

/**
 * Puts steps in the form that the Router takes.
 * @example
 * const plan = planOf(now + 120n, [{ kind: "refresh", feeds: [0] }, { kind: "bid", request }]);
 * await confirmed(client.run(plan));
 */
export function planOf(deadline: bigint, steps: readonly Step[]): Plan {
  const plan: Plan = {
    deadline,
    actions: [],
    permits: [],
    deposits: [],
    refreshes: [],
    fills: [],
    bids: [],
    covers: [],
    pythUpdates: [],
    redStoneUpdates: [],
  };
  for (const step of steps) add(plan, step);
  return plan;
}

function add(plan: Plan, step: Step): void {
  switch (step.kind) {
    case "permit":
      plan.actions.push(Action.Permit);
      plan.permits.push({ asset: step.asset, ...step.permit });
      return;
    case "deposit": {
      const { account, asset, amount, minCredited } = step;
      plan.actions.push(Action.Deposit);
      plan.deposits.push({ account, asset, amount, minCredited });
      return;
    }
    case "refresh":
      plan.actions.push(Action.Refresh);
      plan.refreshes.push(step.feeds.reduce((bits, feed) => bits | (1n << BigInt(feed)), 0n));
      return;
    case "fill": {
      const { order, signature } = step.signed;
      plan.actions.push(Action.Fill);
      plan.fills.push({ order, signature, taker: step.taker, size: step.size });
      return;
    }
    case "bid":
      plan.actions.push(Action.Bid);
      plan.bids.push(step.request);
      return;
    case "buyCover": {
      const { series, units, maxPremium } = step;
      plan.actions.push(Action.BuyCover);
      plan.covers.push({ series, units, maxPremium });
      return;
    }
    case "updatePyth":
      plan.actions.push(Action.UpdatePyth);
      plan.pythUpdates.push({ data: [...step.data], maxFee: step.maxFee });
      return;
    case "updateRedStone":
      plan.actions.push(Action.UpdateRedStone);
      plan.redStoneUpdates.push({ dataFeedIds: [...step.dataFeedIds], payload: step.payload });
      return;
  }
}

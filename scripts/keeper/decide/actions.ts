import type { AccountId } from "../../../sdk/identifiers.ts";
import type { BidRequest } from "../../../sdk/rooms/liquidations.ts";
import type { Subject } from "./state.ts";

/** What a keeper can do. Each is a call that anyone may make. */
export type Action =
  | { readonly kind: "bid"; readonly request: BidRequest; readonly outlay: bigint; readonly leastProfit: bigint }
  | {
      readonly kind: "convert";
      readonly seller: AccountId;
      readonly buyer: AccountId;
      readonly asset: number;
      readonly amount: bigint;
      /** Most that is paid, and so what is laid out. */
      readonly maxCost: bigint;
    }
  | { readonly kind: "deleverage" | "writeOff" | "flag" | "start" | "touch"; readonly account: AccountId }
  | { readonly kind: "roll" | "closeBlindLeg"; readonly account: AccountId; readonly market: number }
  | { readonly kind: "markBlind" | "closeMarket"; readonly market: number }
  | { readonly kind: "payWithdrawal"; readonly account: AccountId }
  | { readonly kind: "refresh"; readonly feeds: bigint }
  | { readonly kind: "sync"; readonly markets: readonly number[] }
  | { readonly kind: "settle" }
  | { readonly kind: "approveBond"; readonly amount: bigint }
  | {
      readonly kind: "openClaim" | "resolveClaim" | "lapseClaim" | "syncSeries";
      readonly vault: string;
      readonly series: bigint;
    }
  | { readonly kind: "observe"; readonly vault: string; readonly series: bigint; readonly subject: Subject }
  | { readonly kind: "notify"; readonly vault: string; readonly series: bigint; readonly subscriber: string };

export type ActionKind = Action["kind"];

/** Names an action whatever its amounts: two with the same name are the same attempt. */
export function keyOf(action: Action): string {
  switch (action.kind) {
    case "bid":
      return `bid ${action.request.account}`;
    case "convert":
      return `convert ${action.seller} ${action.asset}`;
    case "roll":
    case "closeBlindLeg":
      return `${action.kind} ${action.account} ${action.market}`;
    case "markBlind":
    case "closeMarket":
      return `${action.kind} ${action.market}`;
    case "refresh":
    case "sync":
    case "settle":
    case "approveBond":
      return action.kind;
    case "openClaim":
    case "resolveClaim":
    case "lapseClaim":
    case "syncSeries":
    case "observe":
      return `${action.kind} ${action.vault} ${action.series}`;
    case "notify":
      return `notify ${action.vault} ${action.series} ${action.subscriber}`;
    case "deleverage":
    case "writeOff":
    case "flag":
    case "start":
    case "touch":
    case "payWithdrawal":
      return `${action.kind} ${action.account}`;
  }
}

/** What of the budget an action takes at most. */
export function outlayOf(action: Action): bigint {
  if (action.kind === "bid") return action.outlay;
  return action.kind === "convert" ? action.maxCost : 0n;
}

// Actions as transactions.
import { Interface } from "ethers";
import type { BaseContract } from "ethers";

import type { BulwarkClient } from "../../../sdk/client.ts";
import { bindVault, targetOf } from "../../../sdk/contracts.ts";
import { tokenAbi } from "../../../sdk/token.ts";
import { keyOf, outlayOf } from "../decide/actions.ts";
import type { Action } from "../decide/actions.ts";
import { NOTIFIER } from "../watch/claims.ts";
import { OBSERVED } from "../watch/observations.ts";
import type { Call } from "./sender.ts";

/** Bids of one transaction: each can be given the gas of the worst account, and a block must hold them all (LIQ-09). */
export const BIDS_PER_CALL = 4;

const TOKEN = new Interface(tokenAbi);
type Target = Pick<Call, "to" | "data">;

/** A deployment, with what never changes of it. */
export interface Venue {
  readonly client: BulwarkClient;
  readonly segment: bigint;
  readonly bondToken: string;
}

/** In the same order; bids that follow each other share a transaction. */
export function callsOf(venue: Venue, actions: readonly Action[]): Call[] {
  const calls: Call[] = [];
  let rest = [...actions];
  while (rest.length > 0) {
    const firstOther = rest.findIndex(({ kind }) => kind !== "bid");
    const bids = firstOther === -1 ? rest.length : firstOther;
    const group = rest.slice(0, Math.max(1, Math.min(bids, BIDS_PER_CALL)));
    rest = rest.slice(group.length);
    calls.push(callOf(venue, group));
  }
  return calls;
}

function callOf(venue: Venue, group: readonly Action[]): Call {
  const [first] = group;
  if (first === undefined) throw new RangeError("no action");
  const requests = group.flatMap((action) => (action.kind === "bid" ? [action.request] : []));
  const target =
    requests.length > 1 ? encoded(venue.client.contracts.engine, "bidMany", [requests]) : targetOfAction(venue, first);
  return {
    ...target,
    keys: group.map(keyOf),
    label: group.map(keyOf).join(", "),
    outlay: group.reduce((sum, action) => sum + outlayOf(action), 0n),
  };
}

function targetOfAction({ client, segment, bondToken }: Venue, action: Action): Target {
  const { house, engine, oracle, riskController, fund, verifier } = client.contracts;
  switch (action.kind) {
    case "bid":
      return encoded(engine, "bid", [action.request]);
    case "deleverage":
    case "writeOff":
    case "flag":
    case "start":
    case "touch":
      return encoded(engine, action.kind, [action.account]);
    case "convert":
      return encoded(house, "buyCollateral", [
        action.seller,
        action.buyer,
        action.asset,
        action.amount,
        action.maxCost,
      ]);
    case "roll":
    case "closeBlindLeg":
      return encoded(house, action.kind, [action.account, action.market]);
    case "markBlind":
    case "closeMarket":
      return encoded(house, action.kind, [action.market]);
    case "payWithdrawal":
      return encoded(house, "claimWithdrawal", [action.account]);
    case "observe": {
      const { trigger, terms, mark } = action.subject;
      return { to: trigger, data: OBSERVED.encodeFunctionData("observe", [terms, mark]) };
    }
    case "refresh":
      return encoded(oracle, "refreshAll", [action.feeds]);
    case "sync":
      return encoded(riskController, "syncMany", [action.markets]);
    case "settle":
      return encoded(fund, "settle", [segment]);
    case "approveBond":
      return { to: bondToken, data: TOKEN.encodeFunctionData("approve", [targetOf(verifier), action.amount]) };
    case "openClaim":
      return encoded(verifier, "open", [action.vault, action.series]);
    case "resolveClaim":
      return encoded(verifier, "resolve", [action.vault, action.series]);
    case "lapseClaim":
      return encoded(verifier, "lapse", [action.vault, action.series]);
    case "syncSeries":
      return encoded(bindVault(action.vault, client.provider), "sync", [action.series]);
    case "notify": {
      const { vault, series, subscriber } = action;
      const to = client.manifest.contracts.IncidentNotifier?.address ?? "";
      return { to, data: NOTIFIER.encodeFunctionData("notify", [vault, series, subscriber]) };
    }
  }
}

function encoded(contract: BaseContract, method: string, args: readonly unknown[]): Target {
  return { to: targetOf(contract), data: contract.interface.encodeFunctionData(method, [...args]) };
}

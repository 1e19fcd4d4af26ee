// The keeper's mind: from what is known to what is done. Reads no clock, asks nobody, remembers nothing.
import { keyOf } from "./actions.ts";
import type { Action } from "./actions.ts";
import { bids } from "./bids.ts";
import { claims } from "./claims.ts";
import { forced } from "./forced.ts";
import { Purse } from "./purse.ts";
import { conversions } from "./sales.ts";
import type { KeeperState } from "./state.ts";
import { upkeep } from "./upkeep.ts";

/**
 * What to do, in this order: what cannot wait first. The same state gives the same actions; what is due and has to wait after failures
 * (`state.waits`) is left out, and leaves its money to others.
 */
export function decide(state: KeeperState): readonly Action[] {
  const isFree = (key: string) => (state.waits.get(key) ?? 0n) <= state.now;
  const able = (action: Action) => isFree(keyOf(action));
  const purse = new Purse(state);
  const biddable = state.accounts.filter(({ account }) => isFree(`bid ${account}`));
  const bought = bids({ ...state, accounts: biddable }, purse);
  const taken = new Set(bought.map((action) => (action.kind === "bid" ? action.request.account : "")));
  const rest = state.accounts.filter(({ account }) => !taken.has(account)).flatMap(forced);
  const sales = state.sales.filter(({ seller, asset }) => isFree(`convert ${seller} ${asset}`));
  return [
    ...bought,
    ...rest.filter(able),
    ...conversions({ ...state, sales }, purse),
    ...upkeep(state).filter(able),
    ...claims(state).filter(able),
  ];
}

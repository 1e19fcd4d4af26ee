// Puts a keeper together: what is asked of the chain once, store, sender.
import type { BrowserProvider, BaseWallet } from "ethers";

import { connect } from "../../sdk/client.ts";
import type { AccountId } from "../../sdk/identifiers.ts";
import { explained } from "../../sdk/reverts/decode.ts";
import type { Venue } from "./chain/calls.ts";
import { Sender } from "./chain/sender.ts";
import type { SenderOptions } from "./chain/sender.ts";
import type { Rules } from "./decide/state.ts";
import { Keeper } from "./keeper.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { Store } from "./store.ts";

export interface KeeperSetUp {
  /** Parsed from JSON. */
  readonly manifest: unknown;
  readonly provider: BrowserProvider;
  /** Undefined: a dry run. */
  readonly wallet: BaseWallet | undefined;
  readonly self: { readonly address: string; readonly account: AccountId } | undefined;
  readonly storeFile: string;
  readonly rules: Rules;
  readonly coinFeed: number | undefined;
  readonly fromBlock: number;
  readonly range: number;
  /** Milliseconds. */
  readonly poll: number;
  readonly sending: SenderOptions;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
}

export async function openKeeper(setUp: KeeperSetUp): Promise<{ keeper: Keeper; store: Store; venue: Venue }> {
  const { provider, wallet, sending, log, metrics, signal, storeFile } = setUp;
  const client = await connect(setUp.manifest, provider);
  const { engine, verifier, house } = client.contracts;
  const [segment, { token: bondToken }] = await explained(Promise.all([engine.segment(), verifier.bondTerms()]));
  const { chainId } = client.manifest;
  const store = new Store(storeFile, `chain ${chainId}, house ${await house.getAddress()}`);
  const tools = wallet === undefined ? undefined : { provider, wallet, store, log, metrics, signal };
  const venue = { client, segment, bondToken };
  const keeper = new Keeper({
    ...setUp,
    venue,
    store,
    sender: tools === undefined ? undefined : new Sender(tools, sending, BigInt(chainId)),
  });
  return { keeper, store, venue };
}

// Who there is, from events: read on from where the last round stood, taken back where the chain was reorganised.
import { Interface } from "ethers";

import { targetOf } from "../../../sdk/contracts.ts";
import { logReader } from "../../../sdk/events/decode.ts";
import { sourceOf } from "../../../sdk/events/source.ts";
import type { RawLog } from "../../../sdk/events/source.ts";
import { ReorganisationTooDeepError, streamLogs } from "../../../sdk/events/stream.ts";
import type { StreamItem } from "../../../sdk/events/stream.ts";
import { normalizeAccount } from "../../../sdk/identifiers.ts";
import type { BulwarkClient } from "../../../sdk/client.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Sighting, Store } from "../store.ts";

/** Where an account first shows: every way by which one can come to have something. */
const ACCOUNT_EVENTS: Readonly<Record<string, readonly string[]>> = {
  Deposited: ["account"],
  Moved: ["to"],
  Traded: ["taker", "maker"],
  CollateralBought: ["buyer"],
  BidFilled: ["bidder"],
};
const NOTIFIER = new Interface([
  "event SubscriptionChanged(address indexed vault, uint64 indexed series, address indexed subscriber, bool isSubscribed)",
]);

export interface DiscoverTools {
  readonly client: BulwarkClient;
  readonly store: Store;
  readonly log: Log;
  readonly metrics: Metrics;
  /** First block that may have an event of the deployment. */
  readonly fromBlock: number;
  /** Most blocks of one request. */
  readonly range: number;
  readonly signal: AbortSignal;
}

/** Reads to the head of the chain. Effects of events and the cursor behind them are stored in one step. */
export async function discover(tools: DiscoverTools): Promise<void> {
  try {
    await readOn(tools);
  } catch (error) {
    if (!(error instanceof ReorganisationTooDeepError)) throw error;
    tools.log.error({ error }, "reorganised too deep to be taken back: reading from the start again");
    tools.store.forgetAll();
    await readOn(tools);
  }
}

async function readOn({ client, store, metrics, fromBlock, range, signal }: DiscoverTools): Promise<void> {
  const { contracts, provider } = client;
  const notifier = client.manifest.contracts.IncidentNotifier?.address;
  const addresses = [contracts.house, contracts.engine, contracts.verifier, contracts.oracle].map(targetOf);
  const sightings = sightingReader(client, notifier);
  const options = { addresses: notifier === undefined ? addresses : [...addresses, notifier], range, signal };
  // The provider has waited faults out already.
  const stream = streamLogs(sourceOf(provider), {
    ...options,
    cursor: store.cursor,
    fromBlock,
    retry: { attempts: 1 },
  });
  let waiting: Exclude<StreamItem, { kind: "cursor" }>[] = [];
  for await (const item of stream) {
    if (item.kind !== "cursor") {
      waiting.push(item);
      continue;
    }
    const items = waiting;
    waiting = [];
    store.together(() => {
      for (const { kind, log } of items) {
        if (kind === "removed") store.forget(log);
        else for (const sighting of sightings(log)) store.see(sighting, log);
      }
      store.cursor = item.cursor;
    });
    metrics.removedLogs.inc(items.filter(({ kind }) => kind === "removed").length);
  }
}

/** What a log tells of. */
function sightingReader(client: BulwarkClient, notifier: string | undefined): (log: RawLog) => Sighting[] {
  const read = logReader(client.contracts);
  return (log) => {
    if (log.address.toLowerCase() === notifier?.toLowerCase()) return subscription(log);
    const named = read(log);
    if (named === undefined) return [];
    const { event, values } = named;
    if (event === "SeriesRegistered") return [seriesOf(values)];
    if (event === "FeedListed") {
      const { maxGap } = values.rules as { maxGap: bigint };
      return [{ kind: "feed", id: String(values.feed), detail: maxGap.toString() }];
    }
    if (event === "WithdrawalQueued" || event === "WithdrawalPaid") return [waiterOf(values)];
    return (ACCOUNT_EVENTS[event] ?? []).map((field) => ({
      kind: "account",
      id: normalizeAccount(String(values[field])),
      detail: "",
    }));
  };
}

/** Both events say what the account or the queue still waits for; who was paid all of it waits no longer. */
function waiterOf({ account, waiting }: Readonly<Record<string, unknown>>): Sighting {
  return { kind: "waiting", id: normalizeAccount(String(account)), detail: waiting === 0n ? "no" : "yes" };
}

function seriesOf({ vault, series }: Readonly<Record<string, unknown>>): Sighting {
  return { kind: "series", id: `${String(vault)} ${String(series)}`, detail: "" };
}

function subscription(log: RawLog): Sighting[] {
  const parsed = NOTIFIER.parseLog({ topics: [...log.topics], data: log.data });
  if (parsed === null) return [];
  const [vault, series, subscriber, isSubscribed] = parsed.args as unknown as [string, bigint, string, boolean];
  return [{ kind: "subscriber", id: `${vault} ${series} ${subscriber}`, detail: isSubscribed ? "yes" : "no" }];
}

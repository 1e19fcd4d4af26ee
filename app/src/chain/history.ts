// What has happened, as the contracts said it: kept in memory and followed block by block.
import type { Provider } from "ethers";

import type { EventItem, NamedLog } from "../../../sdk/index.ts";
import type { Deployment } from "./deployment.ts";

/** Everything that a page shows of the past. */
export const EVENTS = [
  "Deposited",
  "Traded",
  "BidFilled",
  "Deleveraged",
  "AuctionStarted",
  "AuctionEnded",
  "SideCharged",
  "SideDeleveraged",
  "Covered",
  "Donated",
  "Settled",
  "SeriesOpened",
  "CoverBought",
  "CoverMinted",
  "CoverRefunded",
  "CoverRedeemed",
  "SeriesSettled",
  "IncidentOpened",
  "IncidentClosed",
  "PremiumEarned",
  "ProductAnnounced",
  "CommitmentAnnounced",
] as const;

const POLL = 1_500;

export interface History {
  /** Oldest first. */
  readonly logs: readonly NamedLog[];
  /** Everything up to this block is there; undefined while the past is being read. */
  readonly block: number | undefined;
}

/** Follows the events of a deployment until told to stop; tells after every range. */
export async function followHistory(
  deployment: Deployment,
  onChange: (history: History) => void,
  signal: AbortSignal,
): Promise<void> {
  const { client, network } = deployment;
  let logs: NamedLog[] = [];
  let isChanged = true;
  const options = { events: EVENTS, fromBlock: network.fromBlock, poll: POLL, range: 10_000, signal };
  for await (const item of client.events.stream(options)) {
    if (item.kind === "cursor") {
      if (isChanged) onChange({ logs, block: item.block });
      isChanged = false;
      continue;
    }
    logs = item.kind === "event" ? [...logs, item] : withoutLast(logs, item);
    isChanged = true;
  }
}

function withoutLast(logs: readonly NamedLog[], { log }: Extract<EventItem, { log: unknown }>): NamedLog[] {
  return logs.filter((one) => one.log.blockHash !== log.blockHash || one.log.index !== log.index);
}

/** Events of one name, by their contract where two have the same name. */
export function named(history: History, event: string, contract?: NamedLog["contract"]): readonly NamedLog[] {
  return history.logs.filter((log) => log.event === event && (contract === undefined || log.contract === contract));
}

/** Accounts that have ever held something. */
export function accountsIn(history: History): readonly string[] {
  const all = named(history, "Deposited").map(({ values }) => String(values.account));
  const bidders = named(history, "BidFilled").map(({ values }) => String(values.bidder));
  return [...new Set([...all, ...bidders])];
}

const times = new Map<string, number>();

/** Seconds of a block. Blocks do not change under their hash, so each is asked for once. */
export async function timeOf(provider: Provider, hash: string): Promise<number> {
  const known = times.get(hash);
  if (known !== undefined) return known;
  const block = await provider.getBlock(hash);
  const time = block?.timestamp ?? 0;
  times.set(hash, time);
  return time;
}

/** At most so many of a long list, its ends among them. */
export function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)] as T);
}

// The whole state of one block, as `decide` wants it.
import type { BulwarkClient } from "../../../sdk/client.ts";
import type { AccountId } from "../../../sdk/identifiers.ts";
import { mulWadUp, positivePart } from "../../../sdk/math/WadMath.ts";
import { explained } from "../../../sdk/reverts/decode.ts";
import { BUDGET_PERIOD } from "../decide/state.ts";
import type { Bidder, KeeperState, Rules } from "../decide/state.ts";
import type { Attempts, Store } from "../store.ts";
import { readAccounts } from "./accounts.ts";
import type { Place } from "./accounts.ts";
import { readBond, readClaims, readNotices } from "./claims.ts";
import { readBlindLegs, readEndings, readWaiting } from "./endings.ts";
import { readFeeds, readMarkets, readSales } from "./house.ts";

export interface ReadTools {
  readonly client: BulwarkClient;
  readonly store: Store;
  readonly rules: Rules;
  /** Whose bonds and bids; undefined without a key and without an address. */
  readonly self: { readonly address: string; readonly account: AccountId } | undefined;
  /** Feed of the price of the chain's own coin; undefined: gas is not counted. */
  readonly coinFeed: number | undefined;
}

export interface Reading {
  readonly block: number;
  readonly state: KeeperState;
  readonly known: number;
  readonly unreadable: number;
}

/** Gas of a bid on a few markets with cold prices; the worst account takes four times as much (LIQ-11). */
const BID_GAS = 600_000n;
/** Seconds before a third try, doubled for each after it, up to the longest. */
const FIRST_WAIT = 15n;
const LONGEST_WAIT = 3_600n;

export async function read({ client, store, rules, self, coinFeed }: ReadTools): Promise<Reading> {
  const block = await client.provider.getBlock("latest");
  if (block === null) throw new Error("the node has no latest block");
  const [blockTag, now] = [block.number, BigInt(block.timestamp)];
  const bidder = self === undefined ? undefined : await readBidder(client, self.account, blockTag);
  const place: Place = { client, blockTag, now, bidder };
  const known = store.all("account").map(({ id }) => id);
  const { accounts, oldPositions, sellers, unreadable } = await readAccounts(place, known);
  const endings = await readEndings(place);
  const state: KeeperState = {
    now,
    rules,
    bidder,
    minMaintenanceMargin: await client.contracts.house.minMaintenanceMargin({ blockTag }),
    spent: store.laidOutSince(now - BUDGET_PERIOD),
    gasCost: await gasCost(place, coinFeed, block.baseFeePerGas ?? 0n),
    accounts,
    oldPositions,
    feeds: await readFeeds(place, store),
    markets: await readMarkets(place),
    endings,
    blindLegs: await readBlindLegs(place, accounts, endings),
    waiting: await readWaiting(place, store),
    sales: await readSales(place, sellers),
    claims: await readClaims(place, store, self?.address),
    bond: self === undefined || rules.bonds === 0 ? undefined : await readBond(place, self.address),
    notices: await readNotices(place, store),
    fundAccount: await client.contracts.house.fundAccount({ blockTag }),
    waits: waitsOf(store.attempts()),
  };
  return { block: blockTag, state, known: known.length, unreadable };
}

async function readBidder(client: BulwarkClient, account: AccountId, blockTag: number): Promise<Bidder> {
  const { freeMargin, header } = await client.accounts.report(account, { blockTag });
  return { account, freeMargin, cash: positivePart(header.cash) };
}

async function gasCost({ client, blockTag }: Place, feed: number | undefined, baseFee: bigint): Promise<bigint> {
  if (feed === undefined) return 0n;
  const { price } = await explained(client.contracts.oracle.lastPrice(feed, { blockTag }));
  return mulWadUp(BID_GAS * baseFee, price);
}

/** The first two tries are free: a bid that comes too late is worth another one at once. */
export function waitsOf(attempts: ReadonlyMap<string, Attempts>): Map<string, bigint> {
  const waits = new Map<string, bigint>();
  for (const [key, { count, triedAt }] of attempts) {
    if (count < 2) continue;
    const wait = FIRST_WAIT << BigInt(Math.min(count - 2, 16));
    waits.set(key, triedAt + (wait < LONGEST_WAIT ? wait : LONGEST_WAIT));
  }
  return waits;
}

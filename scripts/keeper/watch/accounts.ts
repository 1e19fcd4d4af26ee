// Accounts of concern, in batches through the Lens: what is below maintenance margin, in debt, measured or auctioned.
import type { BulwarkClient } from "../../../sdk/client.ts";
import type { AccountId } from "../../../sdk/identifiers.ts";
import { normalizeAccount } from "../../../sdk/identifiers.ts";
import { plain } from "../../../sdk/plain.ts";
import type { Plain } from "../../../sdk/plain.ts";
import { isLiquidatable } from "../../../sdk/previews/bid.ts";
import { ContractError, EmptyRevertError } from "../../../sdk/reverts/contractError.ts";
import { explained } from "../../../sdk/reverts/decode.ts";
import type { AccountState, Bidder, Offer, AccountPosition } from "../decide/state.ts";
import { goesThrough } from "./answers.ts";
import type { ILens } from "../../../typechain-types/contracts/interfaces/ILens.ts";

/** Small enough for a node's limit on the gas of a call; halved where it is not. */
const BATCH = 8;
/** A measured deficit counts in its own epoch and the next (CLR-07). */
const DEFICIT_EPOCH = 3_600n;
const IN_AUCTION = 1n;
const MARKETS = 48;

type Answer = Plain<Awaited<ReturnType<ILens["accountsOf"]>>[number]>;

/** Where and when a state is read. */
export interface Place {
  readonly client: BulwarkClient;
  readonly blockTag: number;
  readonly now: bigint;
  readonly bidder: Bidder | undefined;
}

export interface AccountsRead {
  readonly accounts: readonly AccountState[];
  readonly oldPositions: readonly AccountPosition[];
  /** Accounts with collateral and negative cash, and the clearing account. */
  readonly sellers: readonly Seller[];
  readonly unreadable: number;
}

export interface Seller {
  readonly account: AccountId;
  readonly isHouseOwn: boolean;
  readonly cash: bigint;
  readonly assets: bigint;
  readonly negativeSince: bigint;
}

export async function readAccounts(place: Place, known: readonly AccountId[]): Promise<AccountsRead> {
  const clearing = normalizeAccount(await place.client.contracts.house.clearingAccount({ blockTag: place.blockTag }));
  const all = [...new Set([...known, clearing])].sort();
  const accounts: AccountState[] = [];
  const oldPositions: AccountPosition[] = [];
  const sellers: Seller[] = [];
  let unreadable = 0;
  for (let from = 0; from < all.length; from += BATCH) {
    const batch = all.slice(from, from + BATCH);
    const answers = await batchOf(place, batch);
    for (const [index, account] of batch.entries()) {
      const answer = answers[index];
      if (answer?.isAnswered !== true) {
        unreadable++;
        oldPositions.push(...marketsIn(answer?.unread ?? 0n).map((market) => ({ account, market })));
        continue;
      }
      const isHouseOwn = account === clearing;
      if (isOfConcern(answer)) accounts.push(await stateOf(place, account, { answer, isHouseOwn }));
      const { cash, assets, negativeSince } = answer.report.header;
      if (assets !== 0n && (isHouseOwn || cash < 0n)) {
        sellers.push({ account, isHouseOwn, cash, assets, negativeSince });
      }
    }
  }
  return { accounts, oldPositions, sellers, unreadable };
}

/** A batch that needs more gas than the node gives is asked for in halves. */
async function batchOf(place: Place, batch: readonly AccountId[]): Promise<readonly Answer[]> {
  const { client, blockTag } = place;
  try {
    return await explained(client.contracts.lens.accountsOf([...batch], { blockTag })).then((answers) =>
      answers.map((answer) => plain(answer)),
    );
  } catch (error) {
    const isGas = error instanceof EmptyRevertError || (error instanceof ContractError && error.name.includes("Gas"));
    if (!isGas || batch.length === 1) throw error;
    const middle = Math.ceil(batch.length / 2);
    return [...(await batchOf(place, batch.slice(0, middle))), ...(await batchOf(place, batch.slice(middle)))];
  }
}

function isOfConcern({ report }: Answer): boolean {
  const { health, header, measuredDeficit } = report;
  const isAuctioned = (header.flags & IN_AUCTION) !== 0n;
  return isLiquidatable(health) || health.value < 0n || measuredDeficit > 0n || isAuctioned;
}

async function stateOf(
  place: Place,
  account: AccountId,
  { answer, isHouseOwn }: { answer: Answer; isHouseOwn: boolean },
): Promise<AccountState> {
  const { health, header, measuredDeficit, feeds } = answer.report;
  const { engine } = place.client.contracts;
  const when = { blockTag: place.blockTag };
  const canSell = isLiquidatable(health) && !isHouseOwn;
  const { isOpen, wasBelow } = await explained(engine.auctionOf(account, when));
  return {
    account,
    isHouseOwn,
    health,
    markets: header.markets,
    assets: header.assets,
    feeds,
    measured: measuredDeficit === 0n ? 0n : await measuredNow(place, account),
    auction: { isOpen, wasBelow },
    isDeleverageable: canSell && (await goesThrough(() => engine.deleverage.staticCall(account, when))),
    offer: canSell ? await offerOf(place, account) : undefined,
  };
}

async function measuredNow({ client, blockTag, now }: Place, account: AccountId): Promise<bigint> {
  const { amount, epoch } = await explained(client.contracts.house.measuredDeficitOf(account, { blockTag }));
  return epoch + 1n >= now / DEFICIT_EPOCH ? amount : 0n;
}

async function offerOf({ client, blockTag, bidder }: Place, account: AccountId): Promise<Offer | undefined> {
  if (bidder === undefined || bidder.account === account) return undefined;
  try {
    const { terms, fraction, income } = await client.liquidations.preview({
      account,
      bidder: bidder.account,
      blockTag,
    });
    return { terms, fraction, income };
  } catch (error) {
    if (error instanceof ContractError) return undefined;
    throw error;
  }
}

/** Numbers of the bits that are set. */
export function marketsIn(bits: bigint): number[] {
  return Array.from({ length: MARKETS }, (_, market) => market).filter(
    (market) => ((bits >> BigInt(market)) & 1n) === 1n,
  );
}

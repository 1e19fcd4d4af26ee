import { MARKETS, OPENING_PRICE, USD, WAD } from "../world.ts";
import type { World } from "../world.ts";

/** What a seller puts in and takes on in each market: eightfold leverage. */
export const DEPOSIT = 2_500n * USD;
export const SIZE = 100n * WAD;
/** Prices at which such a seller is below maintenance margin and solvent: for the first time, and again after a bid. */
export const FIRST_FALL = 182n * WAD;
export const SECOND_FALL = 180n * WAD;
/** Price at which he owes more than he has. */
export const GAP = 165n * WAD;
/** Price at which he owes more than everything that stands behind the segment. */
export const DEEP_FALL = 110n * WAD;

/** Six time constants of the average. */
const A_WHILE = 6 * 3_600;

/** A deep short side, a bidder and a seller who are long, each in the same markets. */
export interface Stage {
  readonly markets: readonly number[];
  readonly shorts: string;
  readonly bidder: string;
  readonly seller: string;
  readonly account: string;
}

/** Opens all positions. Counterparties hold exactly the markets of the row. */
export async function setStage(world: World, count: number): Promise<Stage> {
  const markets = MARKETS.slice(0, count);
  const [maker, bidder, seller] = [world.person(), world.person(), world.person()];
  const shorts = await world.deposit(maker, 100_000_000n * USD);
  const bidding = await world.deposit(bidder, 10_000_000n * USD);
  const account = await world.deposit(seller, DEPOSIT * BigInt(count));
  await world.trade(bidding, shorts, markets, 10n * WAD);
  await world.trade(account, shorts, markets, SIZE);
  return { markets, shorts, bidder, seller, account };
}

/** Prices move, and everyone has read them: the transaction that comes next in the same second finds them cached. */
export async function move(world: World, { markets }: Pick<Stage, "markets">, price: bigint): Promise<void> {
  await world.setPrices(markets, price);
  await world.refresh(markets);
}

/** A first bid at V > 0: after it, what penalties and costs are booked in is not zero. */
export async function sellOnce(world: World, stage: Stage): Promise<void> {
  await move(world, stage, FIRST_FALL);
  await world.bid(stage.bidder, stage.account);
}

/** A seller comes again. Prices stand for a while before, so that their average follows (LIQ-05 weighs by the move from it). */
export async function reopen(world: World, stage: Stage): Promise<void> {
  await move(world, stage, OPENING_PRICE);
  world.chain.pass(A_WHILE);
  await world.refresh(stage.markets);
  await world.deposit(stage.seller, DEPOSIT * BigInt(stage.markets.length));
  await world.trade(stage.account, stage.shorts, stage.markets, SIZE);
}

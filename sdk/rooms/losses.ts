// What of the markets says who bears a loss that no layer pays.
import { targetOf } from "../contracts.ts";
import type { AccountId } from "../identifiers.ts";
import type { LossStake, LossState, MarketInterest } from "../previews/split.ts";
import { explained } from "../reverts/decode.ts";
import type { Context, ReadOptions } from "./context.ts";
import { callInOrder } from "./simulate.ts";

const MARKETS = 48;

interface LossQuestion {
  readonly account: AccountId;
  /** Feeds that the engine brings to this second before, one bit each. */
  readonly refreshed: bigint;
  readonly when: Required<ReadOptions>;
}

/** Positions of an account, and the open interest of all markets, once the prices of `refreshed` are those of this second. */
export async function lossState(context: Context, question: LossQuestion): Promise<LossState> {
  const { house } = context.contracts;
  const [listed, { markets }] = await explained(
    Promise.all([house.listedMarkets(question.when), house.headerOf(question.account, question.when)]),
  );
  const [interests, stakes] = await Promise.all([
    Promise.all(bitsOf(listed).map((market) => interestIn(context, question, { market, markets }))),
    Promise.all(bitsOf(markets).map((market) => stakeIn(context, question, market))),
  ]);
  return { interests, stakes };
}

async function interestIn(
  context: Context,
  question: LossQuestion,
  { market, markets }: { market: number; markets: bigint },
): Promise<MarketInterest> {
  const { house } = context.contracts;
  const isOwn = ((markets >> BigInt(market)) & 1n) === 1n;
  const [[, { openInterest }], position, [price = 0n]] = await Promise.all([
    explained(house.marketOf(market, question.when)),
    isOwn ? explained(house.positionOf(question.account, market, question.when)) : undefined,
    afterRefresh(context, question, { view: "lastPrice", market }),
  ]);
  return { market, openInterest, ownBase: position?.base ?? 0n, price };
}

async function stakeIn(context: Context, question: LossQuestion, market: number): Promise<LossStake> {
  const { house, oracle } = context.contracts;
  const [{ base }, { price, hasConsensus }, [average = 0n]] = await Promise.all([
    explained(house.positionOf(question.account, market, question.when)),
    explained(oracle.quote(market, question.when)),
    afterRefresh(context, question, { view: "averagePrice", market }),
  ]);
  return { market, base, price, hasConsensus, average };
}

async function afterRefresh(
  context: Context,
  { refreshed, when }: LossQuestion,
  { view, market }: { view: "lastPrice" | "averagePrice"; market: number },
): Promise<readonly bigint[]> {
  const { oracle } = context.contracts;
  const to = targetOf(oracle);
  const calls = [
    { to, data: oracle.interface.encodeFunctionData("refreshAll", [refreshed]) },
    { to, data: oracle.interface.encodeFunctionData(view as "lastPrice", [market]) },
  ];
  const answer = await callInOrder(context, calls, when);
  return oracle.interface.decodeFunctionResult(view as "lastPrice", answer);
}

/** Numbers of the bits that are set. */
function bitsOf(bits: bigint): number[] {
  return Array.from({ length: MARKETS }, (_, index) => index).filter((index) => ((bits >> BigInt(index)) & 1n) === 1n);
}

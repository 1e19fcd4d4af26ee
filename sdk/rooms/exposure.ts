// What previews of one account need to know of a feed or a market.
import { ZeroAddress } from "ethers";
import type { BlockTag } from "ethers";

import { bindRiskController, targetOf } from "../contracts.ts";
import type { AccountId } from "../identifiers.ts";
import { RATIO_ONE } from "../math/constants.ts";
import { currentRateUp } from "../math/MarginMath.ts";
import type { MarketClass } from "../math/MarginMath.ts";
import { effectiveSumDown, sharesOf, storedQuoteDown } from "../math/SideIndex.ts";
import type { Side } from "../math/SideIndex.ts";
import { maintenanceMargin } from "../previews/bid.ts";
import type { SaleHealth } from "../previews/bid.ts";
import type { ChargedPosition } from "../previews/charge.ts";
import type { FeedExposure } from "../previews/liquidationPrice.ts";
import type { TradeState } from "../previews/trade.ts";
import { explained } from "../reverts/decode.ts";
import { timeAt } from "./context.ts";
import type { Context } from "./context.ts";
import { callInOrder } from "./simulate.ts";

/** Bits of a market's flags that say its class (contracts/types/Flags.sol). */
const CLASS_MASK = 3n;

interface When {
  readonly blockTag: BlockTag;
}

/** Position and collateral of an account that one feed prices. */
export async function feedExposure(
  context: Context,
  account: AccountId,
  feed: number,
  when: When,
): Promise<FeedExposure> {
  const { house, oracle } = context.contracts;
  const [header, [price], collateral, timestamp] = await explained(
    Promise.all([
      house.headerOf(account, when),
      oracle.quote(feed, when),
      collateralOn(context, account, feed, when),
      timeAt(context, when),
    ]),
  );
  if (((header.markets >> BigInt(feed)) & 1n) === 0n) return { price, base: 0n, rate: 0n, addOn: 0n, collateral };
  const [[base], [market]] = await explained(
    Promise.all([house.positionOf(account, feed, when), house.marketOf(feed, when)]),
  );
  const { rateSet, rateTarget, rateSetAt: setAt, addOn } = market;
  return { price, base, rate: currentRateUp({ rateSet, rateTarget, setAt }, timestamp), addOn, collateral };
}

/** A position as it is stored, and its side: what a charge to the side changes. */
export async function chargedPosition(
  context: Context,
  account: AccountId,
  market: number,
  when: When,
): Promise<ChargedPosition> {
  const { house, oracle } = context.contracts;
  const [[base, quoteValue], stored, [funding], [price], [, interest]] = await explained(
    Promise.all([
      house.positionOf(account, market, when),
      house.storedPosition(account, market, when),
      house.fundingOf(market, when),
      oracle.quote(market, when),
      house.marketOf(market, when),
    ]),
  );
  const [side] = await explained(house.sideOf(market, base >= 0n, when));
  const current = { sum: side.sum, product: side.product, generation: side.generation };
  const isCurrent = stored.generation === current.generation;
  return {
    side: current,
    funding,
    openInterest: interest.openInterest,
    ...(isCurrent ? { shares: stored.shares, quote: stored.quote } : rewritten(current, funding, { base, quoteValue })),
    base,
    price,
  };
}

/** A position of an older generation as it would be written now: a charge to its side costs it the same. */
function rewritten(
  side: Side,
  funding: bigint,
  { base, quoteValue }: { base: bigint; quoteValue: bigint },
): { shares: bigint; quote: bigint } {
  const shares = side.product === 0n ? 0n : sharesOf(base, side.product);
  return { shares, quote: storedQuoteDown(shares, quoteValue, effectiveSumDown(side, funding)) };
}

/** An account and a market as a fill would find them: the gap premium of the time until now is charged first (FND-02). */
export async function tradeState(
  context: Context,
  account: AccountId,
  market: number,
  when: When,
): Promise<TradeState> {
  const { house, oracle } = context.contracts;
  const face = house.interface;
  const before = [
    // A fill accrues at the price of now, `accrue` at the last one: so that is brought to now first.
    { to: targetOf(oracle), data: oracle.interface.encodeFunctionData("refresh", [market]) },
    { to: targetOf(house), data: face.encodeFunctionData("accrue", [market]) },
  ];
  const accrued = (data: string): Promise<string> =>
    callInOrder(context, [...before, { to: targetOf(house), data }], when);
  const [measured, position, [[settings], [indexPrice], ratio, timestamp]] = await Promise.all([
    accrued(face.encodeFunctionData("health", [account])),
    accrued(face.encodeFunctionData("positionOf", [account, market])),
    explained(
      Promise.all([
        house.marketOf(market, when),
        oracle.quote(market, when),
        ratioOf(context, when),
        timeAt(context, when),
      ]),
    ),
  ]);
  const [health] = face.decodeFunctionResult("health", measured) as unknown as [SaleHealth & InitialHealth];
  const [base, quoteValue] = face.decodeFunctionResult("positionOf", position) as unknown as [bigint, bigint];
  const { rateSet, rateTarget, rateSetAt: setAt, addOn, flags } = settings;
  return {
    value: health.value,
    marginBalance: health.marginBalance,
    initialBalance: health.initialBalance,
    maintenanceMargin: maintenanceMargin(health),
    initialMargin: health.initialMargin,
    base,
    quoteValue,
    indexPrice,
    rate: currentRateUp({ rateSet, rateTarget, setAt }, timestamp),
    rateTarget,
    addOn,
    marketClass: Number(flags & CLASS_MASK) as MarketClass,
    ratio,
  };
}

interface InitialHealth {
  readonly initialBalance: bigint;
  readonly initialMargin: bigint;
}

/** The fund's ratio that the house counts with: that of the linked risk control, 1 before there is one. */
async function ratioOf(context: Context, when: When): Promise<bigint> {
  const linked = await context.contracts.house.riskController(when);
  return linked === ZeroAddress ? RATIO_ONE : bindRiskController(linked, context.runner).ratio(when);
}

async function collateralOn(
  context: Context,
  account: AccountId,
  feed: number,
  when: When,
): Promise<{ amount: bigint; haircut: bigint }[]> {
  const { house } = context.contracts;
  const { assets } = await house.headerOf(account, when);
  const held = Array.from({ length: 8 }, (_, asset) => asset).filter((asset) => (assets >> BigInt(asset)) & 1n);
  const all = await Promise.all(
    held.map(async (asset) => {
      const [[listed], amount] = await Promise.all([
        house.assetOf(asset, when),
        house.collateralOf(account, asset, when),
      ]);
      return { amount, haircut: listed.haircut, feed: listed.feed };
    }),
  );
  return all.filter((one) => one.feed === BigInt(feed));
}

// Previews of what needs no bidder: deleveraging and writing off (LIQ-05, LIQ-06).
import type { AccountId } from "../identifiers.ts";
import { WAD } from "../math/constants.ts";
import { abs, mulWadUp } from "../math/WadMath.ts";
import { total } from "../math/Waterfall.ts";
import type { LayerAmounts } from "../math/Waterfall.ts";
import { plain } from "../plain.ts";
import { byClass } from "../previews/bid.ts";
import type { SaleHealth } from "../previews/bid.ts";
import { deleverageTerms, writeOffTerms } from "../previews/forced.ts";
import type { ForcedTerms } from "../previews/forced.ts";
import { closingPrice, splitLoss } from "../previews/split.ts";
import type { LossSplit, LossState } from "../previews/split.ts";
import { explained } from "../reverts/decode.ts";
import { contractErrors } from "../reverts/table.ts";
import { pinned } from "./context.ts";
import type { Context, ReadOptions } from "./context.ts";
import { lossState } from "./losses.ts";

/** A position that is closed against the whole other side. */
export interface Closing {
  readonly market: number;
  /** Of the account, signed, wei. */
  readonly base: bigint;
  /** At which the account closes: the consensus price, WAD. */
  readonly indexPrice: bigint;
  /** At which the other side closes: what the market bears of the loss is in it, WAD. */
  readonly price: bigint;
}

/** What closing an account would do. WAD; the fields of the engine's event, and what is behind them. */
export interface ClosingPreview {
  readonly value: bigint;
  readonly fraction: bigint;
  readonly penalty: bigint;
  readonly shortfall: bigint;
  readonly covered: bigint;
  readonly byLayer: LayerAmounts;
  readonly socialized: bigint;
  readonly closings: readonly Closing[];
  /** Who bears what is socialised. */
  readonly split: LossSplit;
}

export interface DeleveragePreview extends ClosingPreview {
  /** Seconds on the clock and those that it needs, where the engine would refuse for now; the rest says what it would do if they had passed. */
  readonly tooEarly: { readonly elapsed: bigint; readonly timeout: bigint } | undefined;
}

interface Assessed {
  readonly health: SaleHealth;
  readonly weights: readonly [bigint, bigint, bigint];
  readonly feeds: bigint;
  readonly when: Required<ReadOptions>;
}

const NOTHING: LayerAmounts = { reserve: 0n, junior: 0n, senior: 0n, reinsurance: 0n };

/** To the wei when it is called in the second of the block that is asked for. Throws what the engine would, but that it is too early. */
export async function previewDeleverage(
  context: Context,
  account: AccountId,
  options: ReadOptions,
): Promise<DeleveragePreview> {
  const when = await pinned(context, options);
  const tooEarly = await earliness(context, account, when);
  const seen = await assess(context, account, when);
  const terms = deleverageTerms(seen.health, context.minMaintenanceMargin);
  const state = await lossState(context, { account, refreshed: seen.feeds, when });
  return { ...(await closingOf(context, { seen, terms, state })), tooEarly };
}

/** Throws what the engine would: of an account that holds anything, and of one that owes nothing. */
export async function previewWriteOff(
  context: Context,
  account: AccountId,
  options: ReadOptions,
): Promise<ClosingPreview> {
  const when = await pinned(context, options);
  const { engine, house } = context.contracts;
  await explained(engine.writeOff.staticCall(account, when));
  const [seen, listed] = await Promise.all([assess(context, account, when), explained(house.listedMarkets(when))]);
  const state = await lossState(context, { account, refreshed: seen.feeds | listed, when });
  return closingOf(context, { seen, terms: writeOffTerms(seen.health), state });
}

async function earliness(context: Context, account: AccountId, when: Required<ReadOptions>) {
  try {
    await explained(context.contracts.engine.deleverage.staticCall(account, when));
    return undefined;
  } catch (error) {
    if (!(error instanceof contractErrors.LiquidationEngine_TooEarly)) throw error;
    const { elapsed, required: timeout } = error.values as { elapsed: bigint; required: bigint };
    return { elapsed, timeout };
  }
}

async function assess(context: Context, account: AccountId, when: Required<ReadOptions>): Promise<Assessed> {
  // A static call of a function that only brings prices to this second.
  const [feeds, answer, major, mid, tail] = await explained(
    context.contracts.house.assessLiquidation.staticCall(account, account, when),
  );
  return { health: plain(answer), weights: [major, mid, tail], feeds, when };
}

async function closingOf(
  context: Context,
  { seen, terms, state }: { seen: Assessed; terms: ForcedTerms; state: LossState },
): Promise<ClosingPreview> {
  const { fraction, penalty, shortfall } = terms;
  const byLayer = await coverOf(context, seen, shortfall);
  const covered = total(byLayer);
  const socialized = shortfall - covered;
  const split = splitLoss(state, { loss: socialized, fraction, isClosing: true });
  const charged = new Map(split.sides.map(({ market, amount }) => [market, amount]));
  const closings = state.stakes
    .filter(({ hasConsensus, base }) => hasConsensus && base !== 0n)
    .map((stake) => {
      const closed = mulWadUp(abs(stake.base), fraction);
      return {
        market: stake.market,
        base: stake.base < 0n ? -closed : closed,
        indexPrice: stake.price,
        price: closingPrice(stake, closed, charged.get(stake.market) ?? 0n),
      };
    });
  return { value: seen.health.value, fraction, penalty, shortfall, covered, byLayer, socialized, closings, split };
}

async function coverOf(context: Context, { weights, when }: Assessed, shortfall: bigint): Promise<LayerAmounts> {
  if (shortfall === 0n) return NOTHING;
  const request = { shortfallByClass: byClass(weights, shortfall), fraction: WAD, reward: 0n };
  const { paid } = await explained(context.contracts.fund.previewCover(context.segment, request, when));
  return plain(paid);
}

import { sorted } from "../../../../scripts/risk/kernel/book.ts";
import type { Bidders } from "../../../../scripts/risk/kernel/parameters.ts";
import { currentRateUp } from "../../../../sdk/math/MarginMath.ts";
import type { Start } from "../../../../scripts/risk/kernel/Kernel.ts";
import { linkControl } from "../../risk/support/control.ts";
import type { Control } from "../../risk/support/control.ts";
import { accountId, actions, deployLocal, ETH_MARKET, USD, WAD } from "../../support/deployment.ts";
import type { Signer } from "../../support/deployment.ts";
import type { World } from "../../support/world.ts";
import { firstSecond } from "./twin.ts";

const HOUR = 3_600;
const TIMEOUT = 1_200;
/** Keepers refresh so often that no second of an auction is dead (ORC-05). */
const MAX_GAP = 300;
const RICH = 100_000_000n;
export const FEED_ONE = 1e8;

/** A trader to be: which side, how many whole units of base, which leverage. */
export interface Trader {
  readonly isLong: boolean;
  readonly base: number;
  readonly leverage: number;
}

interface Seat {
  readonly account: string;
  readonly isLong: boolean;
  readonly base: number;
  readonly quote: number;
}

const fromWad = (amount: bigint): number => Number(amount) / 1e18;

/** The whole system on a chain whose clock stands where it is told to. Gas is given: an estimate made in one second may lack in the next. */
export async function openMarket() {
  const d = await deployLocal({ allowBlocksWithSameTimestamp: true, gas: 12_000_000n });
  const [, owner, hub, buyer, seller] = d.signers;
  if (!owner || !hub || !buyer || !seller) throw new Error("too few accounts");
  const control = await linkControl(d as unknown as World);
  const base = await d.networkHelpers.takeSnapshot();
  return { d, control, owner, hub, buyer, seller, reset: () => base.restore() };
}

type Market = Awaited<ReturnType<typeof openMarket>>;

/** One path on the chain: the same steps as the kernel's, as transactions. */
export class ChainMarket {
  bids = 0;
  forced = 0;
  seats: readonly Seat[] = [];
  readonly #market: Market;
  readonly #control: Control;
  readonly #bidders: readonly [string, string];
  readonly #terms: Bidders;
  #now = 0;

  constructor(market: Market, terms: Bidders) {
    this.#market = market;
    this.#control = market.control;
    this.#bidders = [accountId(market.buyer.address), accountId(market.seller.address)];
    this.#terms = terms;
  }

  /** Fills the fund, lets everybody in at the first price, and waits for a whole hour. Returns what the kernel is to start from. */
  async begin(traders: readonly Trader[], reserve: bigint): Promise<Start> {
    const { d, hub, owner } = this.#market;
    const verbs = actions(d);
    await verbs.fundReserve(reserve * USD);
    await this.#control.sync(ETH_MARKET);
    for (const signer of [hub, this.#market.buyer, this.#market.seller]) await verbs.depositUsd(signer, RICH * USD);
    const { price } = await d.oracle.lastPrice(ETH_MARKET);
    const known: { account: string; isLong: boolean }[] = [];
    for (const [index, { base, isLong, leverage }] of traders.entries()) {
      const deposit = BigInt(Math.ceil((base * fromWad(price) * 1e6) / leverage));
      const account = await verbs.depositUsd(owner, deposit, BigInt(index + 1));
      const size = BigInt(Math.round(base * 1e6)) * 10n ** 12n;
      await verbs.trade(account, accountId(hub.address), ETH_MARKET, isLong ? size : -size, price);
      known.push({ account, isLong });
    }
    const latest = await d.networkHelpers.time.latest();
    this.#now = (Math.floor(latest / HOUR) + 2) * HOUR;
    const sampled = await this.#openHour(fromWad(price));
    this.seats = await Promise.all(known.map((each) => this.#seat(each)));
    return this.#start(fromWad(price), sampled);
  }

  /** One hour later, at a price with eight decimals. */
  async step(price: number): Promise<void> {
    const { d } = this.#market;
    const begun = (this.#now = (Math.floor(this.#now / HOUR) + 1) * HOUR);
    await this.#openHour(price);
    const started = await this.#below();
    if (started.length === 0) return;
    for (const { account } of started) await this.#at(() => d.engine.start(account));
    const refused = await this.#auction(started, begun, price);
    if (refused.length === 0) return;
    await this.#wait(begun + TIMEOUT);
    for (const { account } of refused) {
      await this.#at(() => d.engine.deleverage(account));
      this.forced++;
    }
  }

  /** Value of every seat and its base, as the house has them. */
  async holdings(): Promise<readonly { readonly base: number; readonly value: number }[]> {
    const { house } = this.#market.d;
    return Promise.all(
      this.seats.map(async ({ account }) => ({
        base: Math.abs(fromWad((await house.positionOf(account, ETH_MARKET)).base)),
        value: fromWad((await house.health(account)).value),
      })),
    );
  }

  /** Reserve, as if everything booked had been settled; and what risk control has set. */
  async figures() {
    const { d } = this.#market;
    await this.#at(() => d.fund.settle(d.segment));
    const [settings, interest] = await d.house.marketOf(ETH_MARKET);
    return {
      reserve: fromWad((await d.fund.segmentOf(d.segment)).reserve),
      openInterest: fromWad(interest.openInterest),
      cap: fromWad(interest.cap),
      margin: [settings.rateSet, settings.rateTarget, await d.house.penaltyRateOf(ETH_MARKET)].map(Number),
      gapRate: Number(interest.gapRate),
      ratio: Number(await this.#control.ratio()),
      unpaid: fromWad((await d.fund.segmentOf(d.segment)).unpaid),
      drawn: fromWad((await d.fund.segmentOf(d.segment)).drawn),
    };
  }

  async #seat({ account, isLong }: { account: string; isLong: boolean }): Promise<Seat> {
    const { house } = this.#market.d;
    const { base, quoteValue } = await house.positionOf(account, ETH_MARKET);
    const quote = fromWad((await house.headerOf(account)).cash + quoteValue);
    return { account, isLong, base: Math.abs(fromWad(base)), quote };
  }

  async #start(price: number, sampled: { fast: bigint; slow: bigint }): Promise<Start> {
    const { d } = this.#market;
    this.seats = [...this.seats].sort(
      (one, two) => Number(two.isLong) - Number(one.isLong) || one.quote / one.base - two.quote / two.base,
    );
    const [settings, interest] = await d.house.marketOf(ETH_MARKET);
    const side = (isLong: boolean) => sorted(this.seats.filter((seat) => seat.isLong === isLong));
    const [now, average] = [this.#now, fromWad(await d.oracle.averagePrice(ETH_MARKET))];
    const [fast, slow] = [Number(sampled.fast), Number(sampled.slow)];
    return {
      longs: side(true),
      shorts: side(false),
      observed: { price, fast, slow, samplePrice: price, sampledAt: now, average, readAt: now },
      controlled: {
        rateSet: Number(settings.rateSet),
        rateTarget: Number(settings.rateTarget),
        rateSetAt: Number(settings.rateSetAt),
        penaltyRate: Number(await d.house.penaltyRateOf(ETH_MARKET)),
        ratio: Number(await this.#control.ratio()),
        ratioAt: Number(await this.#control.ratioSetAt()),
        cap: fromWad(interest.cap),
        gapRate: Number(interest.gapRate),
        syncedAt: now,
      },
    };
  }

  /** Price, sync and settlement in one second. Returns the variances that the oracle has stored. */
  async #openHour(price: number): Promise<{ fast: bigint; slow: bigint }> {
    const { d } = this.#market;
    await this.#feed(price);
    const synced = await this.#at(() => this.#control.sync(ETH_MARKET));
    await this.#at(() => d.fund.settle(d.segment));
    for (const log of (await synced.wait())?.logs ?? []) {
      const event = d.oracle.interface.parseLog(log);
      if (event?.name === "VolatilitySampled") return { fast: event.args[1] as bigint, slow: event.args[2] as bigint };
    }
    throw new Error("the first refresh of an hour is a sample");
  }

  async #feed(price: number): Promise<void> {
    for (const feed of this.#market.d.ethFeeds) {
      await this.#at(() => feed.setAnswer(BigInt(Math.round(price * FEED_ONE))));
    }
  }

  async #wait(until: number): Promise<void> {
    const { oracle } = this.#market.d;
    for (let next = Math.floor(this.#now / MAX_GAP + 1) * MAX_GAP; next <= until; next += MAX_GAP) {
      this.#now = next;
      await this.#at(() => oracle.refresh(ETH_MARKET));
    }
    if (this.#now === until) return;
    this.#now = until;
    await this.#at(() => oracle.refresh(ETH_MARKET));
  }

  /** Bids come when k_time pays for them. Returns whom nobody bid for. */
  async #auction(started: readonly Seat[], begun: number, price: number): Promise<readonly Seat[]> {
    const [{ rateSet, rateSetAt: setAt, rateTarget }] = await this.#market.d.house.marketOf(ETH_MARKET);
    const rate = currentRateUp({ rateSet, rateTarget, setAt }, BigInt(begun));
    const seconds = firstSecond(BigInt(this.#terms.cost), rate);
    if (seconds === undefined) return started;
    await this.#wait(begun + Math.max(Number(seconds), this.#terms.delay));
    const refused: Seat[] = [];
    for (const seat of started) if ((await this.#isBelow(seat)) && !(await this.#bid(seat, price))) refused.push(seat);
    return refused;
  }

  async #below(): Promise<Seat[]> {
    const below: Seat[] = [];
    for (const seat of this.seats) if (await this.#isBelow(seat)) below.push(seat);
    return below;
  }

  async #isBelow({ account }: Seat): Promise<boolean> {
    const { linearMargin, marginBalance, sizeMargin } = await this.#market.d.house.health(account);
    return marginBalance < linearMargin + sizeMargin;
  }

  /** Whether the bidder found it worth his cost. */
  async #bid({ account, isLong }: Seat, price: number): Promise<boolean> {
    const { buyer, d, seller } = this.#market;
    const { base } = await d.house.positionOf(account, ETH_MARKET);
    const notional = ((base < 0n ? -base : base) * BigInt(Math.round(price * FEED_ONE))) / BigInt(FEED_ONE);
    const bidder = this.#bidders[isLong ? 0 : 1];
    const who: Signer = isLong ? buyer : seller;
    const minIncome = (notional * BigInt(this.#terms.cost)) / 10_000n;
    const request = { account, bidder, fraction: WAD, minFraction: 0n, maxPrice: 2n ** 255n, minIncome };
    try {
      await d.engine.connect(who).bid.staticCall(request);
    } catch (error) {
      if (String(error).includes("LiquidationEngine_IncomeBelowLimit")) return false;
      throw error;
    }
    await this.#at(() => d.engine.connect(who).bid(request));
    this.bids++;
    return true;
  }

  async #at<T>(send: () => Promise<T>): Promise<T> {
    await this.#market.d.networkHelpers.time.setNextBlockTimestamp(this.#now);
    return send();
  }
}

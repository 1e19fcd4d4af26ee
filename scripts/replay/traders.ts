import { abs, min } from "../../sdk/math/WadMath.ts";
import { WAD } from "../../sdk/math/constants.ts";
import { away, baseFor, lots } from "./market.ts";
import type { Market, Offer, Party } from "./market.ts";
import type { Desk } from "./desk.ts";
import type { Plan } from "./population.ts";

/** A trader at work. */
export interface Trader extends Party {
  readonly plan: Plan;
  /** The first point at which it trades. */
  readonly entryStep: number;
  /** Base that it still wants at entry, signed; undefined before it has decided. */
  wanted: bigint | undefined;
  /** Price at which it entered, WAD. */
  entryPrice: bigint;
  /** Base that it held at most, absolute. */
  size: bigint;
}

/** Someone who would trade now, at the price at which he would. */
export interface Interest {
  readonly trader: Trader;
  /** Base that he would receive, signed. */
  readonly size: bigint;
  /** WAD. */
  readonly price: bigint;
  readonly reduceOnly: boolean;
}

/** Fees and the size add-on leave a little less than ten. */
const MOST_LEVERAGE = 9.9;
const LEVERAGE_SCALE = 1_000;
/** Profit, as a part of the entry price, from which a trader starts to take it. */
const PROFIT_FROM = WAD / 10n;
/** Part of his largest size that a trader closes per point while he takes profit. */
const PART_PER_POINT = WAD / 20n;
/** What a trader asks for being the one who waits: 10 bp. */
const SPREAD = 10n;
/** Interests below this are not worth a signature, WAD. */
const SMALLEST_NOTIONAL = 500n * WAD;

/** What traders do by themselves: enter once, and take profit while it is there. */
export class Traders {
  readonly all: readonly Trader[];
  readonly #desk: Desk;
  readonly #market: Market;

  constructor(desk: Desk, market: Market, all: readonly Trader[]) {
    this.#desk = desk;
    this.#market = market;
    this.all = all;
  }

  /** Lets traders whose time has come decide how much they want. */
  decide(step: number): void {
    const { book } = this.#desk;
    for (const trader of this.all) {
      if (trader.wanted !== undefined || trader.entryStep > step) continue;
      const leverage = BigInt(Math.floor(Math.min(trader.plan.leverage, MOST_LEVERAGE) * LEVERAGE_SCALE));
      const { marginBalance } = book.standingOf(trader.account);
      const size = baseFor((marginBalance * leverage) / BigInt(LEVERAGE_SCALE), book.price);
      trader.wanted = trader.plan.isLong ? size : -size;
      trader.entryPrice = book.price;
    }
  }

  /** Brings buyers and sellers who both want to enter together: shorts sign, longs fill. */
  async match(): Promise<void> {
    const { price } = this.#desk.book;
    const buyers = this.all.filter(({ wanted = 0n }) => wanted > 0n);
    const sellers = this.all.filter(({ wanted = 0n }) => wanted < 0n);
    let offer: Offer | undefined;
    let seller = sellers.shift();
    for (const buyer of buyers) {
      while (seller && (buyer.wanted ?? 0n) > 0n) {
        offer ??= await this.#market.offer(seller, seller.wanted ?? 0n, price, false);
        const filled = await this.#market.fill(offer, buyer, buyer.wanted ?? 0n);
        this.entered(buyer, filled);
        if (filled === 0n) break;
        this.entered(seller, -filled);
        if ((seller.wanted ?? 0n) !== 0n) continue;
        seller = sellers.shift();
        offer = undefined;
      }
    }
  }

  /** Books what a trader who enters got, signed. One whom the house refused, or who lacks next to nothing, wants no more. */
  entered(trader: Trader, filled: bigint): void {
    const left = (trader.wanted ?? 0n) - filled;
    trader.wanted = filled === 0n || abs(left) < this.#desk.book.dustBase ? 0n : left;
    trader.size += abs(filled);
    trader.entryPrice = this.#desk.book.price;
  }

  /** Everyone who would take the other side of a keeper now, the largest first: entrants, and traders with a profit. */
  interests(): Interest[] {
    const { price } = this.#desk.book;
    const smallest = baseFor(SMALLEST_NOTIONAL, price);
    const found = this.all.flatMap((trader) => this.#interestOf(trader, price) ?? []);
    return found.filter(({ size }) => abs(size) > smallest).sort((a, b) => (abs(b.size) > abs(a.size) ? 1 : -1));
  }

  #interestOf(trader: Trader, price: bigint): Interest | undefined {
    if (trader.wanted !== undefined && trader.wanted !== 0n) {
      return { trader, size: trader.wanted, price, reduceOnly: false };
    }
    const base = this.#desk.book.baseOf(trader.account);
    if (base === 0n) return undefined;
    const move = base > 0n ? price - trader.entryPrice : trader.entryPrice - price;
    if (move * WAD < trader.entryPrice * PROFIT_FROM) return undefined;
    const part = lots(min(abs(base), (trader.size * PART_PER_POINT) / WAD));
    if (part === 0n) return undefined;
    return base > 0n
      ? { trader, size: -part, price: away(price, SPREAD), reduceOnly: true }
      : { trader, size: part, price: away(price, -SPREAD), reduceOnly: true };
  }
}

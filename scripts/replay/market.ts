import type { Wallet } from "ethers";

import { buildOrder, signOrder } from "../../sdk/orders.ts";
import type { Order } from "../../sdk/orders.ts";
import { abs, min } from "../../sdk/math/WadMath.ts";
import { WAD } from "../../sdk/math/constants.ts";
import type { Desk } from "./desk.ts";
import { MARKET } from "./local.ts";
import type { Random } from "./random.ts";

/** Someone who signs orders. */
export interface Party {
  readonly account: string;
  readonly wallet: Wallet;
}

/** An order as signed, and what is left of it. */
export interface Offer {
  readonly maker: Party;
  readonly order: Order;
  readonly signature: string;
  left: bigint;
}

/** How far each source may stand from the recorded price: 8 bp, well inside the consensus' 1%. */
const NOISE = 0.0008;
const NOISE_SCALE = 1_000_000n;
const SOURCES = 3;
/** Sizes are multiples of 0.001 of base, as venues quote them. */
export const LOT = 10n ** 15n;
const LIFETIME = 3_600n;

/** Feeds that follow the recorded prices, and trading by signed orders (CLR-03). */
export class Market {
  readonly #desk: Desk;
  readonly #random: Random;
  readonly #nonces = new Map<string, bigint>();

  constructor(desk: Desk, random: Random) {
    this.#desk = desk;
    this.#random = random;
  }

  /** Moves the three sources at `time`: one shows the recorded price, one a little less, one a little more. */
  async moveTo(time: number, price: bigint): Promise<void> {
    const { chain } = this.#desk;
    chain.advanceTo(time);
    const shift = () => (price * BigInt(Math.floor(this.#random.next() * NOISE * Number(NOISE_SCALE)))) / NOISE_SCALE;
    const answers = this.#random.shuffled([price - shift(), price, price + shift()]);
    for (let source = 0; source < SOURCES; source++) {
      const data = chain.feed.interface.encodeFunctionData("setAnswer", [answers[source] ?? price]);
      await this.#desk.act({ to: chain.at.feeds[source] ?? "", data, operation: "feed" });
    }
  }

  /** Signs an order that can be filled in parts. `size` is signed: what the maker receives. */
  async offer(maker: Party, size: bigint, price: bigint, reduceOnly: boolean): Promise<Offer> {
    const { chain } = this.#desk;
    const nonce = this.#nonces.get(maker.account) ?? 0n;
    this.#nonces.set(maker.account, nonce + 1n);
    const now = BigInt(chain.now());
    const { account } = maker;
    const terms = { account, market: MARKET, size, limitPrice: price, expiry: now + LIFETIME, nonce };
    const order = buildOrder({ house: chain.at.house, ...terms, reduceOnly, partialFills: true }, { now });
    const book = { chainId: chain.chainId, address: chain.at.orders };
    const { signature } = await signOrder(maker.wallet, { order, book });
    return { maker, order, signature, left: abs(size) };
  }

  /** Fills as much of an offer as the taker wants. Returns the absolute base that changed hands, 0 when the house refuses. */
  async fill(offer: Offer, taker: Party, size: bigint): Promise<bigint> {
    const { chain } = this.#desk;
    const filled = min(offer.left, size);
    if (filled <= 0n) return 0n;
    const data = chain.orders.interface.encodeFunctionData("fill", [
      offer.order,
      offer.signature,
      taker.account,
      filled,
    ]);
    const outcome = await this.#desk.attempt({
      from: taker.wallet.address,
      to: chain.at.orders,
      data,
      operation: "fill",
    });
    if (outcome !== undefined) return 0n;
    offer.left -= filled;
    return filled;
  }
}

/** A price `basisPoints` away from another. */
export function away(price: bigint, basisPoints: bigint): bigint {
  return price + (price * basisPoints) / 10_000n;
}

/** Cuts to whole lots. */
export function lots(size: bigint): bigint {
  return (size / LOT) * LOT;
}

/** Base that `money` (WAD) buys at `price`. */
export function baseFor(money: bigint, price: bigint): bigint {
  return price === 0n || money <= 0n ? 0n : lots((money * WAD) / price);
}

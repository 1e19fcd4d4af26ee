// The local testnet's board of signed orders: in memory, for anyone on this machine.
import { decodeOrder, encodeOrder } from "../../sdk/orderText.ts";
import type { OrderBook, SignedOrder } from "../../sdk/orders.ts";

const MOST = 500;

/** Keeps what it is given until it expires; whether an order can be filled only the chain knows. */
export class Board {
  #orders: readonly SignedOrder[] = [];

  /** Takes an order that somebody has posted as text. */
  post(text: string, book: OrderBook): SignedOrder {
    const signed = decodeOrder(text, book);
    this.add([signed]);
    return signed;
  }

  add(orders: readonly SignedOrder[]): void {
    const hashes = new Set(orders.map(({ hash }) => hash));
    this.#orders = [...orders, ...this.#orders.filter(({ hash }) => !hashes.has(hash))].slice(0, MOST);
  }

  remove(orders: readonly SignedOrder[]): void {
    const hashes = new Set(orders.map(({ hash }) => hash));
    this.#orders = this.#orders.filter(({ hash }) => !hashes.has(hash));
  }

  /** Orders that have expired by `now`, seconds of the chain, are forgotten. */
  expire(now: bigint): void {
    this.#orders = this.#orders.filter(({ order }) => order.expiry >= now);
  }

  get orders(): readonly SignedOrder[] {
    return this.#orders;
  }

  get texts(): readonly string[] {
    return this.orders.map(encodeOrder);
  }
}

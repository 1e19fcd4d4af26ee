import { hashOrder, OrderFlags } from "../../../../sdk/orders.ts";
import type { Order as SdkOrder } from "../../../../sdk/orders.ts";
import { abs } from "../../../../sdk/math/WadMath.ts";
import type { Variable } from "../storage/layout.ts";
import type { ClearingHouse } from "./house/ClearingHouse.ts";
import { Scope } from "./types.ts";
import { Contract, ownerOf, refuse } from "./world.ts";

/** An order with every number as bigint. */
export type Order = Readonly<Record<"market" | "size" | "limitPrice" | "expiry" | "nonce" | "flags", bigint>> &
  Readonly<Record<"house" | "account" | "taker", string>>;

/** An order, and who has signed it. */
export interface Signed {
  readonly order: Order;
  readonly signer: string;
}

interface Fill {
  readonly counterparty: string;
  readonly size: bigint;
}

const MAX_SIZE = (1n << 255n) - 1n;
const [REDUCE_ONLY, PARTIAL_FILLS] = [BigInt(OrderFlags.REDUCE_ONLY), BigInt(OrderFlags.PARTIAL_FILLS)];

/** Twin of SignedOrders.sol for owners with keys (CLR-03): who has signed is said, and stands for the signature. */
export class SignedOrders extends Contract {
  readonly usedNonces = this.table<bigint>("_usedNonces");
  readonly filled = this.table<bigint>("_filled");
  readonly house: ClearingHouse;
  readonly chainId: bigint;

  constructor(
    house: ClearingHouse,
    place: { address: string; layout: ReadonlyMap<string, Variable>; chainId: bigint },
  ) {
    super(house.world, place.address, place.layout);
    this.house = house;
    this.chainId = place.chainId;
  }

  fill(maker: Signed, taker: string, size: bigint): void {
    this.#requireMayTrade(taker);
    const change = this.#take(maker, { counterparty: taker, size });
    this.#trade(maker.order, taker, change);
  }

  settle(maker: Signed, taker: Signed, size: bigint): void {
    requireCrossing(maker.order, taker.order);
    const change = this.#take(maker, { counterparty: taker.order.account, size });
    this.#take(taker, { counterparty: maker.order.account, size });
    this.#trade(maker.order, taker.order.account, change);
    this.world.pass("two orders settled");
  }

  cancel(account: string, nonces: readonly bigint[]): void {
    this.#requireMayTrade(account);
    for (const nonce of nonces) this.#use(account, nonce >> 8n, bitOf(nonce));
  }

  cancelWord(account: string, word: bigint, mask: bigint): void {
    this.#requireMayTrade(account);
    this.#use(account, word, mask);
  }

  hashOf(order: Order): string {
    const plain = { ...order, market: Number(order.market), flags: Number(order.flags) } as SdkOrder;
    return hashOrder(plain, { chainId: this.chainId, address: this.address });
  }

  isNonceUsed(account: string, nonce: bigint): boolean {
    return (this.usedNonces.get(account, nonce >> 8n) & bitOf(nonce)) !== 0n;
  }

  #trade({ account, limitPrice, market }: Order, taker: string, change: bigint): void {
    const { sender } = this.world;
    this.world.sender = this.address;
    this.house.trade({ taker, maker: account, market, size: -change, price: limitPrice });
    this.world.sender = sender;
  }

  #take({ order, signer }: Signed, { counterparty, size }: Fill): bigint {
    if (BigInt(order.taker) !== 0n && order.taker !== counterparty) {
      refuse("SignedOrders_WrongTaker", order.taker, counterparty);
    }
    const hash = this.hashOf(order);
    this.#requireOpen(order);
    const left = this.#requireFits(order, hash, size) - size;
    const change = order.size > 0n ? size : -size;
    if ((order.flags & REDUCE_ONLY) !== 0n) this.#requireReducing(order, change);
    if (!this.#mayTrade(order.account, signer)) refuse("SignedOrders_InvalidSignature", order.account, hash);
    if (left === 0n) this.#use(order.account, order.nonce >> 8n, bitOf(order.nonce));
    else {
      this.filled.set(abs(order.size) - left, hash);
      this.world.pass("order filled in part");
    }
    return change;
  }

  #requireOpen({ account, expiry, flags, house, nonce }: Order): void {
    if (house !== this.house.address) refuse("SignedOrders_WrongHouse", house, this.house.address);
    if (this.now > expiry) refuse("SignedOrders_Expired", expiry, this.now);
    if (flags > (REDUCE_ONLY | PARTIAL_FILLS)) refuse("SignedOrders_InvalidFlags", flags);
    if (this.isNonceUsed(account, nonce)) refuse("SignedOrders_NonceUsed", account, nonce);
  }

  #requireFits(order: Order, hash: string, size: bigint): bigint {
    if (size === 0n || size > MAX_SIZE) refuse("SignedOrders_InvalidSize", size, MAX_SIZE);
    const allowsPartial = (order.flags & PARTIAL_FILLS) !== 0n;
    const left = abs(order.size) - (allowsPartial ? this.filled.get(hash) : 0n);
    if (size > left) refuse("SignedOrders_ExceedsRemaining", size, left);
    if (size !== left && !allowsPartial) refuse("SignedOrders_PartialFill", size, left);
    return left;
  }

  #requireReducing({ account, market }: Order, change: bigint): void {
    const base = this.house.baseOf(account, market);
    const isOpposite = change > 0n ? base < 0n : base > 0n;
    if (!isOpposite || abs(change) > abs(base)) refuse("SignedOrders_NotReducing", account, base, change);
  }

  #requireMayTrade(account: string): void {
    const { sender } = this.world;
    if (!this.#mayTrade(account, sender)) refuse("SignedOrders_NotAuthorized", account, sender);
  }

  #mayTrade(account: string, actor: string): boolean {
    return ownerOf(account) === actor || this.house.isAuthorized(account, actor, Scope.Trade);
  }

  #use(account: string, word: bigint, mask: bigint): void {
    this.usedNonces.set(this.usedNonces.get(account, word) | mask, account, word);
  }
}

function requireCrossing(maker: Order, taker: Order): void {
  const isBuy = maker.size > 0n;
  const [bought, sold] = isBuy ? [maker.limitPrice, taker.limitPrice] : [taker.limitPrice, maker.limitPrice];
  if (maker.market === taker.market && isBuy !== taker.size > 0n && bought >= sold) return;
  refuse("SignedOrders_NotCrossing", maker.market, taker.market, maker.size, taker.size, bought, sold);
}

const bitOf = (nonce: bigint): bigint => 1n << (nonce & 0xffn);

import type { ContractTransactionResponse, Signer } from "ethers";

import type { AccountId } from "../identifiers.ts";
import { addressOf } from "../manifest.ts";
import { buildOrder, hashOrder, signOrder } from "../orders.ts";
import type { Order, OrderBook, OrderParameters, SignedOrder } from "../orders.ts";
import { tradeOutcome } from "../previews/trade.ts";
import type { TradeOutcome, TradeTerms } from "../previews/trade.ts";
import { explained } from "../reverts/decode.ts";
import { at, pinned } from "./context.ts";
import type { Context, ReadOptions } from "./context.ts";
import { tradeState } from "./exposure.ts";

const WORD = 256n;
const ALL_USED = (1n << WORD) - 1n;

/** What `build` needs; the house is this deployment's, and the nonce the lowest free one when left out. */
export type OrderTerms = Omit<OrderParameters, "house" | "nonce"> & { readonly nonce?: bigint };

/** A fill that is asked about. */
export interface FillQuestion extends ReadOptions, Omit<TradeTerms, "takerFeeBps"> {
  readonly takerFeeBps?: bigint;
}

/** Signed orders: made, filled, cancelled. */
export class Orders {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Where orders are filled; part of what is signed. */
  get book(): OrderBook {
    const { manifest } = this.#context;
    return { chainId: BigInt(manifest.chainId), address: addressOf(manifest, "SignedOrders") };
  }

  /** Makes an order for this house and refuses what could never be filled. */
  async build(terms: OrderTerms): Promise<Order> {
    const [block, nonce] = await Promise.all([
      this.#context.provider.getBlock("latest"),
      terms.nonce ?? this.freeNonce(terms.account),
    ]);
    const house = addressOf(this.#context.manifest, "ClearingHouse");
    return buildOrder({ ...terms, house, nonce }, { now: BigInt(block?.timestamp ?? 0) });
  }

  /** Signs as owner or delegate of the order's account. */
  sign(signer: Pick<Signer, "signTypedData">, order: Order): Promise<SignedOrder> {
    return signOrder(signer, { order, book: this.book });
  }

  /** EIP-712 hash of an order here. */
  hash(order: Order): string {
    return hashOrder(order, this.book);
  }

  /** Takes the other side of a signed order with an account of the caller. `size` is absolute base, WAD. */
  fill(
    { order, signature }: Pick<SignedOrder, "order" | "signature">,
    taker: AccountId,
    size: bigint,
  ): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.orderBook.fill(order, signature, taker, size));
  }

  /** Fills two signed orders against each other; anyone may. */
  settle(
    maker: Pick<SignedOrder, "order" | "signature">,
    taker: Pick<SignedOrder, "order" | "signature">,
    size: bigint,
  ): Promise<ContractTransactionResponse> {
    const { orderBook } = this.#context.contracts;
    return explained(orderBook.settle(maker.order, maker.signature, taker.order, taker.signature, size));
  }

  /** Value, balances and margins of an account after a fill now, as taker or as maker. The taker fee is the house's own, unless another is given. */
  async previewFill(account: AccountId, market: number, fill: FillQuestion): Promise<TradeOutcome> {
    const when = await pinned(this.#context, fill);
    const [state, takerFeeBps] = await Promise.all([
      tradeState(this.#context, account, market, when),
      fill.takerFeeBps ?? this.takerFee(when),
    ]);
    return tradeOutcome(state, { ...fill, takerFeeBps });
  }

  /** What a taker pays, basis points of what is traded. */
  async takerFee(options: ReadOptions = {}): Promise<bigint> {
    return explained(this.#context.contracts.house.takerFeeBps(at(options)));
  }

  cancel(account: AccountId, nonces: readonly bigint[]): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.orderBook.cancel(account, [...nonces]));
  }

  /** Cancels all nonces from `first` to `last`, both included; at most 64 words of 256. */
  cancelRange(account: AccountId, first: bigint, last: bigint): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.orderBook.cancelRange(account, first, last));
  }

  /** Absolute base that an order has left, WAD. */
  remaining(order: Order, options: ReadOptions = {}): Promise<bigint> {
    return explained(this.#context.contracts.orderBook.remaining(order, at(options)));
  }

  isNonceUsed(account: AccountId, nonce: bigint, options: ReadOptions = {}): Promise<boolean> {
    return explained(this.#context.contracts.orderBook.isNonceUsed(account, nonce, at(options)));
  }

  /** The lowest nonce from `from` on that no order was filled with and nobody cancelled. Orders that wait elsewhere are not known here. */
  async freeNonce(account: AccountId, from = 0n): Promise<bigint> {
    for (let nonce = from; ; nonce = (nonce / WORD + 1n) * WORD) {
      const word = await explained(this.#context.contracts.orderBook.usedNonces(account, nonce / WORD));
      const used = word | ((1n << (nonce % WORD)) - 1n);
      if (used === ALL_USED) continue;
      let bit = 0n;
      while ((used >> bit) & 1n) bit++;
      return (nonce / WORD) * WORD + bit;
    }
  }
}

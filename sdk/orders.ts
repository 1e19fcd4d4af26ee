// Orders of CLR-03: contracts/types/Orders.sol and contracts/interfaces/ISignedOrders.sol say what the fields mean.
import { TypedDataEncoder, getAddress } from "ethers";
import type { Signer, TypedDataDomain, TypedDataField } from "ethers";

import { BulwarkError } from "./errors.ts";
import { NO_ACCOUNT, normalizeAccount, owner } from "./identifiers.ts";
import type { AccountId } from "./identifiers.ts";

/** Bits of an order's flags. */
export const OrderFlags = { REDUCE_ONLY: 1, PARTIAL_FILLS: 2 } as const;

/** Bounds of the house; an order outside them could never be filled. */
export const MAX_ORDER_SIZE = 2n ** 95n;
export const MAX_ORDER_PRICE = 10n ** 27n;
export const MAX_MARKET = 47;
const MAX_EXPIRY = 2n ** 40n - 1n;
const MAX_NONCE = 2n ** 256n - 1n;

/** What a maker signs. Amounts are WAD. */
export interface Order {
  /** Clearing house whose position is traded. */
  readonly house: string;
  /** Maker's account. */
  readonly account: AccountId;
  readonly market: number;
  /** Base that the maker receives, negative when it sells. */
  readonly size: bigint;
  /** Every fill is booked at this price. */
  readonly limitPrice: bigint;
  /** Last second in which the order can be filled. */
  readonly expiry: bigint;
  /** Orders of one account with the same nonce exclude each other. */
  readonly nonce: bigint;
  /** See OrderFlags. */
  readonly flags: number;
  /** The only account that may fill, NO_ACCOUNT for any. */
  readonly taker: AccountId;
}

/** What `buildOrder` makes an order from: flags by name, and any taker by default. */
export interface OrderParameters extends Omit<Order, "flags" | "taker"> {
  readonly reduceOnly?: boolean;
  readonly partialFills?: boolean;
  readonly taker?: AccountId;
}

/** The SignedOrders contract in which an order is to be filled. */
export interface OrderBook {
  readonly chainId: bigint;
  readonly address: string;
}

export interface SignedOrder {
  readonly order: Order;
  readonly hash: string;
  readonly signature: string;
}

/** EIP-712 types of an order. */
export const orderTypes: Record<"Order", TypedDataField[]> = {
  Order: [
    { name: "house", type: "address" },
    { name: "account", type: "bytes32" },
    { name: "market", type: "uint8" },
    { name: "size", type: "int256" },
    { name: "limitPrice", type: "uint256" },
    { name: "expiry", type: "uint40" },
    { name: "nonce", type: "uint256" },
    { name: "flags", type: "uint8" },
    { name: "taker", type: "bytes32" },
  ],
};

/** EIP-712 domain of an order book. */
export function orderDomain(book: OrderBook): TypedDataDomain {
  return { name: "Bulwark Signed Orders", version: "1", chainId: book.chainId, verifyingContract: book.address };
}

/**
 * Makes an order and refuses what no house could fill.
 * @param options `now`: time in seconds, best that of the chain's last block
 * @example
 * const order = buildOrder(
 *   { house, account, market: 0, size: -2n * WAD, limitPrice: 2_500n * WAD, expiry: now + 60n, nonce: 7n },
 *   { now },
 * );
 */
export function buildOrder(parameters: OrderParameters, options: { now: bigint }): Order {
  const { size, limitPrice, expiry, nonce, market } = parameters;
  const account = normalizeAccount(parameters.account);
  const taker = normalizeAccount(parameters.taker ?? NO_ACCOUNT);
  if (BigInt(owner(account)) === 0n) throw new OrderWithoutOwnerError(account);
  if (taker === account) throw new OrderToSelfError(account);
  if (!Number.isInteger(market) || market < 0 || market > MAX_MARKET) throw new OrderMarketError(market);
  if (size === 0n || size > MAX_ORDER_SIZE || size < -MAX_ORDER_SIZE) throw new OrderSizeError(size);
  if (limitPrice <= 0n || limitPrice > MAX_ORDER_PRICE) throw new OrderPriceError(limitPrice);
  if (expiry < options.now || expiry > MAX_EXPIRY) throw new OrderExpiryError(expiry, options.now);
  if (nonce < 0n || nonce > MAX_NONCE) throw new OrderNonceError(nonce);
  const reduceOnly = parameters.reduceOnly ? OrderFlags.REDUCE_ONLY : 0;
  const partialFills = parameters.partialFills ? OrderFlags.PARTIAL_FILLS : 0;
  return Object.freeze({
    house: houseAddress(parameters.house),
    account,
    market,
    size,
    limitPrice,
    expiry,
    nonce,
    flags: reduceOnly | partialFills,
    taker,
  });
}

/** EIP-712 hash, the same as `SignedOrders.orderHash`. */
export function hashOrder(order: Order, book: OrderBook): string {
  return TypedDataEncoder.hash(orderDomain(book), orderTypes, order);
}

/**
 * Signs an order as owner or as delegate of its account. Wallets show the fields (EIP-712).
 * @example
 * const { signature } = await signOrder(wallet, { order, book });
 * await signedOrders.connect(taker).fill(order, signature, takerAccount, 2n * WAD);
 */
export async function signOrder(
  signer: Pick<Signer, "signTypedData">,
  request: { order: Order; book: OrderBook },
): Promise<SignedOrder> {
  const { order, book } = request;
  try {
    const signature = await signer.signTypedData(orderDomain(book), orderTypes, order);
    return Object.freeze({ order, hash: hashOrder(order, book), signature });
  } catch (cause) {
    throw new OrderNotSignedError(cause);
  }
}

function houseAddress(house: string): string {
  try {
    return getAddress(house);
  } catch (cause) {
    throw new OrderHouseError(house, cause);
  }
}

/* ERRORS */

export class OrderHouseError extends BulwarkError {
  override name = "OrderHouseError";
  readonly house: string;

  constructor(house: string, cause: unknown) {
    super(`"${house}" is no address of a clearing house: take it from the deployment manifest.`, { cause });
    this.house = house;
  }
}

export class OrderWithoutOwnerError extends BulwarkError {
  override name = "OrderWithoutOwnerError";
  readonly account: AccountId;

  constructor(account: AccountId) {
    super(`Account ${account} has no owner who could sign: make it with toAccountId(owner, number).`);
    this.account = account;
  }
}

export class OrderToSelfError extends BulwarkError {
  override name = "OrderToSelfError";
  readonly account: AccountId;

  constructor(account: AccountId) {
    super(`Account ${account} cannot trade with itself: name another taker, or none.`);
    this.account = account;
  }
}

export class OrderMarketError extends BulwarkError {
  override name = "OrderMarketError";
  readonly market: number;

  constructor(market: number) {
    super(`Market ${market} does not exist: markets are numbered 0 to ${MAX_MARKET}.`);
    this.market = market;
  }
}

export class OrderSizeError extends BulwarkError {
  override name = "OrderSizeError";
  readonly size: bigint;

  constructor(size: bigint) {
    super(
      `Size ${size.toString()} cannot be filled: give WAD of base, not 0, at most 2^95 either way, negative to sell.`,
    );
    this.size = size;
  }
}

export class OrderPriceError extends BulwarkError {
  override name = "OrderPriceError";
  readonly limitPrice: bigint;

  constructor(limitPrice: bigint) {
    super(`Price ${limitPrice.toString()} cannot be booked: give WAD per unit of base, above 0 and at most 10^27.`);
    this.limitPrice = limitPrice;
  }
}

export class OrderExpiryError extends BulwarkError {
  override name = "OrderExpiryError";
  readonly expiry: bigint;
  readonly now: bigint;

  constructor(expiry: bigint, now: bigint) {
    super(
      `Expiry ${expiry.toString()} is before now (${now.toString()}) or beyond 2^40: give seconds, not milliseconds.`,
    );
    this.expiry = expiry;
    this.now = now;
  }
}

export class OrderNonceError extends BulwarkError {
  override name = "OrderNonceError";
  readonly nonce: bigint;

  constructor(nonce: bigint) {
    super(`Nonce ${nonce.toString()} is no uint256: count up from 0, skip what isNonceUsed reports.`);
    this.nonce = nonce;
  }
}

export class OrderNotSignedError extends BulwarkError {
  override name = "OrderNotSignedError";

  constructor(cause: unknown) {
    super("The signer did not sign the order: its error is the cause; ask again, or check the chain that it is on.", {
      cause,
    });
  }
}

// The local testnet's maker: signs orders around the price of every market, and takes users' orders that are at the price or better.
import type { Signer } from "ethers";

import type { BulwarkClient } from "../../sdk/client.ts";
import { BulwarkError } from "../../sdk/errors.ts";
import type { AccountId } from "../../sdk/identifiers.ts";
import { WAD } from "../../sdk/math/constants.ts";
import type { SignedOrder } from "../../sdk/orders.ts";
import { confirmed } from "../../sdk/transactions.ts";
import type { Board } from "./board.ts";

/** Distance from the price in basis points, and notional of each order, whole units. */
const LEVELS = [
  { bps: 5n, notional: 4_000n },
  { bps: 10n, notional: 10_000n },
  { bps: 20n, notional: 25_000n },
  { bps: 40n, notional: 50_000n },
] as const;
const BPS = 10_000n;
/** An order stands for so long, and is replaced when half of that is over or the price has moved by so many basis points. */
const LIFETIME = 120n;
const TOLERANCE_BPS = 4n;
/** Sizes are multiples of it. */
const LOT = WAD / 1_000n;
const CENT = WAD / 100n;

export interface MakerTools {
  readonly client: BulwarkClient;
  readonly signer: Signer;
  readonly board: Board;
  readonly markets: readonly number[];
  readonly say: (text: string) => void;
}

export class Maker {
  readonly #tools: MakerTools;
  readonly #account: AccountId;
  readonly #refused = new Set<string>();
  #quotes = new Map<number, { price: bigint; until: bigint; orders: readonly SignedOrder[] }>();
  #nonce = 0n;

  constructor(tools: MakerTools, owner: string) {
    this.#tools = tools;
    this.#account = tools.client.accounts.idOf(owner);
  }

  /** Looks once at prices and at the board. */
  async round(): Promise<void> {
    const { client, board, markets } = this.#tools;
    const now = BigInt((await client.provider.getBlock("latest"))?.timestamp ?? 0);
    board.expire(now);
    for (const market of markets) {
      const [price, hasConsensus] = await client.contracts.oracle.quote(market);
      if (!hasConsensus) continue;
      await this.#take(market, price);
      const last = this.#quotes.get(market);
      if (last !== undefined && last.until > now && isNear(last.price, price)) continue;
      board.remove(last?.orders ?? []);
      const orders = await this.#quote(market, price, now);
      board.add(orders);
      this.#quotes.set(market, { price, until: now + LIFETIME / 2n, orders });
    }
  }

  async #quote(market: number, price: bigint, now: bigint): Promise<SignedOrder[]> {
    const { client, signer } = this.#tools;
    const orders: SignedOrder[] = [];
    for (const { bps, notional } of LEVELS) {
      for (const side of [1n, -1n]) {
        const limitPrice = ((price * (BPS - side * bps)) / BPS / CENT) * CENT;
        const size = side * (((notional * WAD * WAD) / price / LOT) * LOT);
        const expiry = now + LIFETIME;
        const terms = { account: this.#account, market, size, limitPrice, expiry, partialFills: true };
        const order = await client.orders.build({ ...terms, nonce: await this.#nextNonce() });
        orders.push(await client.orders.sign(signer, order));
      }
    }
    return orders;
  }

  async #nextNonce(): Promise<bigint> {
    const free = await this.#tools.client.orders.freeNonce(this.#account, this.#nonce);
    this.#nonce = free + 1n;
    return free;
  }

  /** Fills users' orders whose limit is at the price or beyond it. */
  async #take(market: number, price: bigint): Promise<void> {
    const { client, board, say } = this.#tools;
    const crossing = board.orders.filter(({ order, hash }) => {
      if (order.account === this.#account || order.market !== market || this.#refused.has(hash)) return false;
      return order.size > 0n ? order.limitPrice >= price : order.limitPrice <= price;
    });
    for (const signed of crossing) {
      const size = await client.orders.remaining(signed.order);
      if (size === 0n) {
        board.remove([signed]);
        continue;
      }
      try {
        await confirmed(client.orders.fill(signed, this.#account, size));
        board.remove([signed]);
        say("the maker took an order");
      } catch (error) {
        if (!(error instanceof BulwarkError)) throw error;
        this.#refused.add(signed.hash);
        say(`the maker cannot take an order: ${error.message}`);
      }
    }
  }
}

function isNear(quoted: bigint, price: bigint): boolean {
  const difference = quoted > price ? quoted - price : price - quoted;
  return difference * BPS <= price * TOLERANCE_BPS;
}

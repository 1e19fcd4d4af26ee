// What may still be laid out: the operator's budget, and the margin that the bidding account has free.
import { min, positivePart } from "../../../sdk/math/WadMath.ts";
import type { Bidder, KeeperState } from "./state.ts";

export class Purse {
  readonly bidder: Bidder | undefined;
  #budget: bigint;
  #margin: bigint;
  #cash: bigint;

  constructor({ rules, spent, bidder }: KeeperState) {
    this.bidder = bidder;
    this.#budget = positivePart(rules.budget - spent);
    this.#margin = positivePart(bidder?.freeMargin ?? 0n);
    this.#cash = positivePart(bidder?.cash ?? 0n);
  }

  get budget(): bigint {
    return this.#budget;
  }

  get margin(): bigint {
    return this.#margin;
  }

  /** Most that a purchase may cost: it is paid from cash, so that the bidder never has to be put right itself (CLR-10). */
  get forPurchases(): bigint {
    return min(this.#budget, min(this.#margin, this.#cash));
  }

  canTake(outlay: bigint, margin: bigint): boolean {
    return outlay <= this.#budget && margin <= this.#margin;
  }

  take(outlay: bigint, margin: bigint): void {
    this.#budget -= outlay;
    this.#margin -= margin;
  }

  /** A purchase takes the same of all three. */
  pay(cost: bigint): void {
    this.take(cost, cost);
    this.#cash -= cost;
  }
}

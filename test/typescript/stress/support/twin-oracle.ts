import { FEED_RULES } from "../../../../deploy/modules/defaults.ts";
import type { Observed } from "../../../../scripts/risk/kernel/Observations.ts";
import * as volatility from "../../../../sdk/math/VolatilityMath.ts";
import { max } from "../../../../sdk/math/WadMath.ts";
import { toWad } from "./twin-fund.ts";

const FLOOR = volatility.fromAnnualUp(FEED_RULES.volatilityFloor);
/** Keepers of open auctions refresh so often (ORC-05). */
const KEEPERS = 300n;

/** The oracle of one feed in the chain's own arithmetic (VOL-01, LIQ-05). */
export class BigintOracle {
  price: bigint;
  average: bigint;
  #fast: bigint;
  #slow: bigint;
  #samplePrice: bigint;
  #sampledAt: bigint;
  #readAt: bigint;

  constructor({ average, fast, price, readAt, samplePrice, sampledAt, slow }: Observed) {
    this.price = toWad(price);
    this.average = toWad(average);
    this.#fast = BigInt(fast);
    this.#slow = BigInt(slow);
    this.#samplePrice = toWad(samplePrice);
    this.#sampledAt = BigInt(sampledAt);
    this.#readAt = BigInt(readAt);
  }

  get fast(): bigint {
    return max(this.#fast, FLOOR);
  }

  get slow(): bigint {
    return max(this.#slow, FLOOR);
  }

  refresh(price: bigint, now: bigint): void {
    this.average = volatility.movingAverageDown(this.average, this.price, now - this.#readAt);
    if (volatility.isNewInterval(now, this.#sampledAt)) {
      const elapsed = now - this.#sampledAt;
      const realized = volatility.realizedVarianceUp(price, this.#samplePrice, elapsed);
      this.#fast = volatility.blendUp(this.#fast, realized, { elapsed, tau: volatility.FAST_TIME });
      this.#slow = volatility.blendUp(this.#slow, realized, { elapsed, tau: volatility.SLOW_TIME });
      this.#samplePrice = price;
      this.#sampledAt = now;
    }
    this.price = price;
    this.#readAt = now;
  }

  wait(until: bigint): void {
    const last = this.#readAt;
    for (let next = last - (last % KEEPERS) + KEEPERS; next < until; next += KEEPERS) this.refresh(this.price, next);
    if (until > this.#readAt) this.refresh(this.price, until);
  }
}

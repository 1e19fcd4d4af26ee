import { BUDGETS } from "../../../../deploy/modules/defaults.ts";
import type { Capital } from "../../../../scripts/risk/kernel/parameters.ts";
import { WAD } from "../../../../sdk/math/constants.ts";
import * as bucket from "../../../../sdk/math/LeakyBucket.ts";
import { min } from "../../../../sdk/math/WadMath.ts";
import { cover } from "../../../../sdk/math/Waterfall.ts";

const DAY = 86_400n;
const WEEK = 7n * DAY;
const LAYERS = ["reserve", "junior", "senior", "reinsurance"] as const;

/** The very number, rounded down to a wei: multiplying by a power of two loses nothing. */
export const toWad = (amount: number): bigint => (BigInt(Math.round(amount * 2 ** 60)) * WAD) >> 60n;

/** What a loss would take of the reserve. */
export interface Draw {
  readonly shortfall: bigint;
  readonly ofClass: bigint;
  readonly ofTail: bigint;
  readonly reward: bigint;
}

/** The fund's segment in the chain's own arithmetic (FND-02, LIQ-04). */
export class BigintFund {
  reserve: bigint;
  booked = 0n;
  readonly paid = { reserve: 0n, junior: 0n, senior: 0n, reinsurance: 0n };
  rewards = 0n;
  penalties = 0n;
  premiums = 0n;
  readonly #layers: { junior: bigint; senior: bigint; reinsurance: bigint };
  readonly #classBudget: number;
  readonly #isTail: boolean;
  #usedClass = 0n;
  #usedTail = 0n;
  #drawnAt = 0n;
  #usedReward = 0n;
  #rewardedAt = 0n;
  #bucket = 0n;
  #bucketAt = 0n;

  constructor({ junior, reinsurance, reserve, senior }: Capital, classBudget: number, isTail: boolean) {
    this.reserve = toWad(reserve);
    this.#layers = { junior: toWad(junior), senior: toWad(senior), reinsurance: toWad(reinsurance) };
    this.#classBudget = classBudget;
    this.#isTail = isTail;
  }

  resources(now: bigint): bigint {
    const used = this.#used(now);
    const spent = used.ofClass + used.ofTail;
    const drawable = bucket.leftDown(BigInt(BUDGETS.segment), this.reserve + used.reward, spent);
    const { junior, reinsurance, senior } = this.#layers;
    return min(this.reserve, drawable) + junior + senior + reinsurance;
  }

  preview(now: bigint, shortfall: bigint, weight: bigint, owing: bigint): Draw {
    const used = this.#used(now);
    const base = this.reserve + used.ofClass + used.ofTail + used.reward;
    const left = (share: number, spent: bigint) => bucket.leftDown(BigInt(share), base - spent, spent);
    const explained = this.#isTail ? 0n : min(shortfall, weight);
    const room = min(left(BUDGETS.segment, used.ofClass + used.ofTail), this.reserve);
    const ofClass = min(min(explained, left(this.#classBudget, used.ofClass)), room);
    const ofTail = min(min(shortfall - explained, left(BUDGETS.tail, used.ofTail)), room - ofClass);
    const asked = min(owing, bucket.remainingUp(this.#bucket, now - this.#bucketAt, WEEK) / 2n);
    const spare = min(left(BUDGETS.reward, used.reward), this.reserve - ofClass - ofTail);
    return { shortfall, ofClass, ofTail, reward: min(asked, spare) };
  }

  /** @return what no layer paid */
  pay(now: bigint, { ofClass, ofTail, reward, shortfall }: Draw): bigint {
    const used = this.#used(now);
    const { paid, residual } = cover(shortfall, WAD, { reserve: ofClass + ofTail, ...this.#layers });
    if (paid.reserve > 0n) {
      this.#usedClass = used.ofClass + ofClass;
      this.#usedTail = used.ofTail + ofTail;
      this.#drawnAt = now;
    }
    if (reward > 0n) {
      this.#usedReward = used.reward + reward;
      this.#rewardedAt = now;
    }
    this.reserve -= paid.reserve + reward;
    for (const layer of ["junior", "senior", "reinsurance"] as const) this.#layers[layer] -= paid[layer];
    for (const layer of LAYERS) this.paid[layer] += paid[layer];
    this.rewards += reward;
    return residual;
  }

  bookPenalty(now: bigint, penalty: bigint, reward: bigint): void {
    this.penalties += penalty;
    this.booked += penalty;
    if (penalty === 0n && reward === 0n) return;
    const left = bucket.remainingUp(this.#bucket, now - this.#bucketAt, WEEK) + penalty;
    this.#bucket = left - min(left, 2n * reward);
    this.#bucketAt = now;
  }

  bookPremium(premium: bigint): void {
    this.premiums += premium;
    this.booked += premium;
  }

  settle(): void {
    this.reserve += this.booked;
    this.booked = 0n;
  }

  #used(now: bigint): { ofClass: bigint; ofTail: bigint; reward: bigint } {
    const since = now - this.#drawnAt;
    return {
      ofClass: bucket.remainingUp(this.#usedClass, since, DAY),
      ofTail: bucket.remainingUp(this.#usedTail, since, DAY),
      reward: bucket.remainingUp(this.#usedReward, now - this.#rewardedAt, DAY),
    };
  }
}

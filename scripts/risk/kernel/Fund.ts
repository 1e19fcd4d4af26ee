import { BPS, Budget } from "./constants.ts";
import type { StressParameters } from "./parameters.ts";

/** What of something that fades linearly is left. */
const remaining = (used: number, elapsed: number, period: number): number =>
  elapsed >= period ? 0 : (used * (period - elapsed)) / period;

/** The fund's segment: reserve behind draw budgets, layers behind the reserve, and what bidders may be rewarded with (FND-02, LIQ-04). */
export class Fund {
  reserve = 0;
  junior = 0;
  senior = 0;
  reinsurance = 0;
  /** Penalties and premiums that are booked and not settled: no reserve yet (FND-11). */
  booked = 0;
  /** What the last `cover` or `preview` made of a loss. */
  residual = 0;
  reward = 0;
  /** Sums of the path. */
  paidByReserve = 0;
  paidByJunior = 0;
  paidBySenior = 0;
  paidByReinsurance = 0;
  rewards = 0;
  penalties = 0;
  premiums = 0;
  #usedClass = 0;
  #usedTail = 0;
  #drawnAt = 0;
  #usedReward = 0;
  #rewardedAt = 0;
  #bucket = 0;
  #bucketAt = 0;
  /** What the last `preview` would take of the class's and the tail's budget. */
  #allowedClass = 0;
  #allowedTail = 0;
  #shortfall = 0;
  readonly #parameters: StressParameters;

  constructor(parameters: StressParameters) {
    this.#parameters = parameters;
  }

  /** As it stands before anything was drawn. */
  reset(): void {
    const { capital } = this.#parameters;
    this.reserve = capital.reserve;
    this.junior = capital.junior;
    this.senior = capital.senior;
    this.reinsurance = capital.reinsurance;
    this.booked = this.residual = this.reward = this.rewards = this.penalties = this.premiums = 0;
    this.paidByReserve = this.paidByJunior = this.paidBySenior = this.paidByReinsurance = 0;
    this.#usedClass = this.#usedTail = this.#drawnAt = this.#usedReward = this.#rewardedAt = 0;
    this.#bucket = this.#bucketAt = 0;
  }

  /** What risk control counts on: of the reserve only what the segment's budget lets through. */
  resourcesAt(now: number): number {
    const used = this.#usedAt(now);
    const base = this.reserve + used + remaining(this.#usedReward, now - this.#rewardedAt, Budget.period);
    const drawable = Math.max(0, (base * Budget.segment) / BPS - used);
    return Math.min(this.reserve, drawable) + this.junior + this.senior + this.reinsurance;
  }

  addPenalty(amount: number, now: number, reward: number): void {
    this.penalties += amount;
    this.booked += amount;
    if (amount === 0 && reward === 0) return;
    const left = remaining(this.#bucket, now - this.#bucketAt, Budget.rewardPeriod) + amount;
    this.#bucket = Math.max(0, left - 2 * reward);
    this.#bucketAt = now;
  }

  addPremium(amount: number): void {
    this.premiums += amount;
    this.booked += amount;
  }

  /** What was booked becomes reserve. */
  settle(): void {
    this.reserve += this.booked;
    this.booked = 0;
  }

  /**
   * Finds what no layer would pay of a shortfall, and the reward that a bidder would get (FND-02, LIQ-04).
   * @param weight part of the shortfall that the market's adverse move explains; the rest is charged to class tail
   * @param owing what the bidder's income lacks
   */
  preview(now: number, shortfall: number, weight: number, owing: number): void {
    const { classBudget, isTail } = this.#parameters;
    const rewarded = remaining(this.#usedReward, now - this.#rewardedAt, Budget.period);
    const usedClass = remaining(this.#usedClass, now - this.#drawnAt, Budget.period);
    const usedTail = remaining(this.#usedTail, now - this.#drawnAt, Budget.period);
    const base = this.reserve + usedClass + usedTail + rewarded;
    const left = (share: number, used: number) => Math.max(0, (base * share) / BPS - used);
    const ofClass = isTail ? 0 : Math.min(shortfall, weight);
    const room = Math.min(left(Budget.segment, usedClass + usedTail), this.reserve);
    this.#allowedClass = Math.min(ofClass, left(classBudget, usedClass), room);
    this.#allowedTail = Math.min(shortfall - ofClass, left(Budget.tail, usedTail), room - this.#allowedClass);
    this.#shortfall = shortfall;
    const allowed = this.#allowedClass + this.#allowedTail;
    this.residual = Math.max(0, shortfall - allowed - this.junior - this.senior - this.reinsurance);
    const asked = Math.min(owing, remaining(this.#bucket, now - this.#bucketAt, Budget.rewardPeriod) / 2);
    this.reward = Math.min(asked, left(Budget.reward, rewarded), this.reserve - allowed);
  }

  /** Pays what was previewed last, layer after layer. */
  pay(now: number): void {
    const allowed = this.#allowedClass + this.#allowedTail;
    let due = this.#shortfall - allowed;
    const junior = Math.min(due, this.junior);
    const senior = Math.min((due -= junior), this.senior);
    const reinsurance = Math.min(due - senior, this.reinsurance);
    this.#charge(now, this.reward);
    this.reserve -= allowed + this.reward;
    this.junior -= junior;
    this.senior -= senior;
    this.reinsurance -= reinsurance;
    this.paidByReserve += allowed;
    this.paidByJunior += junior;
    this.paidBySenior += senior;
    this.paidByReinsurance += reinsurance;
    this.rewards += this.reward;
  }

  #charge(now: number, reward: number): void {
    if (this.#allowedClass + this.#allowedTail > 0) {
      this.#usedClass = remaining(this.#usedClass, now - this.#drawnAt, Budget.period) + this.#allowedClass;
      this.#usedTail = remaining(this.#usedTail, now - this.#drawnAt, Budget.period) + this.#allowedTail;
      this.#drawnAt = now;
    }
    if (reward > 0) {
      this.#usedReward = remaining(this.#usedReward, now - this.#rewardedAt, Budget.period) + reward;
      this.#rewardedAt = now;
    }
  }

  #usedAt(now: number): number {
    return remaining(this.#usedClass + this.#usedTail, now - this.#drawnAt, Budget.period);
  }
}

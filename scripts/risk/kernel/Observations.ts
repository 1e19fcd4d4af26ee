import { HOUR, VARIANCE_ONE, Volatility } from "./constants.ts";

/** What the oracle remembers of a market. Variances in units of 1e-18 a second, times in seconds. */
export interface Observed {
  readonly price: number;
  readonly fast: number;
  readonly slow: number;
  /** Price and time of the last sample. */
  readonly samplePrice: number;
  readonly sampledAt: number;
  readonly average: number;
  readonly readAt: number;
}

const part = (seconds: number, tau: number): number => -Math.expm1(-seconds / tau);
const FAST_HOUR = part(HOUR, Volatility.fastTime);
const SLOW_HOUR = part(HOUR, Volatility.slowTime);
const AVERAGE_HOUR = part(HOUR, Volatility.averageTime);

/**
 * Realised variance and moving average as the oracle keeps them (VOL-01, LIQ-05). Variances are whole numbers, rounded up as there:
 * over weeks the rounding is more than the 1e-9 that this kernel is held to.
 */
export class Observations {
  price = 0;
  fast = 0;
  slow = 0;
  samplePrice = 0;
  sampledAt = 0;
  average = 0;
  readAt = 0;

  load(from: Observed): void {
    this.price = from.price;
    this.fast = from.fast;
    this.slow = from.slow;
    this.samplePrice = from.samplePrice;
    this.sampledAt = from.sampledAt;
    this.average = from.average;
    this.readAt = from.readAt;
  }

  /** A refresh. The average takes in the old price for the time that it stood. */
  refresh(price: number, now: number): void {
    const stood = now - this.readAt;
    const weight = stood === HOUR ? AVERAGE_HOUR : part(stood, Volatility.averageTime);
    this.average += (this.price - this.average) * weight;
    if (Math.floor(now / Volatility.grid) > Math.floor(this.sampledAt / Volatility.grid)) this.#sample(price, now);
    this.price = price;
    this.readAt = now;
  }

  /** Refreshes as keepers of open auctions send them, up to `now`: the first one of each interval is a sample. */
  refreshUntil(now: number): void {
    const boundary = (Math.floor(this.readAt / Volatility.grid) + 1) * Volatility.grid;
    if (boundary < now) this.refresh(this.price, boundary);
    this.refresh(this.price, now);
  }

  /** Not below the floor of the feed. */
  get fastVariance(): number {
    return Math.max(this.fast, Volatility.floor);
  }

  get slowVariance(): number {
    return Math.max(this.slow, Volatility.floor);
  }

  #sample(price: number, now: number): void {
    const elapsed = now - this.sampledAt;
    const move = Math.log(price / this.samplePrice);
    const realized = Math.ceil((move * move * VARIANCE_ONE) / elapsed);
    const seconds = Math.min(elapsed, Volatility.maxWeightTime);
    const fast = seconds === HOUR ? FAST_HOUR : part(seconds, Volatility.fastTime);
    const slow = seconds === HOUR ? SLOW_HOUR : part(seconds, Volatility.slowTime);
    this.fast = blendUp(this.fast, realized, fast);
    this.slow = blendUp(this.slow, realized, slow);
    this.samplePrice = price;
    this.sampledAt = now;
  }
}

function blendUp(variance: number, realized: number, weight: number): number {
  return Math.min(Math.ceil(variance * (1 - weight) + realized * weight), Volatility.highest);
}

// What FND-09 lets a segment lose, kept by whole numbers beside the chain: every way out of the reserve is an event, each has its bucket and
// its bound in any rolling window, and nothing leaves without one.

const BPS = 10_000n;
const DAY = 86_400n;
const WEEK = 7n * DAY;
/** Shares of the segment's buckets, basis points (deploy/modules/defaults.ts), and of the fund's lending (ReserveInvestments). */
const SEGMENT = 6_000n;
const REWARD = 200n;
const LENT_WEEKLY = 1_000n;
const LENT_MOST = 3_000n;
/** Buckets are rounded by some wei for each event. */
const DUST = 1_000n;

export type Way = "draw" | "reward" | "lending" | "surplus";

interface Outflow {
  readonly way: Way;
  readonly at: bigint;
  readonly amount: bigint;
  /** What the way's share is of, before it. */
  readonly base: bigint;
}

/** An amount in a bucket that fades linearly, counted anew from each addition. */
class Fading {
  readonly #period: bigint;
  #used = 0n;
  #since = 0n;

  constructor(period: bigint) {
    this.#period = period;
  }

  at(time: bigint): bigint {
    const elapsed = time - this.#since;
    return elapsed >= this.#period ? 0n : (this.#used * (this.#period - elapsed)) / this.#period;
  }

  add(amount: bigint, time: bigint): void {
    if (amount === 0n) return;
    this.#used = this.at(time) + amount;
    this.#since = time;
  }
}

/** What a bound says that the chain has not kept. */
export class BoundError extends Error {
  override name = "BoundError";
}

export class Bound {
  /** Of the reserve, as of the last event or look. */
  #reserve: bigint;
  #lent = 0n;
  #paidAt: bigint;
  readonly #draws = new Fading(DAY);
  readonly #rewards = new Fading(DAY);
  readonly #lending = new Fading(WEEK);
  readonly #outflows: Outflow[] = [];
  readonly #inflows: { readonly at: bigint; readonly amount: bigint }[] = [];

  constructor(reserve: bigint, now: bigint) {
    this.#reserve = reserve;
    this.#paidAt = now;
  }

  /** What has left by a way so far. */
  left(way: Way): bigint {
    return this.#outflows.reduce((sum, one) => (one.way === way ? sum + one.amount : sum), 0n);
  }

  /** The most that has left in any window of so many seconds. */
  mostIn(seconds: bigint, ...ways: Way[]): bigint {
    const counted = this.#outflows.filter(({ way }) => ways.includes(way));
    let most = 0n;
    for (const { at: start } of counted) {
      const sum = counted.reduce(
        (all, { at, amount }) => (at >= start && at <= start + seconds ? all + amount : all),
        0n,
      );
      if (sum > most) most = sum;
    }
    return most;
  }

  /** A draw and a reward, booked at once; `reserve` is what was left. */
  covered(at: bigint, draw: bigint, reward: bigint, reserve: bigint): void {
    this.#inflow(at, reserve + draw + reward);
    const base = reserve + draw + reward + this.#draws.at(at) + this.#rewards.at(at);
    this.#out({ way: "draw", at, amount: draw, base }, this.#draws, SEGMENT, DAY);
    this.#out({ way: "reward", at, amount: reward, base }, this.#rewards, REWARD, DAY);
    this.#reserve = reserve;
  }

  invested(at: bigint, amount: bigint, reserve: bigint): void {
    this.#inflow(at, reserve + amount);
    const base = reserve + amount + this.#lent;
    this.#out({ way: "lending", at, amount, base }, this.#lending, LENT_WEEKLY, WEEK);
    this.#lent += amount;
    if (this.#lent * BPS > base * LENT_MOST) throw new BoundError(`${this.#lent} of ${base} is lent`);
    this.#reserve = reserve;
  }

  reinstated(at: bigint, amount: bigint, reserve: bigint): void {
    this.#inflow(at, reserve);
    this.#lent -= amount < this.#lent ? amount : this.#lent;
  }

  /** A ninetieth a day at most, of what there is. */
  paidSurplus(at: bigint, amount: bigint, reserve: bigint): void {
    this.#inflow(at, reserve + amount);
    const elapsed = at - this.#paidAt < DAY ? at - this.#paidAt : DAY;
    const most = ((reserve + amount) * elapsed) / (90n * DAY);
    if (amount > most) throw new BoundError(`surplus of ${amount} where ${most} may be paid`);
    this.#outflows.push({ way: "surplus", at, amount, base: reserve + amount });
    this.#paidAt = at;
    this.#reserve = reserve;
  }

  /** The reserve as it stands after all events: what came meanwhile is counted, and nothing else may have left. */
  seen(at: bigint, reserve: bigint): void {
    this.#inflow(at, reserve);
  }

  #inflow(at: bigint, reserve: bigint): void {
    const amount = reserve - this.#reserve;
    if (amount < 0n) throw new BoundError(`${-amount} has left the reserve by no way that there is`);
    if (amount > 0n) this.#inflows.push({ at, amount });
    this.#reserve = reserve;
  }

  /** The bucket's own rule, and the bound of any window that ends now: s (2 - s) of the base at its start and of what came in. */
  #out(outflow: Outflow, bucket: Fading, share: bigint, period: bigint): void {
    const { way, at, amount, base } = outflow;
    if (amount === 0n) return;
    bucket.add(amount, at);
    const used = bucket.at(at);
    if (used * BPS > (base + DUST) * share + DUST * BPS) {
      throw new BoundError(`${way}: ${used} of ${base} is used where ${share} basis points may be`);
    }
    this.#outflows.push(outflow);
    const counted = this.#outflows.filter((one) => one.way === way && one.at >= at - period);
    for (const [index, first] of counted.entries()) {
      const sum = counted.slice(index).reduce((all, one) => all + one.amount, 0n);
      const inflow = this.#inflows.reduce((all, one) => (one.at >= first.at ? all + one.amount : all), 0n);
      const most = ((first.base + inflow) * share * (2n * BPS - share)) / (BPS * BPS);
      if (sum > most + DUST) throw new BoundError(`${way}: ${sum} in a window that allows ${most}`);
    }
  }
}

/** Reals for Monte Carlo: the same for the same seed. Test helper; nothing here is fit for secrets. */
export class RealRandom {
  #state: number;
  #spare: number | undefined;

  /** @param seed any whole number */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Even in (0, 1), 32 bits a word (a Weyl sequence through the finaliser of MurmurHash3), two words. */
  uniform(): number {
    return (this.#word() * 2 ** 21 + (this.#word() >>> 11) + 0.5) / 2 ** 53;
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Student's t with 4 degrees of freedom: a normal over the root of a mean of four squares, which is -ln(u v) / 2. */
  student4(): number {
    return this.normal() / Math.sqrt(-Math.log(this.uniform() * this.uniform()) / 2);
  }

  #word(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let word = this.#state;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  }
}

/** Mean of draws, and how far off it may be. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** Mean and standard error of `count` draws. */
export function estimate(count: number, draw: () => number): Estimate {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < count; i++) {
    const value = draw();
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  return { mean, standardError: Math.sqrt((squares / count - mean * mean) / (count - 1)) };
}

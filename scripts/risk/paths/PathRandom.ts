const UINT32 = 2 ** 32;
const UINT53 = 2 ** 53;

/** Finaliser of MurmurHash3: spreads seeds that lie beside each other. */
function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * Draws of one path: xoshiro128** (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators") with 128 bits of state,
 * made anew from (seed, path), so that a path is the same whichever thread walks it.
 */
export class PathRandom {
  #a = 1;
  #b = 2;
  #c = 3;
  #d = 4;
  #spare = Number.NaN;

  /** @param seed and path: integers from 0 to 2^32 - 1 */
  start(seed: number, path: number): void {
    const first = mix(seed ^ 0x9e3779b9);
    const second = mix(path ^ 0x7f4a7c15 ^ first);
    const third = mix(second + 0x6d2b79f5);
    // Never all zero: that state would stay as it is.
    this.setState(first, second, third, mix(third ^ seed) | 1);
    for (let round = 0; round < 8; round++) this.integer();
  }

  /** Four words of 32 bits, not all 0. */
  setState(a: number, b: number, c: number, d: number): void {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    this.#spare = Number.NaN;
  }

  /** 32 bits. */
  integer(): number {
    const rotated = Math.imul(this.#b, 5);
    const result = Math.imul((rotated << 7) | (rotated >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Uniform in (0, 1), 53 bits. */
  uniform(): number {
    const high = this.integer() >>> 5;
    return (high * 67_108_864 + (this.integer() >>> 6) + 0.5) / UINT53;
  }

  /** Uniform among 0 to count - 1. */
  below(count: number): number {
    return Math.floor((this.integer() / UINT32) * count);
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    const spare = this.#spare;
    if (!Number.isNaN(spare)) {
      this.#spare = Number.NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Poisson with a small mean, by inversion. */
  poisson(mean: number): number {
    let probability = Math.exp(-mean);
    let [count, left] = [0, this.uniform() - probability];
    while (left > 0 && count < 64) {
      count++;
      probability *= mean / count;
      left -= probability;
    }
    return count;
  }
}

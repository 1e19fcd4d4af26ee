/** A seeded generator: the same seed gives the same population on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [low, high]. */
  integer(low: number, high: number): number;
  /** Uniform in the logarithm: as many small values as large ones. */
  logUniform(low: number, high: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A copy in random order. */
  shuffled<T>(items: readonly T[]): T[];
  /** A generator of its own for one concern, so that a change in one does not shift another. */
  fork(label: string): Random;
}

const UINT32 = 2 ** 32;

/** FNV-1a over UTF-16 units; only spreads seeds. */
function hash(text: string, seed: number): number {
  let state = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return state;
}

/** @param seed integer from 0 to 2^32 - 1 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  /** Mulberry32: 32 bits of state, enough for some thousand draws that decide sizes and moments. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
  }

  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));

  return {
    next,
    integer,
    logUniform: (low, high) => low * (high / low) ** next(),
    chance: (probability) => next() < probability,
    shuffled<T>(items: readonly T[]): T[] {
      const copy = [...items];
      for (let last = copy.length - 1; last > 0; last--) {
        const other = integer(0, last);
        [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
      }
      return copy;
    },
    fork: (label) => createRandom(hash(label, seed)),
  };
}

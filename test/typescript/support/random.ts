/** Numbers for tests: the same for the same seed, and often at the edges where arithmetic goes wrong. */
export class Random {
  readonly seed: bigint;
  #state: bigint;

  constructor(seed: bigint) {
    this.seed = seed;
    this.#state = BigInt.asUintN(64, seed);
  }

  /** A generator of its own for every subject, so that one test's draws do not move another's. */
  for(subject: string): Random {
    let seed = this.seed;
    for (const character of subject) seed = BigInt.asUintN(64, seed * 31n + BigInt(character.codePointAt(0) ?? 0));
    return new Random(seed);
  }

  /** 64 even bits (SplitMix64). */
  #word(): bigint {
    this.#state = BigInt.asUintN(64, this.#state + 0x9e3779b97f4a7c15n);
    let word = this.#state;
    word = BigInt.asUintN(64, (word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n);
    word = BigInt.asUintN(64, (word ^ (word >> 27n)) * 0x94d049bb133111ebn);
    return word ^ (word >> 31n);
  }

  /** Even in [0, limit). */
  below(limit: bigint): bigint {
    let value = 0n;
    for (let bits = 0n; bits < 320n; bits += 64n) value = (value << 64n) | this.#word();
    return value % limit;
  }

  /** True once in `n` times. */
  oneIn(n: bigint): boolean {
    return this.below(n) === 0n;
  }

  flag(): boolean {
    return this.oneIn(2n);
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Number(this.below(BigInt(items.length)))] ?? items[0];
  }

  /** In [low, high]: ends and their neighbours, powers of two and their neighbours, and all sizes between. */
  between(low: bigint, high: bigint): bigint {
    const span = high - low;
    const kind = this.below(10n);
    let offset: bigint;
    if (kind < 2n) offset = this.pick([0n, 1n, 2n, span - 1n, span]);
    else {
      const bits = this.below(BigInt(span.toString(2).length) + 1n);
      offset = kind < 4n ? (1n << bits) + this.pick([-1n, 0n, 1n]) : this.below(1n << bits);
    }
    return low + (offset < 0n ? 0n : offset > span ? span : offset);
  }

  /** Unsigned, up to `bits` bits. */
  uint(bits: bigint): bigint {
    return this.between(0n, (1n << bits) - 1n);
  }

  /** Signed, in [-2^(bits - 1), 2^(bits - 1) - 1]. */
  int(bits: bigint): bigint {
    const half = 1n << (bits - 1n);
    return this.flag() ? this.between(0n, half - 1n) : -this.between(1n, half);
  }

  /** Mostly unsigned up to `bits` bits, now and then anything that the ABI can carry. */
  uintOrBeyond(bits: bigint): bigint {
    return this.uint(this.oneIn(40n) ? 256n : bits);
  }

  /** Mostly signed up to `bits` bits, now and then anything that the ABI can carry. */
  intOrBeyond(bits: bigint): bigint {
    return this.int(this.oneIn(40n) ? 256n : bits);
  }
}

/** `BULWARK_SEED` or the seed of this commit; printed by every test that draws from it. */
export function seedOfRun(): bigint {
  return BigInt(process.env["BULWARK_SEED"] ?? 0xb01da4c);
}

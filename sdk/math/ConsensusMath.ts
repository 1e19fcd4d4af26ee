import { BPS_ONE, WAD } from "./constants.ts";

/*
 * Twin of contracts/libraries/ConsensusMath.sol (ORC-02).
 */

/** One valid answer of a source. */
export interface Answer {
  readonly price: bigint;
  readonly publishedAt: bigint;
  /** SourceKind. */
  readonly kind: bigint;
}

/** What the valid answers of one moment amount to. */
export interface Consensus {
  readonly price: bigint;
  readonly publishedAt: bigint;
  readonly spreadBps: bigint;
  readonly fresh: bigint;
  readonly agreeing: bigint;
  readonly kinds: bigint;
}

/** One answer as a word, price in front: sorting words sorts prices. */
export function pack({ price, publishedAt, kind }: Answer): bigint {
  return (price << 48n) | (publishedAt << 8n) | kind;
}

/**
 * Keeps the answers that are at most `maxDeviation` away from the median and takes their median.
 * @param answers any order; not changed
 * @param rule maxDeviation: WAD fraction of the median; last: last consensus price, 0 when there is none
 */
export function decide(answers: readonly Answer[], rule: { maxDeviation: bigint; last: bigint }): Consensus {
  const fresh = BigInt(answers.length);
  if (fresh === 0n) return { price: 0n, publishedAt: 0n, spreadBps: 0n, fresh, agreeing: 0n, kinds: 0n };

  const prices = answers.map((answer) => answer.price).sort(ascending);
  const middle = median(prices, rule.last);
  const survives = (price: bigint): boolean => distance(price, middle) * WAD <= middle * rule.maxDeviation;
  const survivors = answers.filter((answer) => survives(answer.price));
  const agreed = prices.filter(survives);

  const price = median(agreed, rule.last);
  const width = (agreed[agreed.length - 1]! - agreed[0]!) * BPS_ONE;
  return {
    price,
    publishedAt: survivors.reduce((newest, { publishedAt }) => (publishedAt > newest ? publishedAt : newest), 0n),
    spreadBps: (width + price - 1n) / price,
    fresh,
    agreeing: BigInt(survivors.length),
    kinds: BigInt(new Set(survivors.map((answer) => answer.kind)).size),
  };
}

/** Whether a consensus has enough survivors, of enough kinds. */
export function isReached(consensus: Consensus, needs: { required: bigint; kinds: bigint }): boolean {
  return consensus.agreeing >= needs.required && consensus.kinds >= needs.kinds;
}

/** Fewest survivors that decide: more than half of the configured sources, at least the quorum. */
export function requiredAgreement(sources: bigint, quorum: bigint): bigint {
  const majority = sources / 2n + 1n;
  return quorum > majority ? quorum : majority;
}

/** Middle one of sorted prices; of two the one nearer `last`, the lower on a tie or when `last` is 0. */
export function median(sorted: readonly bigint[], last: bigint): bigint {
  const upper = sorted[Math.floor(sorted.length / 2)]!;
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[sorted.length / 2 - 1]!;
  return last === 0n || distance(lower, last) <= distance(upper, last) ? lower : upper;
}

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);
const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

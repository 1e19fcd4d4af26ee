// Prices of the local testnet, 1e-8: a seeded random walk, and before it, if one wants, a recorded crash.
import { pathOf } from "../replay/path.ts";
import { builtInPrices } from "../replay/prices.ts";
import { createRandom } from "../replay/random.ts";
import type { Random } from "../replay/random.ts";

export interface Prices {
  readonly ether: bigint;
  readonly bitcoin: bigint;
}

/** Standard deviation of one move: about what ether does in a minute of a lively day. */
const DEVIATION = 0.001;
/** Part of bitcoin's move that is ether's. */
const CORRELATION = 0.8;
/** Pull towards the start, so that prices stay readable for days. */
const REVERSION = 0.0005;
/** Sum of so many uniform draws: near enough to a normal one, and the same on every machine. */
const DRAWS = 12;
const BITCOIN_START = 8_000n * 10n ** 8n;

/** The first price of the recorded crash, and bitcoin's of that day, rounded. */
export function startPrices(): Prices {
  return { ether: pathOf(builtInPrices())[0]?.price ?? 0n, bitcoin: BITCOIN_START };
}

/** Moves without end. */
export function* moves(seed: number, hasCrash: boolean): Generator<Prices, never> {
  let last = startPrices();
  if (hasCrash) {
    for (const { price } of pathOf(builtInPrices()).slice(1)) {
      last = { ether: price, bitcoin: (BITCOIN_START * price) / startPrices().ether };
      yield last;
    }
  }
  const random = createRandom(seed);
  const [ether, bitcoin] = [Number(last.ether), Number(last.bitcoin)];
  let [first, second] = [0, 0]; // logarithms of what prices have become
  for (;;) {
    const [own, other] = [normal(random), normal(random)];
    first += DEVIATION * own - REVERSION * first;
    second += DEVIATION * (CORRELATION * own + Math.sqrt(1 - CORRELATION ** 2) * other) - REVERSION * second;
    yield { ether: toPrice(ether * Math.exp(first)), bitcoin: toPrice(bitcoin * Math.exp(second)) };
  }
}

function normal(random: Random): number {
  let sum = -DRAWS / 2;
  for (let draw = 0; draw < DRAWS; draw++) sum += random.next();
  return sum * Math.sqrt(12 / DRAWS);
}

const toPrice = (value: number): bigint => BigInt(Math.max(1, Math.round(value)));

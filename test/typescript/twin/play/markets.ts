import { WAD } from "../../../../sdk/math/constants.ts";
import { abs, max } from "../../../../sdk/math/WadMath.ts";
import type { Source } from "../model/PriceOracle.ts";
import { PUBLISH } from "../verbs.ts";
import type { Command, Publication } from "../verbs.ts";
import type { People } from "./people.ts";

/** Arguments and sender of a call; its time is drawn apart. */
export type Call = Pick<Command, "sender" | "args">;

const MILLE = WAD / 1_000n;

/** A fill: it opens, adds, reduces, closes or turns round, mostly near the index and within what the taker can carry. */
export function drawTrade(people: People, orderBook: string): Call {
  const { random } = people;
  const held = people.held;
  const isChange = held.length > 0 && !random.oneIn(3n);
  const { tight } = people;
  const reducible = held.filter(({ account }) => tight.includes(account));
  const changeable = reducible.length > 0 && random.flag() ? reducible : held;
  const position = isChange ? people.one(changeable) : undefined;
  const market = position?.market ?? people.one([...people.markets, 0n, 1n, random.oneIn(20n) ? 7n : 2n]);
  const taker = position?.account ?? people.any();
  const others = held.filter((one) => one.market === market && one.account !== taker);
  const maker = others.length > 0 && random.flag() ? people.one(others).account : people.any();
  const index = people.price(market);
  const size = position === undefined ? openingSize(people, taker, index) : changingSize(people, position.base);
  const premium = people.one([0n, 0n, 1n, -1n, 5n, -5n, 19n, -19n, random.oneIn(8n) ? 30n : 2n]);
  const price = random.oneIn(60n) ? people.one([0n, 1n << 100n]) : index + (index * premium) / 1_000n;
  const sender = random.oneIn(40n) ? people.one(people.owners) : orderBook;
  return { sender, args: [{ taker, maker, market, size, price }] };
}

function openingSize(people: People, taker: string, price: bigint): bigint {
  const { random } = people;
  if (random.oneIn(40n)) return people.one([0n, 1n, 1n << 96n]);
  const room = max(people.health(taker).initialBalance, 100n * WAD);
  const leverage = people.one([200n, 1_000n, 3_000n, 6_000n, 9_500n]);
  const size = price === 0n ? WAD : (room * leverage * MILLE) / WAD / (price / WAD || 1n);
  return random.flag() ? size : -size;
}

function changingSize(people: People, base: bigint): bigint {
  const part = people.one([250n, 500n, 999n, 1_000n, 1_000n, 1_700n, 2_000n, -300n, -1_000n]);
  return people.random.oneIn(30n) ? -base + 1n : -(base * part) / 1_000n;
}

/** How far a price may go in one step, in thousandths. */
export const Moves = {
  calm: [1n, 3n, 8n, 15n, 30n],
  wild: [15n, 40n, 60n, 90n, 140n, 250n],
  ruin: [250n, 400n, 600n, 930n],
} as const;

/** New answers of some feeds, or the same ones once more; now and then a source fails, lags or lies. */
export function drawPublication(people: People, moves: readonly bigint[], failures: bigint): Command {
  const { random } = people;
  const feeds = random.oneIn(3n) ? people.markets : [people.one([...people.markets, 0n, 0n])];
  const publications = feeds.map((feed): Publication => {
    const move = people.one(moves) * (random.flag() ? 1n : -1n);
    const price = max(people.price(feed) + (people.price(feed) * move) / 1_000n, 10n ** 12n);
    return { feed, sources: [0, 1, 2].map(() => drawSource(people, price, failures)) };
  });
  return publication(publications);
}

/** All feeds as they are, anew and agreeing. */
export function republication(people: People, by: Readonly<Record<string, bigint>> = {}): Command {
  return publication(
    people.markets.map((feed) => {
      const price = (people.price(feed) * (by[feed.toString()] ?? 1_000n)) / 1_000n;
      return { feed, sources: [0, 1, 2].map(() => ({ price: wholeAnswer(price), lag: 0n, answers: true })) };
    }),
  );
}

/** Two of three sources of a feed stop answering. */
export function silence(people: People, feed: bigint): Command {
  const sources = people.twin.oracle.sources[Number(feed)] ?? [];
  const lagOf = ({ publishedAt }: Source) => people.twin.world.now - publishedAt;
  const kept = sources.map((source, index) => ({ price: source.price, lag: lagOf(source), answers: index === 0 }));
  return publication([{ feed, sources: kept }]);
}

function drawSource(people: People, price: bigint, failures: bigint): Publication["sources"][number] {
  const { random } = people;
  const lag = random.oneIn(4n) ? random.below(400n) : 0n;
  const isFailing = random.oneIn(failures);
  const lie = isFailing && random.flag() ? people.one([-30n, -9n, 9n, 30n]) : 0n;
  const isSilent = isFailing && lie === 0n;
  return { price: wholeAnswer(price + (price * lie) / 1_000n), lag, answers: !isSilent };
}

/** Feeds have eight decimals. */
const wholeAnswer = (price: bigint): bigint => price - (price % 10n ** 10n);

function publication(publications: readonly Publication[]): Command {
  return { verb: PUBLISH, sender: "", after: 0n, args: [publications] };
}

/** What risk control writes: mostly within bounds. */
export function drawRisk(people: People, sender: string): Call {
  const { random } = people;
  const market = people.one(people.markets);
  const { openInterest } = people.twin.house.interest.get(market);
  const targets = {
    maintenanceTarget: people.one([3_000n, 4_000n, 6_000n, 10_000n, 25_000n, random.oneIn(10n) ? 50_001n : 5_000n]),
    cap: people.one([abs(openInterest), openInterest * 2n, 400n * WAD, random.oneIn(10n) ? 1n << 95n : 0n]),
    gapRate: people.one([0n, 1_000n, 200_000n, 100_000_000n, random.oneIn(10n) ? 100_000_001n : 5n]),
    penaltyRate: people.one([500n, 1_000n, 1_700n, 2_000n, random.oneIn(10n) ? 550n : 1_200n]),
  };
  const ratio = people.one([0n, 250_000_000n, 800_000_000n, 1_000_000_000n, 3_000_000_000n]);
  return { sender, args: [market, targets, ratio] };
}

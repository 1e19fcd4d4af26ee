import { Moves, republication } from "./markets.ts";
import { DAY, HOUR, MID } from "./mood.ts";
import type { Mood } from "./mood.ts";
import {
  again,
  ALICE,
  BOB,
  bids,
  call,
  CAROL,
  closes,
  crash,
  DAVE,
  deleverages,
  ERIN,
  fills,
  flags,
  flagsOther,
  once,
  withdrawsFree,
  writesOff,
} from "./steps.ts";
import { CALM, LOSSES } from "./weights.ts";

/** Sequences in which somebody cannot pay. */
export const LOSS_MOODS: readonly Mood[] = [
  {
    name: "auctions",
    plan: [
      once((people) => republication(people, { 0: 903n })),
      call("start", 1n),
      once((people) => republication(people, { 0: people.one([1_050n, 1_090n]) })),
      call("touch", 60n),
      crash([60n, 75n, 90n]),
    ],
    weights: LOSSES,
    pauses: [60n, 250n, 299n, 299n, 700n, 6n * HOUR + 1n],
    moves: Moves.calm,
    failures: 40n,
  },
  {
    // Nobody bids: the clock is kept alive until the timeout is reached.
    name: "waiting",
    plan: [
      once((people) => republication(people, { 0: people.one([895n, 903n]) })),
      call("start", 1n),
      ...[1, 2, 3, 4].flatMap(() => [call("refreshAll", 298n), call("touch", 1n)]),
      deleverages(CAROL, 60n),
    ],
    weights: { ...LOSSES, deleverage: 30 },
    pauses: [1n, 60n, 299n],
    moves: Moves.calm,
    failures: 60n,
  },
  {
    // Nobody comes at all: after six hours below maintenance margin the wall clock decides.
    name: "patience",
    plan: [
      once((people) => republication(people, { 0: people.one([880n, 903n]) })),
      call("start", 1n),
      deleverages(CAROL, 6n * HOUR),
    ],
    weights: { ...LOSSES, deleverage: 30, bid: 10 },
    pauses: [1n, 299n, 6n * HOUR],
    moves: Moves.calm,
    failures: 60n,
  },
  {
    name: "ruin",
    plan: [crash(Moves.ruin), call("flag")],
    weights: LOSSES,
    pauses: [0n, 1n, 60n, 299n, 1_500n, 7n * HOUR],
    moves: [...Moves.wild, ...Moves.calm],
    failures: 40n,
  },
  {
    // A bid that pays a penalty first: it is what later bidders can be rewarded with.
    name: "rewards",
    plan: [
      once((people) => republication(people, { 0: people.one([903n, 905n]) })),
      bids(CAROL, ALICE),
      once((people) => republication(people, { 0: people.one([955n, 960n, 965n]) })),
      bids(CAROL, ALICE),
      once((people) => republication(people, { 0: people.one([965n, 1_060n]), 1: 1_030n })),
      call("bid", 60n),
    ],
    weights: { ...LOSSES, bid: 40, donate: 6 },
    pauses: [1n, 60n, 299n],
    moves: [15n, 30n, 60n],
    failures: 60n,
  },
  {
    // More is measured than the fund has: fills and withdrawals wait.
    name: "measured",
    plan: [
      once((people) => republication(people, { 0: people.one([780n, 830n, 845n]) })),
      flags(CAROL, 1n),
      call("trade", 1n),
      withdrawsFree(BOB),
      call("withdraw", 1n),
      // In the next epoch.
      flagsOther(HOUR),
    ],
    weights: { ...LOSSES, flag: 20, trade: 30, withdraw: 30, bid: 8, deleverage: 6, move: 8 },
    pauses: [0n, 1n, 60n, 1_800n, HOUR],
    moves: [3n, 15n, 60n],
    failures: 60n,
  },
  {
    // Refreshed until the averages have come down: what no market explains is spread, and what nobody can bear stays.
    name: "collapse",
    plan: [
      once((people) => republication(people, { 0: 40n, 1: 60n, 2: 30n, 3: 50n })),
      call("refreshAll", 60n),
      again,
      call("refreshAll", 12n * HOUR),
      call("deleverage", 60n),
    ],
    weights: { ...LOSSES, deleverage: 30, collectFees: 6, withdraw: 12, burn: 5 },
    pauses: [1n, 60n, 299n],
    moves: Moves.calm,
    failures: 60n,
  },
  {
    name: "debt",
    plan: [
      once((people) => republication(people, { 0: people.one([1_060n, 1_130n, 1_130n]) })),
      closes(0n, DAVE),
      closes(MID, DAVE),
      once((people) => republication(people, { 0: people.one([250n, 400n, 800n]) })),
      writesOff(DAVE),
      call("buyCollateral", 1_200n),
    ],
    weights: { ...LOSSES, buyCollateral: 30, writeOff: 20, withdraw: 14 },
    pauses: [1n, 60n, 600n, HOUR, DAY],
    moves: Moves.wild,
    failures: 40n,
  },
  {
    // Deleveraging leaves a few wei between the two sides (R2a). Whoever is closed next leaves some of the other side: its generation ends
    // with a product that is not 0, and new positions are of the next.
    name: "renewed",
    plan: [
      fills(MID, ERIN, CAROL, 7_777_777_777_777_777_777n),
      once((people) => republication(people, { 0: 800n, 1: 600n, 3: 400n })),
      deleverages(ERIN),
      fills(MID, DAVE, ALICE, -10_000_000_000_000_000_000n),
      deleverages(CAROL),
      fills(MID, BOB, DAVE, 20_000_000_000_000_000_000n),
      call("roll", 1n),
    ],
    weights: { ...CALM, ...LOSSES, trade: 40, roll: 20 },
    pauses: [0n, 1n, 60n, 250n],
    moves: Moves.calm,
    failures: 60n,
  },
];

import { drawPublication, Moves, republication, silence } from "./markets.ts";
import { DAY, HOUR, PAUSES } from "./mood.ts";
import type { Mood } from "./mood.ts";
import { LOSS_MOODS } from "./losses.ts";
import { again, call, crash, once } from "./steps.ts";
import { CALM, LOSSES } from "./weights.ts";

/** What sequences are about, in the order in which they take turns. */
export const MOODS: readonly Mood[] = [
  {
    name: "calm",
    plan: [call("pauseMarket", 1n)],
    weights: CALM,
    pauses: [...PAUSES, 5n * HOUR],
    moves: Moves.calm,
    failures: 25n,
  },
  {
    name: "wild",
    plan: [crash(Moves.wild)],
    weights: { ...CALM, ...LOSSES },
    pauses: PAUSES,
    moves: Moves.wild,
    failures: 20n,
  },
  {
    // Between initial and maintenance margin: what is allowed there is to close cheaply.
    name: "tight",
    plan: [
      once((people) => republication(people, { 0: people.one([925n, 940n, 950n, 1_050n]), 1: 980n })),
      call("trade", 1n),
    ],
    weights: { ...CALM, trade: 60, pauseMarket: 6 },
    pauses: [0n, 1n, 60n, 250n],
    moves: [3n, 8n, 15n],
    failures: 60n,
  },
  {
    name: "blind",
    plan: [
      once((people) => silence(people, people.one(people.markets))),
      call("markBlind", 5n),
      call("bid"),
      once((people) => drawPublication(people, Moves.wild, 2n)),
    ],
    weights: { ...CALM, ...LOSSES, markBlind: 12, closeBlindLeg: 22 },
    pauses: [5n, 60n, 299n, 12n * HOUR, 12n * HOUR],
    moves: Moves.wild,
    failures: 3n,
  },
  {
    name: "dead",
    plan: [
      once((people) => republication(people, { 0: people.one([800n, 960n, 1_240n]) })),
      call("refreshAll", 2n),
      once((people) => silence(people, people.one([...people.markets, 0n]))),
      call("markBlind", 5n),
      call("markBlind", 5n),
      call("closeBlindLeg", DAY),
      call("closeBlindLeg", 5n),
    ],
    weights: { ...LOSSES, closeBlindLeg: 30, closeMarket: 2 },
    pauses: [1n, 60n, HOUR],
    moves: Moves.calm,
    failures: 8n,
  },
  {
    name: "closing",
    plan: [
      call("announceClosing", 1n),
      call("trade", 1n),
      again,
      call("refreshAll", 171n * HOUR),
      again,
      call("closeMarket", 2n * HOUR),
      call("closeMarket", 5n),
      call("roll", 5n),
    ],
    weights: { ...CALM, roll: 30, closeMarket: 12, trade: 20 },
    pauses: [1n, 60n, HOUR],
    moves: [1n, 3n],
    failures: 60n,
  },
  {
    name: "queue",
    plan: [call("burn"), call("withdraw"), call("withdraw"), call("mint"), call("claimWithdrawal")],
    weights: {
      ...CALM,
      withdraw: 34,
      claimWithdrawal: 22,
      mint: 10,
      burn: 4,
      deposit: 14,
      trade: 6,
      collectFees: 6,
      settle: 6,
    },
    pauses: PAUSES,
    moves: Moves.calm,
    failures: 60n,
  },
  ...LOSS_MOODS,
];

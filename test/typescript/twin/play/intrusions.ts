import { WAD } from "../../../../sdk/math/constants.ts";
import type { Draw } from "./calls.ts";
import type { People } from "./people.ts";

const EMPTY_COVER = { shortfallByClass: [0n, 0n, 0n], fraction: WAD, reward: 0n };

const anyone = (people: People): string => people.one(people.owners);

/** What only another contract may call: refused to everybody. */
export const INTRUSIONS: Readonly<Record<string, Draw>> = {
  slice: (people) => ({ sender: anyone(people), args: [intrudingSlice(people)] }),
  closeOut: (people) => ({ sender: anyone(people), args: [intrudingCloseOut(people)] }),
  socialize: (people) => ({ sender: anyone(people), args: [people.any(), people.any(), WAD, WAD] }),
  measure: (people) => ({ sender: anyone(people), args: [people.any(), WAD, 0n] }),
  setInAuction: (people) => ({ sender: anyone(people), args: [people.any(), true] }),
  enqueue: (people) => ({ sender: anyone(people), args: [people.any(), WAD] }),
  bookDeficit: (people) => ({ sender: anyone(people), args: [people.any(), WAD, 0n, WAD] }),
  settleHouse: (people) => ({ sender: anyone(people), args: [WAD] }),
  cover: (people) => ({ sender: anyone(people), args: [people.twin.universe.segment, EMPTY_COVER] }),
};

function intrudingSlice(people: People) {
  const amounts = { payment: 0n, penalty: 0n, shortfall: 0n, reward: WAD, drawn: 0n, cost: 0n };
  return { seller: people.any(), bidder: people.any(), fraction: WAD, ...amounts, closesAuction: true };
}

function intrudingCloseOut(people: People) {
  const amounts = { penalty: 0n, shortfall: WAD, drawn: 0n };
  return { account: people.any(), fraction: WAD, ...amounts, sweepsCollateral: false, closesAuction: true };
}

// What a thief wants most, in an order that is drawn: without it, hardly a run would have all that a path needs by the time it counts.
import type { Random } from "../../support/random.ts";

const FIRST = [
  ...["listFeed", "listFeed", "listFeed", "listMarket", "listMarket", "listMarket", "listAsset", "listAsset"],
  ...["announceProduct", "announceCommitment", "announceCommitment", "announceVault", "announceVault"],
];
const LATER = ["invest", "invest", "invest", "announceTreaty"];

/** On the first days. A desk of his own takes the place of the one that may use yield vaults, so he has the one or the other. */
export function firstWishes(random: Random): string[] {
  return shuffled(random.flag() ? FIRST : [...FIRST, "InsuranceFund.announceDesk"], random);
}

/** When what was announced on the first days counts. */
export function laterWishes(random: Random): string[] {
  return shuffled(LATER, random);
}

function shuffled(items: readonly string[], random: Random): string[] {
  const rest = [...items];
  return items.map(() => rest.splice(Number(random.below(BigInt(rest.length))), 1)[0]!);
}

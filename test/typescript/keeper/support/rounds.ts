import { expect } from "chai";

import { keyOf } from "../../../../scripts/keeper/decide/actions.ts";
import type { Round } from "../../../../scripts/keeper/keeper.ts";

/** What a round did, by key; all of it must have been done. The keeper's own upkeep of prices and limits is left out. */
export function done({ actions, outcomes }: Round): string[] {
  expect(
    outcomes.every((outcome) => outcome === "done"),
    outcomes.join(),
  ).to.equal(true);
  return actions.map(keyOf).filter((key) => key !== "refresh" && key !== "sync");
}

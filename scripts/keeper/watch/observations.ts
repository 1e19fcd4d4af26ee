// Triggers that count observations in a row: what one more would change (CLM-02).
import { Interface } from "ethers";

import { programOf } from "../../../sdk/rooms/simulate.ts";
import type { Subject } from "../decide/state.ts";
import type { Place } from "./accounts.ts";
import { answerOf } from "./answers.ts";

export const OBSERVED = new Interface([
  "function observe(bytes32 terms, uint256 mark) returns (uint256 confirmed, uint256 eventAt)",
  "function streakOf(bytes32 terms, uint256 mark) view returns (tuple(uint96 least, uint40 since, uint40 countedAt, uint40 seenAt, uint8 count, uint96 payout, uint40 eventAt))",
]);

interface Streak {
  readonly since: bigint;
  readonly count: bigint;
  readonly payout: bigint;
}

/**
 * Whether an observation now would begin a row of the cover's time, count in one, or end one. False for a trigger that counts none, and for one
 * that has nothing to read.
 */
export async function isWorthObserving(place: Place, { trigger, terms, mark, endsAt }: Subject): Promise<boolean> {
  const look = { to: trigger, data: OBSERVED.encodeFunctionData("streakOf", [terms, mark]) };
  const before = streakIn(await answerOf(() => ask(place, look)));
  if (before === undefined || (before.since === 0n && place.now > endsAt)) return false;
  const observation = { to: trigger, data: OBSERVED.encodeFunctionData("observe", [terms, mark]) };
  const after = streakIn(await answerOf(() => ask(place, { data: programOf([observation, look]) })));
  if (after === undefined) return false;
  return before.since !== after.since || before.count !== after.count || before.payout !== after.payout;
}

const ask = ({ client, blockTag }: Place, call: { to?: string; data: string }): Promise<string> =>
  client.provider.call({ ...call, blockTag });

function streakIn(data: string | undefined): Streak | undefined {
  if (data === undefined || data === "0x") return undefined;
  const [streak] = OBSERVED.decodeFunctionResult("streakOf", data) as unknown as [Streak];
  return streak;
}

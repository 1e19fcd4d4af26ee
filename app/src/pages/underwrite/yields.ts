// What a vault's tranches have earned lately, as its own events say it.
import { bindVault } from "../../../../sdk/contracts.ts";
import type { BulwarkClient, VaultName } from "../../../../sdk/index.ts";
import { addressOf } from "../../../../sdk/index.ts";

export interface EarnedPremium {
  /** WAD. */
  readonly junior: bigint;
  readonly senior: bigint;
  /** Time that it was earned in, seconds. */
  readonly over: bigint;
}

/** Looked back over at most this much time; events are only asked for so many blocks. */
const SPAN = 30n * 86_400n;
const BLOCKS = 20_000;
const YEAR = 365n * 86_400n;

export async function earnedPremium(client: BulwarkClient, vault: VaultName): Promise<EarnedPremium> {
  const { provider } = client;
  const bound = bindVault(addressOf(client.manifest, vault), provider);
  const head = await provider.getBlock("latest");
  const [now, number] = [BigInt(head?.timestamp ?? 0), head?.number ?? 0];
  const logs = await bound.queryFilter(bound.filters.PremiumEarned(), Math.max(0, number - BLOCKS));
  const times = await Promise.all(
    logs.map(async (log) => BigInt((await provider.getBlock(log.blockNumber))?.timestamp ?? 0)),
  );
  const first = times.findIndex((time) => time >= now - SPAN);
  // The first event says what was earned before it: the time begins with the event before.
  const from = first <= 0 ? (times[0] ?? now) : (times[first - 1] ?? now);
  const counted = logs.filter((_, index) => (times[index] ?? 0n) > from);
  const sum = (name: "junior" | "senior") => counted.reduce((total, log) => total + log.args[name], 0n);
  return { junior: sum("junior"), senior: sum("senior"), over: now - from };
}

/** What was earned, as a part of the capital in a year, WAD; undefined while there is too little to say. */
export function yearly(earned: bigint, over: bigint, value: bigint): bigint | undefined {
  if (over < 3_600n || value === 0n) return undefined;
  return (earned * YEAR * 10n ** 18n) / (over * value);
}

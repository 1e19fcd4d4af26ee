// Ways out of a reserve, read from its events in the order of the chain.
import type { EventLog } from "ethers";

import type { Bound } from "./bound.ts";
import type { Stage } from "./stage.ts";

interface Found {
  readonly log: Pick<EventLog, "blockNumber" | "index" | "getBlock">;
  readonly enter: (at: bigint) => void;
}

/** Enters into the bound what has left in these blocks. */
export async function enterOutflows(stage: Stage, bound: Bound, blocks: readonly [from: number, to: number]) {
  const { fund, investments, surplus, segment } = stage;
  const found: Found[] = [];
  for (const log of await fund.queryFilter(fund.filters.Covered(segment), ...blocks)) {
    const { paid, reward, reserve } = log.args;
    found.push({ log, enter: (at) => bound.covered(at, paid.reserve, reward, reserve) });
  }
  for (const log of await investments.queryFilter(investments.filters.Invested(segment), ...blocks)) {
    const { amount, reserve } = log.args;
    found.push({ log, enter: (at) => bound.invested(at, amount, reserve) });
  }
  for (const log of await investments.queryFilter(investments.filters.Reinstated(segment), ...blocks)) {
    const { amount, reserve } = log.args;
    found.push({ log, enter: (at) => bound.reinstated(at, amount, reserve) });
  }
  for (const log of await surplus.queryFilter(surplus.filters.SurplusPaid(segment), ...blocks)) {
    const { amount, reserve } = log.args;
    found.push({ log, enter: (at) => bound.paidSurplus(at, amount, reserve) });
  }
  found.sort(({ log: a }, { log: b }) => a.blockNumber - b.blockNumber || a.index - b.index);
  for (const { log, enter } of found) enter(BigInt((await log.getBlock()).timestamp));
}

// What governance has listed: feeds with their rules, products of cover, the budgets of the fund. From events, as listings cannot be read back whole.
import type { Deployment } from "./deployment.ts";

export interface FeedView {
  readonly id: number;
  readonly quorum: bigint;
  readonly kinds: bigint;
  /** WAD. */
  readonly maxDeviation: bigint;
  /** Seconds. */
  readonly maxGap: bigint;
  /** A year, WAD. */
  readonly volatilityFloor: bigint;
  readonly sources: number;
  readonly publishedAt: bigint;
  readonly spreadBps: bigint;
}

/** The rules of each feed as it was listed last, and how its price stands. */
export async function readFeeds({ client, network }: Deployment): Promise<readonly FeedView[]> {
  const { oracle } = client.contracts;
  const logs = await oracle.queryFilter(oracle.filters.FeedListed(), network.fromBlock);
  const last = new Map(logs.map((log) => [Number(log.args.feed), log.args]));
  return Promise.all(
    [...last].map(async ([id, { rules, sources }]) => {
      const { publishedAt, spreadBps } = await oracle.cached(id);
      const { quorum, kinds, maxDeviation, maxGap, volatilityFloor } = rules;
      return {
        id,
        quorum,
        kinds,
        maxDeviation,
        maxGap,
        volatilityFloor,
        sources: sources.length,
        publishedAt,
        spreadBps,
      };
    }),
  );
}

export interface ProductView {
  readonly id: bigint;
  readonly trigger: string;
  readonly minLimit: bigint;
  readonly maxLimit: bigint;
  readonly maxTermWeeks: bigint;
  readonly capacityShareBps: bigint;
  readonly waiting: bigint;
  readonly opensAt: bigint;
  readonly isClosed: boolean;
}

export async function readProducts({ client, network }: Deployment): Promise<readonly ProductView[]> {
  const { vault } = client.contracts;
  const logs = await vault.queryFilter(vault.filters.ProductAnnounced(), network.fromBlock);
  return Promise.all(
    logs.map(async (log) => {
      const id = log.args.product;
      const { terms, opensAt, isClosed } = await vault.productOf(id);
      const { trigger, minLimit, maxLimit, maxTermWeeks, capacityShareBps, waiting } = terms;
      return { id, trigger, minLimit, maxLimit, maxTermWeeks, capacityShareBps, waiting, opensAt, isClosed };
    }),
  );
}

/** Basis points of the reserve that may be drawn in a day, by class, in all and for rewards. Fixed when the segment was opened. */
export interface BudgetsView {
  readonly major: bigint;
  readonly mid: bigint;
  readonly tail: bigint;
  readonly segment: bigint;
  readonly reward: bigint;
}

export async function readBudgets({ client, network }: Deployment): Promise<BudgetsView | undefined> {
  const { fund, engine } = client.contracts;
  const segment = await engine.segment();
  const [log] = await fund.queryFilter(fund.filters.SegmentRegistered(segment), network.fromBlock);
  if (log === undefined) return undefined;
  const { major, mid, tail, segment: whole, reward } = log.args.budgets;
  return { major, mid, tail, segment: whole, reward };
}

// Accounts that are sold, or could be: asked for in batches of those that have ever held something.
import type { BulwarkClient } from "../../../sdk/index.ts";
import { plain } from "../../../sdk/plain.ts";
import { maintenanceMargin, saleNeeds, saleTerms } from "../../../sdk/previews/bid.ts";
import type { SaleHealth } from "../../../sdk/previews/bid.ts";
import { END_SECONDS } from "../../../sdk/math/AuctionMath.ts";

type Health = Awaited<ReturnType<BulwarkClient["accounts"]["report"]>>["health"];
type Report = Awaited<ReturnType<BulwarkClient["liquidations"]["auction"]>>;

export interface AuctionView {
  readonly account: string;
  readonly report: Report;
  readonly health: Health;
  readonly isLiquidatable: boolean;
}

const BATCH = 40;

/** Accounts below maintenance margin, and those whose auction runs; the largest first. */
export async function readAuctions(
  client: BulwarkClient,
  accounts: readonly string[],
): Promise<readonly AuctionView[]> {
  const found: AuctionView[] = [];
  for (let first = 0; first < accounts.length; first += BATCH) {
    const some = accounts.slice(first, first + BATCH);
    const { lens } = client.contracts;
    const [auctions, reports] = await Promise.all([lens.auctionsOf([...some]), lens.accountsOf([...some])]);
    for (const [index, account] of some.entries()) {
      const [auction, report] = [auctions[index], reports[index]];
      if (auction?.isAnswered !== true || report?.isAnswered !== true) continue;
      const health = plain(report.report.health);
      const isLiquidatable = health.marginBalance < maintenanceMargin(health);
      if (!isLiquidatable && !auction.report.auction.isOpen) continue;
      found.push({ account, report: plain(auction.report), health, isLiquidatable });
    }
  }
  return found.sort((a, b) => Number(maintenanceMargin(b.health) - maintenanceMargin(a.health)));
}

export interface IncomePoint {
  /** Live seconds on the clock. */
  readonly elapsed: number;
  /** Of the fraction that one bid takes, WAD; without what the fund's reward adds or lacks. */
  readonly income: bigint;
  readonly payment: bigint;
}

/** What a bid would earn at each second of the clock, prices standing still. */
export function incomeCurve(health: SaleHealth, minMaintenanceMargin: bigint, asked: bigint): readonly IncomePoint[] {
  const step = END_SECONDS / 40n;
  return Array.from({ length: 51 }, (_, index) => {
    const elapsed = BigInt(index) * step;
    const terms = saleTerms(health, elapsed, minMaintenanceMargin);
    const needs = saleNeeds(health, terms, { asked, minMaintenanceMargin });
    return { elapsed: Number(elapsed), income: (terms.income * needs.fraction) / 10n ** 18n, payment: needs.payment };
  });
}

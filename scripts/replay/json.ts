import { decimal } from "./format.ts";
import type { Summary } from "./summary.ts";

/**
 * The figures for programs. Money is a decimal string in units of the settlement asset, `deleveraged` one in units of base, `winnersPaid`
 * one in per cent, gas a number. INV-03 holds in them: badDebt + reward = reserve + junior + senior + reinsurance + socialized, since
 * `reserve` contains the rewards; coverPaid = reserve + junior + senior + reinsurance.
 */
export function toJson(summary: Summary): string {
  const { layers, audit } = summary;
  const gas = [...summary.gas].map(([name, { count, average, max }]) => [
    name,
    { count, average: Number(average), max: Number(max) },
  ]);
  const figures = {
    accounts: summary.accounts,
    liquidated: summary.liquidated,
    bids: summary.bids,
    penalties: decimal(summary.penalties),
    badDebt: decimal(summary.badDebt),
    reserve: decimal(layers.reserve),
    junior: decimal(layers.junior),
    senior: decimal(layers.senior),
    reinsurance: decimal(layers.reinsurance),
    socialized: decimal(layers.socialized),
    deleveraged: decimal(summary.deleveraged),
    reward: decimal(summary.reward),
    coverPaid: decimal(summary.coverPaid),
    winnersPaid: decimal(summary.winnersPaid),
    conservationDifference: decimal(audit.difference),
    dustBound: decimal(audit.bound),
    gas: Object.fromEntries(gas) as Record<string, unknown>,
  };
  return `${JSON.stringify(figures, null, 2)}\n`;
}

import { decimal } from "./format.ts";
import type { Summary } from "./summary.ts";

/**
 * The figures for programs. Money is a decimal string in units of the settlement asset, `deleveraged` one in units of base, `winnersPaid`
 * one in per cent, gas a number. INV-03 holds in them: badDebt + reward = reserve + junior + senior + reinsurance + socialized, since
 * `reserve` contains the rewards. `coverSold`, `premiums` and `coverPaid` are the sum insured of cover tokens, what their buyers paid and
 * what they were paid; `standingPremiums` is what vaults got for what they have committed. underwriters.value = deposited + earned - lost.
 */
export function toJson(summary: Summary): string {
  const { layers, audit, underwriters } = summary;
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
    coverSold: decimal(summary.coverSold),
    premiums: decimal(summary.premiums),
    coverPaid: decimal(summary.coverPaid),
    standingPremiums: decimal(summary.standingPremiums),
    underwriters: {
      deposited: decimal(underwriters.deposited),
      earned: decimal(underwriters.earned),
      lost: decimal(underwriters.lost),
      value: decimal(underwriters.value),
    },
    winnersPaid: decimal(summary.winnersPaid),
    conservationDifference: decimal(audit.difference),
    dustBound: decimal(audit.bound),
    gas: Object.fromEntries(gas) as Record<string, unknown>,
  };
  return `${JSON.stringify(figures, null, 2)}\n`;
}

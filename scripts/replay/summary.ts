import { mulWadDown, positivePart } from "../../sdk/math/WadMath.ts";
import type { Desk } from "./desk.ts";
import type { Audit } from "./invariants.ts";
import type { GasFigures, Layers } from "./ledger.ts";
import type { Deposit } from "./setup.ts";

/** The figures of a replay. Amounts WAD. */
export interface Summary {
  readonly accounts: number;
  readonly liquidated: number;
  readonly bids: number;
  readonly deleveragings: number;
  readonly fills: number;
  readonly penalties: bigint;
  readonly fees: bigint;
  readonly badDebt: bigint;
  readonly layers: Layers;
  /** Part of layers.reserve that went to bidders. */
  readonly reward: bigint;
  /** What the fund booked in all: layers without socialised loss. */
  readonly coverPaid: bigint;
  /** Base, wei. */
  readonly deleveraged: bigint;
  readonly profit: bigint;
  /** Part of the winners' profit that they keep, per cent, WAD. */
  readonly winnersPaid: bigint;
  readonly audit: Audit;
  readonly gas: ReadonlyMap<string, GasFigures>;
}

const HUNDRED = 100n * 10n ** 18n;

/** Adds up a replay that has ended. `accounts` are the traders. */
export function summarize(end: {
  desk: Desk;
  accounts: ReadonlySet<string>;
  deposits: ReadonlyMap<string, Deposit>;
  audit: Audit;
}): Summary {
  const { ledger } = end.desk;
  const { reserve, junior, senior, reinsurance } = ledger.layers;
  return {
    accounts: end.accounts.size,
    liquidated: [...ledger.liquidated].filter((account) => end.accounts.has(account)).length,
    bids: ledger.bids,
    deleveragings: ledger.deleveragings,
    fills: ledger.fills,
    penalties: ledger.penalties,
    fees: ledger.fees,
    badDebt: ledger.badDebt,
    layers: ledger.layers,
    reward: ledger.reward,
    coverPaid: reserve + junior + senior + reinsurance,
    deleveraged: ledger.deleveraged,
    ...winners(end),
    audit: end.audit,
    gas: ledger.gas,
  };
}

/**
 * Winners are the traders who would have ended with a profit if no loss had been socialised. Of each: profit = what the account is
 * worth now less what it has put in (ether at the last price), borne = socialised loss that it was charged, through the index and
 * through the price of deleveragings. In per cent: sum of max(0, profit) / sum of (profit + borne).
 */
function winners(end: { desk: Desk; accounts: ReadonlySet<string>; deposits: ReadonlyMap<string, Deposit> }): {
  profit: bigint;
  winnersPaid: bigint;
} {
  const { book } = end.desk;
  let paid = 0n;
  let earned = 0n;
  for (const account of end.accounts) {
    const { cash, ether } = end.deposits.get(account) ?? { cash: 0n, ether: 0n };
    const profit = book.standingOf(account).value - cash - mulWadDown(ether, book.price);
    const before = profit + (book.borne.get(account) ?? 0n);
    if (before <= 0n) continue;
    paid += positivePart(profit);
    earned += before;
  }
  return { profit: paid, winnersPaid: earned === 0n ? HUNDRED : (paid * HUNDRED) / earned };
}

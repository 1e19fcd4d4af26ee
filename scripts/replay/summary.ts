import { mulWadDown, positivePart } from "../../sdk/math/WadMath.ts";
import { VAULTS } from "./local.ts";
import type { VaultName } from "./local.ts";
import type { Cover } from "./cover.ts";
import type { Desk } from "./desk.ts";
import type { Audit } from "./invariants.ts";
import type { GasFigures, Layers } from "./ledger.ts";
import type { Deposit } from "./setup.ts";
import type { VaultValues } from "./underwriting.ts";

/** What a group of underwriters has put in and has now: value = deposited + earned - lost. */
export interface UnderwritingResult {
  readonly deposited: bigint;
  readonly earned: bigint;
  /** To the fund and to holders of cover. */
  readonly lost: bigint;
  readonly value: bigint;
}

/** One tranche of one vault. */
export interface TrancheResult extends UnderwritingResult {
  readonly vault: VaultName;
  readonly tranche: "junior" | "senior";
}

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
  readonly fundPaid: bigint;
  /** Holders of cover against socialised loss, and most that their tokens can be paid. */
  readonly holders: number;
  readonly coverSold: bigint;
  /** What they paid for it, and what they were paid. */
  readonly premiums: bigint;
  readonly coverPaid: bigint;
  /** Most that a token is paid, and what a unit of base of the covered side was charged while cover ran. */
  readonly limitPerUnit: bigint;
  readonly chargedPerUnit: bigint;
  /** Socialised loss that their accounts have borne. */
  readonly holdersBorne: bigint;
  /** What standing capital was paid. */
  readonly standingPremiums: bigint;
  readonly tranches: readonly TrancheResult[];
  readonly underwriters: UnderwritingResult;
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
  cover: Cover | undefined;
  values: VaultValues;
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
    fundPaid: reserve + junior + senior + reinsurance,
    ...coverOf(end),
    ...underwritersOf(end),
    deleveraged: ledger.deleveraged,
    ...winners(end),
    audit: end.audit,
    gas: ledger.gas,
  };
}

/** Cover from the vault's events, but for what was paid: that is what holders' tokens tell. */
function coverOf({ desk, cover }: { desk: Desk; cover: Cover | undefined }) {
  const { capital, book } = desk;
  const payouts = cover?.payouts ?? [];
  const borne = payouts.map(({ holder }) => book.borne.get(holder.party.account) ?? 0n);
  return {
    holders: payouts.length,
    coverSold: capital.backstop.cover.insured,
    premiums: capital.backstop.cover.premiums,
    limitPerUnit: cover?.plan.limit ?? 0n,
    chargedPerUnit: cover?.chargedPerUnit ?? 0n,
    coverPaid: payouts.reduce((sum, { paid }) => sum + paid, 0n),
    holdersBorne: borne.reduce((sum, each) => sum + each, 0n),
    standingPremiums: VAULTS.reduce((sum, name) => sum + capital[name].standing, 0n),
  };
}

/** Deposits and events on one side; the value is what the vault's own reader says. */
function underwritersOf({ desk, values }: { desk: Desk; values: VaultValues }) {
  const tranches = VAULTS.flatMap((vault) =>
    (["junior", "senior"] as const).flatMap((tranche): TrancheResult[] => {
      const value = values[vault]?.[tranche];
      if (value === undefined) return [];
      const { deposited, earned, lost } = desk.capital[vault];
      return [{ vault, tranche, deposited: deposited[tranche], earned: earned[tranche], lost: lost[tranche], value }];
    }),
  );
  const sum = (figure: keyof UnderwritingResult) => tranches.reduce((all, result) => all + result[figure], 0n);
  const underwriters = { deposited: sum("deposited"), earned: sum("earned"), lost: sum("lost"), value: sum("value") };
  return { tranches, underwriters };
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

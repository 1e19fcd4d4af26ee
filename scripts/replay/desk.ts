import type { Book } from "./book.ts";
import { openCapital } from "./capital.ts";
import type { Chain, Receipt } from "./chain.ts";
import { amount, flag, text, touchedBy } from "./ledger.ts";
import type { DustBound, Ledger } from "./ledger.ts";

/** A transaction that someone in the replay sends. */
export interface Action {
  /** Sender; the operator when left out. */
  readonly from?: string;
  readonly to: string;
  readonly data: string;
  /** Under which name its gas is counted. */
  readonly operation: string;
}

/** Refusals of the house that are part of trading: someone wants more than his margin or the market allows. */
const ORDINARY_REFUSALS = new Set([
  "ClearingHouse_BelowInitialMargin",
  "ClearingHouse_Bankrupt",
  "ClearingHouse_DustPosition",
  "ClearingHouse_InAuction",
  "ClearingHouse_OpenInterestCapExceeded",
  "ClearingHouse_PriceOutsideBand",
  "ClearingHouse_ReductionTooCostly",
  "ClearingHouse_CollateralNotForSale",
  "ClearingHouse_CostAboveLimit",
  "LiquidationEngine_TooEarly",
  "SignedOrders_NotReducing",
  "SignedOrders_Expired",
]);

/** Events after which a side's index is another one. */
const SIDE_EVENTS = new Set(["SideCharged", "SideDeleveraged", "GenerationEnded", "GapPremiumAccrued"]);

/**
 * The one door to the chain's state: every transaction passes here, so that the ledger, the bound on dust and the mirrored books see
 * all of them, in order.
 */
export class Desk {
  readonly chain: Chain;
  readonly ledger: Ledger;
  readonly book: Book;
  readonly dust: DustBound;
  readonly operator: string;
  /** What the vaults behind the fund report. */
  readonly capital = openCapital();
  /** Reverts that nobody should meet, with how often (INV-04). */
  readonly surprises = new Map<string, number>();

  constructor(parts: { chain: Chain; ledger: Ledger; book: Book; dust: DustBound; operator: string }) {
    this.chain = parts.chain;
    this.ledger = parts.ledger;
    this.book = parts.book;
    this.dust = parts.dust;
    this.operator = parts.operator;
  }

  /** Sends a transaction that has to succeed. */
  async act(action: Action): Promise<Receipt> {
    const receipt = await this.chain.send({ from: action.from ?? this.operator, to: action.to, data: action.data });
    this.ledger.addGas(action.operation, receipt.gasUsed);
    await this.#book(receipt);
    return receipt;
  }

  /** Sends a transaction if it would succeed. Returns the error's name otherwise, and remembers it if it is no ordinary one. */
  async attempt(action: Action): Promise<string | undefined> {
    const { to, data } = action;
    const simulation = await this.chain.simulate({ from: action.from ?? this.operator, to, data });
    if (simulation.succeeds) {
      await this.act(action);
      return undefined;
    }
    const { error } = simulation;
    if (!ORDINARY_REFUSALS.has(error)) {
      const name = `${action.operation}: ${error}`;
      this.surprises.set(name, (this.surprises.get(name) ?? 0) + 1);
    }
    return error;
  }

  async #book(receipt: Receipt): Promise<void> {
    const { book, capital, chain, dust, ledger } = this;
    for (const log of receipt.logs) {
      const found = chain.decodeVault(log);
      if (found) capital[found.vault].add(found.event);
    }
    const events = receipt.logs.flatMap((log) => chain.decode(log) ?? []);
    if (events.length === 0) return;
    ledger.add(events, chain.now());
    for (const { name, args } of events) {
      if (name === "SideCharged") dust.addCharge(book.openInterest, book.sharesOf(flag(args, "long")));
      if (name === "RiskApplied") book.setRatio(amount(args, "ratio"));
      if (name === "GapPremiumAccrued") {
        for (const long of [true, false]) dust.addPremium(book.openInterest, book.sharesOf(long));
      }
      if (name !== "SideDeleveraged") continue;
      const long = flag(args, "long");
      const { openInterest } = book;
      dust.addDeleveraging(amount(args, "base"), {
        openInterest,
        shares: book.sharesOf(long),
        holders: book.holdersOf(long),
      });
    }
    const touched = touchedBy(events);
    const isMarketTouched = events.some(({ name }) => SIDE_EVENTS.has(name) || name === "RiskApplied");
    if (touched.length === 0 && !isMarketTouched) return;
    dust.addTouches(touched.length);
    const culprit = events.find(({ name }) => name === "BidFilled" || name === "Deleveraged");
    if (events.some(({ name }) => SIDE_EVENTS.has(name)))
      await book.readSides(culprit && text(culprit.args, "account"));
    else await book.readInterest();
    // A deleveraging moves collateral to the house's clearing account, which no event names.
    await book.touch(culprit ? [...touched, book.clearingAccount] : touched);
  }
}

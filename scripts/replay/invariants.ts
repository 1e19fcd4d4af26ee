import { abs, positivePart, signedMulDivDown } from "../../sdk/math/WadMath.ts";
import { WAD } from "../../sdk/math/constants.ts";
import { signed } from "./chain.ts";
import type { VaultName } from "./local.ts";
import type { Cover } from "./cover.ts";
import type { Desk } from "./desk.ts";
import type { Keepers } from "./keepers.ts";
import { MARKET, SEGMENT, TOKEN_TO_WAD, WETH } from "./local.ts";
import { auditPayouts, auditVaults } from "./vaultChecks.ts";
import type { Note } from "./vaultChecks.ts";

/** An invariant, as often as it was looked at; `detail` tells the first time that it did not hold, else the last figures. */
export interface Check {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly holds: boolean;
  readonly detail: string;
}

/** Figures of the last audit. WAD. */
export interface Audit {
  /** Tokens held less what the books claim; above zero when the house holds more. */
  readonly difference: bigint;
  /** What rounding may leave, from the events that round. */
  readonly bound: bigint;
}

/** What stands behind the fund, and what is checked there. */
export interface Behind {
  readonly vaults: readonly VaultName[];
  readonly cover: Cover | undefined;
}

/** An account as the chain's own readers show it. */
interface Reading {
  readonly account: string;
  readonly cash: bigint;
  readonly base: bigint;
  readonly quoteValue: bigint;
  readonly collateral: bigint;
}

/**
 * Reads all accounts from the chain and adds them up. Nothing here comes from the mirrored books, but for the comparison with them:
 * what is checked is what anyone would find.
 */
export class Auditor {
  readonly #desk: Desk;
  readonly #keepers: Keepers;
  readonly #behind: Behind;
  readonly #highestPrice: bigint;
  readonly #checks = new Map<string, Check>();
  last: Audit = { difference: 0n, bound: 0n };

  constructor(desk: Desk, parts: { keepers: Keepers; behind: Behind; highestPrice: bigint }) {
    this.#desk = desk;
    this.#keepers = parts.keepers;
    this.#behind = parts.behind;
    this.#highestPrice = parts.highestPrice;
  }

  get checks(): readonly Check[] {
    return [...this.#checks.values()];
  }

  /** @param isLast whether holders of cover have redeemed */
  async audit(isLast = false): Promise<void> {
    const { chain, book } = this.#desk;
    const readings = await Promise.all(book.accounts.map((account) => this.#read(account)));
    const [price = 0n] = await chain.read({
      to: chain.at.oracle,
      data: chain.oracle.interface.encodeFunctionData("quote", [MARKET]),
    });
    await this.#conservation(readings, price);
    this.#base(readings);
    await this.#fundBooks();
    await this.#twins(price);
    this.#events();
    const note: Note = (...parts) => this.#note(...parts);
    if (this.#behind.vaults.length > 0) await auditVaults(this.#desk, this.#behind.vaults, note);
    if (isLast && this.#behind.cover) auditPayouts(this.#behind.cover.payouts, note);
  }

  async #read(account: string): Promise<Reading> {
    const { chain } = this.#desk;
    const { interface: abi } = chain.house;
    const read = (data: string) => chain.read({ to: chain.at.house, data });
    const [cash = 0n] = await read(abi.encodeFunctionData("headerOf", [account]));
    const [base = 0n, quoteValue = 0n] = await read(abi.encodeFunctionData("positionOf", [account, MARKET]));
    const [collateral = 0n] = await read(abi.encodeFunctionData("collateralOf", [account, WETH]));
    return { account, cash: signed(cash), base: signed(base), quoteValue: signed(quoteValue), collateral };
  }

  /** CLR-08, in settlement tokens and in ether, and the sum of negative cash that CLR-10 is measured by. */
  async #conservation(readings: readonly Reading[], price: bigint): Promise<void> {
    const { chain, dust } = this.#desk;
    const { interface: abi } = chain.house;
    const read = (data: string) => chain.read({ to: chain.at.house, data });
    const [fees = 0n, negativeCash = 0n] = await read(abi.encodeFunctionData("totals"));
    const [fundAccount = 0n] = await read(abi.encodeFunctionData("fundAccount"));
    const [unallocated = 0n] = await read(abi.encodeFunctionData("unallocatedLoss"));
    const claims = sum(
      readings,
      ({ cash, base, quoteValue }) => cash + signedMulDivDown(base, price, WAD) + quoteValue,
    );
    const held = (await this.#balance(chain.at.usd, chain.at.house)) * TOKEN_TO_WAD;
    const difference = held - (claims + fees + signed(fundAccount) - unallocated);
    const bound = dust.money(this.#highestPrice, readings.length);
    this.last = { difference, bound };
    const detail = `difference ${difference.toString()} wei, bound ${bound.toString()} wei`;
    this.#note("CLR-08", "tokens held = what the books claim, within dust", abs(difference) <= bound, detail);

    const ether = await this.#balance(chain.at.weth, chain.at.house);
    const booked = sum(readings, ({ collateral }) => collateral);
    this.#note(
      "INV-01",
      "ether held = collateral booked",
      ether === booked,
      `${ether.toString()} and ${booked.toString()} wei`,
    );
    const negative = sum(readings, ({ cash }) => positivePart(-cash));
    const sums = `${negativeCash.toString()} and ${negative.toString()} wei`;
    this.#note("CLR-10", "sum of negative cash is kept", negativeCash === negative, sums);
  }

  /** INV-02: base adds up to zero, and each side to the open interest. */
  #base(readings: readonly Reading[]): void {
    const { book, dust } = this.#desk;
    const long = sum(readings, ({ base }) => positivePart(base));
    const short = sum(readings, ({ base }) => positivePart(-base));
    const off = [long - short, long - book.openInterest, short - book.openInterest].map(abs);
    const detail = `off by ${off.map(String).join(", ")} wei, bound ${dust.base.toString()} wei`;
    this.#note(
      "INV-02",
      "longs = shorts = open interest",
      off.every((each) => each <= dust.base),
      detail,
    );
  }

  /** INV-01 at the fund, and its mirror in the house's signed account. */
  async #fundBooks(): Promise<void> {
    const { chain } = this.#desk;
    const data = chain.fund.interface.encodeFunctionData("segmentOf", [SEGMENT]);
    const [, , , reserve = 0n, owed = 0n, pending = 0n] = await chain.read({ to: chain.at.fund, data });
    const held = (await this.#balance(chain.at.usd, chain.at.fund)) * TOKEN_TO_WAD;
    const booked = [reserve, owed, -pending].map(String).join(" + ");
    const isHeld = held >= reserve + owed - pending;
    this.#note(
      "INV-01",
      "fund's tokens >= reserve + owed - pending",
      isHeld,
      `${held.toString()} held, ${booked} booked`,
    );
    const account = await chain.read({
      to: chain.at.house,
      data: chain.house.interface.encodeFunctionData("fundAccount"),
    });
    const claim = positivePart(-signed(account[0] ?? 0n));
    this.#note(
      "FND-11",
      "fund owes what the house claims",
      owed >= claim,
      `${owed.toString()} owed, ${claim.toString()} claimed`,
    );
  }

  /** The twins in sdk/ and the mirrored slots give what the chain gives, to the wei. */
  async #twins(price: bigint): Promise<void> {
    const { book, chain } = this.#desk;
    const wrong: string[] = book.price === price ? [] : [`price ${book.price.toString()}, chain ${price.toString()}`];
    for (const account of book.accounts) {
      const data = chain.house.interface.encodeFunctionData("health", [account]);
      const [value = 0n, balance = 0n, , linear = 0n, size = 0n, blind = 0n, initial = 0n] = await chain.read({
        to: chain.at.house,
        data,
      });
      const own = book.standingOf(account);
      const same =
        own.value === signed(value) &&
        own.marginBalance === signed(balance) &&
        own.maintenance === linear + size + blind &&
        own.initialMargin === initial;
      if (!same) wrong.push(account);
    }
    const detail = wrong.length === 0 ? `${book.accounts.length} accounts` : wrong.slice(0, 3).join(", ");
    this.#note("SDK-01", "health by the TypeScript twins = health on the chain", wrong.length === 0, detail);
  }

  /** What was noticed while transactions went through. */
  #events(): void {
    const { ledger, surprises, book, dust } = this.#desk;
    const { layers, reward, badDebt } = ledger;
    const paid = layers.reserve + layers.junior + layers.senior + layers.reinsurance + layers.socialized;
    const adds = ledger.broken.length === 0 && badDebt + reward === paid;
    const total = `${ledger.bids + ledger.deleveragings} losses and liquidations`;
    this.#note("INV-03", "deficit + reward = layers + socialised, to the wei", adds, ledger.broken[0] ?? total);
    const met = [...surprises].map(([name, count]) => `${count} x ${name}`);
    this.#note(
      "INV-04",
      "no call of a keeper reverts but for its own limits",
      met.length === 0,
      met.join("; ") || "none",
    );
    const off = this.#keepers.offTarget;
    this.#note(
      "INV-05",
      "after a bid at f* the rest is at target",
      off.length === 0,
      off.length === 0 ? `${ledger.bids} bids` : `${off.length} bids off, first ${off[0] ?? ""}`,
    );
    const borne = [...book.borne.values()].reduce((all, each) => all + each, 0n);
    const gap = borne + ledger.unallocated - layers.socialized;
    const isBorne = abs(gap) <= dust.facts + dust.money(this.#highestPrice, book.accounts.length);
    this.#note(
      "LIQ-05",
      "holders bore what was socialised, or it is unallocated",
      isBorne,
      `off by ${gap.toString()} wei`,
    );
  }

  async #balance(token: string, holder: string): Promise<bigint> {
    const { chain } = this.#desk;
    const [balance = 0n] = await chain.read({
      to: token,
      data: chain.usd.interface.encodeFunctionData("balanceOf", [holder]),
    });
    return balance;
  }

  #note(id: string, name: string, holds: boolean, detail: string): void {
    const before = this.#checks.get(name);
    if (before && !before.holds) {
      this.#checks.set(name, { ...before, count: before.count + 1 });
      return;
    }
    this.#checks.set(name, { id, name, count: (before?.count ?? 0) + 1, holds, detail });
  }
}

function sum<T>(items: readonly T[], value: (item: T) => bigint): bigint {
  return items.reduce((total, item) => total + value(item), 0n);
}

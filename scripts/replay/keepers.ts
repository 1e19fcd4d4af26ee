import { abs, max, min, positivePart } from "../../sdk/math/WadMath.ts";
import { WAD } from "../../sdk/math/constants.ts";
import { isLiquidatable } from "./book.ts";
import type { Standing } from "./book.ts";
import { signed } from "./chain.ts";
import type { Desk } from "./desk.ts";
import { SEGMENT, WETH } from "./local.ts";
import { lots } from "./market.ts";
import type { Market, Party } from "./market.ts";
import type { Interest, Traders } from "./traders.ts";

/** Notional over margin balance that a keeper goes to for a paid bid: he survives a fall by a fifth. */
const PAID_LEVERAGE = 3n * WAD;
/** ... and for one that pays nothing but the shortfall: the rest of his room is kept for paid ones. */
const UNPAID_LEVERAGE = (3n * WAD) / 2n;
/** Part of its income that a bid with V <= 0 must bring as reward to count as paid. */
const WORTHWHILE = WAD / 2n;
/** Smallest part of an account that is worth a transaction, unless f* is smaller. */
const SMALLEST_FRACTION = WAD / 20n;
const TARGET_RATIO = (WAD * 115n) / 100n;
/** Wei by which rounding of base, payment and margins may miss the target (INV-05). */
const ROUNDING = 10n;
const SOLVENT_TIMEOUT = 1_200;
const NO_LIMIT = 2n ** 255n;
/** How much of E must stay free before a keeper buys collateral. */
const COLLATERAL_BUDGET = 4n;

/** Terms of an auction that a keeper looks at. */
interface Terms {
  readonly value: bigint;
  readonly income: bigint;
  readonly maxFraction: bigint;
}

/**
 * A handful of accounts with capital of their own. Their policy: unload first, so that there is room; bid for whole accounts where
 * the room lasts, solvent ones before insolvent ones, these also when the reward is spent and only the bare shortfall is paid; start
 * the clock of what has to wait; and close against the other side what may be closed. Anyone could do each of these.
 */
export class Keepers {
  readonly #desk: Desk;
  readonly #market: Market;
  readonly #traders: Traders;
  readonly all: readonly Party[];
  /** Bids after which the account was not at target although all of f* was taken (INV-05). */
  readonly offTarget: string[] = [];

  constructor(desk: Desk, market: Market, traders: Traders, all: readonly Party[]) {
    this.#desk = desk;
    this.#market = market;
    this.#traders = traders;
    this.all = all;
  }

  async act(): Promise<void> {
    await this.#unload();
    if (await this.#bidOnAll()) await this.#unload();
    await this.#closeWhatWaits();
    await this.#endRecovered();
    await this.#buyLeftCollateral();
  }

  /** Accounts below maintenance margin, in the order in which keepers want them: the best paid first, then the least in debt. */
  liquidatable(): { account: string; standing: Standing }[] {
    const { book } = this.#desk;
    return book.accounts
      .filter((account) => account !== book.clearingAccount)
      .map((account) => ({ account, standing: book.standingOf(account) }))
      .filter(({ standing }) => isLiquidatable(standing))
      .sort((a, b) => compare(preference(b.standing), preference(a.standing)));
  }

  /* BIDS */

  async #bidOnAll(): Promise<boolean> {
    const { engine, at } = this.#desk.chain;
    let hasBid = false;
    for (const { account, standing } of this.liquidatable()) {
      if (standing.base === 0n) continue;
      while (isLiquidatable(this.#desk.book.standingOf(account)) && (await this.#bidOn(account))) hasBid = true;
      const waits = isLiquidatable(this.#desk.book.standingOf(account)) && !this.#desk.ledger.auctions.has(account);
      if (!waits) continue;
      const data = engine.interface.encodeFunctionData("start", [account]);
      await this.#desk.attempt({ to: at.engine, data, operation: "start" });
    }
    return hasBid;
  }

  /** One bid by the keeper with the most room. Returns whether it was filled. */
  async #bidOn(account: string): Promise<boolean> {
    const { book, chain } = this.#desk;
    const terms = await this.#termsOf(account);
    const target = book.standingOf(account);
    const isPaid = terms.value > 0n || (await this.#rewardLeft()) * WAD >= terms.income * WORTHWHILE;
    const leverage = isPaid ? PAID_LEVERAGE : UNPAID_LEVERAGE;
    const rooms = this.all
      .filter((keeper) => keeper.account !== account)
      .map((keeper) => ({ keeper, fraction: this.#room(keeper, target, { terms, leverage }) }))
      .sort((a, b) => compare(b.fraction, a.fraction));
    const best = rooms[0];
    if (!best || best.fraction < min(terms.maxFraction, SMALLEST_FRACTION)) return false;

    // Who can take all of it asks for all of it: the engine takes min(asked, f*) (LIQ-03).
    const fraction = best.fraction >= terms.maxFraction ? WAD : best.fraction;
    const limits = { minFraction: 0n, maxPrice: NO_LIMIT, minIncome: 0n };
    const request = { account, bidder: best.keeper.account, fraction, ...limits };
    const data = chain.engine.interface.encodeFunctionData("bid", [request]);
    const operation = terms.value > 0n ? "bid, V > 0" : "bid, V <= 0";
    const from = best.keeper.wallet.address;
    if ((await this.#desk.attempt({ from, to: chain.at.engine, data, operation })) !== undefined) return false;

    const after = book.standingOf(account);
    const isAtTarget = (after.marginBalance + ROUNDING) * WAD >= after.maintenance * TARGET_RATIO;
    if (fraction === WAD && !isAtTarget) this.offTarget.push(account);
    return true;
  }

  async #termsOf(account: string): Promise<Terms> {
    const { chain } = this.#desk;
    const data = chain.engine.interface.encodeFunctionData("termsOf", [account]);
    const [value = 0n, income = 0n, , , maxFraction = 0n] = await chain.read({ to: chain.at.engine, data });
    return { value: signed(value), income, maxFraction };
  }

  /** What bidders may still be paid out of the reserve: the engine's bucket and the fund's budget (LIQ-04). */
  async #rewardLeft(): Promise<bigint> {
    const { chain } = this.#desk;
    const { engine, fund, at } = chain;
    const [bucket = 0n] = await chain.read({
      to: at.engine,
      data: engine.interface.encodeFunctionData("rewardBucket"),
    });
    const budgets = await chain.read({ to: at.fund, data: fund.interface.encodeFunctionData("budgetLeft", [SEGMENT]) });
    return min(bucket, budgets[4] ?? 0n);
  }

  /** Fraction of an account that a keeper can take without leaning out further than his rule allows. */
  #room(keeper: Party, target: Standing, { terms, leverage }: { terms: Terms; leverage: bigint }): bigint {
    const { book } = this.#desk;
    const own = book.standingOf(keeper.account);
    const held = (abs(own.base) * book.price) / WAD;
    const offered = (abs(target.base) * book.price) / WAD;
    // Opposite inventory is closed first, and makes room.
    const isSameSide = own.base === 0n || own.base > 0n === target.base > 0n;
    const bearable = (leverage * positivePart(own.marginBalance)) / WAD + (isSameSide ? -held : held);
    // What a whole account would add to E: the bidder's income, less the haircut on collateral that he takes over at full value.
    const gain = min(positivePart(terms.value), terms.income) - (target.value - target.marginBalance);
    const needed = offered - (leverage * gain) / WAD;
    if (bearable <= 0n) return 0n;
    return needed <= bearable ? WAD : (bearable * WAD) / needed;
  }

  /* WHAT WAITS */

  /** Closes against the other side what no keeper takes: at once when the fund is short, else after the timeout (LIQ-06). */
  async #closeWhatWaits(): Promise<void> {
    const { chain, ledger, book } = this.#desk;
    const now = chain.now();
    for (const { account } of this.liquidatable()) {
      const standing = book.standingOf(account);
      if (!isLiquidatable(standing)) continue;
      if (standing.base === 0n) {
        if (standing.value >= 0n) continue;
        const data = chain.engine.interface.encodeFunctionData("writeOff", [account]);
        await this.#desk.attempt({ to: chain.at.engine, data, operation: "writeOff" });
        continue;
      }
      const since = ledger.auctions.get(account) ?? now;
      if (standing.value > 0n && now - since < SOLVENT_TIMEOUT) continue;
      const data = chain.engine.interface.encodeFunctionData("deleverage", [account]);
      await this.#desk.attempt({ to: chain.at.engine, data, operation: "deleverage" });
    }
  }

  /** Touches auctions of accounts that have recovered, so that their clocks run back or end (LIQ-01). */
  async #endRecovered(): Promise<void> {
    const { chain, ledger, book } = this.#desk;
    for (const account of ledger.auctions.keys()) {
      if (isLiquidatable(book.standingOf(account))) continue;
      const data = chain.engine.interface.encodeFunctionData("touch", [account]);
      await this.#desk.attempt({ to: chain.at.engine, data, operation: "touch" });
    }
  }

  /** Buys ether that deleveraged accounts have left with the house, or that negative cash puts up for sale (CLR-10). */
  async #buyLeftCollateral(): Promise<void> {
    const { book, chain } = this.#desk;
    for (const seller of book.accounts) {
      const { collateral, cash } = book.slotsOf(seller);
      if (collateral === 0n || (cash >= 0n && seller !== book.clearingAccount)) continue;
      const buyer = this.#richest(seller);
      const budget = buyer ? positivePart(book.standingOf(buyer.account).marginBalance) / COLLATERAL_BUDGET : 0n;
      const affordable = min(collateral, book.price === 0n ? 0n : (budget * WAD) / book.price);
      if (!buyer || affordable === 0n) continue;
      const parts = [seller, buyer.account, WETH, affordable, NO_LIMIT] as const;
      const data = chain.house.interface.encodeFunctionData("buyCollateral", [...parts]);
      const from = buyer.wallet.address;
      await this.#desk.attempt({ from, to: chain.at.house, data, operation: "buyCollateral" });
    }
  }

  #richest(except: string): Party | undefined {
    const free = (keeper: Party) => {
      const { marginBalance, initialMargin } = this.#desk.book.standingOf(keeper.account);
      return marginBalance - initialMargin;
    };
    return this.all.filter(({ account }) => account !== except).sort((a, b) => compare(free(b), free(a)))[0];
  }

  /* INVENTORY */

  /** Sells what keepers have taken over to those who want it, and buys back where they are short. */
  async #unload(): Promise<void> {
    const { book } = this.#desk;
    if (this.all.every(({ account }) => lots(abs(book.baseOf(account))) === 0n)) return;
    for (const interest of this.#traders.interests()) {
      const keeper = this.#holderAgainst(interest.size);
      if (!keeper) continue;
      const size = this.#tradable(interest, keeper);
      if (size === 0n) continue;
      const signedSize = interest.size > 0n ? size : -size;
      const offer = await this.#market.offer(interest.trader, signedSize, interest.price, interest.reduceOnly);
      const filled = await this.#market.fill(offer, keeper, size);
      if (!interest.reduceOnly) this.#traders.entered(interest.trader, interest.size > 0n ? filled : -filled);
    }
  }

  /** Base for which both sides can trade without leaving a position too small for the house (CLR-06). */
  #tradable(interest: Interest, keeper: Party): bigint {
    const { book } = this.#desk;
    const dust = book.dustBase;
    const inventory = abs(book.baseOf(keeper.account));
    const held = abs(book.baseOf(interest.trader.account));
    const leavesDust = (size: bigint) => {
      const rests = [inventory - size, interest.reduceOnly ? held - size : held + size];
      return rests.some((rest) => rest > 0n && rest < dust);
    };
    const most = min(inventory, abs(interest.size));
    return [most, most - dust].find((size) => size > dust && !leavesDust(size)) ?? 0n;
  }

  /** The keeper with the largest inventory that someone who receives `size` would take off him. */
  #holderAgainst(size: bigint): Party | undefined {
    const { book } = this.#desk;
    const inventory = ({ account }: Party) => (size > 0n ? book.baseOf(account) : -book.baseOf(account));
    const holder = [...this.all].sort((a, b) => compare(inventory(b), inventory(a)))[0];
    return holder && inventory(holder) > 0n ? holder : undefined;
  }
}

/** Above zero for accounts with V > 0, the more the more they lack; below zero for others, the less the more they owe. */
function preference({ value, marginBalance, maintenance }: Standing): bigint {
  return value > 0n ? max(maintenance - marginBalance, 1n) : value;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { ContractTransactionResponse } from "ethers";

import { addressOf } from "../manifest.ts";
import { BulwarkError } from "../errors.ts";
import { NO_ACCOUNT, owner, toAccountId } from "../identifiers.ts";
import type { AccountId } from "../identifiers.ts";
import { haircutValueDown } from "../math/MarginMath.ts";
import { min, positivePart } from "../math/WadMath.ts";
import type { Permit } from "../permits.ts";
import { plain } from "../plain.ts";
import { isLiquidatable, maintenanceMargin } from "../previews/bid.ts";
import { chargeShare } from "../previews/charge.ts";
import type { ChargeShare } from "../previews/charge.ts";
import { liquidationPrices } from "../previews/liquidationPrice.ts";
import type { LiquidationPrices } from "../previews/liquidationPrice.ts";
import { explained } from "../reverts/decode.ts";
import { toNativeDown } from "../units.ts";
import { at, pinned } from "./context.ts";
import type { Context, ReadOptions } from "./context.ts";
import { chargedPosition, feedExposure } from "./exposure.ts";

/** Asset 0: the settlement token. */
export const CASH = 0;

/** What an owner can lend to a delegate (CLR-01). */
export const Scope = { Trade: 1, Deposit: 2, Move: 4, Withdraw: 8, All: 15 } as const;

export interface Transfer {
  /** Asset of the house, the settlement token when left out. */
  readonly asset?: number;
  /** In the token's own decimals. */
  readonly amount: bigint;
}

/** Margin accounts: reads, previews and what their owners do. */
export class Accounts {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The account of an owner, the first one when no number is given. */
  idOf(holder: string, number = 0n): AccountId {
    return toAccountId(holder, number);
  }

  /** Header, health and measured deficits, with what follows from them. WAD. */
  async report(account: AccountId, options: ReadOptions = {}) {
    const report = plain(await explained(this.#context.contracts.lens.accountOf(account, at(options))));
    const { health } = report;
    return {
      ...report,
      maintenanceMargin: maintenanceMargin(health),
      isLiquidatable: isLiquidatable(health),
      meetsInitialMargin: health.initialBalance >= health.initialMargin,
      /** What the account may lose or take out before it may add no risk. */
      freeMargin: positivePart(health.initialBalance - health.initialMargin - report.deficitShare),
    };
  }

  /** Open positions, each with base, value and price. */
  async positions(account: AccountId, options: ReadOptions = {}) {
    const [answers = []] = plain(await explained(this.#context.contracts.lens.positionsOf([account], at(options))));
    return answers.map(({ isAnswered, report }) => {
      if (!isAnswered) throw new PositionTooOldError(account, Number(report.market));
      return report;
    });
  }

  /**
   * Most that can be withdrawn now, in the token's own decimals. Cash beyond what the house holds waits (CLR-10), and while a loss is unallocated
   * less is paid than is charged: `withdraw` says how much.
   */
  async maxWithdraw(account: AccountId, options: ReadOptions & { readonly asset?: number } = {}): Promise<bigint> {
    const { house } = this.#context.contracts;
    const asset = options.asset ?? CASH;
    const when = await pinned(this.#context, options);
    const report = await this.report(account, when);
    const [listed] = await explained(house.assetOf(asset, when));
    const { cash, markets } = report.header;
    const held = asset === CASH ? positivePart(cash) : await explained(house.collateralOf(account, asset, when));
    if (markets === 0n && cash >= 0n) return toNativeDown(held, Number(listed.decimals));
    if (report.health.hasBlind) return 0n;
    if (asset === CASH) return toNativeDown(min(held, report.freeMargin), Number(listed.decimals));
    const { price } = await explained(this.#context.contracts.oracle.quote(listed.feed, when));
    const free = mostWithin(held, report.freeMargin, (left) => haircutValueDown(left, price, listed.haircut));
    return toNativeDown(free, Number(listed.decimals));
  }

  /** Nearest prices of a feed at which the account could be liquidated. A market's feed has the market's number. */
  async liquidationPrices(account: AccountId, feed: number, options: ReadOptions = {}): Promise<LiquidationPrices> {
    const when = await pinned(this.#context, options);
    const report = await this.report(account, when);
    if (report.health.hasBlind) throw new BlindAccountError(account);
    return liquidationPrices(report.health, await feedExposure(this.#context, account, feed, when));
  }

  /** What the account would bear if its side of a market were charged `amount` (WAD) of a socialised loss next (LIQ-05). */
  async chargeShare(
    account: AccountId,
    market: number,
    options: ReadOptions & { readonly amount: bigint },
  ): Promise<ChargeShare> {
    const position = await chargedPosition(this.#context, account, market, await pinned(this.#context, options));
    return chargeShare(position, options.amount);
  }

  /** Puts tokens into an account. With a permit no approval is needed; sign it for `addresses.house`. */
  deposit(
    account: AccountId,
    { asset = CASH, amount, permit }: Transfer & { readonly permit?: Permit },
  ): Promise<ContractTransactionResponse> {
    const { house } = this.#context.contracts;
    if (permit === undefined) return explained(house.deposit(account, asset, amount));
    const { deadline, v, r, s } = permit;
    return explained(house.depositWithPermit(account, asset, amount, deadline, v, r, s));
  }

  /** Pays tokens to the account's owner. */
  withdraw(account: AccountId, { asset = CASH, amount }: Transfer): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.house.withdraw(account, asset, amount));
  }

  /** Pays what has been set aside for a withdrawal that had to wait. */
  claimWithdrawal(account: AccountId): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.house.claimWithdrawal(account));
  }

  /** Moves WAD of an asset between two accounts of one owner. */
  move(from: AccountId, to: AccountId, { asset = CASH, amount }: Transfer): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.house.move(from, to, asset, amount));
  }

  /** Lends scopes over all of the caller's accounts until `expiry`; 0 takes them back. */
  setDelegate(delegate: string, scopes: number, expiry: bigint): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.house.setDelegate(delegate, scopes, expiry));
  }

  /** Lends the Router what its plans need. */
  lendRouter(expiry: bigint): Promise<ContractTransactionResponse> {
    return this.setDelegate(addressOf(this.#context.manifest, "Router"), Scope.Trade | Scope.Deposit, expiry);
  }

  /** Owner of an account. */
  ownerOf(account: AccountId): string {
    return owner(account);
  }

  /** Stands for "any account". */
  get none(): AccountId {
    return NO_ACCOUNT;
  }
}

/** Most of `held` that can go while what is left is worth at most `free` less. */
function mostWithin(held: bigint, free: bigint, valueOf: (left: bigint) => bigint): bigint {
  const least = valueOf(held) - free;
  if (least <= 0n) return held;
  let [fine, tooMuch] = [0n, held + 1n];
  while (tooMuch - fine > 1n) {
    const middle = (fine + tooMuch) / 2n;
    if (valueOf(held - middle) >= least) fine = middle;
    else tooMuch = middle;
  }
  return fine;
}

/* ERRORS */

/** A position that has missed more generations than one call carries over. */
export class PositionTooOldError extends BulwarkError {
  override name = "PositionTooOldError";
  readonly account: AccountId;
  readonly market: number;

  constructor(account: AccountId, market: number) {
    super(`The position of ${account} in market ${market} is too old to be read: call roll of the house for it first.`);
    this.account = account;
    this.market = market;
  }
}

/** An account with something that has no consensus price: nothing can be said of its prices. */
export class BlindAccountError extends BulwarkError {
  override name = "BlindAccountError";
  readonly account: AccountId;

  constructor(account: AccountId) {
    super(`Account ${account} holds something without a consensus price: ask again when its sources agree.`);
    this.account = account;
  }
}

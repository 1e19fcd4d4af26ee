import { min } from "../../../../../sdk/math/WadMath.ts";
import type { Token } from "../Token.ts";
import type { Header, Health } from "../types.ts";
import { AccountFlag, maintenanceOf, meetsInitial } from "../types.ts";
import { refuse } from "../world.ts";
import { MeasuredDeficit } from "./MeasuredDeficit.ts";

/** Most of one call, WAD. */
export const MAX_AMOUNT = (1n << 96n) - 1n;

/** Twin of Balances.sol. */
export class Balances extends MeasuredDeficit {
  /* COLLATERAL */

  protected addCollateral(account: string, header: Header, asset: bigint, amount: bigint): void {
    const bit = 1n << asset;
    if ((header.assets & bit) === 0n) {
      if ((header.flags & AccountFlag.InAuction) !== 0n) refuse("ClearingHouse_InAuction", account);
      header.assets |= bit;
    }
    this.collateral.set(this.collateral.get(account, asset) + amount, account, asset);
  }

  protected removeCollateral(account: string, header: Header, asset: bigint, amount: bigint): void {
    const left = this.collateral.get(account, asset) - amount;
    this.collateral.set(left, account, asset);
    if (left === 0n) header.assets &= ~(1n << asset);
  }

  /* CASH AND COLLATERAL */

  protected give(account: string, asset: bigint, amount: bigint): void {
    const header = { ...this.headers.get(account) };
    if (asset === 0n) this.addCash(header, amount);
    else this.addCollateral(account, header, asset, amount);
    this.saveHeader(account, header);
  }

  protected take(account: string, asset: bigint, amount: bigint): Header {
    const header = { ...this.headers.get(account) };
    const balance = asset === 0n ? header.cash : this.collateral.get(account, asset);
    if (balance < amount) refuse("ClearingHouse_InsufficientBalance", account, asset, amount, balance);
    if (asset === 0n) this.addCash(header, -amount);
    else this.removeCollateral(account, header, asset, amount);
    this.saveHeader(account, header);
    return header;
  }

  protected requireMarginAfter(account: string, header: Header): void {
    if (header.markets === 0n && header.cash >= 0n) return;
    const health = this.healthAt(account, header);
    const share = this.deficitShareUp(account);
    if (share !== 0n) {
      this.world.pass("share of a deficit withheld");
      health.initialBalance -= share;
      if (!meetsInitial(health)) refuse("ClearingHouse_DeficitShareWithheld", account, share);
    }
    this.requireInitialMargin(account, health);
  }

  /* TOKENS */

  /** Settlement tokens that no waiting withdrawal has a claim on, in the token's own decimals. */
  protected get tokensHeld(): bigint {
    return this.heldOf(this.cashToken.balanceOf(this.address));
  }

  protected heldOf(held: bigint): bigint {
    if (!this.fundAccount.get().hasQueue) return held;
    const { reserved, waiting } = this.queue.get();
    return held - min(held, this.cashToken.toNativeUp(waiting + reserved));
  }

  protected pay(token: Token, to: string, amount: bigint): void {
    if (!token.transfer(this.address, to, amount)) refuse("ClearingHouse_TransferFailed", token.address, to, amount);
  }

  /* CHECKS */

  protected requireNoDust(account: string, health: Health): void {
    const required = maintenanceOf(health);
    const least = this.settings.minMaintenanceMargin;
    if (required !== 0n && required < least) refuse("ClearingHouse_DustPosition", account, required, least);
  }

  protected requireInitialMargin(account: string, health: Health): void {
    if (health.hasBlind) refuse("ClearingHouse_BlindAccount", account);
    if (!meetsInitial(health)) {
      refuse("ClearingHouse_BelowInitialMargin", account, health.initialBalance, health.initialMargin);
    }
  }
}

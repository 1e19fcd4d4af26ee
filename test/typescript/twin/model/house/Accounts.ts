import { WAD } from "../../../../../sdk/math/constants.ts";
import type { Token } from "../Token.ts";
import { Scope } from "../types.ts";
import { ownerOf, refuse } from "../world.ts";
import { MAX_AMOUNT } from "./Balances.ts";
import { QueuedWithdrawals } from "./QueuedWithdrawals.ts";

/** Twin of Accounts.sol, Moves.sol and of delegates in Listings.sol (CLR-01, CLR-02, CLR-07). */
export class Accounts extends QueuedWithdrawals {
  deposit(account: string, asset: bigint, amount: bigint): void {
    this.requireAuthorized(account, Scope.Deposit);
    const { cap } = this.requireAsset(asset);
    const token = this.tokenOf(asset);
    requireBounded(token, amount);
    const sender = this.world.sender;
    if (!token.transferFrom(sender, this.address, amount)) {
      refuse("ClearingHouse_TransferFailed", token.address, this.address, amount);
    }
    const credited = token.toWad(amount);
    if (asset !== 0n) {
      const total = this.assetTotals.get(asset) + credited;
      if (total > cap * WAD) refuse("ClearingHouse_AssetCapExceeded", asset, total, cap * WAD);
      this.assetTotals.set(total, asset);
    }
    this.give(account, asset, credited);
  }

  /** The asset is asked for before the permit is tried; a permit that fails changes nothing. */
  depositWithPermit(account: string, asset: bigint, amount: bigint): void {
    this.requireAsset(asset);
    this.deposit(account, asset, amount);
  }

  withdraw(account: string, asset: bigint, amount: bigint): void {
    this.requireAuthorized(account, Scope.Withdraw);
    this.requireAsset(asset);
    const token = this.tokenOf(asset);
    requireBounded(token, amount);
    const charged = token.toWad(amount);
    this.requireMarginAfter(account, this.take(account, asset, charged));
    if (asset !== 0n) {
      this.assetTotals.set(this.assetTotals.get(asset) - charged, asset);
      return this.pay(token, ownerOf(account), amount);
    }
    const due = this.fundAccount.get().unallocated === 0n ? token.toNativeDown(charged) : this.shareLoss(charged);
    if (due > this.tokensHeld) return this.enqueue(account, token.toWad(due));
    if (due !== 0n) this.pay(token, ownerOf(account), due);
  }

  move(from: string, to: string, asset: bigint, amount: bigint): void {
    this.requireAuthorized(from, Scope.Move);
    if (ownerOf(from) !== ownerOf(to) || from === to) {
      refuse("ClearingHouse_NotAuthorized", to, this.world.sender, Scope.Move);
    }
    if (amount === 0n || amount > MAX_AMOUNT) refuse("ClearingHouse_InvalidAmount", amount, MAX_AMOUNT);
    this.requireAsset(asset);
    const header = this.take(from, asset, amount);
    this.give(to, asset, amount);
    this.requireMarginAfter(from, header);
  }

  setDelegate(delegate: string, scopes: bigint, expiry: bigint): void {
    if (BigInt(delegate) === 0n || delegate === this.world.sender || scopes > Scope.All) {
      refuse("ClearingHouse_InvalidDelegate", delegate, scopes);
    }
    this.delegates.set({ scopes, expiry }, this.world.sender, delegate);
  }
}

function requireBounded(token: Token, amount: bigint): void {
  const most = token.toNativeDown(MAX_AMOUNT);
  if (amount === 0n || amount > most) refuse("ClearingHouse_InvalidAmount", amount, most);
}

import type { Variable } from "../storage/layout.ts";
import { Contract, refuse } from "./world.ts";
import type { World } from "./world.ts";

/** Twin of a well-behaved ERC-20 (MockToken.sol). Allowances are without limit where there is one, which no transfer writes. */
export class Token extends Contract {
  readonly balances = this.table<bigint>("_balances");
  readonly totalSupply = this.table<bigint>("_totalSupply");
  readonly decimals: bigint;
  readonly #approved = new Set<string>();

  constructor(world: World, address: string, layout: ReadonlyMap<string, Variable>, decimals: bigint) {
    super(world, address, layout);
    this.decimals = decimals;
  }

  approve(owner: string): void {
    this.#approved.add(owner.toLowerCase());
  }

  balanceOf(owner: string): bigint {
    return this.balances.get(owner.toLowerCase());
  }

  /** False where the token would revert. */
  transfer(from: string, to: string, amount: bigint): boolean {
    if (this.balanceOf(from) < amount) return false;
    this.balances.set(this.balanceOf(from) - amount, from.toLowerCase());
    this.balances.set(this.balanceOf(to) + amount, to.toLowerCase());
    return true;
  }

  /** By a contract that `from` may or may not have approved. */
  transferFrom(from: string, to: string, amount: bigint): boolean {
    return this.#approved.has(from.toLowerCase()) && this.transfer(from, to, amount);
  }

  mint(to: string, amount: bigint): void {
    this.balances.set(this.balanceOf(to) + amount, to.toLowerCase());
    this.totalSupply.set(this.totalSupply.get() + amount);
  }

  burn(from: string, amount: bigint): void {
    const balance = this.balanceOf(from);
    if (balance < amount) refuse("ERC20InsufficientBalance", from, balance, amount);
    this.balances.set(balance - amount, from.toLowerCase());
    this.totalSupply.set(this.totalSupply.get() - amount);
  }

  /** WAD of an amount in the token's own decimals. */
  toWad(native: bigint): bigint {
    return native * this.scale;
  }

  toNativeDown(wad: bigint): bigint {
    return wad / this.scale;
  }

  toNativeUp(wad: bigint): bigint {
    return (wad + this.scale - 1n) / this.scale;
  }

  get scale(): bigint {
    return 10n ** (18n - this.decimals);
  }
}

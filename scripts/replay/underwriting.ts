import { SOCIALIZED_LOSS, VAULT_FLOOR } from "../../deploy/modules/defaults.ts";
import type { Tranches } from "./capital.ts";
import type { Chain } from "./chain.ts";
import type { Desk } from "./desk.ts";
import { SEGMENT, TOKEN_TO_WAD, VAULTS } from "./local.ts";
import type { VaultName } from "./local.ts";
import { mintAndApprove } from "./money.ts";
import type { ReplayOptions } from "./options.ts";

export const WEEK = 7 * 86_400;
const YEAR = 365n * 86_400n;
/** Cooldown and window of an exit, and a second: whoever dislikes what is announced can leave before it takes effect. */
export const ANNOUNCEMENT = 35 * 86_400 + 1;
const ALL_BPS = 10_000n;
const JUNIOR_BPS = 4_000n;
/** A year's premium for standing capital. */
const STANDING_BPS = 500n;
/** One unit beyond what is needed, so that roundings of shares bind nothing. */
const SPARE = 10n ** 6n;

/** What a vault is given and promises, in the settlement token's smallest unit. */
export interface VaultPlan {
  readonly name: VaultName;
  readonly capital: bigint;
  readonly commitment: bigint;
}

/** Vaults that have something to do. Cover is sold by the first one, and binds at most a share of what is free there. */
export function planVaults(options: ReplayOptions): VaultPlan[] {
  const floor = VAULT_FLOOR / TOKEN_TO_WAD + SPARE;
  const behindCover = (options.cover * ALL_BPS) / BigInt(SOCIALIZED_LOSS.capacityShareBps);
  const needs = { backstop: options.backstop + behindCover, reinsurance: options.reinsurance };
  return VAULTS.filter((name) => needs[name] > 0n).map((name) => ({
    name,
    capital: needs[name] + floor,
    commitment: options[name],
  }));
}

/** A tranche of a vault, and who puts capital into it. */
interface Place {
  readonly tranche: keyof Tranches;
  readonly index: number;
  readonly assets: bigint;
}

/** Underwriters' capital behind the fund: deposits, commitments, and the premium for them. */
export class Underwriting {
  readonly #desk: Desk;
  readonly #plans: readonly VaultPlan[];
  readonly #underwriters: readonly string[];

  /** @param underwriters addresses: one for junior, one for senior */
  constructor(desk: Desk, plans: readonly VaultPlan[], underwriters: readonly string[]) {
    this.#desk = desk;
    this.#plans = plans;
    this.#underwriters = underwriters;
  }

  /** Deposits, announces what is committed, and pays for it until the end of a week. The announcement takes effect later. */
  async open(endsInWeek: number, onStep: (note: string) => void): Promise<void> {
    for (const { name, capital, commitment } of this.#plans) {
      const junior = (capital * JUNIOR_BPS) / ALL_BPS;
      await this.#deposit(name, { tranche: "junior", index: 0, assets: junior });
      await this.#deposit(name, { tranche: "senior", index: 1, assets: capital - junior });
      onStep(`${name}: capital deposited`);
      if (commitment === 0n) continue;
      await this.#announce(name, commitment);
      await this.#payPremium(name, { commitment, endsInWeek });
    }
  }

  /** Commitments take effect as far as free capital reaches. */
  async activate(onStep: (note: string) => void): Promise<void> {
    const { chain } = this.#desk;
    for (const { name, commitment } of this.#plans) {
      if (commitment === 0n) continue;
      const data = chain.vault.interface.encodeFunctionData("activateCommitment", [SEGMENT]);
      await this.#desk.act({ to: chain.at.vaults[name], data, operation: "activateCommitment" });
      onStep(`${name}: commitment active`);
    }
  }

  async #deposit(name: VaultName, { tranche, index, assets }: Place): Promise<void> {
    const { at, share } = this.#desk.chain;
    const owner = this.#underwriters[index] ?? "";
    const to = at.shares[name][index] ?? "";
    await mintAndApprove(this.#desk, { token: at.usd, owner, spender: to, amount: assets });
    const data = share.interface.encodeFunctionData("deposit(uint256,address)", [assets, owner]);
    await this.#desk.act({ from: owner, to, data, operation: "deposit capital" });
    this.#desk.capital[name].addDeposit(tranche, assets * TOKEN_TO_WAD);
  }

  async #announce(name: VaultName, commitment: bigint): Promise<void> {
    const { at, vault } = this.#desk.chain;
    const data = vault.interface.encodeFunctionData("announceCommitment", [SEGMENT, commitment * TOKEN_TO_WAD]);
    await this.#desk.act({ to: at.vaults[name], data, operation: "announceCommitment" });
  }

  async #payPremium(name: VaultName, terms: { commitment: bigint; endsInWeek: number }): Promise<void> {
    const { at, now, vault } = this.#desk.chain;
    const seconds = BigInt(terms.endsInWeek * WEEK - now());
    const amount = (terms.commitment * STANDING_BPS * seconds) / (ALL_BPS * YEAR);
    if (amount === 0n) return;
    const spender = at.vaults[name];
    await mintAndApprove(this.#desk, { token: at.usd, owner: this.#desk.operator, spender, amount });
    const data = vault.interface.encodeFunctionData("payPremium", [amount, terms.endsInWeek]);
    await this.#desk.act({ to: spender, data, operation: "payPremium" });
  }
}

/** Earns premium up to now, so that events tell what the readers tell. */
export async function accrueAll(desk: Desk, plans: readonly VaultPlan[]): Promise<void> {
  const { at, vault } = desk.chain;
  const data = vault.interface.encodeFunctionData("accrue");
  for (const { name } of plans) await desk.act({ to: at.vaults[name], data, operation: "accrue" });
}

/** The books of a vault as its reader shows them now. WAD. */
export interface VaultReading {
  readonly junior: bigint;
  readonly senior: bigint;
  readonly advanced: bigint;
  readonly unearned: bigint;
  readonly escrowed: bigint;
  readonly booked: bigint;
  readonly owedToFund: bigint;
  readonly liability: bigint;
  readonly committed: bigint;
}

export async function readVault(chain: Chain, name: VaultName): Promise<VaultReading> {
  const data = chain.vault.interface.encodeFunctionData("books");
  const words = await chain.read({ to: chain.at.vaults[name], data });
  const at = (index: number) => words[index] ?? 0n;
  return {
    junior: at(0),
    senior: at(1),
    advanced: at(2) + at(3),
    unearned: at(4),
    escrowed: at(5),
    booked: at(6),
    owedToFund: at(7),
    liability: at(8),
    committed: at(9),
  };
}

/** What underwriters' capital is worth now, by vault. WAD. */
export type VaultValues = Readonly<Partial<Record<VaultName, Tranches>>>;

export async function readTranches(desk: Desk, plans: readonly VaultPlan[]): Promise<VaultValues> {
  const values: Partial<Record<VaultName, Tranches>> = {};
  for (const { name } of plans) {
    const { junior, senior } = await readVault(desk.chain, name);
    values[name] = { junior, senior };
  }
  return values;
}

import { SOCIALIZED_LOSS } from "../../deploy/modules/defaults.ts";
import { max, min, mulWadDown } from "../../sdk/math/WadMath.ts";
import { WAD } from "../../sdk/math/constants.ts";
import type { Desk } from "./desk.ts";
import { MARKET, TOKEN_TO_WAD } from "./local.ts";
import type { Party } from "./market.ts";
import { mintAndApprove } from "./money.ts";
import type { Random } from "./random.ts";
import type { Plan } from "./population.ts";
import { WEEK } from "./underwriting.ts";

/** Announced at deployment: cover against socialised loss on shorts (deploy/modules/Local.ts). */
const PRODUCT = 1;
const SERIES = 1;
/** Sum insured of one token as a part of the first price: more than a crash has ever charged a unit of base. */
const LIMIT_DIVISOR = 5n;
/** Tokens of a series are counted in 96 bits. */
const MOST_UNITS = 2n ** 95n;
const NO_LIMIT = 2n ** 255n;
/** How long cover runs after the first price: at least these weeks; as long as the prices, but no longer than a product may run. */
const TERM_WEEKS = { least: 4, most: 9 };

/** Someone who buys cover, and how many tokens. */
export interface Holder {
  readonly party: Party;
  /** WAD. */
  readonly units: bigint;
}

/** A trader who may buy cover. */
interface Candidate extends Party {
  readonly plan: Plan;
}

/** What cover there will be. */
export interface CoverPlan {
  /** Most that one token is paid, WAD. */
  readonly limit: bigint;
  readonly holders: readonly Holder[];
}

/** Week, since 1970, with whose end cover and standing capital end. */
export function lastWeek(first: number, last: number): number {
  const week = Math.floor(first / WEEK);
  return Math.min(Math.max(week + 1 + TERM_WEEKS.least, Math.floor(last / WEEK) + 1), week + TERM_WEEKS.most);
}

/**
 * Draws who buys: shorts who enter with the first price, in random order, each as many tokens as he plans to hold base, until the sum
 * insured is reached. What they leave is bought by the largest.
 * @param price WAD
 * @param sum insured, in the settlement token's smallest unit
 */
export function planCover(
  traders: readonly Candidate[],
  terms: { price: bigint; sum: bigint; random: Random },
): CoverPlan {
  const insured = terms.sum * TOKEN_TO_WAD;
  const least = max(SOCIALIZED_LOSS.minLimit, (insured * WAD) / MOST_UNITS);
  const limit = min(max(terms.price / LIMIT_DIVISOR, least), SOCIALIZED_LOSS.maxLimit);
  const shorts = traders.filter(({ plan }) => !plan.isLong && plan.entry === 0);
  const size = ({ plan }: Candidate) => (BigInt(Math.floor(plan.deposit * plan.leverage)) * WAD * WAD) / terms.price;
  const planned = new Map(shorts.map((trader) => [trader, size(trader)]));
  let left = (insured * WAD) / limit;
  const bought = new Map<Candidate, bigint>();
  for (const trader of terms.random.shuffled(shorts)) {
    const units = min(left, planned.get(trader) ?? 0n);
    if (units > 0n) bought.set(trader, units);
    left -= units;
  }
  const largest = shorts.reduce<Candidate | undefined>(
    (best, trader) => (best && (planned.get(best) ?? 0n) >= (planned.get(trader) ?? 0n) ? best : trader),
    undefined,
  );
  if (largest && left > 0n) bought.set(largest, (bought.get(largest) ?? 0n) + left);
  return { limit, holders: [...bought].map(([party, units]) => ({ party, units })) };
}

/** What holders were paid, and what the facts say that they are owed. WAD. */
export interface Payout {
  readonly holder: Holder;
  readonly paid: bigint;
  readonly owed: bigint;
}

/** One series of cover against what socialised losses cost shorts: its sale, its claims, its end. */
export class Cover {
  readonly plan: CoverPlan;
  readonly #desk: Desk;
  readonly #purchases: number[] = [];
  #endsAt = 0;
  /** What one unit of short base had been charged when the series was opened, and at the last look inside the cover's time. WAD. */
  #chargedBefore = 0n;
  #charged = 0n;
  #looked = 0;
  #claimant = "";
  payouts: readonly Payout[] = [];

  constructor(desk: Desk, plan: CoverPlan) {
    this.#desk = desk;
    this.plan = plan;
  }

  /** Opens the series and lets everyone buy; tokens follow after the waiting time. */
  async sell(endsInWeek: number, onStep: (note: string) => void): Promise<void> {
    const { vault } = this.#desk.chain;
    const terms = [PRODUCT, this.plan.limit, endsInWeek] as const;
    await this.#vault({ data: vault.interface.encodeFunctionData("openSeries", [...terms]), operation: "open series" });
    this.#endsAt = endsInWeek * WEEK;
    this.#chargedBefore = await this.#readCharged();
    this.#charged = this.#chargedBefore;
    for (const holder of this.plan.holders) {
      await this.#buy(holder);
      onStep("cover bought");
    }
  }

  async #buy({ party, units }: Holder): Promise<void> {
    const { at, read, vault } = this.#desk.chain;
    const price = vault.interface.encodeFunctionData("previewPremium", [SERIES, units]);
    const [premium = 0n] = await read({ to: at.vaults.backstop, data: price });
    const from = party.wallet.address;
    const money = { token: at.usd, owner: from, spender: at.vaults.backstop, amount: premium };
    await mintAndApprove(this.#desk, money);
    const data = vault.interface.encodeFunctionData("buy", [SERIES, units, premium, from]);
    await this.#vault({ from, data, operation: "buy cover" });
    this.#purchases.push(this.#purchases.length + 1);
  }

  /** Mints what has waited long enough. Anyone may. */
  async complete(onStep: (note: string) => void): Promise<void> {
    const { vault } = this.#desk.chain;
    for (const purchase of this.#purchases) {
      const data = vault.interface.encodeFunctionData("complete", [purchase]);
      await this.#vault({ data, operation: "complete cover" });
      onStep("cover minted");
    }
  }

  /** Gives the one who reports claims his bond. He gets it back with every claim that is confirmed. */
  async appoint(claimant: string): Promise<void> {
    const { at, read, verifier } = this.#desk.chain;
    const [, bond = 0n] = await read({ to: at.verifier, data: verifier.interface.encodeFunctionData("bondTerms") });
    const money = { token: at.usd, owner: claimant, spender: at.verifier, amount: bond };
    await mintAndApprove(this.#desk, { ...money, allowance: NO_LIMIT });
    this.#claimant = claimant;
  }

  /**
   * Reports what shorts were charged since the last time, has it decided, and has the vault take it in. Anyone may, at a bond. Roundings
   * of the loss path charge single wei too: they are worth a report only when holders redeem and something else was confirmed.
   */
  async claim(isLast = false): Promise<void> {
    const { chain, ledger } = this.#desk;
    if ((ledger.shortEvents === this.#looked && !isLast) || chain.now() >= this.#endsAt) return;
    this.#looked = ledger.shortEvents;
    const charged = await this.#readCharged();
    const { at, verifier, vault } = chain;
    const series = [at.vaults.backstop, SERIES] as const;
    const outcome = verifier.interface.encodeFunctionData("outcome", [...series]);
    const [, confirmed = 0n] = await chain.read({ to: at.verifier, data: outcome });
    const due = min(charged - this.#chargedBefore, this.plan.limit);
    const units = this.plan.holders.reduce((sum, holder) => sum + holder.units, 0n);
    const isWorth = due > confirmed && mulWadDown(units, due - confirmed) >= TOKEN_TO_WAD;
    const isLate = isLast && confirmed > 0n;
    if (due > confirmed && !isWorth && !isLate) return;
    this.#charged = charged;
    if (due <= confirmed) return;
    const ask = (data: string, operation: string) =>
      this.#desk.attempt({ from: this.#claimant, to: at.verifier, data, operation });
    await ask(verifier.interface.encodeFunctionData("open", [...series]), "open incident");
    await ask(verifier.interface.encodeFunctionData("resolve", [...series]), "resolve incident");
    const data = vault.interface.encodeFunctionData("sync", [SERIES]);
    await this.#desk.attempt({ to: at.vaults.backstop, data, operation: "sync cover" });
  }

  /** What a unit of base was charged since the series was opened, as far as it counts. WAD. */
  get chargedPerUnit(): bigint {
    return this.#charged - this.#chargedBefore;
  }

  /** Every holder takes what his tokens are paid so far. */
  async redeem(): Promise<void> {
    const { at, vault } = this.#desk.chain;
    await this.claim(true);
    const perUnit = min(this.chargedPerUnit, this.plan.limit);
    const payouts: Payout[] = [];
    for (const holder of this.plan.holders) {
      const { address } = holder.party.wallet;
      const owed = mulWadDown(holder.units, perUnit);
      const before = await this.#moneyOf(address);
      if (owed >= TOKEN_TO_WAD) {
        const data = vault.interface.encodeFunctionData("redeem", [SERIES, holder.units, address]);
        await this.#desk.attempt({ from: address, to: at.vaults.backstop, data, operation: "redeem cover" });
      }
      const paid = ((await this.#moneyOf(address)) - before) * TOKEN_TO_WAD;
      payouts.push({ holder, paid, owed });
    }
    this.payouts = payouts;
  }

  async #moneyOf(holder: string): Promise<bigint> {
    const { at, read, usd } = this.#desk.chain;
    const data = usd.interface.encodeFunctionData("balanceOf", [holder]);
    const [balance = 0n] = await read({ to: at.usd, data });
    return balance;
  }

  /** The fact that decides, read where anyone reads it. */
  async #readCharged(): Promise<bigint> {
    const { chain } = this.#desk;
    const data = chain.house.interface.encodeFunctionData("sideOf", [MARKET, false]);
    const [, , , socializedPerUnit = 0n] = await chain.read({ to: chain.at.house, data });
    return socializedPerUnit;
  }

  #vault(call: { from?: string; data: string; operation: string }) {
    return this.#desk.act({ ...call, to: this.#desk.chain.at.vaults.backstop });
  }
}

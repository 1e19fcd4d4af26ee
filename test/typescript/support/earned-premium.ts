import type { ICoverageVault, TrancheShare } from "../../../typechain-types/index.js";
import type { Deployment } from "./deployment.ts";
import { JUNIOR, SENIOR } from "./underwriting.ts";

/** Who holds how much of a tranche, queued shares included. */
interface Holding {
  readonly passive: bigint;
  readonly insider: bigint;
  readonly supply: bigint;
}

interface Mark {
  readonly time: number;
  readonly junior: Holding;
  readonly senior: Holding;
}

interface Vault {
  readonly vault: ICoverageVault;
  readonly junior: TrancheShare;
  readonly senior: TrancheShare;
}

/** How much more premium the shares of one have earned than those of another, by the time for which they stood (CVR-04). */
export class EarnedPremium {
  readonly #d: Deployment;
  readonly #vault: Vault;
  readonly #who: { readonly passive: string; readonly insider: string };
  readonly #marks: Mark[] = [];
  #firstBlock = 0;

  constructor(d: Deployment, vault: Vault, who: { readonly passive: string; readonly insider: string }) {
    this.#d = d;
    this.#vault = vault;
    this.#who = who;
  }

  /** Notes who holds what: at the start, and after each change. */
  async mark(): Promise<void> {
    const { junior, senior } = this.#vault;
    if (this.#marks.length === 0) this.#firstBlock = await this.#d.ethers.provider.getBlockNumber();
    const time = await this.#d.networkHelpers.time.latest();
    this.#marks.push({
      time,
      junior: await this.#holding(JUNIOR, junior),
      senior: await this.#holding(SENIOR, senior),
    });
  }

  /** Token units. Every accrual is spread over the seconds that it is for, whenever the vault wrote it down. */
  async beyond(): Promise<bigint> {
    const [first] = this.#marks;
    if (!first) throw new Error("nothing was marked");
    const { vault } = this.#vault;
    const accruals = await vault.queryFilter(vault.filters.PremiumEarned(), this.#firstBlock + 1);
    let [earned, from] = [0n, first.time];
    for (const accrual of accruals) {
      const to = (await accrual.getBlock()).timestamp;
      for (const [index, { time, junior, senior }] of this.#marks.entries()) {
        const seconds = Math.min(to, this.#marks[index + 1]?.time ?? to) - Math.max(from, time);
        if (seconds <= 0) continue;
        const both = partOf(accrual.args.junior, junior) + partOf(accrual.args.senior, senior);
        earned += (both * BigInt(seconds)) / BigInt(to - from);
      }
      from = to;
    }
    return earned / 10n ** 12n;
  }

  async #holding(tranche: number, share: TrancheShare): Promise<Holding> {
    const { vault } = this.#vault;
    const sharesOf = async (owner: string) =>
      (await share.balanceOf(owner)) + (await vault.exitRequestOf(tranche, owner)).shares;
    const { insider, passive } = this.#who;
    return { passive: await sharesOf(passive), insider: await sharesOf(insider), supply: await share.totalSupply() };
  }
}

function partOf(amount: bigint, { insider, passive, supply }: Holding): bigint {
  return (amount * (insider - passive)) / supply;
}

import type { LogDescription } from "ethers";

import { mulWadUp } from "../../sdk/math/WadMath.ts";
import type { VaultName } from "./local.ts";
import { amount } from "./ledger.ts";

/** A sum for each tranche. WAD. */
export interface Tranches {
  readonly junior: bigint;
  readonly senior: bigint;
}

/** Cover as the vault has sold and paid it. WAD. */
export interface CoverSums {
  /** Tokens minted. */
  readonly units: bigint;
  /** Most that these tokens can be paid. */
  readonly insured: bigint;
  /** What was paid for the tokens that were minted. */
  readonly premiums: bigint;
  /** Part of the premiums that is the fund's. */
  readonly fundShare: bigint;
  /** Booked for holders, and redeemed by them. */
  readonly booked: bigint;
  readonly paid: bigint;
}

/** Wei that a tranche can keep when it is used up: less than what a share is worth counting (see the vault's epochs). */
const EPOCH_DUST = 1_000_000n;
const NOTHING: Tranches = { junior: 0n, senior: 0n };

/** What one vault reports in its events, added up. */
export class VaultLedger {
  readonly #name: VaultName;
  deposited = NOTHING;
  earned = NOTHING;
  /** Draws and confirmed cover. */
  lost = NOTHING;
  /** Part of `lost` that went to the fund. */
  drawn = NOTHING;
  /** Paid for standing capital. */
  standing = 0n;
  cover: CoverSums = { units: 0n, insured: 0n, premiums: 0n, fundShare: 0n, booked: 0n, paid: 0n };
  /** Losses that senior bore while junior had something left, in words (INV-08). */
  readonly broken: string[] = [];
  readonly #limits = new Map<bigint, bigint>();
  readonly #escrow = new Map<bigint, bigint>();

  constructor(name: VaultName) {
    this.#name = name;
  }

  /** Books a deposit: the share token reports it, not the vault. */
  addDeposit(tranche: keyof Tranches, assets: bigint): void {
    this.deposited = { ...this.deposited, [tranche]: this.deposited[tranche] + assets };
  }

  /** What the tranches are worth if the vault does what its events say. */
  get value(): Tranches {
    const of = (tranche: keyof Tranches) => this.deposited[tranche] + this.earned[tranche] - this.lost[tranche];
    return { junior: of("junior"), senior: of("senior") };
  }

  add({ name, args }: LogDescription): void {
    switch (name) {
      case "PremiumEarned":
        this.earned = plus(this.earned, { junior: amount(args, "junior"), senior: amount(args, "senior") });
        break;
      case "LossBooked":
        this.#addLoss({ junior: amount(args, "junior"), senior: amount(args, "senior") });
        break;
      case "Drawn":
        this.drawn = plus(this.drawn, { junior: amount(args, "junior"), senior: amount(args, "senior") });
        break;
      case "PremiumPaid":
        this.standing += amount(args, "amount");
        break;
      case "SeriesOpened":
        this.#limits.set(amount(args, "series"), amount(args, "limit"));
        break;
      case "CoverBought":
        this.#escrow.set(amount(args, "purchase"), amount(args, "premium"));
        break;
      case "CoverMinted": {
        const units = amount(args, "units");
        this.#addCover({
          units,
          insured: mulWadUp(units, this.#limits.get(amount(args, "series")) ?? 0n),
          premiums: this.#escrow.get(amount(args, "purchase")) ?? 0n,
          fundShare: amount(args, "fundShare"),
        });
        break;
      }
      case "SeriesSettled":
        this.#addCover({ booked: amount(args, "loss") });
        break;
      case "CoverRedeemed":
        this.#addCover({ paid: amount(args, "paid") });
        break;
      default:
        break;
    }
  }

  #addLoss(loss: Tranches): void {
    this.lost = plus(this.lost, loss);
    const left = this.value.junior;
    if (loss.senior === 0n || left <= EPOCH_DUST) return;
    this.broken.push(`${this.#name}: senior lost ${loss.senior.toString()} wei, junior had ${left.toString()} left`);
  }

  #addCover(part: Partial<CoverSums>): void {
    const { units = 0n, insured = 0n, premiums = 0n, fundShare = 0n, booked = 0n, paid = 0n } = part;
    this.cover = {
      units: this.cover.units + units,
      insured: this.cover.insured + insured,
      premiums: this.cover.premiums + premiums,
      fundShare: this.cover.fundShare + fundShare,
      booked: this.cover.booked + booked,
      paid: this.cover.paid + paid,
    };
  }
}

/** The ledgers of the two vaults behind the fund. */
export type Capital = Readonly<Record<VaultName, VaultLedger>>;

export const openCapital = (): Capital => ({
  backstop: new VaultLedger("backstop"),
  reinsurance: new VaultLedger("reinsurance"),
});

function plus(a: Tranches, b: Tranches): Tranches {
  return { junior: a.junior + b.junior, senior: a.senior + b.senior };
}

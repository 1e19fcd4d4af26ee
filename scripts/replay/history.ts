import type { VaultName } from "./local.ts";
import type { Desk } from "./desk.ts";
import type { Standing } from "./book.ts";
import type { Layers } from "./ledger.ts";
import { SEGMENT } from "./local.ts";
import type { Point } from "./path.ts";
import { readVault } from "./underwriting.ts";

/** Health of an account, worst first. */
export const BANDS = ["insolvent", "liquidatable", "thin", "fair", "ample", "flat"] as const;
export type Band = (typeof BANDS)[number];

/** The state after one point of the path. Amounts WAD. */
export interface Frame {
  readonly time: number;
  readonly price: bigint;
  /** How many accounts are in each band. */
  readonly bands: Readonly<Record<Band, number>>;
  readonly reserve: bigint;
  readonly openInterest: bigint;
  readonly badDebt: bigint;
  readonly layers: Layers;
  /** Value of both tranches of each vault that underwriters have put capital into. */
  readonly vaults: Readonly<Partial<Record<VaultName, bigint>>>;
}

/** What the report draws over time. */
export class History {
  readonly #desk: Desk;
  readonly #accounts: readonly string[];
  readonly #vaults: readonly VaultName[];
  readonly frames: Frame[] = [];

  constructor(desk: Desk, parts: { accounts: readonly string[]; vaults: readonly VaultName[] }) {
    this.#desk = desk;
    this.#accounts = parts.accounts;
    this.#vaults = parts.vaults;
  }

  async record({ time }: Point): Promise<void> {
    const { book, chain, ledger } = this.#desk;
    const bands = { insolvent: 0, liquidatable: 0, thin: 0, fair: 0, ample: 0, flat: 0 };
    for (const account of this.#accounts) bands[bandOf(book.standingOf(account))]++;
    const data = chain.fund.interface.encodeFunctionData("segmentOf", [SEGMENT]);
    const [, , , reserve = 0n] = await chain.read({ to: chain.at.fund, data });
    const { price, openInterest } = book;
    const vaults: Partial<Record<VaultName, bigint>> = {};
    for (const name of this.#vaults) {
      const { junior, senior } = await readVault(chain, name);
      vaults[name] = junior + senior;
    }
    const { badDebt, layers } = ledger;
    this.frames.push({ time, price, bands, reserve, openInterest, badDebt, layers, vaults });
  }
}

function bandOf({ base, value, marginBalance, maintenance }: Standing): Band {
  if (value < 0n) return "insolvent";
  if (base === 0n) return "flat";
  if (marginBalance < maintenance) return "liquidatable";
  if (marginBalance < 2n * maintenance) return "thin";
  return marginBalance < 5n * maintenance ? "fair" : "ample";
}

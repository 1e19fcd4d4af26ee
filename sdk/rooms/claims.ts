import type { ContractTransactionResponse } from "ethers";

import { addressOf } from "../manifest.ts";
import { plain } from "../plain.ts";
import { explained } from "../reverts/decode.ts";
import { at } from "./context.ts";
import type { Context, ReadOptions } from "./context.ts";

/** How an incident stands. */
export const IncidentStatus = { None: 0, Open: 1, Confirmed: 2, Rejected: 3, Lapsed: 4 } as const;

/** Claims on the vault's series: opened with a bond, decided by rule. */
export class Claims {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Bond of an incident and what a lapse keeps of it, in the bond token's own decimals. Approve it for `addresses.verifier`. */
  async bond(options: ReadOptions = {}) {
    const { token, bond, lapseFee } = await explained(this.#context.contracts.verifier.bondTerms(at(options)));
    return { token, bond, lapseFee };
  }

  /** Whether the facts show more than is confirmed: what one token would be paid (WAD), and when it happened. */
  async preview(series: bigint, options: ReadOptions = {}) {
    const { verifier } = this.#context.contracts;
    const { isDecided, payoutPerUnit, eventAt } = await explained(verifier.preview(this.#vault, series, at(options)));
    return { isDecided, payoutPerUnit, eventAt };
  }

  /** Whether an incident is open, and what one token is paid in all, WAD. */
  async outcome(series: bigint, options: ReadOptions = {}) {
    const { verifier } = this.#context.contracts;
    const { isOpen, confirmed, transitions } = await explained(verifier.outcome(this.#vault, series, at(options)));
    return { isOpen, confirmed, transitions };
  }

  /** The latest incident of a series. */
  async incident(series: bigint, options: ReadOptions = {}) {
    return plain(await explained(this.#context.contracts.verifier.incidentOf(this.#vault, series, at(options))));
  }

  open(series: bigint): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.verifier.open(this.#vault, series));
  }

  resolve(series: bigint): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.verifier.resolve(this.#vault, series));
  }

  /** Ends an incident that nobody has decided in 14 days; the bond returns less a fee. */
  lapse(series: bigint): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.verifier.lapse(this.#vault, series));
  }

  /** Sends a bond that could not be sent before. */
  withdrawBond(): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.verifier.withdrawBond());
  }

  get #vault(): string {
    return addressOf(this.#context.manifest, "CoverageVault");
  }
}

import type { ContractTransactionResponse } from "ethers";

import { plain } from "../plain.ts";
import { explained } from "../reverts/decode.ts";
import { at } from "./context.ts";
import type { Context, ReadOptions } from "./context.ts";

/** The insurance fund's segment behind the house. */
export class Fund {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Reserve, what each layer could pay, budgets, and the account between house and fund. WAD. */
  async report(options: ReadOptions = {}) {
    return plain(await explained(this.#context.contracts.lens.fundReport(at(options))));
  }

  /** The vaults behind the reserve: backstop, then reinsurance. WAD. */
  async layers(options: ReadOptions = {}) {
    return plain(await explained(this.#context.contracts.lens.vaults(at(options))));
  }

  /** Resources over target, 1e9, as risk control last set it, when that was, and the target of now. */
  async ratio(options: ReadOptions = {}) {
    const { riskController } = this.#context.contracts;
    const when = at(options);
    const [ratio, setAt, { target }] = await explained(
      Promise.all([riskController.ratio(when), riskController.ratioSetAt(when), riskController.reserveTarget(when)]),
    );
    return { ratio, setAt, target };
  }

  /** Everything that house, fund and vaults have and owe, and what a move of all markets by `gap` (WAD) would cost (FND-08). */
  async solvency(gap: bigint, options: ReadOptions = {}) {
    return plain(await explained(this.#context.contracts.solvency.solvency(gap, at(options))));
  }

  /** Losses of the house that are measured, unallocated or waiting. WAD. */
  async deficits(options: ReadOptions = {}) {
    return plain(await explained(this.#context.contracts.lens.deficits(at(options))));
  }

  /** Moves what is booked between house, fund and vaults. Anyone may call. */
  settle(): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.fund.settle(this.#context.segment));
  }

  /** Gives to the reserve, for good; in the token's own decimals, after an approval of the fund. */
  donate(amount: bigint): Promise<ContractTransactionResponse> {
    return explained(this.#context.contracts.fund.donate(this.#context.segment, amount));
  }
}

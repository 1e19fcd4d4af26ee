import type { ContractTransactionResponse, Signer } from "ethers";

import { bindToken } from "../contracts.ts";
import { BulwarkError } from "../errors.ts";
import { signPermit } from "../permits.ts";
import type { Permit } from "../permits.ts";
import { explained } from "../reverts/decode.ts";
import { at } from "./context.ts";
import type { Context, ReadOptions } from "./context.ts";

/** The settlement token, and any other. */
export class Tokens {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Address of the settlement token. */
  get settlement(): string {
    return this.#context.settlementToken;
  }

  /** Of the settlement token. */
  get decimals(): number {
    return this.#context.decimals;
  }

  /** Balance in the token's own decimals. */
  balanceOf(holder: string, options: ReadOptions & { readonly token?: string } = {}): Promise<bigint> {
    return explained(bindToken(options.token ?? this.settlement, this.#context.runner).balanceOf(holder, at(options)));
  }

  /** Lets a contract take `amount` of the caller. */
  approve(spender: string, amount: bigint, token = this.settlement): Promise<ContractTransactionResponse> {
    return explained(bindToken(token, this.#context.runner).approve(spender, amount));
  }

  /** Signs a permit (ERC-2612) of the connected signer. */
  permit(spender: string, terms: { value: bigint; deadline: bigint; token?: string }): Promise<Permit> {
    const { value, deadline, token = this.settlement } = terms;
    return signPermit(signerOf(this.#context), { token, spender, value, deadline });
  }
}

/** The connected signer. */
export function signerOf(context: Context): Signer {
  const runner = context.runner as Partial<Signer>;
  if (typeof runner.signTypedData !== "function") throw new NoSignerError();
  return runner as Signer;
}

/** A client that can only read was asked to sign. */
export class NoSignerError extends BulwarkError {
  override name = "NoSignerError";

  constructor() {
    super("This client only reads: connect it with a signer instead of a provider.");
  }
}

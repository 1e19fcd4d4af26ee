import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";

import { BulwarkError } from "./errors.ts";
import { decodeError, explained } from "./reverts/decode.ts";

/**
 * Waits for a transaction. One that was included and failed is called again on the state before its block, and then on the state after it,
 * which is how its reason is found: a receipt has none.
 * @example
 * const receipt = await confirmed(client.liquidations.bid(request));
 */
export async function confirmed(
  transaction: ContractTransactionResponse | Promise<ContractTransactionResponse>,
  confirmations = 1,
): Promise<ContractTransactionReceipt> {
  const sent = await explained(Promise.resolve(transaction));
  try {
    const receipt = await sent.wait(confirmations);
    if (receipt !== null) return receipt;
  } catch (error) {
    throw (await reasonOf(sent, error)) ?? decodeError(error) ?? error;
  }
  throw new NotConfirmedError(sent.hash);
}

async function reasonOf(sent: ContractTransactionResponse, error: unknown): Promise<unknown> {
  const block = (error as { receipt?: { blockNumber: number } | null }).receipt?.blockNumber;
  if (block === undefined) return undefined;
  const { from, to, data, value, gasLimit } = sent;
  for (const blockTag of [block - 1, block]) {
    try {
      await sent.provider.call({ from, to, data, value, gasLimit, blockTag });
    } catch (replayed) {
      return decodeError(replayed);
    }
  }
  return undefined; // What failed depended on its place in the block alone.
}

/** A transaction that is not in a block. */
export class NotConfirmedError extends BulwarkError {
  override name = "NotConfirmedError";
  readonly hash: string;

  constructor(hash: string) {
    super(`Transaction ${hash} is in no block yet: wait for it with at least 1 confirmation.`);
    this.hash = hash;
  }
}

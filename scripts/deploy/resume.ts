// A run that dies between preparing a transaction and writing down its hash leaves a step of which Ignition does not know whether it was made,
// and it refuses to go on. Sender and nonce are in the journal, and the chain knows: what was sent is found and entered, what was never sent
// is given up, and the deployment goes on by itself (DPL-01). Nothing is made twice: a nonce is used once.
import { trackTransaction } from "@nomicfoundation/ignition-core";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";

import { DeployError } from "./errors.ts";
import { forget, readJournal } from "./journal.ts";
import type { Unconfirmed } from "./journal.ts";

interface Block {
  readonly transactions: readonly { readonly hash: string; readonly from: string; readonly nonce: string }[];
}

/** A step that the last run left open, and the transaction that made it, if one did. */
export interface Resolved extends Unconfirmed {
  readonly hash: string | undefined;
}

/** Closes the steps that the last run left open, so that Ignition can go on. Sends nothing. */
export async function resolveOpenSteps(provider: EIP1193Provider, folder: string): Promise<Resolved[]> {
  const { unconfirmed, lastBlock } = readJournal(folder);
  const resolved: Resolved[] = [];
  for (const one of unconfirmed) {
    const hash = await hashOf(provider, one, lastBlock);
    if (hash === undefined) forget(folder, one);
    else await trackTransaction(folder, hash, provider);
    resolved.push({ ...one, hash });
  }
  return resolved;
}

const toHex = (value: number) => `0x${value.toString(16)}`;

/** Hash of the mined transaction with this sender and nonce, by halving the blocks that may hold it; undefined when its nonce is unused. */
async function hashOf(provider: EIP1193Provider, one: Unconfirmed, after: number): Promise<string | undefined> {
  const request = (method: string, params: unknown[]) => provider.request({ method, params });
  const countAt = async (block: string) => Number(await request("eth_getTransactionCount", [one.from, block]));
  if ((await countAt("latest")) <= one.nonce) {
    if ((await countAt("pending")) > one.nonce) throw waiting(one);
    return undefined;
  }
  let [low, high] = [after, Number(await request("eth_blockNumber", []))];
  try {
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await countAt(toHex(middle))) > one.nonce) high = middle;
      else low = middle + 1;
    }
  } catch (cause) {
    throw notFound(one, cause);
  }
  const block = (await request("eth_getBlockByNumber", [toHex(low), true])) as Block | null;
  const isIt = (from: string, nonce: string) =>
    from.toLowerCase() === one.from.toLowerCase() && Number(nonce) === one.nonce;
  const hash = block?.transactions.find(({ from, nonce }) => isIt(from, nonce))?.hash;
  if (hash === undefined) throw notFound(one);
  return hash;
}

function waiting({ step, from, nonce }: Unconfirmed): DeployError {
  return new DeployError(
    `${step} waits to be mined: ${from} has sent it with nonce ${nonce}. Run the same command again when it is`,
  );
}

function notFound({ step, from, nonce }: Unconfirmed, cause?: unknown): DeployError {
  const words =
    `${step} was sent by ${from} with nonce ${nonce}, and this node does not say in which transaction. Look it up in an explorer, enter it ` +
    "with `npx hardhat ignition track-tx HASH DEPLOYMENT`, and run the same command again";
  return new DeployError(words, { cause });
}

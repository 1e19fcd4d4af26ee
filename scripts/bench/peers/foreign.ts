// Contracts of others on the bench's chain: its clock, its traces, and the helpers that the fork tests put the same contracts up with.
import { ForeignChain } from "../../fork/foreign.ts";
import type { Foreign } from "../../fork/foreign.ts";
import { executionGas, traceOf } from "../trace.ts";
import type { World } from "../world.ts";

/** Sends in the bench's time, a second for each transaction. */
export function foreignOn({ chain }: World): ForeignChain {
  const request = async (method: string, params: readonly unknown[]): Promise<unknown> =>
    method === "eth_sendTransaction" ? chain.transact(params[0] as object, 1) : chain.request(method, ...params);
  return new ForeignChain(request, chain.administrator);
}

/** A call of a peer as a transaction of its own. */
export interface PeerCall {
  readonly contract: Pick<Foreign, "address" | "interface">;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly from: string;
}

/** Sends it `seconds` after the last transaction, and returns what it has cost before refund. A revert throws. */
export async function gasOfCall({ chain }: World, call: PeerCall, seconds = 60): Promise<number> {
  const data = call.contract.interface.encodeFunctionData(call.name, [...call.args]);
  const hash = await chain.send({ from: call.from, to: call.contract.address, data }, seconds);
  return executionGas(await traceOf(chain.request, hash));
}

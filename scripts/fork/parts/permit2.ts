// Permit2's code, put where it stands on every network: what is signed for it names that address.
import type { ForeignChain } from "../foreign.ts";
import { readRuntime } from "../published.ts";

export const PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

export async function placePermit2(chain: ForeignChain): Promise<string> {
  await chain.request("hardhat_setCode", [PERMIT2, readRuntime("@1inch/solidity-utils/dist/src/permit2.json")]);
  return PERMIT2;
}

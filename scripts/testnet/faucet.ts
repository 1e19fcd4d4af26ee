// Tokens and ether for whoever builds on the local testnet.
import { parseUnits, toQuantity } from "ethers";

import type { Chain } from "./chain.ts";

/** Whole units. */
export interface Gift {
  readonly usd: bigint;
  readonly weth: bigint;
  readonly eth: bigint;
}

/** Anyone may mint the test tokens; `from` only signs. */
export async function give(chain: Chain, from: string, to: string, { usd, weth, eth }: Gift): Promise<void> {
  const mint = (token: string, amount: bigint) =>
    ({ face: "MockToken", to: token, method: "mint", args: [to, amount] }) as const;
  if (usd > 0n) await chain.act(from, mint("Usd", parseUnits(String(usd), 6)));
  if (weth > 0n) await chain.act(from, mint("Weth", parseUnits(String(weth), 18)));
  if (eth === 0n) return;
  const balance = (await chain.provider.getBalance(to)) + parseUnits(String(eth), 18);
  await chain.provider.send("hardhat_setBalance", [to, toQuantity(balance)]);
}

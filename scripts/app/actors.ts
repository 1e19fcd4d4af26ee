// Who acts on the local testnet beside its users: a maker of orders and a keeper, each with an account of the node and margin of its own.
import { HDNodeWallet, parseUnits } from "ethers";
import type { Signer } from "ethers";

import { connect } from "../../sdk/client.ts";
import type { BulwarkClient } from "../../sdk/client.ts";
import { confirmed } from "../../sdk/transactions.ts";
import type { Chain } from "../testnet/chain.ts";
import { give } from "../testnet/faucet.ts";
import { Account } from "../testnet/stage.ts";

/** Accounts of the node. Those of the testnet's own scripts are 18 and 19. */
export const Actor = { Maker: 16, Keeper: 17 } as const;
/** What every local node of Hardhat derives its accounts from, published with it: never for anything of value. */
const PHRASE = "test test test test test test test test test test test junk";

/** Key of an account of the node, for programs that sign themselves. */
export function keyOf(index: number): string {
  return HDNodeWallet.fromPhrase(PHRASE, undefined, `m/44'/60'/0'/0/${index}`).privateKey;
}

/** Gives an account of the node tokens, and puts them into its margin account. */
export async function fund(
  chain: Chain,
  index: number,
  dollars: bigint,
): Promise<{ client: BulwarkClient; signer: Signer }> {
  const accounts = (await chain.provider.send("eth_accounts", [])) as string[];
  const owner = accounts[index] ?? "";
  await give(chain, accounts[Account.Faucet] ?? "", owner, { usd: dollars, weth: 0n, eth: 0n });
  const signer = await chain.provider.getSigner(owner);
  const client = await connect(chain.manifest, signer);
  const amount = parseUnits(String(dollars), client.tokens.decimals);
  await confirmed(client.tokens.approve(client.addresses.house, amount));
  await confirmed(client.accounts.deposit(client.accounts.idOf(owner), { amount }));
  return { client, signer };
}

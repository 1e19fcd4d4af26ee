// Others who trade: accounts of the node that the test moves by the SDK.
import { parseUnits } from "ethers";

import { fund } from "../../../scripts/app/actors.ts";
import { confirmed } from "../../../sdk/index.ts";
import type { BulwarkClient } from "../../../sdk/index.ts";
import { WAD } from "../../../sdk/math/constants.ts";
import type { Stage } from "./stage.ts";

export interface Trader {
  readonly client: BulwarkClient;
  readonly account: string;
  readonly signer: Awaited<ReturnType<typeof fund>>["signer"];
}

/** An account of the node with so many dollars of margin. */
export async function trader(stage: Stage, index: number, dollars: bigint): Promise<Trader> {
  const { client, signer } = await fund(stage.chain, index, dollars);
  return { client, signer, account: client.accounts.idOf(await signer.getAddress()) };
}

export interface Offer {
  /** Whole units of ether, negative to sell. */
  readonly size: number;
  readonly price: number;
  /** Ether's, number 0, when left out. */
  readonly market?: number;
}

/** Signs an order and puts it on the board. */
export async function offer(stage: Stage, { client, account, signer }: Trader, { size, price }: Offer): Promise<void> {
  const expiry = BigInt(await stage.chain.now()) + 86_400n;
  const terms = { account, market: 0, size: wad(size), limitPrice: wad(price), expiry, partialFills: true };
  stage.board.add([await client.orders.sign(signer, await client.orders.build(terms))]);
}

/** One buys from the other, past the board. */
export async function deal(
  stage: Stage,
  parties: { buyer: Trader; seller: Trader },
  { size, price, market = 0 }: Offer,
): Promise<void> {
  const { buyer, seller } = parties;
  const expiry = BigInt(await stage.chain.now()) + 86_400n;
  const terms = { account: seller.account, market, size: -wad(size), limitPrice: wad(price), expiry };
  const signed = await seller.client.orders.sign(seller.signer, await seller.client.orders.build(terms));
  await confirmed(buyer.client.orders.fill(signed, buyer.account, wad(size)));
}

/** Bids for the whole of an account until nothing is left to bid for. */
export async function liquidate(bidder: Trader, account: string): Promise<void> {
  const question = { account, bidder: bidder.account };
  const preview = await bidder.client.liquidations.preview(question);
  await confirmed(bidder.client.liquidations.bid(bidder.client.liquidations.request(question, preview, 500n)));
}

export const wad = (value: number): bigint => (parseUnits(value.toFixed(6), 6) * WAD) / 10n ** 6n;

// Feeds, markets and collateral for sale.
import { MaxUint256 } from "ethers";

import { targetOf } from "../../../sdk/contracts.ts";
import { owner } from "../../../sdk/identifiers.ts";
import { explained } from "../../../sdk/reverts/decode.ts";
import { discountAt } from "../decide/sales.ts";
import type { FeedState, MarketState, SaleState } from "../decide/state.ts";
import type { Store } from "../store.ts";
import { marketsIn } from "./accounts.ts";
import type { Place, Seller } from "./accounts.ts";
import { goesThrough } from "./answers.ts";

export async function readFeeds({ client, blockTag }: Place, store: Store): Promise<FeedState[]> {
  return Promise.all(
    store.all("feed").map(async ({ id, detail }) => {
      const { readAt } = await explained(client.contracts.oracle.lastPrice(id, { blockTag }));
      return { feed: Number(id), readAt, maxGap: BigInt(detail) };
    }),
  );
}

export async function readMarkets({ client, blockTag }: Place): Promise<MarketState[]> {
  const { house, riskController } = client.contracts;
  const when = { blockTag };
  // A house that is not linked to this risk control, or to none, takes no limits from it.
  if ((await explained(house.riskController(when))) !== targetOf(riskController)) return [];
  const listed = marketsIn(await explained(house.listedMarkets(when)));
  return Promise.all(
    listed.map(async (market) => {
      const [{ syncedAt }, { isClosed }] = await explained(
        Promise.all([riskController.contributionOf(market, when), house.closingOf(market, when)]),
      );
      return { market, syncedAt, isClosed };
    }),
  );
}

/** Collateral that would be sold to the bidder now. */
export async function readSales(place: Place, sellers: readonly Seller[]): Promise<SaleState[]> {
  const { bidder } = place;
  if (bidder === undefined) return [];
  const found: SaleState[] = [];
  for (const seller of sellers) {
    for (const asset of marketsIn(seller.assets)) {
      const sale = await saleOf(place, seller, asset);
      if (sale !== undefined) found.push(sale);
    }
  }
  return found;
}

async function saleOf(place: Place, seller: Seller, asset: number): Promise<SaleState | undefined> {
  const { client, blockTag, now, bidder } = place;
  const { house, oracle } = client.contracts;
  if (bidder === undefined) return undefined;
  const { account } = bidder;
  // A wei of it: the house itself says whether it is for sale.
  const isForSale = await goesThrough(() =>
    house.buyCollateral.staticCall(seller.account, account, asset, 1n, MaxUint256, { blockTag, from: owner(account) }),
  );
  if (!isForSale) return undefined;
  const [[listed], held] = await explained(
    Promise.all([house.assetOf(asset, { blockTag }), house.collateralOf(seller.account, asset, { blockTag })]),
  );
  const { price } = await explained(oracle.quote(listed.feed, { blockTag }));
  const debt = seller.isHouseOwn ? undefined : -seller.cash;
  return { seller: seller.account, asset, price, discount: discountAt(seller.negativeSince, now), held, debt };
}

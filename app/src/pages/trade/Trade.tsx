import { useState } from "react";

import { decodeOrder } from "../../../../sdk/index.ts";
import { readAssets, readMarkets } from "../../chain/markets.ts";
import { Loading, PageTitle, ReadError } from "../../components/Layout.tsx";
import { MyCovers } from "../../components/MyCovers.tsx";
import { useAccount } from "../../hooks/mine.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { useRoute } from "../../hooks/route.ts";
import { AccountPanel } from "./AccountPanel.tsx";
import { Book } from "./Book.tsx";
import { MarketBar } from "./MarketBar.tsx";
import { MyHistory } from "./MyHistory.tsx";
import { MyOrders } from "./MyOrders.tsx";
import { Positions } from "./Positions.tsx";
import { PriceChart } from "./PriceChart.tsx";
import { Ticket } from "./Ticket.tsx";
import type { Intent } from "./Ticket.tsx";

export default function Trade() {
  const deployment = useDeployment();
  const { account } = useAccount();
  const { query } = useRoute();
  const markets = useRead(["markets"], () => readMarkets(deployment));
  const assets = useRead(["assets"], () => readAssets(deployment));
  const linked = orderIn(query.get("order"), deployment);
  const [chosen, choose] = useState<number>();
  const [intent, setIntent] = useState<Intent>();
  const id = chosen ?? linked?.order.market ?? markets.value?.[0]?.id;
  const market = markets.value?.find((one) => one.id === id);
  return (
    <>
      <PageTitle title="Trade">
        Perpetuals against signed orders. Deposit, take an order or sign one, and insure what you trade with a switch.
      </PageTitle>
      <ReadError error={markets.error} />
      {market === undefined || markets.value === undefined ? (
        <Loading lines={6} />
      ) : (
        <div className="stackwise">
          <MarketBar markets={markets.value} market={market} onChoice={choose} />
          <div className="side acts">
            <div className="stackwise">
              <div className="split">
                <PriceChart market={market} />
                <Book market={market} />
              </div>
              <Positions
                account={account}
                markets={markets.value}
                onClose={(position, size) => {
                  choose(position);
                  setIntent({ key: Date.now(), size });
                }}
              />
              <MyCovers />
              <MyOrders markets={markets.value} />
              <MyHistory account={account} markets={markets.value} />
            </div>
            <div className="stackwise">
              <Ticket key={intent?.key ?? 0} market={market} account={account} linked={linked} intent={intent} />
              <AccountPanel account={account} assets={assets.value ?? []} />
            </div>
          </div>
        </div>
      )}
    </>
  );
}

/** The order that a link carries, if it carries one. What is wrong with it the ticket says. */
function orderIn(text: string | null, { client }: ReturnType<typeof useDeployment>) {
  if (text === null) return undefined;
  try {
    return decodeOrder(text, client.orders.book);
  } catch {
    return undefined; // The ticket has a field for it, which names what is wrong.
  }
}

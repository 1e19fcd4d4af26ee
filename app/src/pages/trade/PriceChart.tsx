import { toFloat } from "../../chain/format.ts";
import { thinned, timeOf } from "../../chain/history.ts";
import type { MarketView } from "../../chain/markets.ts";
import { clockTime } from "../../components/chartText.ts";
import { Empty, Panel } from "../../components/Layout.tsx";
import { LineChart } from "../../components/LineChart.tsx";
import { useDeployment, useNetwork } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";

/** Blocks that are looked back, and points that are drawn. */
const BLOCKS = 4_000;
const POINTS = 60;
/** Seconds that are shown. */
const SPAN = 86_400;

export function PriceChart({ market }: { market: MarketView }) {
  const { client, provider, network, symbol } = useDeployment();
  const { head } = useNetwork();
  const points = useRead(["prices", market.id], async () => {
    const { oracle } = client.contracts;
    const fromBlock = Math.max(network.fromBlock, (head?.number ?? 0) - BLOCKS);
    const logs = await oracle.queryFilter(oracle.filters.PriceRefreshed(market.id), fromBlock);
    return Promise.all(
      thinned(logs, POINTS).map(async (log) => ({
        x: await timeOf(provider, log.blockHash),
        y: toFloat(log.args.price),
      })),
    );
  });
  const now = head?.timestamp ?? 0;
  const shown = (points.value ?? []).filter(({ x }) => x > now - SPAN);
  const last = shown.at(-1);
  return (
    <Panel title={`Price of ${market.name}`} aside="last day, as the oracle agreed on it">
      {shown.length < 2 || last === undefined ? (
        <Empty>The oracle has not read enough prices yet.</Empty>
      ) : (
        <LineChart
          title={`Price of ${market.name} in ${symbol}, now ${last.y.toFixed(2)}`}
          lines={[
            {
              name: `${market.name}, ${symbol}`,
              points: [...shown, { x: Math.max(now, last.x), y: last.y }],
              tone: "first",
              isStep: true,
            },
          ]}
          formatX={clockTime}
          formatY={(y) => y.toFixed(y < 1_000 ? 2 : 0)}
        />
      )}
    </Panel>
  );
}

import { faceOf } from "../../chain/abi.ts";
import { toFloat } from "../../chain/format.ts";
import { named, thinned, timeOf } from "../../chain/history.ts";
import { clockTime } from "../../components/chartText.ts";
import { Empty, Loading, Panel, ReadError } from "../../components/Layout.tsx";
import { LineChart } from "../../components/LineChart.tsx";
import { useHistory } from "../../hooks/history.tsx";
import { useDeployment, useNetwork } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";

const POINTS = 60;

/** Reserve, resources and target over time, from the contracts' own events. */
export function ReserveCharts({ now }: { now: bigint }) {
  return (
    <div className="two">
      <ReserveChart now={now} />
      <RatioChart />
    </div>
  );
}

function ReserveChart({ now }: { now: bigint }) {
  const { provider, symbol } = useDeployment();
  const { head } = useNetwork();
  const history = useHistory();
  const logs = [...named(history, "Donated"), ...named(history, "Covered"), ...named(history, "Settled", "fund")].sort(
    (a, b) => a.log.blockNumber - b.log.blockNumber || a.log.index - b.log.index,
  );
  const points = useRead(["reserveHistory", { version: logs.length }], () =>
    Promise.all(
      thinned(logs, POINTS).map(async ({ log, values }) => ({
        x: await timeOf(provider, log.blockHash),
        y: toFloat(values.reserve as bigint),
      })),
    ),
  );
  const shown = points.value ?? [];
  const end = { x: Math.max(head?.timestamp ?? 0, shown.at(-1)?.x ?? 0), y: toFloat(now) };
  return (
    <Panel title="Reserve over time">
      <ReadError error={points.error} />
      {history.block === undefined || points.isLoading ? (
        <Loading />
      ) : shown.length === 0 ? (
        <Empty>The reserve has not moved yet.</Empty>
      ) : (
        <LineChart
          title={`The fund's reserve over time in ${symbol}, now ${end.y.toFixed(0)}`}
          lines={[{ name: `Fund reserve, ${symbol}`, tone: "first", isStep: true, points: [...shown, end] }]}
          formatX={clockTime}
          from={0}
        />
      )}
    </Panel>
  );
}

function RatioChart() {
  const { client, provider, network, symbol } = useDeployment();
  const synced = useRead(["synced"], async () => {
    const face = faceOf("RiskController");
    const topic = face.getEvent("MarketSynced")?.topicHash ?? "";
    const logs = await provider.getLogs({
      address: client.addresses.riskController,
      topics: [topic],
      fromBlock: network.fromBlock,
      toBlock: "latest",
    });
    return Promise.all(
      thinned(logs, POINTS).map(async (log) => {
        const args = face.parseLog(log)?.args as unknown as { target: bigint; resources: bigint; ratio: bigint };
        return {
          x: await timeOf(provider, log.blockHash),
          target: toFloat(args.target),
          resources: toFloat(args.resources),
          ratio: toFloat(args.ratio, 9),
        };
      }),
    );
  });
  const shown = synced.value ?? [];
  const last = shown.at(-1);
  return (
    <Panel
      title="Resources and target over time"
      aside={last === undefined ? undefined : `ratio ${(last.ratio * 100).toFixed(0)}%`}
    >
      <ReadError error={synced.error} />
      {synced.isLoading ? (
        <Loading />
      ) : last === undefined ? (
        <Empty>Risk control has measured nothing yet.</Empty>
      ) : (
        <LineChart
          title={`What the fund could pay and what it should have, in ${symbol}: now ${last.resources.toFixed(0)} and ${last.target.toFixed(0)}`}
          lines={[
            {
              name: "Can pay",
              tone: "first",
              isStep: true,
              points: shown.map(({ x, resources }) => ({ x, y: resources })),
            },
            {
              name: "Target",
              tone: "second",
              isStep: true,
              isDashed: true,
              points: shown.map(({ x, target }) => ({ x, y: target })),
            },
          ]}
          formatX={clockTime}
          from={0}
        />
      )}
    </Panel>
  );
}

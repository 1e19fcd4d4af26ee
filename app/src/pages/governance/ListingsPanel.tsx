import { WAD } from "../../../../sdk/math/constants.ts";
import { duration, percent } from "../../chain/format.ts";
import { marketName } from "../../chain/networks.ts";
import { readFeeds, readProducts } from "../../chain/promises.ts";
import { Money, Moment, Percent } from "../../components/Amount.tsx";
import { Badge, Panel, ReadError } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { useNow } from "../../hooks/clock.ts";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { contractName } from "./names.ts";

const BPS = 10_000n;

/** How each price is decided. */
export function FeedsPanel() {
  const deployment = useDeployment();
  const feeds = useRead(["feeds"], () => readFeeds(deployment));
  return (
    <Panel
      title="Prices"
      note="A price needs a quorum of sources of different kinds. Bounds in the code: two kinds at least, deviation up to 10%, gap from 30 s to 1 h, volatility floor up to 1,000%. A new listing waits 36 days."
    >
      <ReadError error={feeds.error} />
      <Table
        caption="Rules of each price feed"
        rows={feeds.value ?? []}
        keyOf={({ id }) => String(id)}
        empty="No feed is listed."
        columns={[
          { name: "Feed", cell: ({ id }) => marketName(deployment.network, id) },
          { name: "Sources", isNumber: true, cell: ({ sources }) => sources },
          { name: "Must agree", isNumber: true, cell: ({ quorum, kinds }) => `${quorum}, of ${kinds} kinds` },
          { name: "Largest deviation", isNumber: true, cell: ({ maxDeviation }) => percent(maxDeviation, WAD, 2) },
          { name: "Gap that counts as live", isNumber: true, cell: ({ maxGap }) => duration(maxGap) },
          { name: "Volatility floor", isNumber: true, cell: ({ volatilityFloor }) => percent(volatilityFloor, WAD, 0) },
          {
            name: "Spread now",
            isNumber: true,
            cell: ({ spreadBps }) => <Percent value={spreadBps} one={BPS} digits={2} />,
          },
          { name: "Published", isNumber: true, cell: ({ publishedAt }) => <Moment at={publishedAt} /> },
        ]}
      />
    </Panel>
  );
}

/** Kinds of cover that may be sold, and within which bounds. */
export function ProductsPanel() {
  const deployment = useDeployment();
  const now = useNow();
  const products = useRead(["products"], () => readProducts(deployment));
  return (
    <Panel
      title="Products of cover"
      note="Anyone opens a series inside these bounds. A new product is announced for longer than an exit takes; a closed one sells nothing more, and what is sold stays covered."
    >
      <ReadError error={products.error} />
      <Table
        caption="Products of cover and their bounds"
        rows={products.value ?? []}
        keyOf={({ id }) => id.toString()}
        empty="No product is listed."
        columns={[
          {
            name: "Product",
            cell: ({ id, trigger }) => `${id}: ${contractName(deployment.manifest, trigger) ?? trigger}`,
          },
          { name: "Least limit", isNumber: true, cell: ({ minLimit }) => <Money value={minLimit} /> },
          { name: "Highest limit", isNumber: true, cell: ({ maxLimit }) => <Money value={maxLimit} digits={0} /> },
          { name: "Longest term", isNumber: true, cell: ({ maxTermWeeks }) => `${maxTermWeeks} weeks` },
          {
            name: "Of the capacity",
            isNumber: true,
            cell: ({ capacityShareBps }) => percent(capacityShareBps, BPS, 0),
          },
          { name: "Waiting", isNumber: true, cell: ({ waiting }) => duration(waiting) },
          {
            name: "State",
            isNumber: true,
            cell: ({ isClosed, opensAt }) =>
              isClosed ? (
                <Badge>closed</Badge>
              ) : opensAt > now ? (
                <Moment at={opensAt} />
              ) : (
                <Badge tone="good">open</Badge>
              ),
          },
        ]}
      />
    </Panel>
  );
}

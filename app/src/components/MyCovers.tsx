// Cover that the reader has bought: waiting, running, paid.
import { allSeries } from "../chain/covers.ts";
import type { Series } from "../chain/covers.ts";
import { named } from "../chain/history.ts";
import { useAction } from "../hooks/actions.tsx";
import { useNow } from "../hooks/clock.ts";
import { useHistory } from "../hooks/history.tsx";
import { useDeployment } from "../hooks/network.tsx";
import { useRead } from "../hooks/read.ts";
import { useWallet } from "../hooks/wallet.tsx";
import { Amount, Money, Moment } from "./Amount.tsx";
import { Submit } from "./Form.tsx";
import { Badge, Panel, ReadError } from "./Layout.tsx";
import { Table } from "./Table.tsx";

type Row =
  | { readonly kind: "held"; readonly series: Series; readonly units: bigint; readonly shown: bigint }
  | {
      readonly kind: "waiting";
      readonly series: Series;
      readonly units: bigint;
      readonly purchase: bigint;
      readonly mintsAt: bigint;
    };

export function MyCovers() {
  const { client, network } = useDeployment();
  const { address } = useWallet();
  const history = useHistory();
  const bought = named(history, "CoverBought").map(({ values }) => values.purchase as bigint);
  // Through the Router the buyer is the receiver: the purchase itself says whose it is.
  const rows = useRead(
    ["covers", address, { version: bought.length }],
    async (): Promise<Row[]> => {
      const holder = address ?? "";
      const series = await allSeries(client, network);
      const held = await Promise.all(
        series.map(async (one): Promise<Row> => {
          const [units, { payoutPerUnit }] = await Promise.all([
            client.covers.balanceOf(holder, one.id),
            client.claims.preview(one.id),
          ]);
          return { kind: "held", series: one, units, shown: payoutPerUnit };
        }),
      );
      const purchases = await Promise.all(bought.map((id) => client.covers.purchase(id)));
      const waiting = purchases.flatMap((purchase, index): Row[] => {
        const one = series.find(({ id }) => id === purchase.series);
        const isMine = purchase.buyer.toLowerCase() === holder.toLowerCase();
        if (one === undefined || !isMine) return [];
        return [
          {
            kind: "waiting",
            series: one,
            units: purchase.units,
            purchase: bought[index] as bigint,
            mintsAt: purchase.mintsAt,
          },
        ];
      });
      return [...waiting, ...held.filter(({ units }) => units > 0n)];
    },
    address !== undefined,
  );
  return (
    <Panel title="Your cover" aside={<a href="#/claims">Claims</a>}>
      <ReadError error={rows.error} />
      <Table
        caption="Cover that you hold or have paid for"
        rows={rows.value ?? []}
        keyOf={(row) => `${row.kind}${row.series.id}${row.kind === "waiting" ? row.purchase : ""}`}
        empty={address === undefined ? "Connect a wallet to see your cover." : "None. Switch it on when you trade."}
        columns={[
          { name: "Cover", cell: ({ series }) => series.name },
          { name: "Units", isNumber: true, cell: ({ units }) => <Amount value={units} /> },
          {
            name: "Pays, at most",
            isNumber: true,
            cell: ({ units, series }) => <Money value={(units * series.limit) / 10n ** 18n} />,
          },
          { name: "Ends", isNumber: true, cell: ({ series }) => <Moment at={series.endsAt} /> },
          { name: "State", isNumber: true, cell: (row) => <State row={row} /> },
        ]}
      />
    </Panel>
  );
}

function State({ row }: { row: Row }) {
  const now = useNow();
  const complete = useAction();
  if (row.kind === "held") {
    if (row.series.settled > 0n) return <Badge tone="good">pays</Badge>;
    return row.shown > 0n ? <Badge tone="warn">can be claimed</Badge> : <Badge>running</Badge>;
  }
  if (row.mintsAt > now)
    return (
      <>
        begins <Moment at={row.mintsAt} />
      </>
    );
  const step = {
    label: "Complete a purchase of cover",
    act: ({ client }: { client: ReturnType<typeof useDeployment>["client"] }) => client.covers.complete(row.purchase),
  };
  return (
    <Submit
      action={complete}
      kind="small"
      onSubmit={() => void complete.run([step])}
      name={`Complete the purchase of ${row.series.name}`}
    >
      Complete
    </Submit>
  );
}

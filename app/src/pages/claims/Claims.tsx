import { allSeries } from "../../chain/covers.ts";
import type { Series } from "../../chain/covers.ts";
import { named } from "../../chain/history.ts";
import { Money, TransactionLink } from "../../components/Amount.tsx";
import { Badge, Loading, PageTitle, Panel, ReadError } from "../../components/Layout.tsx";
import { MyCovers } from "../../components/MyCovers.tsx";
import { Table } from "../../components/Table.tsx";
import { useHistory } from "../../hooks/history.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { useWallet } from "../../hooks/wallet.tsx";
import { ClaimPanel } from "./ClaimPanel.tsx";
import type { ClaimView } from "./ClaimPanel.tsx";

const STATUSES = ["none", "open", "confirmed", "rejected", "lapsed"] as const;

export default function Claims() {
  const { client, network } = useDeployment();
  const { address } = useWallet();
  const history = useHistory();
  const views = useRead(["claims", address], async (): Promise<ClaimView[]> => {
    const series = await allSeries(client, network);
    return Promise.all(series.map((one) => viewOf(client, one, address)));
  });
  const incidents = [
    ...named(history, "IncidentOpened"),
    ...named(history, "IncidentClosed"),
    ...named(history, "CoverRedeemed"),
  ].sort((a, b) => b.log.blockNumber - a.log.blockNumber || b.log.index - a.log.index);
  const nameOf = (id: unknown) =>
    views.value?.find(({ series }) => series.id === id)?.series.name ?? `Series ${String(id)}`;
  return (
    <>
      <PageTitle title="Claims">
        Cover pays by rule: when the chain shows what it insures, anyone opens an incident with a bond, and anyone has
        it decided. No committee, no form.
      </PageTitle>
      <ReadError error={views.error} />
      <div className="stackwise">
        {views.value === undefined ? (
          <Loading lines={6} />
        ) : (
          views.value.map((view) => <ClaimPanel key={view.series.id.toString()} view={view} />)
        )}
        <MyCovers />
        <Panel title="Incidents and payouts so far">
          <Table
            caption="Incidents and payouts"
            rows={incidents}
            keyOf={({ log }) => `${log.blockHash}${log.index}`}
            empty="Nothing has been claimed yet."
            columns={[
              { name: "Event", cell: ({ event, values }) => <Outcome event={event} status={values.status} /> },
              { name: "Series", cell: ({ values }) => nameOf(values.series) },
              {
                name: "Amount",
                isNumber: true,
                cell: ({ event, values }) =>
                  event === "CoverRedeemed" ? (
                    <Money value={values.paid as bigint} />
                  ) : (
                    <>
                      <Money value={(values.payoutPerUnit ?? values.confirmed) as bigint} digits={4} /> a unit
                    </>
                  ),
              },
              {
                name: "Transaction",
                isNumber: true,
                cell: ({ log }) => <TransactionLink hash={log.transactionHash} />,
              },
            ]}
          />
        </Panel>
      </div>
    </>
  );
}

function Outcome({ event, status }: { event: string; status: unknown }) {
  if (event === "CoverRedeemed") return <Badge tone="good">paid</Badge>;
  if (event === "IncidentOpened") return <Badge tone="warn">opened</Badge>;
  const name = STATUSES[Number(status)] ?? "closed";
  return <Badge tone={name === "confirmed" ? "good" : "calm"}>{name}</Badge>;
}

async function viewOf(
  client: ReturnType<typeof useDeployment>["client"],
  series: Series,
  address: string | undefined,
): Promise<ClaimView> {
  const { vault, verifier } = client.contracts;
  const place = client.addresses.vault;
  const [shown, outcome, incident, bond, subject] = await Promise.all([
    client.claims.preview(series.id),
    client.claims.outcome(series.id),
    client.claims.incident(series.id),
    client.claims.bond(),
    verifier.subjectOf(place, series.id),
  ]);
  const units = address === undefined ? 0n : await client.covers.balanceOf(address, series.id);
  const payout = units === 0n ? 0n : await client.covers.previewRedeem(series.id, units);
  const now = await vault.seriesOf(series.id);
  return {
    series: { ...series, settled: now.settled },
    shown,
    outcome,
    incident,
    bond,
    units,
    payout,
    reportsUntil: subject.reportsUntil,
  };
}

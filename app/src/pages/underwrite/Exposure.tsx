import type { VaultName } from "../../../../sdk/index.ts";
import { WAD } from "../../../../sdk/math/constants.ts";
import { allSeries } from "../../chain/covers.ts";
import type { Series } from "../../chain/covers.ts";
import { Amount, Money, Moment, Percent } from "../../components/Amount.tsx";
import { Badge, Panel, ReadError } from "../../components/Layout.tsx";
import { SaleState } from "../../components/SaleState.tsx";
import { Table } from "../../components/Table.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import type { VaultReport } from "./Underwrite.tsx";

type Row = { readonly kind: "series"; readonly series: Series } | { readonly kind: "fund" };

/** What the vault may have to pay, series by series, and to the fund. */
export function Exposure({ vault, report }: { vault: VaultName; report: VaultReport }) {
  const { client, network } = useDeployment();
  const all = useRead(["series"], () => allSeries(client, network));
  const capital = report.books.junior + report.books.senior;
  const series = vault === "CoverageVault" ? (all.value ?? []) : [];
  const rows: Row[] = [{ kind: "fund" }, ...series.map((one): Row => ({ kind: "series", series: one }))];
  const most = (row: Row): bigint => (row.kind === "fund" ? report.commitment : row.series.bound);
  return (
    <Panel
      title="Exposure"
      note="The most that each promise can cost. All of it is held back: a vault cannot promise more than it has."
    >
      <ReadError error={all.error} />
      <Table
        caption="What the vault may have to pay"
        rows={rows}
        keyOf={(row) => (row.kind === "fund" ? "fund" : row.series.id.toString())}
        empty="Nothing."
        columns={[
          { name: "Promise", cell: (row) => (row.kind === "fund" ? "Commitment to the fund" : row.series.name) },
          {
            name: "Units",
            isNumber: true,
            cell: (row) => (row.kind === "fund" ? "–" : <Amount value={row.series.supply + row.series.pending} />),
          },
          { name: "At most", isNumber: true, cell: (row) => <Money value={most(row)} digits={0} /> },
          {
            name: "Of the capital",
            isNumber: true,
            cell: (row) => <Percent value={capital === 0n ? 0n : (most(row) * WAD) / capital} one={WAD} />,
          },
          {
            name: "Until",
            isNumber: true,
            cell: (row) => (row.kind === "fund" ? "drawn or left" : <Moment at={row.series.endsAt} />),
          },
          {
            name: "State",
            isNumber: true,
            cell: (row) =>
              row.kind === "fund" ? <Badge tone="good">in force</Badge> : <SaleState series={row.series} />,
          },
        ]}
      />
    </Panel>
  );
}

import { WAD } from "../../../../sdk/math/constants.ts";
import { allSeries } from "../../chain/covers.ts";
import { Amount, Money, Moment } from "../../components/Amount.tsx";
import { Panel, ReadError } from "../../components/Layout.tsx";
import { SaleState } from "../../components/SaleState.tsx";
import { Table } from "../../components/Table.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";

/** Series of cover, and the most that each can cost. */
export function OpenSeries() {
  const { client, network } = useDeployment();
  const series = useRead(["series"], () => allSeries(client, network));
  return (
    <Panel
      title="Open series of cover"
      note="Each is paid out of the vault's capital, which holds its largest payout back."
    >
      <ReadError error={series.error} />
      <Table
        caption="Series of cover"
        rows={series.value ?? []}
        keyOf={({ id }) => id.toString()}
        empty="No series is open. Anyone can open one inside a product that governance has listed."
        columns={[
          { name: "Series", cell: ({ name }) => name },
          { name: "A unit pays, at most", isNumber: true, cell: ({ limit }) => <Money value={limit} /> },
          {
            name: "Units sold",
            isNumber: true,
            cell: ({ supply, pending }) => <Amount value={supply + pending} digits={2} />,
          },
          {
            name: "Largest payout",
            isNumber: true,
            cell: ({ supply, pending, limit }) => <Money value={((supply + pending) * limit) / WAD} />,
          },
          { name: "Settled, a unit", isNumber: true, cell: ({ settled }) => <Money value={settled} digits={4} /> },
          { name: "Ends", isNumber: true, cell: ({ endsAt }) => <Moment at={endsAt} /> },
          {
            name: "State",
            isNumber: true,
            cell: (one) => <SaleState series={one} />,
          },
        ]}
      />
    </Panel>
  );
}

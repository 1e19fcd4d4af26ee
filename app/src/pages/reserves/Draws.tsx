import { named } from "../../chain/history.ts";
import { Money, TransactionLink } from "../../components/Amount.tsx";
import { Loading, Panel } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { useHistory } from "../../hooks/history.tsx";

const SHOWN = 12;

interface Paid {
  readonly reserve: bigint;
  readonly junior: bigint;
  readonly senior: bigint;
  readonly reinsurance: bigint;
}

/** The last losses that the fund was asked for, and who paid them. */
export function Draws() {
  const history = useHistory();
  const draws = [...named(history, "Covered")].reverse().slice(0, SHOWN);
  const paid = (values: Readonly<Record<string, unknown>>) => values.paid as Paid;
  return (
    <Panel title="Last draws">
      {history.block === undefined ? (
        <Loading />
      ) : (
        <Table
          caption="The last draws on the fund"
          rows={draws}
          keyOf={({ log }) => `${log.blockHash}${log.index}`}
          empty="Nothing has been drawn yet."
          columns={[
            { name: "Block", cell: ({ log }) => <span className="number">{log.blockNumber}</span> },
            { name: "Shortfall", isNumber: true, cell: ({ values }) => <Money value={values.shortfall as bigint} /> },
            { name: "Reserve", isNumber: true, cell: ({ values }) => <Money value={paid(values).reserve} /> },
            { name: "Junior", isNumber: true, cell: ({ values }) => <Money value={paid(values).junior} /> },
            { name: "Senior", isNumber: true, cell: ({ values }) => <Money value={paid(values).senior} /> },
            { name: "Reinsurance", isNumber: true, cell: ({ values }) => <Money value={paid(values).reinsurance} /> },
            { name: "Reward", isNumber: true, cell: ({ values }) => <Money value={values.reward as bigint} /> },
            { name: "Transaction", isNumber: true, cell: ({ log }) => <TransactionLink hash={log.transactionHash} /> },
          ]}
        />
      )}
    </Panel>
  );
}

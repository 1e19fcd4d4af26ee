import type { Operation } from "../../chain/governance.ts";
import { named } from "../../chain/history.ts";
import { Address, Moment, Money, TransactionLink } from "../../components/Amount.tsx";
import { Badge, Panel } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { useNow } from "../../hooks/clock.ts";
import { useHistory } from "../../hooks/history.tsx";
import { contractName } from "./names.ts";
import { useDeployment } from "../../hooks/network.tsx";

interface Row {
  readonly key: string;
  readonly what: React.ReactNode;
  readonly at: bigint;
  readonly hash: string;
}

/** Changes that were announced and are not in force yet. */
export function PendingPanel({ operations }: { operations: readonly Operation[] }) {
  const { manifest } = useDeployment();
  const history = useHistory();
  const now = useNow();
  const announced = [...named(history, "ProductAnnounced"), ...named(history, "CommitmentAnnounced")];
  const rows: Row[] = [
    ...operations.map(({ id, target, data, executableAt, hash }) => ({
      key: id,
      what: (
        <>
          {contractName(manifest, target)}: call <span className="hex">{data.slice(0, 10)}</span>
        </>
      ),
      at: executableAt,
      hash,
    })),
    ...announced.map(({ event, values, log }) => ({
      key: `${log.blockHash}${log.index}`,
      what:
        event === "ProductAnnounced" ? (
          <>
            Cover product {String(values.product)}, trigger{" "}
            <Address of={(values.terms as { trigger: string }).trigger} />
          </>
        ) : (
          <>
            Commitment of <Money value={values.limit as bigint} digits={0} /> to the fund
          </>
        ),
      at: (values.opensAt ?? values.activeFrom) as bigint,
      hash: log.transactionHash,
    })),
  ].filter(({ at }) => at > now);
  return (
    <Panel
      title="Pending changes"
      note="Whatever adds risk is announced for longer than an exit takes, so that whoever disagrees has left before."
    >
      <Table
        caption="Pending changes"
        rows={rows}
        keyOf={({ key }) => key}
        empty="Nothing is announced or scheduled."
        columns={[
          { name: "Change", cell: ({ what }) => what },
          { name: "In force", isNumber: true, cell: ({ at }) => <Moment at={at} /> },
          { name: "State", isNumber: true, cell: () => <Badge tone="warn">waiting</Badge> },
          { name: "Transaction", isNumber: true, cell: ({ hash }) => <TransactionLink hash={hash} /> },
        ]}
      />
    </Panel>
  );
}

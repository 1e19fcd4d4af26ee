import { Tranche } from "../../../../sdk/index.ts";
import type { VaultName } from "../../../../sdk/index.ts";
import { WAD } from "../../../../sdk/math/constants.ts";
import { duration } from "../../chain/format.ts";
import { Money, Percent, Tokens } from "../../components/Amount.tsx";
import { Badge, Figure, Figures, Panel } from "../../components/Layout.tsx";
import { Stack } from "../../components/Meter.tsx";
import { Table } from "../../components/Table.tsx";
import type { TrancheView, VaultReport } from "./Underwrite.tsx";
import { yearly } from "./yields.ts";
import type { EarnedPremium } from "./yields.ts";

export interface VaultPanelProps {
  readonly vault: VaultName;
  readonly report: VaultReport;
  readonly tranches: readonly [TrancheView, TrancheView];
  readonly earned: EarnedPremium;
  readonly chosen: Tranche;
  readonly onChoice: (tranche: Tranche) => void;
}

/** The vault's capital: whose it is, what it is bound for, what it earns. */
export function VaultPanel({ vault, report, tranches, earned, chosen, onChoice }: VaultPanelProps) {
  const { books, freeCapital } = report;
  const capital = books.junior + books.senior;
  const other = capital - books.liability - books.committed - freeCapital;
  const rows = [
    {
      tranche: Tranche.Junior,
      name: "Junior",
      note: "bears losses first, earns three times as much per unit",
      value: books.junior,
      view: tranches[0],
      earned: earned.junior,
    },
    {
      tranche: Tranche.Senior,
      name: "Senior",
      note: "bears what junior cannot",
      value: books.senior,
      view: tranches[1],
      earned: earned.senior,
    },
  ];
  return (
    <Panel title={vault === "CoverageVault" ? "Cover and backstop vault" : "Reinsurance vault"}>
      <div className="form">
        <Figures>
          <Figure name="Capital">
            <Money value={capital} digits={0} />
          </Figure>
          <Figure name="Free capacity" note="for new cover and commitments">
            <Money value={freeCapital} digits={0} />
          </Figure>
          <Figure name="Unearned premium" note="paid, earned as time passes">
            <Money value={books.unearned + books.escrowed} />
          </Figure>
        </Figures>
        <Stack
          label="What the capital is bound for"
          parts={[
            { name: "Commitment to the fund", value: books.committed, tone: 0 },
            { name: "Cover", value: books.liability, tone: 1 },
            { name: "Floor and leaving", value: other > 0n ? other : 0n, tone: 3 },
            { name: "Free", value: freeCapital, tone: 2 },
          ]}
        />
        <ul className="legend">
          <li>
            Commitment <Money value={books.committed} digits={0} />
          </li>
          <li className="tone-1">
            Cover <Money value={books.liability} digits={0} />
          </li>
          <li className="tone-3">
            Floor and leaving <Money value={other > 0n ? other : 0n} digits={0} />
          </li>
          <li className="tone-2">
            Free <Money value={freeCapital} digits={0} />
          </li>
        </ul>
        <Table
          caption="Tranches"
          rows={rows}
          keyOf={({ name }) => name}
          empty=""
          columns={[
            { name: "Tranche", cell: ({ name, note }) => <span title={note}>{name}</span> },
            { name: "Value", isNumber: true, cell: ({ value }) => <Money value={value} digits={0} /> },
            {
              name: "One share is worth",
              isNumber: true,
              cell: ({ view }) => <Tokens value={view.assetsPerShare} digits={6} />,
            },
            { name: "Earned", isNumber: true, cell: (row) => <Money value={row.earned} /> },
            {
              name: "That is, a year",
              isNumber: true,
              cell: (row) => <Percent value={yearly(row.earned, earned.over, row.value)} one={WAD} digits={2} />,
            },
            {
              name: "",
              isNumber: true,
              cell: ({ tranche, name }) =>
                tranche === chosen ? (
                  <Badge tone="good">chosen</Badge>
                ) : (
                  <button
                    type="button"
                    className="small"
                    onClick={() => onChoice(tranche)}
                    aria-label={`Choose ${name}`}
                  >
                    Choose
                  </button>
                ),
            },
          ]}
        />
        <p className="hint">
          Earned in the last {duration(earned.over)}, as booked; premium is booked whenever the vault is used. What
          comes later depends on what is sold.
        </p>
      </div>
    </Panel>
  );
}

import { toWad } from "../../../../sdk/units.ts";
import { Money } from "../../components/Amount.tsx";
import { Panel } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import type { Solvency } from "./Reserves.tsx";

interface Row {
  readonly name: string;
  readonly has: bigint | undefined;
  readonly owes: readonly (readonly [name: string, value: bigint])[];
}

/** What each pot holds in tokens, and what it owes. Anyone can compare it with the token's own balances. */
export function AssetsPanel({ solvency }: { solvency: Solvency }) {
  const { client, decimals } = useDeployment();
  const fundTokens = useRead(["fundTokens"], async () =>
    toWad(await client.tokens.balanceOf(client.addresses.fund), decimals),
  );
  const { house, segment, backstop, reinsurance } = solvency;
  const rows: Row[] = [
    {
      name: "Clearing house",
      has: house.tokens,
      owes: [
        ["fees", house.fees],
        ["set aside for withdrawals", house.reserved],
        ["withdrawals waiting", house.waiting],
        ["the fund", house.account > 0n ? house.account : 0n],
      ],
    },
    {
      name: "Insurance fund",
      has: fundTokens.value,
      owes: [["owed to the house", segment.owed]],
    },
    ...[
      { name: "Cover and backstop vault", vault: backstop },
      { name: "Reinsurance vault", vault: reinsurance },
    ]
      .filter(({ vault }) => vault.tokens > 0n || vault.books.junior + vault.books.senior > 0n)
      .map(({ name, vault }): Row => ({
        name,
        has: vault.tokens,
        owes: [
          ["underwriters", vault.books.junior + vault.books.senior],
          ["unearned premium", vault.books.unearned + vault.books.escrowed],
          ["payouts", vault.books.payable_],
          ["the fund", vault.books.owedToFund],
        ],
      })),
  ];
  return (
    <Panel
      title="Tokens held"
      note="As the contracts count them; the rest of the house's tokens belongs to the accounts."
    >
      <Table
        caption="Tokens held and owed by each contract"
        rows={rows}
        keyOf={({ name }) => name}
        empty=""
        columns={[
          { name: "Contract", cell: ({ name }) => name },
          { name: "Holds", isNumber: true, cell: ({ has }) => <Money value={has} /> },
          {
            name: "Of that for",
            isNumber: true,
            cell: ({ owes }) => {
              const shown = owes.filter(([, value]) => value > 0n);
              return shown.length === 0
                ? "–"
                : shown.map(([name, value]) => (
                    <div key={name}>
                      {name} <Money value={value} />
                    </div>
                  ));
            },
          },
        ]}
      />
    </Panel>
  );
}

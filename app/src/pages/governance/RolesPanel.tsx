import type { RoleView } from "../../chain/governance.ts";
import { duration } from "../../chain/format.ts";
import { Address } from "../../components/Amount.tsx";
import { Badge, Panel } from "../../components/Layout.tsx";
import { Table } from "../../components/Table.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { contractName } from "./names.ts";

const MEANINGS: Readonly<Record<string, string>> = {
  administrator: "gives roles and delays",
  listing: "lists markets, assets and feeds",
  parameters: "moves parameters within bounds, announces products and commitments",
  canceller: "takes back what is scheduled, nothing else",
  guardian: "pauses new risk, a week in 90 days",
};

/** Who may do what, and how long everybody is warned. */
export function RolesPanel({ roles }: { roles: readonly RoleView[] }) {
  const { manifest } = useDeployment();
  return (
    <Panel
      title="Roles"
      note="No role can take the fund's money, a vault's capital or an account; idle reserve may be lent to yield vaults that were announced, within limits. Contracts call each other by rights that are set once, not by roles."
    >
      <Table
        caption="Roles, their members and rights"
        rows={roles}
        keyOf={({ id }) => id.toString()}
        empty="This deployment has no access manager in its manifest."
        columns={[
          { name: "Role", cell: ({ label }) => <b>{label}</b> },
          {
            name: "May",
            cell: ({ label, rights }) => (
              <>
                {MEANINGS[label] ?? "call what it was given"} <span className="unit">({rights.length} functions)</span>
              </>
            ),
          },
          {
            name: "Members",
            cell: ({ members }) =>
              members.length === 0
                ? "nobody"
                : members.map(({ account, delay }) => (
                    <div key={account}>
                      {contractName(manifest, account) ?? <Address of={account} />}{" "}
                      <Badge tone={delay > 0n ? "good" : "calm"}>
                        {delay > 0n ? `after ${duration(delay)}` : "at once"}
                      </Badge>
                    </div>
                  )),
          },
        ]}
      />
    </Panel>
  );
}

import { duration, percent } from "../../chain/format.ts";
import type { readGovernor } from "../../chain/governance.ts";
import { readBudgets } from "../../chain/promises.ts";
import type { BudgetsView } from "../../chain/promises.ts";
import { Amount, Money, Tokens } from "../../components/Amount.tsx";
import { Facts, Panel, ReadError } from "../../components/Layout.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";

/** Settings that votes are held by, and those that nothing changes. */
export function FixedPanel({ governor }: { governor: Awaited<ReturnType<typeof readGovernor>> }) {
  const deployment = useDeployment();
  const { client } = deployment;
  const fixed = useRead(["fixed"], async () => {
    const { house, vault } = client.contracts;
    const [least, floor, bond, budgets] = await Promise.all([
      house.minMaintenanceMargin(),
      vault.floor(),
      client.claims.bond(),
      readBudgets(deployment),
    ]);
    return { least, floor, bond, budgets };
  });
  return (
    <Panel title="Votes, and what nothing changes">
      <ReadError error={fixed.error} />
      <Facts
        rows={[
          ...(governor === undefined
            ? []
            : ([
                ["A vote begins after", duration(governor.votingDelay)],
                ["and runs for", duration(governor.votingPeriod)],
                ["To propose", <Amount value={governor.proposalThreshold} digits={0} unit="votes" />],
                ["Quorum", percent(governor.numerator, governor.denominator, 1)],
              ] as const)),
          ...budgetRows(fixed.value?.budgets),
          ["Least maintenance margin", <Money value={fixed.value?.least} />],
          ["Assets of a vault that are never drawn", <Money value={fixed.value?.floor} />],
          ["Bond of an incident", <Tokens value={fixed.value?.bond.bond} />],
          ["Cooldown and window of an exit", "28 days, 7 days"],
          ["Longest delay of an exit", "63 days"],
        ]}
      />
    </Panel>
  );
}

/** What may be drawn from the reserve in 24 hours. */
function budgetRows(budgets: BudgetsView | undefined) {
  if (budgets === undefined) return [];
  const { major, mid, tail, segment, reward } = budgets;
  const share = (value: bigint) => percent(value, 10_000n, 0);
  return [
    ["Reserve drawn in a day: major, mid, tail", `${share(major)}, ${share(mid)}, ${share(tail)}`],
    ["In all; for bidders' rewards", `${share(segment)}; ${share(reward)}`],
  ] as const;
}

import { ZeroAddress } from "ethers";

import type { readStewards } from "../../chain/governance.ts";
import { marketName } from "../../chain/networks.ts";
import { Address, Moment } from "../../components/Amount.tsx";
import { Badge, Facts, Loading, Panel } from "../../components/Layout.tsx";
import { useNow } from "../../hooks/clock.ts";
import { useDeployment } from "../../hooks/network.tsx";

const PAUSES: Readonly<Record<number, string>> = {
  48: "Sale of cover",
  49: "Payment of surplus",
  50: "Recapitalisation",
};

/** The steward's mandate and the guardian's pauses. */
export function StewardPanel({ state }: { state: Awaited<ReturnType<typeof readStewards>> | undefined }) {
  const { network } = useDeployment();
  const now = useNow();
  if (state === undefined) return <Loading />;
  const { mandate, pauses } = state;
  const isActive = mandate !== undefined && mandate.key !== ZeroAddress && mandate.expiry > now;
  return (
    <Panel title="Steward and guardian">
      <Facts
        rows={[
          ["Steward", isActive ? <Address of={mandate.key} /> : "nobody is appointed"],
          isActive ? ["Mandate ends", <Moment at={mandate.expiry} />] : undefined,
          ...pauses.map(
            ({ bit, until }) =>
              [
                PAUSES[bit] ?? `New risk in ${marketName(network, bit)}`,
                until > now ? (
                  <Badge tone="warn">
                    paused, ends <Moment at={until} />
                  </Badge>
                ) : (
                  <Badge tone="good">not paused</Badge>
                ),
              ] as const,
          ),
        ]}
      />
    </Panel>
  );
}

import { useState } from "react";

import { Tranche } from "../../../../sdk/index.ts";
import type { Place, VaultName } from "../../../../sdk/index.ts";
import { Segments } from "../../components/Form.tsx";
import { Loading, PageTitle, ReadError } from "../../components/Layout.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { useWallet } from "../../hooks/wallet.tsx";
import { DepositPanel } from "./DepositPanel.tsx";
import { ExitPanel } from "./ExitPanel.tsx";
import { Exposure } from "./Exposure.tsx";
import { LossPanel } from "./LossPanel.tsx";
import { VaultPanel } from "./VaultPanel.tsx";
import { earnedPremium } from "./yields.ts";

/** What the page knows of a vault. */
export type VaultReport = Awaited<ReturnType<ReturnType<typeof useDeployment>["client"]["vaults"]["report"]>>;
export type TrancheView = Awaited<ReturnType<ReturnType<typeof useDeployment>["client"]["vaults"]["tranche"]>>;

const NAMES: readonly (readonly [VaultName, string])[] = [
  ["CoverageVault", "Cover and backstop"],
  ["ReinsuranceVault", "Reinsurance"],
];
const TRANCHES = [Tranche.Junior, Tranche.Senior] as const;

export default function Underwrite() {
  const { client } = useDeployment();
  const { address } = useWallet();
  const names = NAMES.filter(([name]) => client.manifest.contracts[name] !== undefined);
  const [vault, setVault] = useState<VaultName>("CoverageVault");
  const [tranche, setTranche] = useState<Tranche>(Tranche.Junior);
  const place: Place = { vault, tranche };
  const state = useRead(["vault", vault], async () => {
    const [report, junior, senior, earned] = await Promise.all([
      client.vaults.report(vault),
      ...TRANCHES.map((one) => client.vaults.tranche({ vault, tranche: one })),
      earnedPremium(client, vault),
    ] as const);
    return {
      report,
      tranches: [junior, senior] as [TrancheView, TrancheView],
      earned: earned as Awaited<ReturnType<typeof earnedPremium>>,
    };
  });
  const mine = useRead(
    ["shares", vault, tranche, address],
    async () => {
      const share = await client.vaults.share(place);
      const holder = address ?? "";
      const [shares, exit, decimals] = await Promise.all([
        share.balanceOf(holder),
        client.vaults.exitOf(place, holder),
        share.decimals(),
      ]);
      const value = await share.convertToAssets(shares + exit.shares);
      return { shares, exit, decimals: Number(decimals), value };
    },
    address !== undefined,
  );
  return (
    <>
      <PageTitle title="Underwrite">
        Put capital behind the fund and behind cover, earn its premiums, bear its losses: junior first, then senior.
        Leaving takes a cooldown, and what leaves stays liable until it has left.
      </PageTitle>
      <ReadError error={state.error} />
      {state.value === undefined ? (
        <Loading lines={6} />
      ) : (
        <div className="stackwise">
          {names.length > 1 && <Segments fits label="Vault" value={vault} options={names} onChoice={setVault} />}
          <div className="side">
            <div className="stackwise">
              <VaultPanel vault={vault} {...state.value} chosen={tranche} onChoice={setTranche} />
              <LossPanel {...state.value} tranche={tranche} mine={mine.value?.value} />
              <Exposure vault={vault} report={state.value.report} />
            </div>
            <div className="stackwise">
              <DepositPanel place={place} />
              <ExitPanel place={place} mine={mine.value} />
            </div>
          </div>
        </div>
      )}
    </>
  );
}

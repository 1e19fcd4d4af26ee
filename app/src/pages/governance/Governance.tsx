import { readAccess, readClasses, readGovernor, readStewards } from "../../chain/governance.ts";
import { readMarkets } from "../../chain/markets.ts";
import { Loading, PageTitle, ReadError } from "../../components/Layout.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { ClassTable } from "./ClassTable.tsx";
import { FixedPanel } from "./FixedPanel.tsx";
import { FeedsPanel, ProductsPanel } from "./ListingsPanel.tsx";
import { MarketTable } from "./MarketTable.tsx";
import { PendingPanel } from "./PendingPanel.tsx";
import { RolesPanel } from "./RolesPanel.tsx";
import { StewardPanel } from "./StewardPanel.tsx";

export default function Governance() {
  const deployment = useDeployment();
  const classes = useRead(["classes"], () => readClasses(deployment));
  const markets = useRead(["markets"], () => readMarkets(deployment));
  const access = useRead(["access"], () => readAccess(deployment));
  const governor = useRead(["governor"], () => readGovernor(deployment));
  const stewards = useRead(["stewards"], () => readStewards(deployment));
  const errors = [classes, markets, access, governor, stewards]
    .map(({ error }) => error)
    .filter((error) => error !== null);
  return (
    <>
      <PageTitle title="Governance">
        What can be changed, within which bounds, by whom and how slowly. What is not here cannot be changed: nobody can
        take the fund, and no code can be replaced.
      </PageTitle>
      <ReadError error={errors[0]} />
      <div className="stackwise">
        {access.isLoading ? <Loading /> : <PendingPanel operations={access.value?.pending ?? []} />}
        {classes.value === undefined ? <Loading lines={6} /> : <ClassTable classes={classes.value} />}
        <MarketTable markets={markets.value ?? []} />
        <FeedsPanel />
        <ProductsPanel />
        {access.value !== undefined && <RolesPanel roles={access.value.roles} />}
        <div className="two">
          <StewardPanel state={stewards.value} />
          <FixedPanel governor={governor.value} />
        </div>
      </div>
    </>
  );
}

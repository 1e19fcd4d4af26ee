import { useState } from "react";

import { WAD } from "../../../../sdk/math/constants.ts";
import { Loading, PageTitle, ReadError } from "../../components/Layout.tsx";
import { useDeployment } from "../../hooks/network.tsx";
import { useRead } from "../../hooks/read.ts";
import { AssetsPanel } from "./AssetsPanel.tsx";
import { Draws } from "./Draws.tsx";
import { GapPanel } from "./GapPanel.tsx";
import { OpenSeries } from "./OpenSeries.tsx";
import { ReserveCharts } from "./ReserveCharts.tsx";
import { StatePanel } from "./StatePanel.tsx";

export type Solvency = Awaited<ReturnType<ReturnType<typeof useDeployment>["client"]["fund"]["solvency"]>>;

export default function Reserves() {
  const { client } = useDeployment();
  const [percentage, setPercentage] = useState("20");
  const gap = (WAD * BigInt(percentage)) / 100n;
  const state = useRead(["solvency", { version: percentage }], async () => {
    const [solvency, fund, ratio] = await Promise.all([
      client.fund.solvency(gap),
      client.fund.report(),
      client.fund.ratio(),
    ]);
    return { solvency, fund, ratio };
  });
  return (
    <>
      <PageTitle title="Reserves">
        What stands behind every position, read from the contracts with each block: who pays, in which order, how much
        there is, and what one more gap would cost.
      </PageTitle>
      <ReadError error={state.error} />
      {state.value === undefined ? (
        <Loading lines={8} />
      ) : (
        <div className="stackwise">
          <StatePanel {...state.value} />
          <div className="two">
            <GapPanel solvency={state.value.solvency} percentage={percentage} onPercentage={setPercentage} />
            <AssetsPanel solvency={state.value.solvency} />
          </div>
          <ReserveCharts now={state.value.fund.segment.reserve} />
          <OpenSeries />
          <Draws />
        </div>
      )}
    </>
  );
}

// Idle reserve in yield vaults of others (FND-06). The desk is announced with the deployment, because that takes cooldown + window; which vaults
// it may use, governance announces later.
import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";

import type { Core, Listed } from "./core.ts";
import { YIELD_FLOOR } from "./defaults.ts";

export interface Reserve {
  readonly yieldDesk: NamedArtifactContractDeploymentFuture<string>;
  /** The step that announces it. */
  readonly announced: Listed;
}

/** Deploys the desk of the house's segment and has the access manager announce it to the fund, which asks for no one else. */
export function deployReserve(m: IgnitionModuleBuilder, core: Core): Reserve {
  const segment = m.staticCall(core.engine, "segment", [], 0, { after: [core.riskController] });
  const yieldDesk = m.contract("YieldDesk", [core.accessManager, core.fund, segment]);
  const investments = m.contractAt("IReserveInvestments", core.fund, { id: "Investments" });
  const announcement = m.encodeFunctionCall(investments, "announceDesk", [segment, yieldDesk, YIELD_FLOOR]);
  const announced = m.call(core.accessManager, "execute", [core.fund, announcement], { id: "announceDesk" });
  return { yieldDesk, announced };
}

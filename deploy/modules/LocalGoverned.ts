import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { linkRiskControl } from "./core.ts";
import { deployGovernance, handOver } from "./governance.ts";
import { localHouse } from "./Local.ts";
import { deployReserve } from "./reserve.ts";

/** The local deployment as a public one ends: risk control linked, all rights with the governor, the deployer holding none (GOV-02). */
export default buildModule("LocalGoverned", (m) => {
  const { contracts, core, steps } = localHouse(m);
  const inputs = { tokenHolder: m.getAccount(0), canceller: m.getAccount(1) };
  const governance = deployGovernance(m, core, inputs);
  const { yieldDesk, announced } = deployReserve(m, core);
  handOver(m, { ...core, yieldDesk }, governance, inputs, [...steps, linkRiskControl(m, core), announced]);
  return { ...contracts, ...governance, yieldDesk };
});

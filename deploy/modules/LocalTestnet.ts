import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { announceSocializedLossCover, linkRiskControl } from "./core.ts";
import { ETH_MARKET } from "./defaults.ts";
import { deployGovernance, handOver } from "./governance.ts";
import { localHouse } from "./Local.ts";
import { deployReserve } from "./reserve.ts";

/** What the vaults of `npm run testnet` promise the fund, WAD: capital is brought after the deployment. */
const COMMITMENTS = { backstop: 100_000n * 10n ** 18n, reinsurance: 50_000n * 10n ** 18n };
/** The first segment of a fund. */
const SEGMENT = 1;

/** As LocalGoverned.ts, with all announced that a house needs weeks for: commitments of both vaults, and cover for both sides of ether. */
export default buildModule("LocalTestnet", (m) => {
  const { contracts, core, steps } = localHouse(m);
  const inputs = { tokenHolder: m.getAccount(0), canceller: m.getAccount(1) };
  const governance = deployGovernance(m, core, inputs);
  const { yieldDesk, announced } = deployReserve(m, core);
  const after = { after: [announced] };
  const all = [
    ...steps,
    announced,
    linkRiskControl(m, core),
    announceSocializedLossCover(m, core, ETH_MARKET.market, true),
    m.call(core.vault, "announceCommitment", [SEGMENT, COMMITMENTS.backstop], { ...after, id: "commitBackstop" }),
    m.call(core.reinsurance, "announceCommitment", [SEGMENT, COMMITMENTS.reinsurance], {
      ...after,
      id: "commitReinsurance",
    }),
  ];
  handOver(m, { ...core, yieldDesk }, governance, inputs, all);
  return { ...contracts, ...governance, yieldDesk };
});

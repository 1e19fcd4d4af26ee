import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import {
  announceSocializedLossCover,
  deployCore,
  linkRiskControl,
  listAsset,
  listChainlinkFeed,
  listMarket,
} from "./core.ts";
import { ETH_MARKET, WETH_ASSET } from "./defaults.ts";

/**
 * A house with one ETH market and wrapped ether as collateral on a public network. Parameters: see deploy/parameters/testnet.json.
 * The deployer ends as administrator of the access manager; governance replaces it (GOV-02 comes with governance).
 */
export default buildModule("Bulwark", (m) => {
  const core = deployCore(m, {
    administrator: m.getAccount(0),
    settlementToken: m.getParameter<string>("settlementToken"),
    feeRecipient: m.getParameter<string>("feeRecipient"),
    claimBond: m.getParameter<bigint>("claimBond"),
    lapseFee: m.getParameter<bigint>("lapseFee"),
  });
  const targets = ["ethFeedA", "ethFeedB", "ethFeedC"].map((name) => m.getParameter<string>(name));
  const listed = listChainlinkFeed(m, core, { feed: 0, maxAge: 3_900 }, targets);
  linkRiskControl(m, core);
  listMarket(m, core, ETH_MARKET, listed);
  listAsset(m, core, WETH_ASSET, m.getParameter<string>("wrappedEther"), listed);
  announceSocializedLossCover(m, core, ETH_MARKET.market, true);
  announceSocializedLossCover(m, core, ETH_MARKET.market, false);
  return { ...core };
});

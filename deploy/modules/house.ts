import { encodeBytes32String } from "ethers";
import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

import { announceSocializedLossCover, deployCore, linkRiskControl, listAsset, listMarket } from "./core.ts";
import { deployTools, deployTriggers } from "./cover.ts";
import { ETH_MARKET, PYTH_ETH_USD, WETH_ASSET } from "./defaults.ts";
import { deployGovernance, handOver } from "./governance.ts";
import { deployReserve } from "./reserve.ts";
import { chainlinkSource, deployReaders, listFeed, pythSource, redStoneSource, uniswapSource } from "./feeds.ts";

/** Oldest answer that counts, seconds: ETH / USD is answered within an hour. */
const MAX_AGE = 3_900;

/**
 * A house with one ETH market and wrapped ether as collateral, and everything that stands around it. Its feed has Chainlink, Pyth and RedStone
 * as sources, and where there is a pool a fourth, so that three must agree; without it two of two kinds. The deployer ends without a right
 * (GOV-02).
 */
export function deployHouse(m: IgnitionModuleBuilder, { hasPool }: { readonly hasPool: boolean }) {
  const readers = deployReaders(m);
  const settlementToken = m.getParameter<string>("settlementToken");
  const pyth = m.getParameter<string>("pyth");
  const core = deployCore(m, {
    administrator: m.getAccount(0),
    settlementToken,
    feeRecipient: m.getParameter<string>("feeRecipient"),
    claimBond: m.getParameter<bigint>("claimBond"),
    lapseFee: m.getParameter<bigint>("lapseFee"),
    sequencer: {
      feed: m.getParameter<string>("sequencerFeed"),
      grace: m.getParameter<bigint>("sequencerGrace"),
    },
    pyth,
    redStone: readers.redStone,
  });
  const sources = [
    chainlinkSource(core, m.getParameter<string>("ethUsdFeed"), MAX_AGE),
    pythSource(core, pyth, PYTH_ETH_USD, MAX_AGE),
    redStoneSource(readers, encodeBytes32String("ETH"), MAX_AGE),
  ];
  if (hasPool) {
    sources.push(uniswapSource(readers, m.getParameter<string>("ethPool"), m.getParameter<string>("ethPoolSettings")));
  }
  const rules = { quorum: hasPool ? 3 : 2 };
  const listed = listFeed(m, core, { feed: ETH_MARKET.market, maxAge: MAX_AGE, rules }, sources);
  const { yieldDesk, announced } = deployReserve(m, core);
  const steps = [
    announced,
    linkRiskControl(m, core),
    listMarket(m, core, ETH_MARKET, listed),
    listAsset(m, core, WETH_ASSET, m.getParameter<string>("wrappedEther"), listed),
    announceSocializedLossCover(m, core, ETH_MARKET.market, true),
    announceSocializedLossCover(m, core, ETH_MARKET.market, false),
  ];
  const inputs = {
    tokenHolder: m.getParameter<string>("tokenHolder"),
    canceller: m.getParameter<string>("canceller"),
  };
  const governance = deployGovernance(m, core, inputs);
  handOver(m, { ...core, yieldDesk }, governance, inputs, steps);
  return {
    ...core,
    ...governance,
    yieldDesk,
    redStoneSource: readers.redStone,
    uniswapSource: readers.uniswap,
    ...deployTriggers(m, core, settlementToken),
    ...deployTools(m, core),
  };
}

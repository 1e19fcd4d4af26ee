// The next deployment: a house of its own for the same token, on the same feeds.
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { announceSocializedLossCover, deployCore, listMarket } from "../../../../deploy/modules/core.ts";
import { CLAIM_BOND, ETH_MARKET } from "../../../../deploy/modules/defaults.ts";
import { listMockFeed, mockReaders } from "../../../../deploy/modules/mocks.ts";

const UNIT = 10n ** 6n;

export default buildModule("Next", (m) => {
  const core = deployCore(m, {
    administrator: m.getAccount(0),
    settlementToken: m.getParameter<string>("token"),
    feeRecipient: m.getAccount(0),
    claimBond: CLAIM_BOND.bond * UNIT,
    lapseFee: CLAIM_BOND.lapseFee * UNIT,
  });
  const targets = [0, 1, 2].map((index) => m.getParameter<string>(`feed${index}`));
  const listed = listMockFeed(m, core, { feed: ETH_MARKET.market, maxAge: 86_400 }, targets, mockReaders(m));
  listMarket(m, core, ETH_MARKET, listed);
  announceSocializedLossCover(m, core, ETH_MARKET.market, false);
  return { house: core.house, orders: core.orders, vault: core.vault, fund: core.fund, engine: core.engine };
});

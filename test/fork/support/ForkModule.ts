import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { deployCore, listAsset, listMarket } from "../../../deploy/modules/core.ts";
import { CLAIM_BOND, ETH_MARKET, WETH_ASSET } from "../../../deploy/modules/defaults.ts";
import { listMockFeed, mockReaders } from "../../../deploy/modules/mocks.ts";

const UNIT = 10n ** 6n;
/** ETH / USD is answered within an hour; a margin as in deploy/modules/Bulwark.ts. */
export const MAX_AGE = 3_900;
/** Sources of the feed. */
export const SOURCES = 3;

/** What a testnet gets (deploy/modules/Bulwark.ts), over contracts that stand on the fork. */
export default buildModule("Fork", (m) => {
  const core = deployCore(m, {
    administrator: m.getAccount(0),
    settlementToken: m.getParameter<string>("usdc"),
    feeRecipient: m.getAccount(0),
    claimBond: CLAIM_BOND.bond * UNIT,
    lapseFee: CLAIM_BOND.lapseFee * UNIT,
  });
  const feeds = Array.from({ length: SOURCES }, (_, index) => m.getParameter<string>(`feed${index}`));
  const listed = listMockFeed(m, core, { feed: 0, maxAge: MAX_AGE }, feeds, mockReaders(m));
  listMarket(m, core, ETH_MARKET, listed);
  listAsset(m, core, WETH_ASSET, m.getParameter<string>("weth"), listed);
  return { ...core };
});

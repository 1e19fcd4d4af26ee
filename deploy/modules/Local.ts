import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

import { announceSocializedLossCover, deployCore, listAsset, listMarket } from "./core.ts";
import { deployTools, deployTriggers } from "./cover.ts";
import { BTC_MARKET, CLAIM_BOND, ETH_MARKET, WETH_ASSET } from "./defaults.ts";
import { listMockFeed, mockReaders } from "./mocks.ts";

/** Decimals of the local feeds, as Chainlink's USD feeds have. */
const FEED_DECIMALS = 8;
/** One unit of the settlement token, which has six decimals. */
const UNIT = 10n ** 6n;
/** Sources of every local feed. */
const SOURCES = 3;

/**
 * The same deployment with test tokens and feeds that a script moves. The ETH feed serves market 0 and wrapped ether, the BTC feed market 1.
 * @returns its contracts, and the steps after which nothing more is set up
 */
export function localHouse(m: IgnitionModuleBuilder) {
  const usd = m.contract("MockToken", ["Test Dollar", "USDT", 6], {
    id: "Usd",
  });
  const weth = m.contract("MockToken", ["Wrapped Ether", "WETH", 18], {
    id: "Weth",
  });
  const ethPrice = m.getParameter("ethPrice", 200n * 10n ** 8n);
  const btcPrice = m.getParameter("btcPrice", 8_000n * 10n ** 8n);
  const feeds = (name: string, price: typeof ethPrice) =>
    Array.from({ length: SOURCES }, (_, index) =>
      m.contract("MockAggregator", [FEED_DECIMALS, price], {
        id: `${name}Feed${index}`,
      }),
    );
  const eth = feeds("Eth", ethPrice);
  const btc = feeds("Btc", btcPrice);
  const core = deployCore(m, {
    administrator: m.getAccount(0),
    settlementToken: usd,
    feeRecipient: m.getAccount(0),
    claimBond: CLAIM_BOND.bond * UNIT,
    lapseFee: CLAIM_BOND.lapseFee * UNIT,
  });
  const readers = mockReaders(m);
  const ethListed = listMockFeed(m, core, { feed: 0, maxAge: 86_400 }, eth, readers);
  const btcListed = listMockFeed(m, core, { feed: 1, maxAge: 86_400 }, btc, readers);
  const steps = [
    listMarket(m, core, ETH_MARKET, ethListed),
    listMarket(m, core, BTC_MARKET, btcListed),
    listAsset(m, core, WETH_ASSET, weth, ethListed),
    announceSocializedLossCover(m, core, ETH_MARKET.market, false),
  ];
  const [ethFeed0, ethFeed1, ethFeed2] = eth;
  const [btcFeed0, btcFeed1, btcFeed2] = btc;
  if (!ethFeed0 || !ethFeed1 || !ethFeed2 || !btcFeed0 || !btcFeed1 || !btcFeed2)
    throw new Error("three sources a feed");
  const contracts = {
    ...core,
    ...deployTriggers(m, core, usd),
    ...deployTools(m, core),
    usd,
    weth,
    ethFeed0,
    ethFeed1,
    ethFeed2,
    btcFeed0,
    btcFeed1,
    btcFeed2,
  };
  return { contracts, core, steps };
}

/** What `npm start` and the tests run on: the deployer stays administrator. */
export default buildModule("Local", (m) => localHouse(m).contracts);

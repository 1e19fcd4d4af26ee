import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { announceSocializedLossCover, deployCore, listAsset, listMarket } from "../../deploy/modules/core.ts";
import { CLAIM_BOND, ETH_MARKET, MarketClass, RISK_PARAMETERS, WETH_ASSET } from "../../deploy/modules/defaults.ts";
import type { MarketTerms } from "../../deploy/modules/defaults.ts";
import { listMockFeed, mockReaders } from "../../deploy/modules/mocks.ts";
import type { SystemModule } from "../replay/chain.ts";
import { TOKEN_DECIMALS } from "../replay/local.ts";
import type { ClassName } from "./data.ts";

const FEED_DECIMALS = 8;
/** Answers for a day, as the local feeds. */
const MAX_AGE = 86_400;
const CLASSES: Readonly<Record<ClassName, number>> = {
  major: MarketClass.Major,
  mid: MarketClass.Mid,
  tail: MarketClass.Tail,
};

/** Market 0 in its class: mmr starts at the class's floor, where risk control puts it while the market is calm. */
export function marketOf(name: ClassName): MarketTerms {
  const index = CLASSES[name];
  const rate = RISK_PARAMETERS[index]?.maintenanceFloor ?? ETH_MARKET.maintenanceRate;
  return { ...ETH_MARKET, class: index, maintenanceRate: rate };
}

/** The deployment of the replay with one market, of any class, and a settlement token of as many decimals. */
export function moduleOf(name: ClassName, decimals = TOKEN_DECIMALS): SystemModule {
  const unit = 10n ** BigInt(decimals);
  return buildModule(`Crash_${name}_${decimals}`, (m) => {
    const usd = m.contract("MockToken", ["Test Dollar", "USDT", decimals], { id: "Usd" });
    const weth = m.contract("MockToken", ["Wrapped Ether", "WETH", 18], { id: "Weth" });
    const price = m.getParameter<bigint>("ethPrice");
    const feed = (index: number) => m.contract("MockAggregator", [FEED_DECIMALS, price], { id: `Feed${index}` });
    const [ethFeed0, ethFeed1, ethFeed2] = [feed(0), feed(1), feed(2)];
    const core = deployCore(m, {
      administrator: m.getAccount(0),
      settlementToken: usd,
      feeRecipient: m.getAccount(0),
      claimBond: CLAIM_BOND.bond * unit,
      lapseFee: CLAIM_BOND.lapseFee * unit,
    });
    const listed = listMockFeed(m, core, { feed: 0, maxAge: MAX_AGE }, [ethFeed0, ethFeed1, ethFeed2], mockReaders(m));
    const market = marketOf(name);
    listMarket(m, core, market, listed);
    listAsset(m, core, WETH_ASSET, weth, listed);
    announceSocializedLossCover(m, core, market.market, false);
    return { ...core, usd, weth, ethFeed0, ethFeed1, ethFeed2 };
  });
}

// What a house needs before anyone can trade: prices, a filled fund, underwriters' capital, commitments, cover on sale, limits of risk.
import { parseUnits } from "ethers";

import type { Chain, Step } from "./chain.ts";
import { give } from "./faucet.ts";
import { startPrices } from "./prices.ts";
import type { Prices } from "./prices.ts";

/** Accounts of the node that its scripts use, each alone so that nonces never meet. The others are the developer's. */
export const Account = { Faucet: 18, Operator: 19 } as const;
/** So many accounts have tokens from the start. */
export const FUNDED = 10;
export const GIFT = { usd: 100_000n, weth: 100n, eth: 0n };
const WEEK = 604_800;
/** Cover is on sale until the end of this week from now, a term that the product allows. */
const COVER_WEEKS = 8;
/** Products that the module announces: cover for shorts and for longs of ether. */
const PRODUCTS = [1, 2];
/** Most that one token of cover pays: a fifth of the first price, WAD. */
const COVER_LIMIT = 40n * 10n ** 18n;
const DOLLARS = (amount: number): bigint => parseUnits(String(amount), 6);
const RESERVE = DOLLARS(1_000_000);
const CAPITAL = { CoverageVault: [80_000, 220_000], ReinsuranceVault: [40_000, 110_000] } as const;
export const FEEDS = { ether: ["EthFeed0", "EthFeed1", "EthFeed2"], bitcoin: ["BtcFeed0", "BtcFeed1", "BtcFeed2"] };
/** Feeds and markets 0 and 1. */
export const BOTH_FEEDS = 3;
export const MARKETS = [0, 1];

/** Answers of all feeds, and the house's prices with them. */
export function pricing(prices: Prices): Step[] {
  const set = (feeds: readonly string[], answer: bigint) =>
    feeds.map((to) => ({ face: "MockAggregator", to, method: "setAnswer", args: [answer] }) as const);
  return [
    ...set(FEEDS.ether, prices.ether),
    ...set(FEEDS.bitcoin, prices.bitcoin),
    { face: "PriceOracle", to: "PriceOracle", method: "refreshAll", args: [BOTH_FEEDS] },
  ];
}

export const syncing: Step = { face: "RiskController", to: "RiskController", method: "syncMany", args: [MARKETS] };

/** Fills a deployment whose announcements have waited. `onStep` is told what is done. */
export async function setUp(chain: Chain, accounts: readonly string[], onStep: (note: string) => void): Promise<void> {
  const operator = accounts[Account.Operator] ?? "";
  const segment = await chain.read("LiquidationEngine", "LiquidationEngine", "segment");
  await chain.act(operator, ...pricing(startPrices()));
  await chain.act(operator, ...paying(chain.address("InsuranceFund"), RESERVE, operator), {
    face: "InsuranceFund",
    to: "InsuranceFund",
    method: "donate",
    args: [segment, RESERVE],
  });
  onStep("the fund's reserve is filled");
  for (const [vault, tranches] of Object.entries(CAPITAL)) {
    for (const [tranche, dollars] of tranches.entries()) {
      const share = String(await chain.read("CoverageVault", vault, "shareOf", [tranche]));
      const assets = DOLLARS(dollars);
      const deposit: Step = { face: "TrancheShare", to: share, method: "deposit", args: [assets, operator] };
      await chain.act(operator, ...paying(share, assets, operator), deposit);
    }
    await chain.act(operator, { face: "CoverageVault", to: vault, method: "activateCommitment", args: [segment] });
  }
  onStep("underwriters' capital stands behind it");
  const week = Math.floor((await chain.now()) / WEEK) + COVER_WEEKS;
  for (const product of PRODUCTS) {
    const args = [product, COVER_LIMIT, week];
    await chain.act(operator, { face: "CoverageVault", to: "CoverageVault", method: "openSeries", args });
  }
  onStep("cover against socialised loss is on sale");
  await chain.act(operator, syncing);
  for (const account of accounts.slice(0, FUNDED)) await give(chain, operator, account, GIFT);
  onStep(`accounts 0 to ${FUNDED - 1} have ${GIFT.usd} USDT and ${GIFT.weth} WETH each`);
}

/** Mints test dollars and allows a contract to take them. */
function paying(spender: string, amount: bigint, owner: string): Step[] {
  return [
    { face: "MockToken", to: "Usd", method: "mint", args: [owner, amount] },
    { face: "MockToken", to: "Usd", method: "approve", args: [spender, amount] },
  ];
}

import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { network } from "hardhat";

import { deployCore, listAsset, listMarket } from "../../../deploy/modules/core.ts";
import { CLAIM_BOND, ETH_MARKET, WETH_ASSET } from "../../../deploy/modules/defaults.ts";
import { listMockFeed, mockReaders } from "../../../deploy/modules/mocks.ts";
import { accountId, USD } from "./deployment.ts";

/** As `HostileToken.Mode`. */
export const Mode = {
  Honest: 0,
  Fee: 1,
  FeeOnTop: 2,
  ReturnsFalse: 3,
  Lies: 4,
  Reverts: 5,
  Paused: 6,
  ReturnsNothing: 7,
  ReturnsGarbage: 8,
  BurnsGas: 9,
  ReturnBomb: 10,
  Reenters: 11,
  BlindBalance: 12,
} as const;

/** The deployment with tokens that misbehave: 6 decimals to settle in, 18 as collateral. */
const HostileModule = buildModule("Hostile", (m) => {
  const usd = m.contract("HostileToken", [6], { id: "Usd" });
  const weth = m.contract("HostileToken", [18], { id: "Weth" });
  const feeds = [0, 1, 2].map((index) => m.contract("MockAggregator", [8, 200n * 10n ** 8n], { id: `Feed${index}` }));
  const core = deployCore(m, {
    administrator: m.getAccount(0),
    settlementToken: usd,
    feeRecipient: m.getAccount(9),
    claimBond: CLAIM_BOND.bond * USD,
    lapseFee: CLAIM_BOND.lapseFee * USD,
  });
  const listed = listMockFeed(m, core, { feed: 0, maxAge: 86_400 }, feeds, mockReaders(m));
  listMarket(m, core, ETH_MARKET, listed);
  listAsset(m, core, WETH_ASSET, weth, listed);
  const [feed0, feed1, feed2] = feeds;
  if (!feed0 || !feed1 || !feed2) throw new Error("three feeds");
  return { ...core, usd, weth, feed0, feed1, feed2 };
});

export async function deployHostile() {
  const { ethers, ignition, networkHelpers, provider } = await network.create();
  const deployed = await ignition.deploy(HostileModule);
  const at = async (contract: { getAddress(): Promise<string> }) => contract.getAddress();
  const house = await ethers.getContractAt("IClearingHouse", await at(deployed.clearingHouse));
  const houseAddress = await house.getAddress();
  const engine = await ethers.getContractAt("LiquidationEngine", await at(deployed.engine));
  const fund = await ethers.getContractAt("InsuranceFund", await at(deployed.fund));
  const router = await ethers.getContractAt("Router", await at(deployed.router));
  const usd = await ethers.getContractAt("HostileToken", await at(deployed.usd));
  const weth = await ethers.getContractAt("HostileToken", await at(deployed.weth));
  const feeds = await Promise.all(
    [deployed.feed0, deployed.feed1, deployed.feed2].map(async (feed) =>
      ethers.getContractAt("MockAggregator", await at(feed)),
    ),
  );
  const [administrator, alice, bob, carol] = await ethers.getSigners();
  if (!administrator || !alice || !bob || !carol) throw new Error("too few accounts");
  const ordersAddress = await at(deployed.orders);
  await provider.request({ method: "hardhat_impersonateAccount", params: [ordersAddress] });
  await provider.request({ method: "hardhat_setBalance", params: [ordersAddress, "0x56BC75E2D63100000"] });
  const orderBook = await ethers.getSigner(ordersAddress);
  const segment = await engine.segment();
  return {
    ethers,
    provider,
    networkHelpers,
    house,
    houseAddress,
    engine,
    fund,
    router,
    usd,
    weth,
    administrator,
    alice,
    bob,
    carol,
    segment,
    usdAddress: await usd.getAddress(),
    wethAddress: await weth.getAddress(),
    feeRecipient: (await ethers.getSigners())[9],
    async cash(who: typeof alice, dollars: bigint) {
      await usd.mint(who.address, dollars * USD);
      await usd.connect(who).approve(houseAddress, dollars * USD);
      await house.connect(who).deposit(accountId(who.address), 0, dollars * USD);
      return accountId(who.address);
    },
    async trade(taker: string, maker: string, size: bigint, price: bigint) {
      return house.connect(orderBook).trade({ taker, maker, market: 0, size, price });
    },
    async setEth(price: bigint) {
      await networkHelpers.time.increase(60);
      for (const feed of feeds) await feed.setAnswer(price / 10n ** 10n);
    },
    async fundReserve(dollars: bigint) {
      await usd.mint(administrator.address, dollars * USD);
      await usd.approve(await fund.getAddress(), dollars * USD);
      await fund.donate(segment, dollars * USD);
    },
  };
}

export type HostileDeployment = Awaited<ReturnType<typeof deployHostile>>;

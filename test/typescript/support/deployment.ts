import { network } from "hardhat";
import type { EthereumProvider } from "hardhat/types/providers";

import LocalModule from "../../../deploy/modules/Local.ts";

export const WAD = 10n ** 18n;
export const USD = 10n ** 6n;
export const ETH_MARKET = 0;
export const BTC_MARKET = 1;
export const CASH = 0;
export const WETH = 1;

/** Settings of an in-process chain. */
export interface ChainSettings {
  readonly allowBlocksWithSameTimestamp?: boolean;
  readonly gas?: bigint;
}

const ENOUGH_GAS = "0xe4e1c0"; // 15,000,000

/** Runs `action` with the same answer to every question for an estimate: enough. */
async function withoutEstimates<Result>(provider: EthereumProvider, action: () => Promise<Result>): Promise<Result> {
  const request = provider.request.bind(provider);
  provider.request = async (call) =>
    call.method === "eth_estimateGas" ? ENOUGH_GAS : (request(call) as Promise<unknown>);
  try {
    return await action();
  } finally {
    provider.request = request;
  }
}

/**
 * Deploys the whole system through Ignition on a fresh in-process chain, as a user's deployment does.
 * @param override settings of the chain that differ, such as blocks that share a second
 */
export async function deployLocal(override: ChainSettings = {}) {
  const connection = await network.create({ override });
  const { ethers, ignition, networkHelpers, provider } = connection;
  const parameters = { Local: { ethPrice: 200n * 10n ** 8n, btcPrice: 8_000n * 10n ** 8n } };
  const deploy = () => ignition.deploy(LocalModule, { parameters });
  // Where blocks share seconds, an estimate may find a price cached that the transaction, a second later, has to read (known issue 30).
  const deployed = await (override.allowBlocksWithSameTimestamp ? withoutEstimates(provider, deploy) : deploy());
  const signers = await ethers.getSigners();
  const house = await ethers.getContractAt("IClearingHouse", await deployed.clearingHouse.getAddress());
  const engine = await ethers.getContractAt("LiquidationEngine", await deployed.engine.getAddress());
  const fund = await ethers.getContractAt("InsuranceFund", await deployed.fund.getAddress());
  const oracle = await ethers.getContractAt("PriceOracle", await deployed.oracle.getAddress());
  const orders = await ethers.getContractAt("SignedOrders", await deployed.orders.getAddress());
  const router = await ethers.getContractAt("Router", await deployed.router.getAddress());
  const lens = await ethers.getContractAt("Lens", await deployed.lens.getAddress());
  const usd = await ethers.getContractAt("MockToken", await deployed.usd.getAddress());
  const weth = await ethers.getContractAt("MockToken", await deployed.weth.getAddress());
  const feed = async (contract: { getAddress(): Promise<string> }) =>
    ethers.getContractAt("MockAggregator", await contract.getAddress());
  const ethFeeds = await Promise.all([deployed.ethFeed0, deployed.ethFeed1, deployed.ethFeed2].map(feed));
  const btcFeeds = await Promise.all([deployed.btcFeed0, deployed.btcFeed1, deployed.btcFeed2].map(feed));
  // Of three kinds: of what a feed's sources are, one after the other.
  const readers = await Promise.all([
    oracle.getAddress(),
    (await ethers.deployContract("MockPullReader")).getAddress(),
    (await ethers.deployContract("MockTimeWeightedReader")).getAddress(),
  ]);
  const [administrator] = signers;
  if (administrator === undefined) throw new Error("no accounts");
  const houseAddress = await house.getAddress();
  const segment = await engine.segment();

  /** Impersonated order book: fills without signatures, for tests of the house itself. */
  const ordersAddress = await orders.getAddress();
  await provider.request({ method: "hardhat_impersonateAccount", params: [ordersAddress] });
  await provider.request({ method: "hardhat_setBalance", params: [ordersAddress, "0x56BC75E2D63100000"] });
  const orderBook = await ethers.getSigner(ordersAddress);

  return {
    connection,
    deployed,
    ethers,
    networkHelpers,
    provider,
    administrator,
    signers,
    house,
    houseAddress,
    engine,
    fund,
    oracle,
    orders,
    orderBook,
    router,
    lens,
    usd,
    weth,
    ethFeeds,
    btcFeeds,
    readers,
    segment,
  };
}

export type Deployment = Awaited<ReturnType<typeof deployLocal>>;
export type Signer = Deployment["administrator"];

/** The account number `sub` of `owner`. */
export function accountId(owner: string, sub = 0n): string {
  return `0x${owner.slice(2).toLowerCase()}${sub.toString(16).padStart(24, "0")}`;
}

/** Verbs that most tests need. */
export function actions(d: Deployment) {
  const setPrice = async (feeds: Deployment["ethFeeds"], price: bigint) => {
    for (const feed of feeds) await feed.setAnswer(price / 10n ** 10n);
  };
  return {
    /** Moves all three ETH feeds, WAD, and advances `seconds`. */
    async setEth(price: bigint, seconds = 60) {
      if (seconds > 0) await d.networkHelpers.time.increase(seconds);
      await setPrice(d.ethFeeds, price);
    },
    async setBtc(price: bigint, seconds = 60) {
      if (seconds > 0) await d.networkHelpers.time.increase(seconds);
      await setPrice(d.btcFeeds, price);
    },
    /** Deposits whole dollars (or an exact amount of 1e-6) into sub-account 0 of `who`. */
    async depositUsd(who: Signer, amount: bigint, sub = 0n) {
      await d.usd.mint(who.address, amount);
      await d.usd.connect(who).approve(d.houseAddress, amount);
      await d.house.connect(who).deposit(accountId(who.address, sub), CASH, amount);
      return accountId(who.address, sub);
    },
    async depositWeth(who: Signer, amount: bigint, sub = 0n) {
      await d.weth.mint(who.address, amount);
      await d.weth.connect(who).approve(d.houseAddress, amount);
      await d.house.connect(who).deposit(accountId(who.address, sub), WETH, amount);
      return accountId(who.address, sub);
    },
    /** Gives to the fund's reserve, 1e-6. */
    async fundReserve(amount: bigint) {
      if (amount === 0n) return;
      await d.usd.mint(d.administrator.address, amount);
      await d.usd.approve(await d.fund.getAddress(), amount);
      await d.fund.donate(d.segment, amount);
    },
    /** Books a fill: `taker` receives `size`. */
    async trade(taker: string, maker: string, market: number, size: bigint, price: bigint) {
      return d.house.connect(d.orderBook).trade({ taker, maker, market, size, price });
    },
    async bid(who: Signer, account: string, fraction = WAD, bidder = accountId(who.address)) {
      return d.engine
        .connect(who)
        .bid({ account, bidder, fraction, minFraction: 0n, maxPrice: 2n ** 255n, minIncome: 0n });
    },
  };
}

/**
 * CLR-08: sum(cash) + sum(position value) + fund account - unallocated + fees against settlement tokens held, over the given accounts,
 * which must be all there are. Positive: the house holds more than it owes.
 */
export async function conservationDifference(d: Deployment, accounts: readonly string[]): Promise<bigint> {
  const [ethPrice] = await d.oracle.quote(0);
  const [btcPrice] = await d.oracle.quote(1);
  const prices = [ethPrice, btcPrice];
  let claims = 0n;
  for (const account of [...accounts, await d.house.clearingAccount()]) {
    claims += (await d.house.headerOf(account)).cash;
    for (const market of [ETH_MARKET, BTC_MARKET]) {
      const [base, quote] = await d.house.positionOf(account, market);
      claims += (base * (prices[market] ?? 0n)) / WAD + quote;
    }
  }
  const [fees] = await d.house.totals();
  const held = (await d.usd.balanceOf(d.houseAddress)) * 10n ** 12n;
  return held - (claims + fees + (await d.house.fundAccount()) - (await d.house.unallocatedLoss()));
}

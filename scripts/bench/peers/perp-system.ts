// Perpetual Protocol v2 (Curie 2.8.4) as published: its artifacts, over pools of Uniswap's own factory and feeds of Chainlink's own
// bytecode. Without the proxies that it stands behind in production, so that what is measured is less than what its users pay.
import type { Foreign, ForeignChain } from "../../fork/foreign.ts";
import { squareRoot } from "../../fork/parts/uniswap.ts";
import { readArtifact } from "../../fork/published.ts";
import { BenchError } from "../errors.ts";
import { deployFeed } from "../chainlink.ts";
import type { Feed } from "../chainlink.ts";
import { UNLIMITED, WAD } from "../world.ts";
import type { World } from "../world.ts";

/** Uniswap's fee, which the pool's tick spacing follows from, and Perp's own, as most of its markets had them; millionths. */
const POOL_FEE = 3_000;
const TRADING_FEE = 1_000;
/** Part of the trading fee that its insurance fund receives, millionths. */
const FUND_FEE = 100_000;
/** The most that its exchange allows: a tenth of the price at once. */
const MAX_TICKS = 1_000;
/** Observations that a pool keeps. */
const CARDINALITY = 64;
/** Interval that its feeds keep an average of, and the time after which they would turn to Uniswap, seconds. */
const AVERAGE_INTERVAL = 900;
const FEED_TIMEOUT = 2_400;
/** Addresses that the quote token is chosen from, and how often a base token is tried: it has to lie below. */
const QUOTE_TOKENS = 8;
const BASE_TOKENS = 64;

const CURIE = "@perp/curie-contract/artifacts/contracts";
const ORACLE = "@perp/perp-oracle-contract/artifacts/contracts";
const curie = (name: string) => readArtifact(`${CURIE}/${name}.sol/${name}.json`);
const oracle = (name: string) => readArtifact(`${ORACLE}/${name}.sol/${name}.json`);
const uniswap = (name: string) => readArtifact(`@uniswap/v3-core/artifacts/contracts/${name}.sol/${name}.json`);

/** A market: the token that stands for its asset, and the feed of its index price. */
export interface PerpMarket {
  readonly base: Foreign;
  readonly feed: Feed;
}

export interface Perp {
  readonly house: Foreign;
  readonly vault: Foreign;
  readonly exchange: Foreign;
  readonly accounts: Foreign;
  readonly fund: Foreign;
  readonly registry: Foreign;
  readonly quote: Foreign;
  readonly factory: Foreign;
}

/** Its contracts, introduced to each other. `usd` is what traders deposit. */
export async function deployPerp(chain: ForeignChain, usd: string): Promise<Perp> {
  const create = (name: string) => chain.deploy(curie(name));
  const factory = await chain.deploy(uniswap("UniswapV3Factory"));
  const quote = await highest(QUOTE_TOKENS, () => create("QuoteToken"));
  const [settings, registry, orders] = [
    await create("ClearingHouseConfig"),
    await create("MarketRegistry"),
    await create("OrderBook"),
  ];
  const [exchange, accounts, vault] = [await create("Exchange"), await create("AccountBalance"), await create("Vault")];
  const [fund, house] = [await create("InsuranceFund"), await create("ClearingHouse")];
  const initialize = (contract: Foreign, ...args: readonly (Foreign | string)[]) =>
    contract.send(
      "initialize",
      args.map((arg) => (typeof arg === "string" ? arg : arg.address)),
    );
  await initialize(quote, "vUSD", "vUSD");
  await initialize(settings);
  await initialize(registry, factory, quote);
  await initialize(orders, registry);
  await initialize(fund, usd);
  await initialize(exchange, registry, orders, settings);
  await initialize(accounts, settings, orders);
  await initialize(vault, fund, settings, accounts, exchange);
  await initialize(house, settings, vault, quote, factory, exchange, accounts, fund);
  await orders.send("setExchange", [exchange.address]);
  await exchange.send("setAccountBalance", [accounts.address]);
  for (const contract of [fund, accounts]) await contract.send("setVault", [vault.address]);
  for (const contract of [registry, orders, exchange, accounts, vault]) {
    await contract.send("setClearingHouse", [house.address]);
  }
  await settings.send("setSettlementTokenBalanceCap", [UNLIMITED]);
  await quote.send("mintMaximumTo", [house.address]);
  await quote.send("addWhitelist", [house.address]);
  return { house, vault, exchange, accounts, fund, registry, quote, factory };
}

/** Lists a market whose pool opens at a price in whole dollars. Its feed has said nothing yet. */
export async function listMarket(world: World, chain: ForeignChain, perp: Perp, price: bigint): Promise<PerpMarket> {
  const { house, quote, factory, registry, exchange } = perp;
  const feed = await deployFeed(world.chain, world.chain.administrator);
  const reader = await chain.deploy(oracle("ChainlinkPriceFeedV3"), [feed.proxy, FEED_TIMEOUT, AVERAGE_INTERVAL]);
  const dispatcher = await chain.deploy(oracle("PriceFeedDispatcher"), [reader.address]);
  const base = await below(quote, () => chain.deploy(curie("BaseToken")));
  await base.send("initialize", ["vBASE", "vBASE", dispatcher.address]);
  const pair = [base.address, quote.address, POOL_FEE];
  await factory.send("createPool", pair);
  const pool = chain.at(await factory.readAddress("getPool", pair), uniswap("UniswapV3Pool").abi);
  await pool.send("initialize", [rootOf(price)]);
  await pool.send("increaseObservationCardinalityNext", [CARDINALITY]);
  await base.send("mintMaximumTo", [house.address]);
  for (const owner of [house, pool]) await base.send("addWhitelist", [owner.address]);
  await quote.send("addWhitelist", [pool.address]);
  await registry.send("addPool", [base.address, POOL_FEE]);
  await registry.send("setFeeRatio", [base.address, TRADING_FEE]);
  await registry.send("setInsuranceFundFeeRatio", [base.address, FUND_FEE]);
  await exchange.send("setMaxTickCrossedWithinBlock", [base.address, MAX_TICKS]);
  return { base, feed };
}

/** A price in whole dollars as Uniswap's pools keep it: its square root, 2^-96. */
export const rootOf = (price: bigint): bigint => squareRoot(price << 192n);

/** What a market's position of `value` dollars is worth at a price, in units of the base token. */
export const sizeOf = (value: bigint, price: bigint): bigint => (value * WAD) / price;

/** The one of several new contracts with the highest address. */
async function highest(count: number, create: () => Promise<Foreign>): Promise<Foreign> {
  let found = await create();
  for (let index = 1; index < count; index++) {
    const next = await create();
    if (BigInt(next.address) > BigInt(found.address)) found = next;
  }
  return found;
}

/** Creates a contract until its address is below another one's. */
async function below(bound: Foreign, create: () => Promise<Foreign>): Promise<Foreign> {
  for (let index = 0; index < BASE_TOKENS; index++) {
    const next = await create();
    if (BigInt(next.address) < BigInt(bound.address)) return next;
  }
  throw new BenchError(`none of ${BASE_TOKENS} base tokens has an address below the quote token's`);
}

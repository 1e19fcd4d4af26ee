// Feeds over sources of several kinds, each as its publisher compiled it, as far as npm has it.
import { AbiCoder, Contract, SigningKey, Wallet } from "ethers";
import type { InterfaceAbi } from "ethers";

import { FEED_RULES, PYTH_ETH_USD } from "../../../deploy/modules/defaults.ts";
import { ETH_FEED, REDSTONE_DECIMALS, redStonePayload } from "../../fork/parts/redstone.ts";
import { poolAbi } from "../../fork/parts/uniswap.ts";
import { readArtifact } from "../../fork/published.ts";
import { deployFeed, submission } from "../chainlink.ts";
import { BenchError } from "../errors.ts";
import { pythCreation, pythSettings, pythTransaction } from "../pyth.ts";
import { OPENING_PRICE, WAD } from "../world.ts";
import type { World } from "../world.ts";
import type { Scenario } from "./scenario.ts";

/** Not the number of a market. */
const THREE = 40;
const FIVE = 41;
const FACTORY = "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json";
const POOL_FEE = 3_000;
const [LOWEST_TICK, HIGHEST_TICK] = [-887_220, 887_220];
const LIQUIDITY = WAD;
/** Observations that the pool keeps, and trades a minute apart: the ring is full, and longer than the window. */
const CARDINALITY = 64;
const TRADES = 80;
const WINDOW = 1_800;
const MAX_AGE = 86_400;
const MINUTE = 60;
/** Pyth's and RedStone's prices and Chainlink's answers have eight decimals. */
const FROM_WAD = 10n ** 10n;
const NODES = [1, 2, 3].map((digit) => new SigningKey(`0x${String(digit).repeat(64)}`));
const A_QUARTER = 15 * MINUTE;

const coder = AbiCoder.defaultAbiCoder();

interface Source {
  readonly listing: { readonly reader: string; readonly target: string; readonly settings: string };
  /** Publishes a price, WAD. */
  readonly say: (price: bigint) => Promise<unknown>;
}

/** Creates a contract of the project, known to the profile by its name. */
async function deploy(world: World, name: string, args: readonly unknown[] = []): Promise<string> {
  const { chain } = world;
  const factory = await chain.ethers.getContractFactory(name);
  const { data } = await factory.getDeployTransaction(...args);
  const at = await chain.deploy(data);
  chain.names.set(at, name);
  return at;
}

/** Creates a published contract. */
async function deployPublished(
  world: World,
  published: { readonly abi: InterfaceAbi; readonly bytecode: string },
  args: readonly unknown[] = [],
): Promise<Contract> {
  const contract = new Contract(world.chain.administrator, published.abi);
  const code = published.bytecode + contract.interface.encodeDeploy([...args]).slice(2);
  return new Contract(await world.chain.deploy(code), published.abi);
}

/** Proxy and aggregator, read by the oracle itself. */
async function chainlink(world: World): Promise<Source> {
  const { chain } = world;
  const feed = await deployFeed(chain, chain.administrator);
  chain.names.set(feed.proxy, "ChainlinkProxy");
  chain.names.set(feed.aggregator, "ChainlinkAggregator");
  let round = 0;
  return {
    listing: { reader: chain.at.oracle, target: feed.proxy, settings: coder.encode(["uint32"], [MAX_AGE]) },
    say: (price) => chain.send(submission(feed, ++round, price / FROM_WAD)),
  };
}

/** MockPyth of Pyth's SDK, read by the oracle itself. */
async function pyth(world: World): Promise<Source> {
  const { chain } = world;
  const target = await chain.deploy(pythCreation());
  chain.names.set(target, "MockPyth");
  return {
    listing: { reader: chain.at.oracle, target, settings: pythSettings(PYTH_ETH_USD, MAX_AGE) },
    say: (price) => chain.send(pythTransaction(target, PYTH_ETH_USD, price, BigInt(chain.now()))),
  };
}

/** Three signers of whom two decide, in the store of ours. */
async function redStone(world: World): Promise<Source> {
  const signers = NODES.map(({ privateKey }) => new Wallet(privateKey).address);
  const target = await deploy(world, "RedStoneSource", [signers, 2]);
  const store = await world.chain.ethers.getContractAt("RedStoneSource", target);
  return {
    listing: {
      reader: target,
      target,
      settings: coder.encode(["bytes32", "uint32", "uint8"], [ETH_FEED, MAX_AGE, REDSTONE_DECIMALS]),
    },
    say: (price) => {
      const timestampMs = BigInt(world.chain.now()) * 1_000n;
      const statements = NODES.map((key) => ({ key, feed: ETH_FEED, value: price / FROM_WAD, timestampMs }));
      return world.call(store, "update", [[ETH_FEED], redStonePayload(statements)]);
    },
  };
}

/** A pool of the published factory, at about the opening price, whose ring of observations is full. */
async function uniswap(world: World): Promise<Source> {
  const { chain } = world;
  const other = await deploy(world, "MockToken", ["Ether", "ETH", 18]);
  const [token0, token1] = BigInt(other) < BigInt(chain.at.usd) ? [other, chain.at.usd] : [chain.at.usd, other];
  const factory = await deployPublished(world, readArtifact(FACTORY));
  await world.call(factory, "createPool", [token0, token1, POOL_FEE]);
  const asked = factory.interface.encodeFunctionData("getPool", [token0, token1, POOL_FEE]);
  const answer = await chain.request("eth_call", { to: await factory.getAddress(), data: asked }, "latest");
  const at = String(coder.decode(["address"], String(answer))[0]);
  chain.names.set(at.toLowerCase(), "UniswapV3Pool");
  const pool = new Contract(at, poolAbi);
  // Smallest units of the second token for one of the first: 200 dollars of six decimals for one of 18.
  const dollars = 200 * 10 ** (6 - 18);
  const ratio = token1 === chain.at.usd ? dollars : 1 / dollars;
  const priceAt = (shift: number) => BigInt(Math.floor(Math.sqrt(ratio * 1.0001 ** shift) * 2 ** 40)) << 56n;
  await world.call(pool, "initialize", [priceAt(0)]);
  await world.call(pool, "increaseObservationCardinalityNext", [CARDINALITY]);
  const trader = await chain.ethers.getContractAt("MockPoolTrader", await deploy(world, "MockPoolTrader"));
  await world.call(trader, "mint", [at, LOWEST_TICK, HIGHEST_TICK, LIQUIDITY]);
  const trade = (index: number) =>
    world.call(trader, "moveTo", [at, index % 2 === 1, priceAt(index % 2 === 1 ? -3 : 3)], { seconds: MINUTE });
  let trades = 0;
  while (trades < TRADES) await trade(trades++);
  return {
    listing: {
      reader: await deploy(world, "UniswapV3Source"),
      target: at,
      settings: coder.encode(["address", "uint32", "uint32", "uint128"], [chain.at.usd, WINDOW, MAX_AGE, 1]),
    },
    // Its mean stays where it is; what is said is that somebody has traded.
    say: () => trade(trades++),
  };
}

/** A share of OpenZeppelin's ERC-4626, worth one of its asset, times what a push feed says of that. */
async function ratio(world: World): Promise<Source> {
  const { chain } = world;
  const asset = await deploy(world, "MockToken", ["Ether", "ETH", 18]);
  const vault = await deploy(world, "OpenZeppelinVault", [asset]);
  const token = await chain.ethers.getContractAt("MockToken", asset);
  await world.call(token, "mint", [chain.administrator, WAD]);
  await world.call(token, "approve", [vault, WAD]);
  await world.call(await chain.ethers.getContractAt("OpenZeppelinVault", vault), "deposit", [WAD, chain.administrator]);
  const price = await chainlink(world);
  await price.say(OPENING_PRICE);
  const { target, settings } = price.listing;
  return {
    listing: {
      reader: await deploy(world, "RatioSource", [await deploy(world, "ChainlinkSource"), target, settings]),
      target: vault,
      settings: coder.encode(["bytes4", "uint8", "uint16", "uint16"], ["0x00000000", 18, 500, 9_800]),
    },
    say: price.say,
  };
}

type Make = (world: World) => Promise<Source>;

/** As `refresh`: every source has said something new since the last reading, which was a minute ago in the same interval of sampling. */
function mixed(key: string, feed: number, makes: readonly Make[]): Scenario {
  return {
    keys: [key],
    run: async (world, record) => {
      const { chain } = world;
      const sources: Source[] = [];
      for (const make of makes) sources.push(await make(world));
      const say = async (price: bigint) => {
        for (const source of sources) await source.say(price);
      };
      await say(OPENING_PRICE);
      const rules = { ...FEED_RULES, quorum: makes.length === 3 ? 2 : 3, kinds: 2 };
      await world.call(chain.oracle, "listFeed", [feed, rules, sources.map(({ listing }) => listing)]);
      const { statuses } = await chain.oracle.inspect(feed);
      if (statuses.some((status) => status !== 0n)) throw new BenchError(`statuses ${statuses.join()}`);
      chain.pass(A_QUARTER - (chain.now() % A_QUARTER) + A_QUARTER / 3);
      await say(OPENING_PRICE + WAD);
      await world.call(chain.oracle, "refresh", [feed], { seconds: MINUTE });
      await say(OPENING_PRICE);
      await record(key, await world.call(chain.oracle, "refresh", [feed], { seconds: MINUTE }));
    },
  };
}

export const mixedSources: readonly Scenario[] = [
  mixed("refresh-mixed-3", THREE, [chainlink, pyth, uniswap]),
  mixed("refresh-mixed-5", FIVE, [chainlink, pyth, redStone, uniswap, ratio]),
];

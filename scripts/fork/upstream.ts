// The chain that is forked when no other is named: a node of its own with contracts of others on it, as they are published. Run as a
// child by scripts/ci/fork.mjs: `node upstream.ts MANIFEST`. It compiles what is published as sources only, waits for a line on its
// standard input, starts the chain, writes the manifest, prints `ready` and serves until its standard input ends: when the parent goes,
// however it goes.
import { once } from "node:events";
import hre from "hardhat";

import { ForkError } from "./errors.ts";
import { ForeignChain, overHttp } from "./foreign.ts";
import type { Foreign } from "./foreign.ts";
import { writeManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { compileAave, deployAave } from "./parts/aave.ts";
import { deployAggregator, deployLink, deployProxy, submitRound } from "./parts/chainlink.ts";
import { compileMorpho, deployMorpho } from "./parts/morpho.ts";
import { placePermit2 } from "./parts/permit2.ts";
import { compilePyth, deployPyth, ETH_USD, pythUpdate } from "./parts/pyth.ts";
import { compileRedStone } from "./parts/redstone.ts";
import { deploySafe } from "./parts/safe.ts";
import { deployFiatToken, deployWeth, mintFiat } from "./parts/tokens.ts";
import { deployUniswap, routerAbi, swap } from "./parts/uniswap.ts";

const HOST = "127.0.0.1";
const CHAIN_ID = 31_337;

const USDC = 10n ** 6n;
const ETHER = 10n ** 18n;
/** Dollars for an ether, when the chain begins. */
const ETH_PRICE = 2_000n;
const FEED_UNIT = 10n ** 8n;
const ETH_FEEDS = 3;
const ETH_BAND = { min: 1n * FEED_UNIT, max: 100_000n * FEED_UNIT };
const USDC_BAND = { min: FEED_UNIT / 100n, max: 100n * FEED_UNIT };
const POOL = { usdcAmount: 20_000n * ETH_PRICE * USDC, wethAmount: 20_000n * ETHER };
/** The pool trades for so long before the fork: longer than a window over which its price is averaged. */
const TRADES = 6;
const TRADE_INTERVAL_SECONDS = 900;
/** The deployment has this much of the chain's time. */
const DEPLOYMENT_SECONDS = 900;

const started = performance.now();
function say(text: string): void {
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`upstream ${seconds.padStart(5)} s  ${text}`);
}
const onCompile = (name: string) => say(`compiling ${name} (once)`);

async function main(manifestFile: string): Promise<void> {
  // Before the chain starts, so that its clock does not wait for the compiler.
  const compiled = { aave: compileAave(onCompile), morpho: compileMorpho(onCompile), pyth: compilePyth(onCompile) };
  compileRedStone(onCompile); // A suite wants it.
  process.stdin.resume();
  const gone = once(process.stdin, "end");
  // The parent builds the contracts meanwhile, whose artifacts the chain reads when it starts.
  await Promise.race([once(process.stdin, "data"), gone]);

  const age = TRADES * TRADE_INTERVAL_SECONDS + DEPLOYMENT_SECONDS;
  const initialDate = new Date(Date.now() - age * 1_000).toISOString();
  const server = await hre.network.createServer({ override: { chainId: CHAIN_ID, initialDate } }, HOST);
  const { port } = await server.listen();
  const url = `http://${HOST}:${port}`;
  const request = overHttp(url);
  const people = (await request("eth_accounts", [])) as string[];
  const person = (index: number): string => {
    const address = people[index];
    if (address === undefined) throw new ForkError(`the chain has no account ${index}`);
    return address;
  };
  const deployer = person(0);
  const chain = new ForeignChain(request, deployer);
  say(`chain ${CHAIN_ID} at ${url}`);

  const usdc = await deployFiatToken(chain, {
    proxyAdministrator: person(19),
    masterMinter: person(18),
    pauser: person(18),
    blacklister: person(17),
    owner: person(17),
  });
  const weth = await deployWeth(chain);
  await mintFiat(usdc, deployer, 3n * POOL.usdcAmount);
  say("Circle FiatToken 2.2 behind its proxy, WETH9");
  await request("hardhat_setBalance", [deployer, `0x${(100_000n * ETHER).toString(16)}`]);
  await chain.transact({ to: weth.address, data: "0x", value: `0x${(2n * POOL.wethAmount).toString(16)}` });

  const oracles = [10, 11, 12].map(person);
  const link = await deployLink(chain);
  const ethUsd: string[] = [];
  const aggregators: Foreign[] = [];
  for (let feed = 0; feed < ETH_FEEDS; feed++) {
    const aggregator = await deployAggregator(chain, link, { description: "ETH / USD", oracles, ...ETH_BAND });
    aggregators.push(aggregator);
    ethUsd.push((await deployProxy(chain, aggregator)).address);
  }
  const usdcAggregator = await deployAggregator(chain, link, { description: "USDC / USD", oracles, ...USDC_BAND });
  const usdcUsd = (await deployProxy(chain, usdcAggregator)).address;
  const report = async () => {
    for (const aggregator of aggregators) await submitRound(aggregator, oracles, ETH_PRICE * FEED_UNIT);
    await submitRound(usdcAggregator, oracles, FEED_UNIT);
  };
  await report();
  say(`Chainlink: ${ETH_FEEDS} proxies of ETH / USD and one of USDC / USD, three oracles each, paid in LINK`);

  const uniswap = await deployUniswap(chain, { usdc, weth, ...POOL });
  say("Uniswap v3 with a pool of USDC and WETH");
  const aave = await deployAave(chain, compiled.aave, [
    { token: usdc, symbol: "USDC", feed: usdcUsd },
    { token: weth, symbol: "WETH", feed: ethUsd[0] ?? "" },
  ]);
  say("Aave v3.6 with reserves of USDC and WETH over the same proxies");
  const morpho = await deployMorpho(chain, compiled.morpho);
  const pyth = await deployPyth(chain, compiled.pyth);
  const safe = await deploySafe(chain);
  const permit2 = await placePermit2(chain);
  say("Morpho Blue, MockPyth of Pyth's SDK (the real one is not on npm), Safe 1.5.0, Permit2");

  const router = chain.at(uniswap.router, routerAbi);
  for (let trade = 0; trade < TRADES; trade++) {
    await request("evm_increaseTime", [TRADE_INTERVAL_SECONDS]);
    // There and back, so that the price stays where the feeds have it.
    await swap(deployer, router, usdc, weth, 10n * ETH_PRICE * USDC);
    await swap(deployer, router, weth, usdc, 10n * ETHER);
  }
  await report();
  const { timestamp } = (await request("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
  const quote = { id: ETH_USD, price: ETH_PRICE * FEED_UNIT, confidence: FEED_UNIT, exponent: -8 };
  const updates = [pythUpdate({ ...quote, publishTime: BigInt(timestamp) })];
  const update = pyth.interface.encodeFunctionData("updatePriceFeeds", [updates]);
  await chain.transact({ to: pyth.address, data: update, value: "0x1" });

  const blockNumber = Number(await request("eth_blockNumber", []));
  const manifest: Manifest = {
    network: "local",
    chainId: CHAIN_ID,
    url,
    blockNumber,
    parts: {
      chainlink: { ethUsd, usdcUsd },
      usdc: usdc.address,
      weth: weth.address,
      uniswap,
      aave: { addressesProvider: aave.address },
      morpho: morpho.address,
      pyth: pyth.address,
      mockPyth: pyth.address,
      safe,
      permit2,
    },
  };
  writeManifest(manifestFile, manifest);
  say(`${blockNumber} blocks`);
  console.log("ready");

  await gone;
  await server.close();
}

const [, , manifestFile] = process.argv;
try {
  if (manifestFile === undefined) throw new ForkError("usage: upstream.ts MANIFEST");
  await main(manifestFile);
  process.exit(0);
} catch (error) {
  console.error(error instanceof ForkError ? `upstream: ${error.message}` : error);
  process.exit(1);
}

// Uniswap v3 with a pool of USDC against wrapped ether that has traded for a while.
import { ZeroAddress } from "ethers";

import type { Foreign, ForeignChain } from "../foreign.ts";
import type { Parts } from "../manifest.ts";
import { readArtifact } from "../published.ts";

/** 0.05%, in millionths, and the spacing of its ticks. */
export const POOL_FEE = 500;
const LAST_TICK = 887_270;
const DEADLINE = 2n ** 40n;
/** Observations that the pool keeps. */
const CARDINALITY = 64;

const PERIPHERY = "@uniswap/v3-periphery/artifacts/contracts";
const factory = readArtifact("@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json");
const positionManager = readArtifact(`${PERIPHERY}/NonfungiblePositionManager.sol/NonfungiblePositionManager.json`);
const router = readArtifact(`${PERIPHERY}/SwapRouter.sol/SwapRouter.json`);
export const poolAbi = readArtifact("@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json").abi;
export const factoryAbi = factory.abi;
export const positionManagerAbi = positionManager.abi;
export const routerAbi = router.abi;

export interface PoolStart {
  readonly usdc: Foreign;
  readonly weth: Foreign;
  /** What the deployer puts in, smallest units; their ratio is the first price. */
  readonly usdcAmount: bigint;
  readonly wethAmount: bigint;
}

/** The contracts, and the pool over the whole range. */
export async function deployUniswap(chain: ForeignChain, start: PoolStart): Promise<NonNullable<Parts["uniswap"]>> {
  const { usdc, weth, usdcAmount, wethAmount } = start;
  const factoryAt = await chain.deploy(factory);
  // The descriptor draws a picture of a position; nothing here looks at one.
  const managerAt = await chain.deploy(positionManager, [factoryAt.address, weth.address, ZeroAddress]);
  const routerAt = await chain.deploy(router, [factoryAt.address, weth.address]);

  const isUsdcFirst = BigInt(usdc.address) < BigInt(weth.address);
  const [token0, token1] = isUsdcFirst ? [usdc, weth] : [weth, usdc];
  const [amount0, amount1] = isUsdcFirst ? [usdcAmount, wethAmount] : [wethAmount, usdcAmount];
  const sqrtPriceX96 = squareRoot((amount1 << 192n) / amount0);
  const pair = [token0.address, token1.address, POOL_FEE] as const;
  await managerAt.send("createAndInitializePoolIfNecessary", [...pair, sqrtPriceX96]);
  const pool = chain.at(await factoryAt.readAddress("getPool", pair), poolAbi);
  await pool.send("increaseObservationCardinalityNext", [CARDINALITY]);
  await token0.send("approve", [managerAt.address, amount0]);
  await token1.send("approve", [managerAt.address, amount1]);
  const range = [-LAST_TICK, LAST_TICK];
  await managerAt.send("mint", [[...pair, ...range, amount0, amount1, 0, 0, chain.deployer, DEADLINE]]);
  return {
    factory: factoryAt.address,
    positionManager: managerAt.address,
    router: routerAt.address,
    pool: pool.address,
  };
}

/** Sells an exact amount of one token, which the seller holds. */
export async function swap(
  seller: string,
  routerAt: Foreign,
  from: Foreign,
  to: Foreign,
  amount: bigint,
): Promise<void> {
  await from.send("approve", [routerAt.address, amount], seller);
  const trade = [from.address, to.address, POOL_FEE, seller, DEADLINE, amount, 0, 0];
  await routerAt.send("exactInputSingle", [trade], seller);
}

/** Square root, rounded down. */
export function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) root = next;
  return root;
}

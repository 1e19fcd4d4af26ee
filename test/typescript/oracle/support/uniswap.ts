import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { InterfaceAbi } from "ethers";
import { Contract, ContractFactory } from "ethers";

import { deployOracle } from "./oracle.ts";

/** 0.3%, whose ticks with liquidity are multiples of 60. */
const FEE = 3_000;
export const [LOWEST, HIGHEST] = [-887_220, 887_220] as const;

/** A published Uniswap contract: under another licence than ours, deployed as it was compiled. */
function readArtifact(path: string) {
  const file = createRequire(import.meta.url).resolve(`@uniswap/v3-core/artifacts/contracts/${path}`);
  return JSON.parse(readFileSync(file, "utf8")) as { abi: InterfaceAbi; bytecode: string };
}

/** What tests ask a pool themselves. */
interface Pool {
  initialize(sqrtPriceX96: bigint): Promise<unknown>;
  increaseObservationCardinalityNext(count: number): Promise<unknown>;
  slot0(): Promise<{ tick: bigint; observationCardinality: bigint }>;
}

/** floor(1.0001^tick * 10^decimals) in WAD, by powers of whole numbers. */
export function exactPrice(tick: bigint, decimals = 0n): bigint {
  const steps = tick < 0n ? -tick : tick;
  const [up, down] = [10_001n ** steps, 10_000n ** steps];
  const [numerator, denominator] = tick < 0n ? [down, up] : [up, down];
  const exponent = 18n + decimals;
  return exponent < 0n ? numerator / (denominator * 10n ** -exponent) : (numerator * 10n ** exponent) / denominator;
}

/** In the middle of a tick. */
export const sqrtPriceOf = (tick: number) => BigInt(Math.floor(Math.sqrt(1.0001 ** (tick + 0.5)) * 2 ** 48)) << 48n;

/** A pool of the published factory, with liquidity at all prices, and a trader with any amount of both tokens. */
export async function deployPool({
  tick,
  liquidity,
  cardinality,
  decimals,
}: {
  tick: number;
  liquidity: bigint;
  cardinality: number;
  decimals: readonly [number, number];
}) {
  const fixture = await deployOracle();
  const { ethers, administrator, networkHelpers, now } = fixture;
  const { abi, bytecode } = readArtifact("UniswapV3Factory.sol/UniswapV3Factory.json");
  const factory = await new ContractFactory(abi, bytecode, administrator).deploy();
  const one = await ethers.deployContract("MockToken", ["One", "ONE", decimals[0]]);
  let other = await ethers.deployContract("MockToken", ["Two", "TWO", decimals[1]]);
  // The first token is the one with the lower address.
  while (BigInt(await other.getAddress()) < BigInt(await one.getAddress())) {
    other = await ethers.deployContract("MockToken", ["Two", "TWO", decimals[1]]);
  }
  const tokens = [await one.getAddress(), await other.getAddress()] as const;
  await factory.getFunction("createPool").send(tokens[0], tokens[1], FEE);
  const poolAddress = (await factory.getFunction("getPool").staticCall(tokens[0], tokens[1], FEE)) as string;
  const poolAbi = readArtifact("UniswapV3Pool.sol/UniswapV3Pool.json").abi;
  const pool = new Contract(poolAddress, poolAbi, administrator) as unknown as Pool;
  const trader = await ethers.deployContract("MockPoolTrader");
  await pool.initialize(sqrtPriceOf(tick));
  if (cardinality > 1) await pool.increaseObservationCardinalityNext(cardinality);
  await trader.mint(poolAddress, LOWEST, HIGHEST, liquidity);
  const source = await ethers.deployContract("UniswapV3Source");

  return {
    ...fixture,
    source,
    pool,
    poolAddress,
    trader,
    tokens,
    tickNow: async () => (await pool.slot0()).tick,
    /** Trades the price into the middle of a tick, in a block at exactly this time. */
    async moveTo(to: number, time?: bigint) {
      const { tick: from } = await pool.slot0();
      if (time !== undefined) await networkHelpers.time.setNextBlockTimestamp(time);
      await trader.moveTo(poolAddress, to < Number(from), sqrtPriceOf(to));
    },
    /** The two words of a listing. */
    async listing(settlementToken: string, terms: { window?: bigint; maxAge?: bigint; minLiquidity?: bigint } = {}) {
      const { window = 1_800n, maxAge = 86_400n, minLiquidity = 1n } = terms;
      const settings = ethers.AbiCoder.defaultAbiCoder().encode(
        ["address", "uint32", "uint32", "uint128"],
        [settlementToken, window, maxAge, minLiquidity],
      );
      const words = async () => {
        const { first, second } = await source.configure(poolAddress, settings);
        return [first, second] as const;
      };
      return { settings, words, listing: { reader: await source.getAddress(), target: poolAddress, settings } };
    },
    /** Mines a block at this time, so that views see it. */
    async mineAt(time: bigint) {
      if (time > (await now())) await networkHelpers.time.increaseTo(time);
    },
  };
}

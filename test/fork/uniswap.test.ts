import { expect } from "chai";

import type { Foreign } from "../../scripts/fork/foreign.ts";
import { poolAbi, routerAbi, swap } from "../../scripts/fork/parts/uniswap.ts";
import { onNetwork, part, WAD } from "./support/fork.ts";
import { Status } from "./support/sources.ts";
import { useWorld } from "./support/world.ts";

const WINDOW = 1_800n;
const AGE = 3_600n;
const SETTINGS = ["address", "uint32", "uint32", "uint128"];
/** Double precision, with room for a power of some hundred thousand. */
const PRECISION = 1e-9;

onNetwork("A pool of Uniswap v3", ["uniswap", "chainlink", "usdc", "weth"], () => {
  let pool: Foreign;
  const world = useWorld(async (w) => {
    pool = w.chain.at(part("uniswap").pool, poolAbi);
    // A trade, so that the pool's newest observation is of now.
    await sell(WAD);
  });
  /** Alice sells ether into the pool. */
  const sell = async (amount: bigint) => {
    const w = world();
    const router = w.chain.at(part("uniswap").router, routerAbi);
    await w.wrap(w.alice, amount);
    await swap(w.alice.address, router, w.weth, w.usdc, amount);
  };
  const configure = async (changes: { window?: bigint; quote?: string; minLiquidity?: bigint } = {}) => {
    const w = world();
    const { window = WINDOW, quote = w.usdc.address, minLiquidity = 1n } = changes;
    const source = await w.ethers.deployContract("UniswapV3Source");
    const settings = w.ethers.AbiCoder.defaultAbiCoder().encode(SETTINGS, [quote, window, AGE, minLiquidity]);
    return { source, settings };
  };
  const deploy = async (minLiquidity = 1n) => {
    const { source, settings } = await configure({ minLiquidity });
    const [first, second] = await source.configure(pool.address, settings);
    return () => source.read(first, second);
  };
  /** Mean tick and harmonic mean liquidity of the window, by the pool's own accumulators. */
  const mean = async () => {
    const [ticks, growths] = (await pool.read("observe", [[WINDOW, 0n]])) as unknown as [bigint[], bigint[]];
    const growth = BigInt.asUintN(160, growths[1]! - growths[0]!);
    return { tick: Number(ticks[1]! - ticks[0]!) / Number(WINDOW), liquidity: (WINDOW << 128n) / growth };
  };
  /** Dollars for an ether at a tick. */
  const priceAt = (tick: number) => {
    const isUsdcFirst = BigInt(world().usdc.address) < BigInt(world().weth.address);
    return 1e12 * 1.0001 ** (isUsdcFirst ? -tick : tick);
  };
  const spot = async () => Number((await pool.read("slot0"))[1]);
  /** Chai's closeTo knows whole numbers only here. */
  const expectClose = (actual: number, expected: number, tolerance: number, what: string) => {
    expect(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} is not ${expected}`).to.equal(true);
  };
  const asNumber = (price: bigint) => Number(price) / 1e18;

  it("ORC-01: the price is that of the mean tick over the window, published when the pool last moved", async () => {
    const w = world();
    const read = await deploy();
    const tradedAt = await w.now();
    await w.networkHelpers.time.increase(600);
    const { status, price, publishedAt, confidence } = await read();
    expect([status, confidence]).to.deep.equal([Status.Valid, 0n]);
    const { tick } = await mean();
    // Rounded down to a whole tick.
    expectClose(asNumber(price) / priceAt(Math.floor(tick)), 1, PRECISION, "by the pool's accumulators");
    expectClose(asNumber(price) / asNumber(w.price), 1, 0.01, "near the feeds");
    expect(publishedAt).to.be.within(tradedAt - 24n, tradedAt);
  });

  it("ORC-06: a sale of a quarter of the pool moves the price of its own block by nothing, and of a minute by a thirtieth", async () => {
    const w = world();
    const read = await deploy();
    const before = { price: (await read()).price, tick: await spot() };
    await sell(5_000n * WAD);
    const moved = Math.abs((await spot()) - before.tick);
    expect(moved, "ticks of spot").to.be.greaterThan(1_000);
    expectClose(asNumber((await read()).price) / asNumber(before.price), 1, 2e-4, "in the same second");
    await w.networkHelpers.time.increase(60);
    const later = asNumber((await read()).price) / asNumber(before.price);
    expectClose(Math.abs(Math.log(later) / Math.log(1.0001)), (moved * 60) / Number(WINDOW), 3, "ticks of the mean");
  });

  it("ORC-01: mean liquidity of exactly the minimum is enough, a unit less is uncertain", async () => {
    const w = world();
    await w.networkHelpers.time.increase(60);
    const { liquidity } = await mean();
    expect((await (await deploy(liquidity))()).status).to.equal(Status.Valid);
    const read = await deploy(liquidity + 1n);
    // Blocks have passed meanwhile: only the pool's own figure counts.
    expect((await mean()).liquidity).to.be.lessThan(liquidity + 1n);
    expect([...(await read())]).to.deep.equal([Status.Uncertain, 0n, 0n, 0n]);
  });

  it("ORC-01: a pool that nobody trades in is stale a second after its greatest age", async () => {
    const w = world();
    const read = await deploy();
    const { publishedAt } = await read();
    await w.networkHelpers.time.increaseTo(publishedAt + AGE);
    expect((await read()).status).to.equal(Status.Valid);
    await w.networkHelpers.time.increaseTo(publishedAt + AGE + 1n);
    expect((await read()).status).to.equal(Status.Stale);
  });

  it("ORC-01: a pool without the settlement token, and one whose history is too short, cannot be listed", async () => {
    const w = world();
    const stranger = await configure({ quote: w.alice.address });
    await expect(stranger.source.configure(pool.address, stranger.settings))
      .to.be.revertedWithCustomError(stranger.source, "UniswapV3Source_NotQuotedIn")
      .withArgs(pool.address, w.alice.address);
    const long = await configure({ window: 86_400n });
    await expect(long.source.configure(pool.address, long.settings))
      .to.be.revertedWithCustomError(long.source, "UniswapV3Source_Unreadable")
      .withArgs(pool.address, 86_400n);
  });
});

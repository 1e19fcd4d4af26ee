import { costsOfCalls, traceOf } from "../trace.ts";
import { MARKETS, OPENING_PRICE, WAD } from "../world.ts";
import type { World } from "../world.ts";
import type { Scenario } from "./scenario.ts";

const MARKET = 0;
const FOUR = MARKETS.slice(0, 4);
type Reader = "refresh" | "quote" | "quotes";
const A_QUARTER = 15 * 60;

/** A source has moved a little, and a reading comes `seconds` after the one before it. */
async function refreshAfter(world: World, seconds: number, price: bigint): Promise<string> {
  await world.setPrices([MARKET], price);
  world.chain.pass(seconds);
  return world.call(world.chain.oracle, "refresh", [MARKET]);
}

/** Two Chainlink feeds and a price of Pyth, with the clock of dead seconds, the moving average, and once in 15 minutes a sample of volatility. */
const refreshing: Scenario = {
  keys: ["refresh", "refresh-sample"],
  run: async (world, record) => {
    // To the middle of an interval of sampling.
    world.chain.pass(A_QUARTER - (world.chain.now() % A_QUARTER) + A_QUARTER / 3);
    await refreshAfter(world, 0, OPENING_PRICE + WAD);
    await record("refresh", await refreshAfter(world, 60, OPENING_PRICE));
    await record("refresh-sample", await refreshAfter(world, A_QUARTER, OPENING_PRICE + WAD));
  },
};

/** A price that has been read in this second: again in the transaction that has read it, and for the first time in a later one. */
const cached: Scenario = {
  keys: ["price-again", "price-cached", "prices-cached-4"],
  run: async (world, record) => {
    const { oracle, at, ethers } = world.chain;
    const creation = await (await ethers.getContractFactory("SameTransaction")).getDeployTransaction();
    const caller = await ethers.getContractAt("SameTransaction", await world.chain.deploy(creation.data));
    const data = {
      refresh: oracle.interface.encodeFunctionData("refresh", [MARKET]),
      quote: oracle.interface.encodeFunctionData("quote", [MARKET]),
      quotes: oracle.interface.encodeFunctionData("quotes", [
        FOUR.reduce((bits, feed) => bits | (1n << BigInt(feed)), 0n),
      ]),
    };
    const costOf = async (names: readonly Reader[]) => {
      const hash = await world.call(caller, "run", [names.map((name) => ({ target: at.oracle, data: data[name] }))], {
        seconds: 0,
      });
      return costsOfCalls(await traceOf(world.chain.request, hash)).at(-1) ?? 0;
    };
    world.chain.pass(60);
    await record("price-again", await costOf(["refresh", "refresh"]));
    await record("price-cached", await costOf(["quote"]));
    await world.refresh(FOUR);
    await record("prices-cached-4", await costOf(["quotes"]));
  },
};

export const prices: readonly Scenario[] = [refreshing, cached];

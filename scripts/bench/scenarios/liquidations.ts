import { MARKETS, OPENING_PRICE, USD, WAD } from "../world.ts";
import type { World } from "../world.ts";
import { commit, underwrite } from "./capital.ts";
import type { Scenario } from "./scenario.ts";
import { DEEP_FALL, FIRST_FALL, GAP, SECOND_FALL, move, reopen, sellOnce, setStage } from "./stage.ts";
import type { Stage } from "./stage.ts";

const COUNTS = [1, 2, 4] as const;
const RESERVE = 10_000_000n * USD;
/** Everything that stands behind a segment in `bid-waterfall`, whole units. */
const LAYERS = { junior: 2_000n, senior: 6_000n, committed: 3_900n, reinsurance: 1_000n, reinsured: 700n };
const SMALL_RESERVE = 2_000n * USD;

const keyOf = (name: string, count: number) => (count === 1 ? name : `${name}-${count}`);

/** The bid that is measured: in the second in which its prices have been read. */
const inTheSameSecond = { seconds: 0 };

const solvent = COUNTS.map((count): Scenario => {
  const key = keyOf("bid", count);
  return {
    keys: [key],
    run: async (world, record) => {
      const stage = await setStage(world, count);
      await sellOnce(world, stage);
      await move(world, stage, SECOND_FALL);
      await record(key, await world.bid(stage.bidder, stage.account, inTheSameSecond));
    },
  };
});

/** An auction that goes on, of an account that has had one before. */
const partial: Scenario = {
  keys: ["bid-partial"],
  run: async (world, record) => {
    const { engine } = world.chain;
    const stage = await setStage(world, 1);
    await move(world, stage, FIRST_FALL);
    await world.call(engine, "start", [stage.account]);
    await world.bid(stage.bidder, stage.account);
    await move(world, stage, SECOND_FALL);
    await record("bid-partial", await world.bid(stage.bidder, stage.account, inTheSameSecond, WAD / 100n));
  },
};

const uncached: Scenario = {
  keys: ["bid-refresh"],
  run: async (world, record) => {
    const stage = await setStage(world, 1);
    await sellOnce(world, stage);
    await world.setPrices(stage.markets, SECOND_FALL);
    await record("bid-refresh", await world.bid(stage.bidder, stage.account));
  },
};

/** An account is emptied once at V <= 0, by `first`, comes again, and is measured when it is emptied again. */
async function emptyTwice(world: World, count: number, empty: (stage: Stage) => Promise<string>): Promise<string> {
  const stage = await setStage(world, count);
  await sellOnce(world, stage);
  await move(world, stage, GAP - 15n * WAD);
  await empty(stage);
  await reopen(world, stage);
  await move(world, stage, GAP);
  return empty(stage);
}

const insolvent = COUNTS.flatMap((count): Scenario[] => {
  const [reserve, socialised, deleverage] = ["bid-reserve", "bid-socialised", "deleverage"].map((name) =>
    keyOf(name, count),
  ) as [string, string, string];
  const bid = (world: World) => (stage: Stage) => world.bid(stage.bidder, stage.account, inTheSameSecond);
  return [
    {
      keys: [reserve],
      run: async (world, record) => {
        await world.donate(RESERVE);
        await record(reserve, await emptyTwice(world, count, bid(world)));
      },
    },
    {
      keys: [socialised],
      run: async (world, record) => record(socialised, await emptyTwice(world, count, bid(world))),
    },
    {
      keys: [deleverage],
      run: async (world, record) => {
        const close = (stage: Stage) => world.deleverage(stage.account, inTheSameSecond);
        await record(deleverage, await emptyTwice(world, count, close));
      },
    },
  ];
});

const waterfall: Scenario = {
  keys: ["bid-waterfall", "settle"],
  run: async (world, record) => {
    const { vault, reinsurance } = world.chain;
    const underwriter = world.person();
    await underwrite(world, vault, underwriter, { tranche: 0, amount: LAYERS.junior });
    await underwrite(world, vault, underwriter, { tranche: 1, amount: LAYERS.senior });
    await underwrite(world, reinsurance, underwriter, { tranche: 1, amount: LAYERS.reinsurance });
    await commit(world, LAYERS);
    await world.donate(SMALL_RESERVE);
    await world.setPrices([0], OPENING_PRICE);
    await world.refresh([0]);
    const stage = await setStage(world, 1);
    await sellOnce(world, stage);
    await reopen(world, stage);
    await move(world, stage, DEEP_FALL);
    await world.bid(stage.bidder, stage.account, inTheSameSecond);
    // Every layer has paid once, and is filled up again.
    await underwrite(world, vault, underwriter, { tranche: 0, amount: LAYERS.junior });
    await underwrite(world, reinsurance, underwriter, { tranche: 1, amount: LAYERS.reinsured });
    await commit(world, LAYERS);
    await reopen(world, stage);
    await move(world, stage, DEEP_FALL);
    await record("bid-waterfall", await world.bid(stage.bidder, stage.account, inTheSameSecond));
    await record("settle", await world.call(world.chain.fund, "settle", [1]));
  },
};

/** LIQ-11: sixteen markets on both sides, nothing in the fund, and every price read for the first time in the transaction. */
const worst: Scenario = {
  keys: ["bid-worst"],
  run: async (world, record) => {
    const stage = await setStage(world, MARKETS.length);
    await sellOnce(world, stage);
    await move(world, stage, GAP - 15n * WAD);
    await world.bid(stage.bidder, stage.account, inTheSameSecond);
    await reopen(world, stage);
    await world.setPrices(stage.markets, GAP);
    await record("bid-worst", await world.bid(stage.bidder, stage.account));
  },
};

export const liquidations: readonly Scenario[] = [...solvent, partial, uncached, ...insolvent, waterfall, worst];

import { ETH_MARKET } from "../../../deploy/modules/defaults.ts";
import { owner } from "../../../sdk/identifiers.ts";
import { buildOrder, signOrder } from "../../../sdk/orders.ts";
import { BenchError } from "../errors.ts";
import { CASH, OPENING_PRICE, USD, WAD } from "../world.ts";
import type { World } from "../world.ts";
import type { Scenario } from "./scenario.ts";
import { setStage } from "./stage.ts";

const COUNTS = [1, 2, 4] as const;
const EXPIRY = 36_000n;
/** More than the least maintenance margin allows for one position. */
const FILLED = 2n * WAD;
/** All orders share a word of nonces, which has been written before. */
const FIRST_NONCE = 256n;

/** The account that fills, and who pays for the transaction. */
interface Taker {
  readonly owner: string;
  readonly account: string;
}

/** Fills whole orders of one maker, one after another. */
function filler(world: World, maker: string) {
  const { chain } = world;
  const signer = chain.signers[chain.people.indexOf(owner(maker).toLowerCase())];
  if (!signer) throw new BenchError("the maker cannot sign");
  let nonce = FIRST_NONCE;
  return async (taker: Taker): Promise<string> => {
    const now = BigInt(chain.now());
    const terms = { house: chain.at.house, account: maker, market: 0, size: -FILLED, limitPrice: OPENING_PRICE };
    const order = buildOrder({ ...terms, expiry: now + EXPIRY, nonce: nonce++ }, { now });
    const { signature } = await signOrder(signer, {
      order,
      book: { chainId: chain.chainId, address: chain.at.orders },
    });
    await world.refresh([0]);
    const args = [order, signature, taker.account, FILLED];
    return world.call(chain.orders, "fill", args, { from: taker.owner, seconds: 0 });
  };
}

const filling: Scenario = {
  keys: ["fill", "fill-new"],
  run: async (world, record) => {
    const stage = await setStage(world, 1);
    const fill = filler(world, stage.shorts);
    const seller = { owner: stage.seller, account: stage.account };
    await fill(seller);
    await record("fill", await fill(seller));
    const newcomer = world.person();
    await record("fill-new", await fill({ owner: newcomer, account: await world.deposit(newcomer, 10_000n * USD) }));
  },
};

/** 1e-9 of notional per second and side, in units of 1e-15: a tenth of a per cent in twelve days. */
const GAP_RATE = 1_000_000;
const FUND_RATIO_ONE = 1_000_000_000;

/** As `fill`, a minute after the last accrual. The order book plays risk control: who sets the rate does not matter here. */
const fillingUnderGap: Scenario = {
  keys: ["fill-gap"],
  run: async (world, record) => {
    const { house, at } = world.chain;
    const { maintenanceRate, cap } = ETH_MARKET;
    const stage = await setStage(world, 1);
    const targets = { maintenanceTarget: maintenanceRate, cap, gapRate: GAP_RATE, penaltyRate: 1_000 };
    await world.call(house, "linkRiskController", [at.orders]);
    await world.call(house, "applyRisk", [0, targets, FUND_RATIO_ONE], { from: at.orders });
    const fill = filler(world, stage.shorts);
    const seller = { owner: stage.seller, account: stage.account };
    await fill(seller);
    await record("fill-gap", await fill(seller));
  },
};

/** Cash in and out of an account with one position. */
const cash: Scenario = {
  keys: ["deposit", "withdraw"],
  run: async (world, record) => {
    const { seller, account } = await setStage(world, 1);
    const { house } = world.chain;
    const move = (name: string) => world.call(house, name, [account, CASH, 100n * USD], { from: seller, seconds: 0 });
    await world.refresh([0]);
    await record("deposit", await move("deposit"));
    await record("withdraw", await move("withdraw"));
  },
};

/** The margin check alone, as a transaction that calls the reader. */
const health = COUNTS.map((count): Scenario => {
  const key = count === 1 ? "health" : `health-${count}`;
  return {
    keys: [key],
    run: async (world, record) => {
      const { account, markets } = await setStage(world, count);
      await world.refresh(markets);
      await record(key, await world.call(world.chain.house, "health", [account], { seconds: 0 }));
    },
  };
});

export const trading: readonly Scenario[] = [filling, fillingUnderGap, cash, ...health];

// Perpetual Protocol v2: what its liquidations, its margin check and its trades cost by the markets that a trader holds.
import { ZeroHash } from "ethers";

import type { Foreign } from "../../fork/foreign.ts";
import { submission } from "../chainlink.ts";
import { BenchError } from "../errors.ts";
import type { AddPeer } from "../rows.ts";
import { UNLIMITED, USD, WAD } from "../world.ts";
import type { World } from "../world.ts";
import { foreignOn, gasOfCall } from "./foreign.ts";
import { deployPerp, listMarket, rootOf, sizeOf } from "./perp-system.ts";
import type { Perp, PerpMarket } from "./perp-system.ts";

const ORIGIN = "run here, published bytecode, no proxies";
/** Markets that traders hold. */
const COUNTS = [1, 2, 4] as const;
/** Answers of feeds in dollars. */
const FEED_UNIT = 10n ** 8n;
/** At the second price traders are below their margin, at the third they owe more than they have. No step is more than Perp allows. */
const [PRICE, FALL, DEEP_FALL] = [100n, 93n, 85n];
/** For each market that a trader holds: what he deposits and what he buys, dollars. */
const MARGIN = 1_000n;
const VALUE = 9_000n;
const FORTUNE = 1_000_000_000n;
/** Dollars on each side of a pool. */
const LIQUIDITY = 100_000_000n;
const LAST_TICK = 887_220;
/** Longer than every average that a mark price takes. */
const HOUR = 3_600;
/** Interval of the average that its feeds keep for their readers. */
const CACHED_INTERVAL = 900;
const DEADLINE = UNLIMITED;
/** The size that stands for as much as is allowed. */
const ALL = 0n;
const LIQUIDATE = "liquidate(address,address,int256)";

/** What the measurements are taken with. */
interface Stage {
  readonly world: World;
  readonly perp: Perp;
  readonly markets: readonly PerpMarket[];
  readonly usd: Foreign;
  readonly people: Record<"seller" | "liquidator" | "newcomer" | "other", string>;
  /** By the number of markets that they hold. */
  readonly traders: ReadonlyMap<number, string>;
  rounds: number;
}

/** Two liquidations of a tenth of each trader's position, then two that leave bad debts; the second of each is measured. */
export async function measurePerp(world: World, add: AddPeer): Promise<void> {
  const stage = await setStage(world);
  await measureTrades(stage, add);
  await measureChecks(stage, add);
  await moveTo(stage, FALL);
  await measureLiquidations(stage, add);
  await moveTo(stage, DEEP_FALL);
  await measureBadDebt(stage, add);
}

async function setStage(world: World): Promise<Stage> {
  const foreign = foreignOn(world);
  const { ethers } = world.chain;
  const factory = await ethers.getContractFactory("MockToken");
  const { data } = await factory.getDeployTransaction("USD", "USD", 6);
  const usd = foreign.at(await world.chain.deploy(data), factory.interface.fragments);
  const perp = await deployPerp(foreign, usd.address);
  const markets: PerpMarket[] = [];
  for (let index = 0; index < Math.max(...COUNTS); index++) {
    markets.push(await listMarket(world, foreign, perp, PRICE));
  }
  const [maker, seller, liquidator, newcomer, other] = Array.from({ length: 5 }, () => world.person()) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const people = { seller, liquidator, newcomer, other };
  const traders = new Map(COUNTS.map((count) => [count, world.person()]));
  const stage: Stage = { world, perp, markets, usd, people, traders, rounds: 0 };
  await usd.send("mint", [perp.fund.address, FORTUNE * USD]);
  for (const person of [maker, seller, liquidator]) await deposit(stage, person, FORTUNE);
  await sayPrice(stage, PRICE);
  world.chain.pass(HOUR);
  for (const { base } of markets) await provide(stage, maker, base);
  await deposit(stage, newcomer, MARGIN);
  for (const [count, trader] of [...traders, [1, other] as const]) {
    await deposit(stage, trader, MARGIN * BigInt(count));
    for (const market of markets.slice(0, count)) await open(stage, trader, market, VALUE);
  }
  return stage;
}

/** A first purchase in a market, and one that adds to it. */
async function measureTrades(stage: Stage, add: AddPeer): Promise<void> {
  const { newcomer } = stage.people;
  const [market] = stage.markets as [PerpMarket];
  for (const [key, what] of [
    ["fill-new", "position new"],
    ["fill", "position exists"],
  ] as const) {
    const gas = await gasOf(stage, stage.perp.house, "openPosition", [purchase(market, VALUE / 2n)], newcomer);
    add(key, { name: `Perp v2 openPosition, ${what}`, gas, origin: ORIGIN });
  }
}

/** Its two views of what an account is worth, with and without what its positions need. */
async function measureChecks(stage: Stage, add: AddPeer): Promise<void> {
  const { perp, traders } = stage;
  const views = [
    [perp.house, "getAccountValue"],
    [perp.vault, "getFreeCollateral"],
  ] as const;
  for (const [contract, view] of views) {
    const figures = new Map<number, number>();
    for (const [count, trader] of traders) {
      const gas = await gasOf(stage, contract, view, [trader]);
      figures.set(count, gas);
      add(keyOf("health", count), { name: `Perp v2 ${view}`, gas, origin: ORIGIN });
    }
    const gas = furtherOf(figures);
    add("health-market", { name: `Perp v2 ${view}, each further market`, gas, origin: ORIGIN });
  }
}

/** A trader below his margin loses a part of one position. */
async function measureLiquidations(stage: Stage, add: AddPeer): Promise<void> {
  const { perp, traders, people } = stage;
  await liquidate(stage, people.other, tenth());
  const figures = new Map<number, number>();
  for (const [count, trader] of traders) {
    await liquidate(stage, trader, tenth());
    const gas = await gasOfLiquidation(stage, trader, tenth());
    if ((await sizeOfFirst(stage, trader)) === 0n) throw new BenchError("Perp v2 has taken a whole position too early");
    figures.set(count, gas);
    const name = `Perp v2 liquidate, a part of one position, ${count} held (no auction)`;
    add(keyOf("bid", count), { name, gas, origin: ORIGIN });
  }
  add("bid-market", { name: "Perp v2, each further market held", gas: furtherOf(figures), origin: ORIGIN });
  if ((await balanceOfFund(perp)) !== 0n) throw new BenchError("Perp v2 has a bad debt too early");
}

/** A trader who owes more than he has loses all, and the insurance fund takes his debt over. */
async function measureBadDebt(stage: Stage, add: AddPeer): Promise<void> {
  const { perp, traders, people } = stage;
  await liquidate(stage, traders.get(1) ?? "", ALL);
  const before = await balanceOfFund(perp);
  const gas = await gasOfLiquidation(stage, people.other, ALL);
  if ((await balanceOfFund(perp)) >= before) throw new BenchError("Perp v2's insurance fund has not paid");
  const name = "Perp v2 liquidate with bad debt, its insurance fund takes it over (no auction)";
  add("bid-reserve", { name, gas, origin: ORIGIN });
}

const keyOf = (key: string, count: number): string => (count === 1 ? key : `${key}-${count}`);

/** A tenth of what a trader has bought. */
const tenth = (): bigint => sizeOf(VALUE, PRICE) / 10n;

/** Mean over the third market and the fourth. */
function furtherOf(figures: ReadonlyMap<number, number>): number {
  const [two, four] = [figures.get(2), figures.get(4)];
  if (two === undefined || four === undefined) throw new BenchError("Perp v2 was not measured with 2 and 4 markets");
  return Math.round((four - two) / 2);
}

/** What a trader holds in the first market. */
function sizeOfFirst({ perp, markets }: Stage, trader: string): Promise<bigint> {
  const [{ base }] = markets as [PerpMarket];
  return perp.accounts.readNumber("getTakerPositionSize", [trader, base.address]);
}

/** What the fund has in the vault: below zero where it has taken debts over. */
const balanceOfFund = ({ vault, fund }: Perp): Promise<bigint> => vault.readNumber("getBalance", [fund.address]);

/** Takes over some of a trader's position in the first market. */
async function liquidate({ perp, markets, people }: Stage, trader: string, size: bigint): Promise<void> {
  const [{ base }] = markets as [PerpMarket];
  await perp.house.send(LIQUIDATE, [trader, base.address, size], people.liquidator);
}

function gasOfLiquidation(stage: Stage, trader: string, size: bigint): Promise<number> {
  const [{ base }] = stage.markets as [PerpMarket];
  return gasOf(stage, stage.perp.house, LIQUIDATE, [trader, base.address, size], stage.people.liquidator);
}

/**
 * Sends a call when no trade has been for longer than Perp's averages reach back, which is their cheapest moment, and after another
 * transaction of the same second has read all prices, as everything in the bench is sent.
 */
async function gasOf(
  { world, markets }: Stage,
  contract: Foreign,
  name: string,
  args: readonly unknown[],
  from = world.chain.administrator,
): Promise<number> {
  world.chain.pass(HOUR);
  for (const { base } of markets) {
    const data = base.interface.encodeFunctionData("cacheTwap", [CACHED_INTERVAL]);
    await world.chain.send({ to: base.address, data }, 0);
  }
  return gasOfCall(world, { contract, name, args, from }, 0);
}

/** All feeds and all pools come to a price; after that every average is at it. */
async function moveTo(stage: Stage, price: bigint): Promise<void> {
  const { world, perp, markets, people } = stage;
  await sayPrice(stage, price);
  for (const { base } of markets) {
    const sale = [base.address, true, true, sizeOf(LIQUIDITY, price), 0, DEADLINE, rootOf(price), ZeroHash];
    await perp.house.send("openPosition", [sale], people.seller);
  }
  world.chain.pass(HOUR);
}

async function sayPrice(stage: Stage, price: bigint): Promise<void> {
  stage.rounds++;
  for (const { feed } of stage.markets) {
    await stage.world.chain.send(submission(feed, stage.rounds, price * FEED_UNIT));
  }
}

async function deposit({ perp, usd }: Stage, person: string, dollars: bigint): Promise<void> {
  await usd.send("mint", [person, dollars * USD]);
  await usd.send("approve", [perp.vault.address, UNLIMITED], person);
  await perp.vault.send("deposit", [usd.address, dollars * USD], person);
}

async function provide({ perp }: Stage, maker: string, base: Foreign): Promise<void> {
  const amounts = [sizeOf(LIQUIDITY, PRICE), LIQUIDITY * WAD];
  const order = [base.address, ...amounts, -LAST_TICK, LAST_TICK, 0, 0, false, DEADLINE];
  await perp.house.send("addLiquidity", [order], maker);
}

const purchase = ({ base }: PerpMarket, dollars: bigint): readonly unknown[] => [
  base.address,
  false,
  true,
  dollars * WAD,
  0,
  DEADLINE,
  0,
  ZeroHash,
];

async function open({ perp }: Stage, trader: string, market: PerpMarket, dollars: bigint): Promise<void> {
  await perp.house.send("openPosition", [purchase(market, dollars)], trader);
}

// Those who are there besides the ones that are measured. All crowds hold as much together, so that only their number differs, and do what
// they do in one second, so that nothing else happens meanwhile.
import { toBeHex } from "ethers";

import { shareOf } from "./scenarios/capital.ts";
import { UNLIMITED, USD, WAD } from "./world.ts";
import type { World } from "./world.ts";

const BASE = 20_000n * WAD;
const DEPOSIT = 8_000_000n * USD;
const MAKER_DEPOSIT = 100_000_000n * USD;
/** Of one tranche, and what part of the shares asks to leave. */
const CAPITAL = 100_000n * USD;
const LEAVING = 2n;
/** Tokens of cover. */
const UNITS = 100n * WAD;

/** No key signs for these. */
const FIRST_ADDRESS = 0xc40d_0000_0000n;

/** `count` long accounts of one owner, each with a position of its own. Prices are read once. */
export async function bringTraders(world: World, count: number): Promise<void> {
  const [owner, maker] = [world.person(), world.person()];
  const shorts = await world.deposit(maker, MAKER_DEPOSIT);
  await world.refresh([0]);
  const each = BigInt(count);
  for (let sub = 0n; sub < each; sub++) {
    const account = await world.deposit(owner, DEPOSIT / each, sub, 0);
    await world.trade(account, shorts, [0], BASE / each, 0);
  }
  world.chain.pass(1);
}

/** `count` holders of junior shares, of whom each has asked to leave with a half. Someone else pays for the shares. */
export async function bringHolders(world: World, count: number): Promise<void> {
  const { chain } = world;
  const payer = world.person();
  const share = await shareOf(world, chain.vault, 0);
  await world.call(chain.usd, "approve", [await share.getAddress(), UNLIMITED], { from: payer });
  const each = BigInt(count);
  for (let index = 0n; index < each; index++) {
    const holder = toBeHex(FIRST_ADDRESS + index, 20);
    await world.call(share, "deposit(uint256,address)", [CAPITAL / each, holder], { from: payer, seconds: 0 });
    const leaving = (await share.balanceOf(holder)) / LEAVING;
    await chain.impersonate(holder);
    await world.call(share, "requestRedeem", [leaving, holder, holder], { from: holder, seconds: 0 });
  }
  chain.pass(1);
}

/** `count` purchases of a series, each for another buyer, all in escrow. */
export async function bringBuyers(world: World, count: number, series: number): Promise<number> {
  const { vault } = world.chain;
  const payer = world.person();
  const each = BigInt(count);
  for (let index = 0n; index < each; index++) {
    const buyer = toBeHex(FIRST_ADDRESS + index, 20);
    await world.call(vault, "buy", [series, UNITS / each, UNLIMITED, buyer], { from: payer, seconds: 0 });
  }
  world.chain.pass(1);
  return count;
}

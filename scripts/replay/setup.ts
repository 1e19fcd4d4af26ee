import { Wallet, keccak256, toUtf8Bytes } from "ethers";

import { toAccountId } from "../../sdk/identifiers.ts";
import { Book } from "./book.ts";
import { openChain } from "./chain.ts";
import { Desk } from "./desk.ts";
import { DustBound, Ledger } from "./ledger.ts";
import { CASH, FEED_TO_WAD, SEGMENT, TOKEN_TO_WAD, WETH } from "./local.ts";
import { baseFor } from "./market.ts";
import type { Party } from "./market.ts";
import type { ReplayOptions } from "./options.ts";
import type { Point } from "./path.ts";
import { notionalOf, planPopulation } from "./population.ts";
import { createRandom } from "./random.ts";
import type { Trader } from "./traders.ts";

/** What an account has put in: money and ether, WAD. */
export interface Deposit {
  readonly cash: bigint;
  readonly ether: bigint;
}

/** A house with funded accounts, before anyone has traded. */
export interface Stage {
  readonly desk: Desk;
  readonly traders: readonly Trader[];
  readonly keepers: readonly Party[];
  readonly deposits: ReadonlyMap<string, Deposit>;
}

const KEEPERS = 6;
/** All keepers' capital as a part of what longs plan to hold: it takes over a bounded part of a crash, and not all. */
const KEEPER_CAPITAL = 0.05;
/** Seconds before the first point that setting up may take: each transaction has a block, and each block a second. */
const SET_UP_SECONDS = { fixed: 7_200, perAccount: 8 };
const CENTS = 100;
/** The settlement token has six decimals. */
const TOKEN_PER_CENT = 10n ** 4n;

/** Deploys, gives to the fund, and lets every account deposit. `onAccount` counts accounts. */
export async function setUp(
  options: ReplayOptions,
  path: readonly Point[],
  onAccount: (done: number, total: number) => void,
): Promise<Stage> {
  const first = path[0];
  if (!first) throw new RangeError("a path has at least one point");
  const plans = planPopulation(options.accounts, createRandom(options.seed).fork("population"));
  const parties = Array.from({ length: 1 + KEEPERS + plans.length }, (_, index) => partyOf(options.seed, index));
  const [operator, ...others] = parties;
  const start = first.time - SET_UP_SECONDS.fixed - SET_UP_SECONDS.perAccount * parties.length;
  const chain = await openChain({
    keys: parties.map(({ wallet }) => wallet.privateKey),
    start,
    price: first.price,
  });
  const book = await Book.open(chain, first.price * FEED_TO_WAD);
  const desk = new Desk({
    chain,
    ledger: new Ledger(),
    book,
    dust: new DustBound(),
    operator: operator?.wallet.address ?? "",
  });

  const keepers = others.slice(0, KEEPERS);
  const traders = others.slice(KEEPERS).flatMap((party, index): Trader[] => {
    const plan = plans[index];
    if (!plan) return [];
    const entryStep = Math.floor(plan.entry * path.length);
    return [{ ...party, plan, entryStep, wanted: undefined, entryPrice: 0n, size: 0n }];
  });
  const longs = plans.filter(({ isLong }) => isLong).reduce((sum, plan) => sum + notionalOf(plan), 0);
  const capital = dollars((longs * KEEPER_CAPITAL) / KEEPERS);

  await donate(desk, options.fund);
  const deposits = new Map<string, Deposit>();
  for (const [index, party] of others.entries()) {
    const plan = plans[index - KEEPERS];
    deposits.set(
      party.account,
      await deposit(desk, party, plan ? dollars(plan.deposit) : capital, plan?.inEther ?? false),
    );
    onAccount(index + 1, others.length);
  }
  return { desk, traders, keepers, deposits };
}

/** Keys follow from the seed; they hold nothing anywhere else. */
function partyOf(seed: number, index: number): Party {
  const wallet = new Wallet(keccak256(toUtf8Bytes(`bulwark replay ${seed} ${index}`)));
  return { wallet, account: toAccountId(wallet.address, 0n) };
}

/** Whole cents in the token's smallest unit. */
function dollars(amount: number): bigint {
  return BigInt(Math.round(amount * CENTS)) * TOKEN_PER_CENT;
}

async function donate(desk: Desk, amount: bigint): Promise<void> {
  if (amount === 0n) return;
  const { chain, operator } = desk;
  const { usd, fund, at } = chain;
  await desk.act({ to: at.usd, data: usd.interface.encodeFunctionData("mint", [operator, amount]), operation: "mint" });
  await desk.act({
    to: at.usd,
    data: usd.interface.encodeFunctionData("approve", [at.fund, amount]),
    operation: "approve",
  });
  await desk.act({
    to: at.fund,
    data: fund.interface.encodeFunctionData("donate", [SEGMENT, amount]),
    operation: "donate",
  });
}

/** @param worth what is deposited, in the settlement token; ether of the same worth when `inEther` */
async function deposit(desk: Desk, party: Party, worth: bigint, inEther: boolean): Promise<Deposit> {
  const { chain, book } = desk;
  const { usd, house, at } = chain;
  const ether = inEther ? baseFor(worth * TOKEN_TO_WAD, book.price) : 0n;
  const [token, asset, amount] = inEther ? [at.weth, WETH, ether] : [at.usd, CASH, worth];
  const from = party.wallet.address;
  // Both tokens have the same interface.
  await desk.act({ to: token, data: usd.interface.encodeFunctionData("mint", [from, amount]), operation: "mint" });
  await desk.act({
    from,
    to: token,
    data: usd.interface.encodeFunctionData("approve", [at.house, amount]),
    operation: "approve",
  });
  const data = house.interface.encodeFunctionData("deposit", [party.account, asset, amount]);
  await desk.act({ from, to: at.house, data, operation: "deposit" });
  return inEther ? { cash: 0n, ether } : { cash: worth * TOKEN_TO_WAD, ether: 0n };
}

import { Wallet, keccak256, toUtf8Bytes } from "ethers";

import { SOCIALIZED_LOSS } from "../../deploy/modules/defaults.ts";
import { toAccountId } from "../../sdk/identifiers.ts";
import { Book } from "./book.ts";
import { DEPLOYMENT_SECONDS, openChain } from "./chain.ts";
import type { SystemModule } from "./chain.ts";
import { Cover, lastWeek, planCover } from "./cover.ts";
import { Desk } from "./desk.ts";
import { DustBound, Ledger } from "./ledger.ts";
import { CASH, FEED_TO_WAD, SEGMENT, TOKEN_TO_WAD, WETH } from "./local.ts";
import { baseFor } from "./market.ts";
import type { Party } from "./market.ts";
import { mintAndApprove } from "./money.ts";
import type { ReplayOptions } from "./options.ts";
import type { Point } from "./path.ts";
import { notionalOf, planPopulation } from "./population.ts";
import type { Plan } from "./population.ts";
import { createRandom } from "./random.ts";
import type { Trader } from "./traders.ts";
import { ANNOUNCEMENT, Underwriting, planVaults } from "./underwriting.ts";
import type { VaultPlan } from "./underwriting.ts";

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
  /** Vaults that underwriters have put capital into. */
  readonly vaults: readonly VaultPlan[];
  readonly cover: Cover | undefined;
}

/** What differs from the replay of March 2020. */
export interface Setting {
  /** Another deployment of the same contracts. */
  readonly module?: SystemModule;
  /** Who trades, drawn by the caller. */
  readonly plans?: readonly Plan[];
  /** Called once the fund is filled and before anyone can trade: the moment to link risk control (known issue 51). */
  readonly onFunded?: (desk: Desk) => Promise<void>;
  /** Called after every step of the path, and at the very end, when all is settled. */
  readonly onStep?: (desk: Desk, step: number) => Promise<void>;
  readonly onEnd?: (desk: Desk) => Promise<void>;
}

/** Told about every step of setting up. */
export type OnStep = (done: number, total: number, note: string) => void;

const KEEPERS = 6;
/** One for the junior tranches, one for the senior ones. */
const UNDERWRITERS = 2;
/** All keepers' capital as a part of what longs plan to hold: it takes over a bounded part of a crash, and not all. */
const KEEPER_CAPITAL = 0.05;
/** Seconds before the first point that setting up may take: each transaction has a block, and each block a second. */
const SET_UP_SECONDS = { fixed: 7_200, perAccount: 8 };
/** Seconds that pass before that when there are underwriters: announcement, waiting time of cover, and a day for transactions. */
const UNDERWRITING_SECONDS = ANNOUNCEMENT + SOCIALIZED_LOSS.waiting + 86_400;
const CENTS = 100;
/** The settlement token has six decimals. */
const TOKEN_PER_CENT = 10n ** 4n;

/** Deploys, lets underwriters and buyers of cover do their part, gives to the fund, and lets every account deposit. */
export async function setUp(
  options: ReplayOptions,
  path: readonly Point[],
  onStep: OnStep,
  setting: Setting = {},
): Promise<Stage> {
  const [first, last] = [path[0], path.at(-1)];
  if (!first || !last) throw new RangeError("a path has at least one point");
  const random = createRandom(options.seed);
  const plans = setting.plans ?? planPopulation(options.accounts, random.fork("population"));
  const parties = Array.from({ length: 1 + KEEPERS + plans.length }, (_, index) => partyOf(options.seed, `${index}`));
  const [operator, ...others] = parties;
  const keepers = others.slice(0, KEEPERS);
  const traders = others.slice(KEEPERS).flatMap((party, index): Trader[] => {
    const plan = plans[index];
    if (!plan) return [];
    const entryStep = Math.floor(plan.entry * path.length);
    return [{ ...party, plan, entryStep, wanted: undefined, entryPrice: 0n, size: 0n }];
  });
  const vaults = planVaults(options);
  const underwriters = Array.from({ length: UNDERWRITERS }, (_, index) =>
    partyOf(options.seed, `underwriter ${index}`),
  );

  const start = first.time - SET_UP_SECONDS.fixed - SET_UP_SECONDS.perAccount * parties.length;
  const chain = await openChain({
    keys: [...parties, ...underwriters].map(({ wallet }) => wallet.privateKey),
    start: vaults.length === 0 ? start : start - UNDERWRITING_SECONDS,
    price: first.price,
    ...(setting.module && { module: setting.module }),
  });
  const price = first.price * FEED_TO_WAD;
  const book = await Book.open(chain, price);
  const address = operator?.wallet.address ?? "";
  const desk = new Desk({ chain, ledger: new Ledger(), book, dust: new DustBound(), operator: address });
  const terms = { price, sum: options.cover, random: random.fork("cover") };
  const cover = options.cover === 0n ? undefined : new Cover(desk, planCover(traders, terms));

  const behindFund = vaults.reduce((steps, { commitment }) => steps + (commitment === 0n ? 1 : 2), 0);
  const total = behindFund + 2 * (cover?.plan.holders.length ?? 0) + others.length;
  let done = 0;
  const step = (note: string) => onStep(++done, total, note);

  const underwriting = new Underwriting(
    desk,
    vaults,
    underwriters.map(({ wallet }) => wallet.address),
  );
  const claimant = keepers[0]?.wallet.address ?? "";
  const endsInWeek = lastWeek(first.time, last.time);
  if (vaults.length > 0) await prepare({ underwriting, cover, claimant, endsInWeek }, desk, step);
  chain.advanceTo(start + DEPLOYMENT_SECONDS);

  await donate(desk, options.fund);
  await setting.onFunded?.(desk);
  const longs = plans.filter(({ isLong }) => isLong).reduce((sum, plan) => sum + notionalOf(plan), 0);
  const capital = dollars((longs * KEEPER_CAPITAL) / KEEPERS);
  const deposits = new Map<string, Deposit>();
  for (const [index, party] of others.entries()) {
    const plan = plans[index - KEEPERS];
    const worth = plan ? dollars(plan.deposit) : capital;
    deposits.set(party.account, await deposit(desk, party, worth, plan?.inEther ?? false));
    step(`${index + 1} of ${others.length} accounts funded`);
  }
  return { desk, traders, keepers, deposits, vaults, cover };
}

/** Everything that stands behind the fund and behind cover, in the time that its announcements take. */
async function prepare(
  parts: { underwriting: Underwriting; cover: Cover | undefined; claimant: string; endsInWeek: number },
  { chain }: Desk,
  step: (note: string) => void,
): Promise<void> {
  const { underwriting, cover, claimant, endsInWeek } = parts;
  await underwriting.open(endsInWeek, step);
  chain.advanceTo(chain.now() + ANNOUNCEMENT + 1);
  await underwriting.activate(step);
  if (!cover) return;
  await cover.sell(endsInWeek, step);
  chain.advanceTo(chain.now() + SOCIALIZED_LOSS.waiting + 1);
  await cover.complete(step);
  await cover.appoint(claimant);
}

/** Keys follow from the seed; they hold nothing anywhere else. */
function partyOf(seed: number, name: string): Party {
  const wallet = new Wallet(keccak256(toUtf8Bytes(`bulwark replay ${seed} ${name}`)));
  return { wallet, account: toAccountId(wallet.address, 0n) };
}

/** Whole cents in the token's smallest unit. */
function dollars(amount: number): bigint {
  return BigInt(Math.round(amount * CENTS)) * TOKEN_PER_CENT;
}

async function donate(desk: Desk, amount: bigint): Promise<void> {
  if (amount === 0n) return;
  const { at, fund } = desk.chain;
  await mintAndApprove(desk, { token: at.usd, owner: desk.operator, spender: at.fund, amount });
  const data = fund.interface.encodeFunctionData("donate", [SEGMENT, amount]);
  await desk.act({ to: at.fund, data, operation: "donate" });
}

/** @param worth what is deposited, in the settlement token; ether of the same worth when `inEther` */
async function deposit(desk: Desk, party: Party, worth: bigint, inEther: boolean): Promise<Deposit> {
  const { chain, book } = desk;
  const { house, at } = chain;
  const ether = inEther ? baseFor(worth * TOKEN_TO_WAD, book.price) : 0n;
  const [token, asset, amount] = inEther ? [at.weth, WETH, ether] : [at.usd, CASH, worth];
  const from = party.wallet.address;
  await mintAndApprove(desk, { token, owner: from, spender: at.house, amount });
  const data = house.interface.encodeFunctionData("deposit", [party.account, asset, amount]);
  await desk.act({ from, to: at.house, data, operation: "deposit" });
  return inEther ? { cash: 0n, ether } : { cash: worth * TOKEN_TO_WAD, ether: 0n };
}

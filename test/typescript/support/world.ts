import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import { accountId, actions, CASH, deployLocal, USD, WAD } from "./deployment.ts";
import type { Deployment, Signer } from "./deployment.ts";

/** One dollar in WAD. */
export const DOLLAR = WAD;
export const MAX = (1n << 256n) - 1n;
export const Scope = { Trade: 1, Deposit: 2, Move: 4, Withdraw: 8, All: 15 } as const;

/** What a bid says it did; parsed from BidFilled. */
export interface BidReport {
  readonly value: bigint;
  readonly income: bigint;
  readonly fraction: bigint;
  readonly payment: bigint;
  readonly penalty: bigint;
  readonly shortfall: bigint;
  readonly covered: bigint;
  readonly socialized: bigint;
  readonly reward: bigint;
}

/** What a bid may be asked with. */
export interface BidOptions {
  readonly fraction?: bigint;
  readonly bidder?: string;
  readonly minFraction?: bigint;
  readonly maxPrice?: bigint;
  readonly minIncome?: bigint;
}

/** A deployment with people in it. Every account that ever held something is known, so that the books can be added up. */
export async function createWorld() {
  const d = await deployLocal();
  const a = actions(d);
  const [, alice, bob, carol, dave, erin, frank] = d.signers;
  if (!alice || !bob || !carol || !dave || !erin || !frank) throw new Error("too few accounts");
  const fundAddress = await d.fund.getAddress();
  const engineAddress = await d.engine.getAddress();
  const clearing = await d.house.clearingAccount();
  const known = new Set<string>([clearing]);
  const know = (account: string) => (known.add(account), account);
  const snapshot = await d.networkHelpers.takeSnapshot();

  const world = {
    ...d,
    ...a,
    fundAddress,
    engineAddress,
    clearing,
    alice,
    bob,
    carol,
    dave,
    erin,
    frank,

    /** Back to the state after deployment. */
    async reset() {
      await snapshot.restore();
      known.clear();
      know(clearing);
    },
    /** Account number `sub` of someone. */
    id: (who: Signer, sub = 0n) => know(accountId(who.address, sub)),
    /** Deposits whole dollars and names the account. */
    async cash(who: Signer, dollars: bigint, sub = 0n) {
      return know(await a.depositUsd(who, dollars * USD, sub));
    },
    /** Deposits wei of wrapped ether and names the account. */
    async collateral(who: Signer, amount: bigint, sub = 0n) {
      return know(await a.depositWeth(who, amount, sub));
    },
    async now() {
      return BigInt(await d.networkHelpers.time.latest());
    },
    /** The next transaction is mined exactly so many seconds after the last block. */
    async nextIn(seconds: bigint) {
      await d.networkHelpers.time.setNextBlockTimestamp((await world.now()) + seconds);
    },
    async cashOf(account: string) {
      return (await d.house.headerOf(account)).cash;
    },
    async valueOf(account: string) {
      return (await d.house.health(account)).value;
    },
    async baseOf(account: string, market = 0) {
      return (await d.house.positionOf(account, market)).base;
    },
    async openInterest(market = 0) {
      return (await d.house.marketOf(market))[1].openInterest;
    },
    /** Lists a market of its own feed; the feeds are returned to move them. */
    async listMarket(market: number, price: bigint, listing: Partial<Listing> = {}, shared?: readonly Feed[]) {
      const feeds = await world.listFeed(market, price, shared);
      const terms = { class: 0, maintenanceRate: 4_000, addOn: 0, cap: 1_000_000n * WAD, ...listing };
      await d.house.listMarket(market, terms);
      return feeds;
    },
    async listFeed(feed: number, price: bigint, shared?: readonly Feed[]): Promise<readonly Feed[]> {
      const feeds =
        shared ??
        (await Promise.all(
          [0, 1, 2].map(async () => d.ethers.deployContract("MockAggregator", [8, price / 10n ** 10n])),
        ));
      const settings = d.ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [86_400]);
      const sources = await Promise.all(
        feeds.map(async (contract, index) => ({
          reader: d.readers[index % d.readers.length] ?? "",
          target: await contract.getAddress(),
          settings,
        })),
      );
      await d.oracle.listFeed(feed, { ...RULES }, sources);
      return feeds;
    },
    async setFeeds(feeds: readonly Feed[], price: bigint) {
      for (const feed of feeds) await feed.setAnswer(price / 10n ** 10n);
    },
    /** No consensus: two of three sources revert. */
    async kill(feeds: readonly Feed[]) {
      for (const feed of feeds.slice(0, 2)) await feed.setMode(1);
    },
    async revive(feeds: readonly Feed[]) {
      for (const feed of feeds) await feed.setMode(0);
    },
    bidWith(who: Signer, account: string, options: BidOptions = {}): Promise<ContractTransactionResponse> {
      return d.engine.connect(who).bid(world.request(who, account, options));
    },
    request: (who: Signer, account: string, options: BidOptions = {}) => ({
      account,
      bidder: world.id(who),
      fraction: WAD,
      minFraction: 0n,
      maxPrice: MAX,
      minIncome: 0n,
      ...options,
    }),
    /** Sends a bid and reads what it did. */
    async bidFor(who: Signer, account: string, options: BidOptions = {}): Promise<BidReport> {
      return reportOf(d, await world.bidWith(who, account, options));
    },
    /** CLR-08 and INV-01: tokens held less everything that is claimed, also by who waits (CLR-10). Positive: the house has more. */
    async surplus() {
      const listed = await d.house.listedMarkets();
      const { waiting, reserved } = await d.house.withdrawalQueue();
      let claims = (await d.house.totals()).fees + (await d.house.fundAccount()) - (await d.house.unallocatedLoss());
      claims += waiting + reserved;
      for (const account of known) {
        claims += await world.cashOf(account);
        for (let market = 0; market < 48; ++market) {
          if (((listed >> BigInt(market)) & 1n) === 0n) continue;
          const { base, quoteValue } = await d.house.positionOf(account, market);
          claims += (base * (await d.oracle.quote(market)).price) / WAD + quoteValue;
        }
      }
      return (await d.usd.balanceOf(d.houseAddress)) * 10n ** 12n - claims;
    },
    /** The books balance: long by no more than `wei`, short by no more than `dust`, which only a deleveraging leaves (R2a). */
    async expectConserved(wei: bigint, dust = 0n) {
      expect(await world.surplus(), "CLR-08: tokens held less claims").to.be.within(-dust, wei);
    },
    /** INV-02: the base of a market adds up to zero within `wei`. */
    async expectZeroSum(market: number, wei = 0n) {
      let sum = 0n;
      for (const account of known) sum += await world.baseOf(account, market);
      expect(sum < 0n ? -sum : sum, "INV-02: sum of base").to.be.at.most(wei);
    },
  };
  return world;
}

export type World = Awaited<ReturnType<typeof createWorld>>;
type Feed = Deployment["ethFeeds"][number];

interface Listing {
  class: number;
  maintenanceRate: number;
  addOn: number;
  cap: bigint;
}

const RULES = {
  quorum: 2,
  kinds: 2,
  maxDeviation: 10n ** 16n,
  maxGap: 300,
  volatilityFloor: 4n * 10n ** 17n,
};

let shared: Promise<World> | undefined;

/** One world for all files of a run, as it was after deployment before every test. */
export function useWorld(setUp?: (world: World) => Promise<void>): () => World {
  let world: World;
  before(async () => {
    shared ??= createWorld();
    world = await shared;
    // What a suite prepares once for all of its tests, it prepares on the world as it was: not as the file before has left it.
    await world.reset();
  });
  beforeEach(async () => {
    await world.reset();
    await setUp?.(world);
  });
  return () => world;
}

export async function reportOf(d: Pick<Deployment, "engine">, tx: ContractTransactionResponse): Promise<BidReport> {
  const receipt = await tx.wait();
  for (const log of receipt?.logs ?? []) {
    const parsed = d.engine.interface.parseLog(log);
    if (parsed?.name !== "BidFilled") continue;
    const [, , value, income, result] = parsed.args as unknown as [string, string, bigint, bigint, BidReport];
    const { fraction, payment, penalty, shortfall, covered, socialized, reward } = result;
    return { value, income, fraction, payment, penalty, shortfall, covered, socialized, reward };
  }
  throw new Error("no BidFilled");
}

export { CASH };

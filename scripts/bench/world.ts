import { AbiCoder, toBeHex } from "ethers";
import type { BaseContract } from "ethers";

import { ETH_MARKET, FEED_RULES } from "../../deploy/modules/defaults.ts";
import { toAccountId } from "../../sdk/identifiers.ts";
import type { Chain } from "./chain.ts";
import { deployFeed, submission } from "./chainlink.ts";
import type { Feed } from "./chainlink.ts";
import { BenchError } from "./errors.ts";
import { pythCreation, pythSettings, pythTransaction } from "./pyth.ts";

export const WAD = 10n ** 18n;
export const USD = 10n ** 6n;
/** Price at which every market opens. */
export const OPENING_PRICE = 200n * WAD;
/** Markets that the bench uses: all of the same terms, so that each further one adds the same. Market 1 (BTC) has others. */
export const MARKETS: readonly number[] = [0, ...Array.from({ length: 15 }, (_, index) => index + 2)];
export const CASH = 0;
export const SEGMENT = 1;
export const UNLIMITED = 2n ** 256n - 1n;
/** Of every market; with Pyth three sources of two kinds. */
const CHAINLINK_FEEDS = 2;
const FEED_TO_WAD = 10n ** 10n;
const MAX_AGE = 86_400;
const A_MINUTE = 60;
const FORTUNE = 10n ** 12n * USD;

/** Pyth's name of a market's price. */
const pythId = (market: number) => toBeHex(market + 1, 32);

export interface Sending {
  readonly from?: string;
  /** Seconds after the last transaction; 0 for the same second. */
  readonly seconds?: number;
}

/** The deployed system with sixteen markets, two real Chainlink feeds and a price of Pyth for each, and what users do in it. */
export class World {
  readonly chain: Chain;
  readonly #feeds = new Map<number, readonly Feed[]>();
  #rounds = new Map<string, number>();
  #used = 1;
  #pyth = "";

  private constructor(chain: Chain) {
    this.chain = chain;
  }

  static async open(chain: Chain): Promise<World> {
    const world = new World(chain);
    await chain.impersonate(chain.at.orders);
    await chain.impersonate(chain.at.fund);
    world.#pyth = await chain.deploy(pythCreation());
    chain.names.set(world.#pyth, "MockPyth");
    for (const market of MARKETS) await world.#list(market);
    for (const person of chain.people) {
      await world.call(chain.usd, "mint", [person, FORTUNE]);
      await world.call(chain.usd, "approve", [chain.at.house, UNLIMITED], { from: person });
      await world.call(chain.usd, "approve", [chain.at.vault, UNLIMITED], { from: person });
    }
    await world.call(chain.usd, "approve", [chain.at.fund, UNLIMITED]);
    return world;
  }

  /** Someone who has not been used yet. */
  person(): string {
    const person = this.chain.people[this.#used++];
    if (person === undefined) throw new BenchError("the bench needs more people");
    return person;
  }

  /** Sends a call; a revert throws. Returns the transaction's hash. */
  async call(contract: BaseContract, name: string, args: readonly unknown[], sending: Sending = {}): Promise<string> {
    const data = contract.interface.encodeFunctionData(name, [...args]);
    return this.chain.send({ from: sending.from, to: await contract.getAddress(), data }, sending.seconds);
  }

  /** All sources of `markets` tell this price, WAD. */
  async setPrices(markets: readonly number[], price: bigint): Promise<void> {
    for (const market of markets) {
      for (const feed of this.#feeds.get(market) ?? []) await this.#report(feed, price / FEED_TO_WAD);
      await this.#bringPyth(market, price);
    }
  }

  /** Reads the sources of `markets`, all in one second: the one in which a transaction after 0 seconds finds them cached. */
  async refresh(markets: readonly number[]): Promise<void> {
    this.chain.pass(A_MINUTE);
    for (const market of markets) await this.call(this.chain.oracle, "refresh", [market], { seconds: 0 });
  }

  /** Deposits into a sub-account of `owner` and returns the account. */
  async deposit(owner: string, amount: bigint, sub = 0n, seconds = 1): Promise<string> {
    const account = toAccountId(owner, sub);
    await this.call(this.chain.house, "deposit", [account, CASH, amount], { from: owner, seconds });
    return account;
  }

  /** Books fills without signatures: `taker` receives `size` in each market. */
  async trade(taker: string, maker: string, markets: readonly number[], size: bigint, seconds = 1): Promise<void> {
    for (const market of markets) {
      const fill = { taker, maker, market, size, price: OPENING_PRICE };
      await this.call(this.chain.house, "trade", [fill], { from: this.chain.at.orders, seconds });
    }
  }

  /** Bids for an account, for all of it unless a fraction is given. */
  async bid(owner: string, account: string, sending: Sending = {}, fraction = WAD): Promise<string> {
    const bidder = toAccountId(owner, 0n);
    const request = { account, bidder, fraction, minFraction: 0n, maxPrice: UNLIMITED, minIncome: 0n };
    return this.call(this.chain.engine, "bid", [request], { ...sending, from: owner });
  }

  async deleverage(account: string, sending: Sending = {}): Promise<string> {
    return this.call(this.chain.engine, "deleverage", [account], sending);
  }

  /** Gives to the fund's reserve. */
  async donate(amount: bigint): Promise<void> {
    await this.call(this.chain.fund, "donate", [SEGMENT, amount]);
  }

  /** Runs `work` and takes back all that it has done. */
  async onTrial(work: () => Promise<void>): Promise<void> {
    const [moment, rounds, used] = [await this.chain.remember(), new Map(this.#rounds), this.#used];
    await work();
    await this.chain.goBack(moment);
    this.#rounds = rounds;
    this.#used = used;
  }

  async #report(feed: Feed, answer: bigint): Promise<void> {
    const round = (this.#rounds.get(feed.aggregator) ?? 0) + 1;
    this.#rounds.set(feed.aggregator, round);
    await this.chain.send(submission(feed, round, answer));
  }

  async #bringPyth(market: number, price: bigint): Promise<void> {
    await this.chain.send(pythTransaction(this.#pyth, pythId(market), price, BigInt(this.chain.now())));
  }

  async #list(market: number): Promise<void> {
    const { administrator, at, house, names, oracle } = this.chain;
    const feeds: Feed[] = [];
    for (let index = 0; index < CHAINLINK_FEEDS; index++) {
      const feed = await deployFeed(this.chain, administrator);
      await this.#report(feed, OPENING_PRICE / FEED_TO_WAD);
      names.set(feed.proxy, `ChainlinkProxy${market}.${index}`);
      names.set(feed.aggregator, `ChainlinkAggregator${market}.${index}`);
      feeds.push(feed);
    }
    this.#feeds.set(market, feeds);
    await this.#bringPyth(market, OPENING_PRICE);
    const settings = AbiCoder.defaultAbiCoder().encode(["uint32"], [MAX_AGE]);
    const sources = feeds.map(({ proxy }) => ({ reader: at.oracle, target: proxy, settings }));
    sources.push({ reader: at.oracle, target: this.#pyth, settings: pythSettings(pythId(market), MAX_AGE) });
    await this.call(oracle, "listFeed", [market, FEED_RULES, sources]);
    if (market === ETH_MARKET.market) return; // Listed by the deployment.
    const { class: risk, maintenanceRate, addOn, cap } = ETH_MARKET;
    await this.call(house, "listMarket", [market, { class: risk, maintenanceRate, addOn, cap }]);
  }
}

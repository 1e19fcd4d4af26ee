// The feeds of the fork. Prices move as they do on a network: by the submissions of an aggregator's oracles.
import type { Foreign } from "../../../scripts/fork/foreign.ts";
import {
  aggregatorAbi,
  deployAggregator,
  deployLink,
  deployProxy,
  proxyAbi,
  submitRound,
} from "../../../scripts/fork/parts/chainlink.ts";
import { part } from "./fork.ts";
import type { Fork } from "./fork.ts";
import { SOURCES } from "./ForkModule.ts";

/** Digits between a feed's answer and WAD. */
export const FEED_TO_WAD = 10n ** 10n;
const ONE = 10n ** 8n;
const BAND = { min: 1n, max: 10n ** 14n };
/** Accounts of the fork that answer for feeds; on the project's own chain they are the oracles. */
const ORACLES = [10, 11, 12];

export interface Feed {
  readonly proxy: Foreign;
  readonly aggregator: Foreign;
}

export class EthFeeds {
  readonly all: readonly Feed[];
  readonly oracles: readonly string[];

  private constructor(all: readonly Feed[], oracles: readonly string[]) {
    this.all = all;
    this.oracles = oracles;
  }

  /**
   * The network's proxies of ETH / USD, and as many from Chainlink's published code as are missing to three. Where the accounts of the
   * fork are not the oracles, the owner of the proxy puts another aggregator behind it, which is his right.
   */
  static async open(fork: Fork): Promise<EthFeeds> {
    const { chain, signers } = fork;
    const oracles = ORACLES.map((index) => signers[index]?.address ?? "");
    const proxies = part("chainlink").ethUsd.map((address) => chain.at(address, proxyAbi));
    const answer = await proxies[0]!.readNumber("latestAnswer");
    let link: Foreign | undefined;
    const createAggregator = async () => {
      link ??= await deployLink(chain);
      const aggregator = await deployAggregator(chain, link, { description: "ETH / USD", oracles, ...BAND });
      await submitRound(aggregator, oracles, answer);
      return aggregator;
    };
    const feeds: Feed[] = [];
    for (const proxy of proxies) {
      const current = chain.at(await proxy.readAddress("aggregator"), aggregatorAbi);
      if (await areOracles(current, oracles)) {
        feeds.push({ proxy, aggregator: current });
        continue;
      }
      const aggregator = await createAggregator();
      await replaceAggregator(fork, proxy, aggregator);
      feeds.push({ proxy, aggregator });
    }
    while (feeds.length < SOURCES) {
      const aggregator = await createAggregator();
      feeds.push({ proxy: await deployProxy(chain, aggregator), aggregator });
    }
    return new EthFeeds(feeds, oracles);
  }

  get proxies(): string[] {
    return this.all.map(({ proxy }) => proxy.address);
  }

  /** All oracles of all feeds answer `price`, WAD. */
  async set(price: bigint, only: readonly Feed[] = this.all): Promise<void> {
    for (const { aggregator } of only) await submitRound(aggregator, this.oracles, price / FEED_TO_WAD);
  }

  /** The price before anyone moved it, rounded to whole dollars; WAD. */
  async wholePrice(): Promise<bigint> {
    const answer = await this.all[0]!.proxy.readNumber("latestAnswer");
    return (answer / ONE) * ONE * FEED_TO_WAD;
  }
}

/** Puts an aggregator behind a proxy, in the two steps that its owner has for it. */
export async function replaceAggregator(fork: Pick<Fork, "act">, proxy: Foreign, aggregator: Foreign): Promise<void> {
  await aggregator.send("addAccess", [proxy.address]);
  const owner = await proxy.readAddress("owner");
  await fork.act(owner);
  await proxy.send("proposeAggregator", [aggregator.address], owner);
  await proxy.send("confirmAggregator", [aggregator.address], owner);
}

/** Whether an aggregator is one of those that take submissions, and takes them from these. */
async function areOracles(aggregator: Foreign, oracles: readonly string[]): Promise<boolean> {
  try {
    const [known] = (await aggregator.read("getOracles")) as unknown as [string[]];
    return oracles.every((oracle) => known.includes(oracle));
  } catch {
    return false; // Aggregators of off-chain reporting have no such function.
  }
}

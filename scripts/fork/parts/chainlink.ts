// Chainlink's push feed as published: EACAggregatorProxy in front of AccessControlledAggregator, the flux aggregator that pays its
// oracles in LINK. Aggregators of off-chain reporting, which stand behind most proxies today, are not on npm.
import { ZeroAddress } from "ethers";

import type { Foreign, ForeignChain } from "../foreign.ts";
import { readChainlink } from "../published.ts";

export const FEED_DECIMALS = 8;
const LINK = 10n ** 18n;
/** What an oracle is paid for a submission. */
const PAYMENT = LINK / 100n;
const STOCK = 1_000n * LINK;
/** Seconds after which an unfinished round may be passed over. */
const ROUND_TIMEOUT = 1_800;

export interface FeedTerms {
  readonly description: string;
  /** Who submits. A round has an answer when all but one have. */
  readonly oracles: readonly string[];
  /** Submissions must lie within, 1e-8. */
  readonly min: bigint;
  readonly max: bigint;
}

export const proxyAbi = readChainlink("v0.6/EACAggregatorProxy").abi;
export const aggregatorAbi = readChainlink("v0.6/AccessControlledAggregator").abi;

/** The token that oracles are paid in. */
export function deployLink(chain: ForeignChain): Promise<Foreign> {
  return chain.deploy(readChainlink("v0.4/LinkToken"));
}

/** An aggregator that anyone may read who is let in, with money for its oracles. */
export async function deployAggregator(chain: ForeignChain, link: Foreign, terms: FeedTerms): Promise<Foreign> {
  const { description, oracles, min, max } = terms;
  const aggregator = await chain.deploy(readChainlink("v0.6/AccessControlledAggregator"), [
    link.address,
    PAYMENT,
    ROUND_TIMEOUT,
    ZeroAddress,
    min,
    max,
    FEED_DECIMALS,
    description,
  ]);
  await link.send("transfer", [aggregator.address, STOCK]);
  await aggregator.send("updateAvailableFunds");
  const enough = Math.max(1, oracles.length - 1);
  await aggregator.send("changeOracles", [[], oracles, oracles, enough, oracles.length, 0]);
  return aggregator;
}

/** A proxy with the right to read its aggregator. */
export async function deployProxy(chain: ForeignChain, aggregator: Foreign): Promise<Foreign> {
  const proxy = await chain.deploy(readChainlink("v0.6/EACAggregatorProxy"), [aggregator.address, ZeroAddress]);
  await aggregator.send("addAccess", [proxy.address]);
  return proxy;
}

/** All oracles of an aggregator answer its next round, 1e-8. */
export async function submitRound(aggregator: Foreign, oracles: readonly string[], answer: bigint): Promise<void> {
  const round = (await aggregator.readNumber("latestRound")) + 1n;
  for (const oracle of oracles) await aggregator.send("submit", [round, answer], oracle);
}

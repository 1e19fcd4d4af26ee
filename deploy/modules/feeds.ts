// Sources of prices, as modules list them (ORC-01). A feed needs two kinds (R6): the four of `publicSources` are of three, and any one of
// them can be silent or wrong while the other three decide.
import { AbiCoder } from "ethers";
import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";

import type { AddressLike, Core } from "./core.ts";
import { FEED_RULES } from "./defaults.ts";
import type { FeedTerms } from "./defaults.ts";

/** One source: who reads it, which contract it is, and the reader's settings, encoded. */
export interface Source {
  readonly reader: AddressLike;
  readonly target: AddressLike;
  readonly settings: AddressLike;
}

type Reader = NamedArtifactContractDeploymentFuture<string>;

/** Readers of the sources that the oracle does not read itself, as it does Chainlink and Pyth. One of each is enough for all feeds. */
export interface Readers {
  /** Reader and store in one: prices are brought to it (ORC-08). */
  readonly redStone: Reader;
  readonly uniswap: Reader;
}

/** Basis points of the price that Pyth's confidence interval may be wide. */
const PYTH_CONFIDENCE_BPS = 100;
const REDSTONE_DECIMALS = 8;
const coder = AbiCoder.defaultAbiCoder();

/** Deploys the readers. RedStone's signers and how many must agree come from the parameters. */
export function deployReaders(m: IgnitionModuleBuilder): Readers {
  const signers = m.getParameter<string[]>("redStoneSigners");
  const threshold = m.getParameter<bigint>("redStoneThreshold");
  return {
    redStone: m.contract("RedStoneSource", [signers, threshold]),
    uniswap: m.contract("UniswapV3Source"),
  };
}

/** A Chainlink feed, read by the oracle itself unless another reader is named. */
export function chainlinkSource(core: Core, target: AddressLike, maxAge: number, reader?: AddressLike): Source {
  return {
    reader: reader ?? core.oracle,
    target,
    settings: coder.encode(["uint32"], [maxAge]),
  };
}

/** A price of Pyth's contract, read by the oracle itself. */
export function pythSource(core: Core, target: AddressLike, priceId: string, maxAge: number): Source {
  const settings = coder.encode(["bytes32", "uint32", "uint16"], [priceId, maxAge, PYTH_CONFIDENCE_BPS]);
  return { reader: core.oracle, target, settings };
}

/** A value of RedStone's nodes, by its name. */
export function redStoneSource(readers: Readers, dataFeedId: string, maxAge: number): Source {
  const settings = coder.encode(["bytes32", "uint32", "uint8"], [dataFeedId, maxAge, REDSTONE_DECIMALS]);
  return { reader: readers.redStone, target: readers.redStone, settings };
}

/**
 * A pool of Uniswap v3. Its settings name the settlement token and the least liquidity, so they are a parameter:
 * abi.encode(address settlementToken, uint32 window, uint32 maxAge, uint128 minLiquidity).
 */
export function uniswapSource(readers: Readers, pool: AddressLike, settings: AddressLike): Source {
  return { reader: readers.uniswap, target: pool, settings };
}

/** Lists a feed. Returns the call, to order later steps after it. */
export function listFeed(m: IgnitionModuleBuilder, core: Core, terms: FeedTerms, sources: readonly Source[]) {
  const rules = { ...FEED_RULES, ...terms.rules };
  const listing = sources.map((source) => ({ ...source }));
  return m.call(core.oracle, "listFeed", [terms.feed, rules, listing], {
    id: `listFeed${terms.feed}`,
  });
}

import type { BlockTag, ContractRunner, Provider } from "ethers";

import type { BulwarkContracts } from "../contracts.ts";
import type { Manifest } from "../manifest.ts";

/** What every room needs. */
export interface Context {
  readonly manifest: Manifest;
  readonly runner: ContractRunner;
  readonly provider: Provider;
  readonly contracts: BulwarkContracts;
  readonly settlementToken: string;
  /** Of the settlement token. */
  readonly decimals: number;
  /** The house's segment of the fund. */
  readonly segment: bigint;
  /** Smallest maintenance margin that is not zero, WAD. */
  readonly minMaintenanceMargin: bigint;
}

/** Where a read looks. */
export interface ReadOptions {
  /** Block whose state is read, the latest one when left out; "pending" is the state that the next transaction meets. */
  readonly blockTag?: BlockTag;
}

/** The overrides of a read. */
export function at(options: ReadOptions): { blockTag: BlockTag } {
  return { blockTag: options.blockTag ?? "latest" };
}

/** The same block for several reads: the latest one has a number from now on. */
export async function pinned(context: Context, options: ReadOptions): Promise<{ blockTag: BlockTag }> {
  const { blockTag = "latest" } = options;
  return { blockTag: blockTag === "latest" ? await context.provider.getBlockNumber() : blockTag };
}

/** TIMESTAMP, then MSTORE and RETURN of the word: a program that answers the time of its block. */
const CLOCK = "0x4260005260206000f3";

/** The second that a read at a block meets: that of the block, and for "pending" that of the next one, which has no header to ask. */
export async function timeAt(context: Context, { blockTag }: { readonly blockTag: BlockTag }): Promise<bigint> {
  return BigInt(await context.provider.call({ data: CLOCK, blockTag }));
}

// What a stream of logs needs of a node. ethers' providers fit through `sourceOf`; tests bring nodes that misbehave.
import type { Provider } from "ethers";

/** A log as every provider has it. */
export interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly index: number;
}

export interface BlockHead {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
}

/** Which logs: of these addresses, with one of these first topics. */
export interface LogFilter {
  readonly addresses: readonly string[];
  readonly topics?: readonly string[];
}

export interface LogSource {
  headNumber(): Promise<number>;
  /** Undefined for a block that the node does not have. */
  block(number: number): Promise<BlockHead | undefined>;
  logs(filter: LogFilter & { readonly from: number; readonly to: number }): Promise<readonly RawLog[]>;
}

/** A provider of ethers as a source. */
export function sourceOf(provider: Provider): LogSource {
  return {
    headNumber: () => provider.getBlockNumber(),
    async block(number) {
      const block = await provider.getBlock(number);
      if (block === null || block.hash === null) return undefined;
      return { number: block.number, hash: block.hash, parentHash: block.parentHash };
    },
    async logs({ addresses, topics, from, to }) {
      const filter = { address: [...addresses], fromBlock: from, toBlock: to };
      const logs = await provider.getLogs(topics === undefined ? filter : { ...filter, topics: [[...topics]] });
      return logs.map(({ address, topics: words, data, blockNumber, blockHash, transactionHash, index }) =>
        Object.freeze({ address, topics: [...words], data, blockNumber, blockHash, transactionHash, index }),
      );
    },
  };
}

// RedStone's consumer as published, with signers of ours: RedStone has no contract of its own on any chain, its code is in each consumer.
import { concat, encodeBytes32String, keccak256, toBeHex } from "ethers";
import type { SigningKey } from "ethers";

import { compile } from "../compile.ts";
import type { Compilation } from "../compile.ts";

const SOURCES = {
  name: "redstone-consumer",
  files: ["scripts/fork/contracts/RedStoneConsumer.sol"],
  compiler: "solc",
  settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
  // Its arrays use a library that OpenZeppelin has dropped since.
  renames: { "@openzeppelin/contracts/": "@openzeppelin/contracts-4.9.6/" },
};
const MARKER = "0x000002ed57011e0000";
const NO_METADATA = "0x000000";
const WORD = 32;

/** Decimals of RedStone's prices. */
export const REDSTONE_DECIMALS = 8;
export const ETH_FEED = encodeBytes32String("ETH");

export const compileRedStone = (onCompile: (name: string) => void): Compilation => compile(SOURCES, onCompile);

/** What one signer says. */
export interface Statement {
  readonly key: SigningKey;
  readonly feed: string;
  /** In the data feed's decimals. */
  readonly value: bigint;
  readonly timestampMs: bigint;
}

/** A package of one data point: feed, value, time, size of a value, number of points, signature. */
function signedPackage({ key, feed, value, timestampMs }: Statement): string {
  const body = concat([feed, toBeHex(value, WORD), toBeHex(timestampMs, 6), toBeHex(WORD, 4), toBeHex(1, 3)]);
  return concat([body, key.sign(keccak256(body)).serialized]);
}

/** What is appended to the calldata of a consumer. */
export function redStonePayload(statements: readonly Statement[]): string {
  return concat([...statements.map(signedPackage), toBeHex(statements.length, 2), NO_METADATA, MARKER]);
}

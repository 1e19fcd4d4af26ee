import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type { BaseWallet } from "ethers";
import { concat, encodeBytes32String, keccak256, toBeHex } from "ethers";

export const MARKER = "0x000002ed57011e0000";

/** A data point: what a node says of one data feed. */
export interface Point {
  readonly feed: string;
  readonly value: bigint;
}

/** A package as a node signs it; `size` is how many bytes each value takes. */
export function signPackage(signer: BaseWallet, milliseconds: bigint, points: readonly Point[], size = 32) {
  const body = concat([
    ...points.map(({ feed, value }) => concat([encodeBytes32String(feed), toBeHex(value, size)])),
    toBeHex(milliseconds, 6),
    toBeHex(size, 4),
    toBeHex(points.length, 3),
  ]);
  return concat([body, signer.signingKey.sign(keccak256(body)).serialized]);
}

/** What is appended to calldata. */
export function closePayload(packages: readonly string[], metadata = "0x") {
  const size = (metadata.length - 2) / 2;
  return concat([...packages, toBeHex(packages.length, 2), metadata, toBeHex(size, 3), MARKER]);
}

/**
 * Creation code of a contract that RedStone has published. Its package exports no Solidity, and its sources are under another licence
 * than ours: the compiled code is read as text.
 */
export function readPublishedCode(name: string): string {
  const main = createRequire(import.meta.url).resolve("@redstone-finance/evm-connector");
  const file = join(dirname(main), "..", "typechain-types", "factories", "contracts", "samples", `${name}__factory.js`);
  const code = /const _bytecode = "(0x[0-9a-f]+)"/.exec(readFileSync(file, "utf8"))?.[1];
  if (code === undefined) throw new Error(`no bytecode in ${file}`);
  return code;
}

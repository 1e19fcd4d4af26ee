// MockPyth of Pyth's SDK: the real contract is not on npm. It keeps prices where the real one keeps them, five words for each.
import { AbiCoder, Interface } from "ethers";

import { contractOf } from "../fork/compile.ts";
import { compilePyth, pythUpdate } from "../fork/parts/pyth.ts";

/** Wei for an update. */
const FEE = "0x1";
const VALID_TIME = 3_600;
const MAX_CONFIDENCE_BPS = 100;
/** Its prices have eight decimals. */
const FROM_WAD = 10n ** 10n;
const coder = AbiCoder.defaultAbiCoder();
let compiled: ReturnType<typeof contractOf> | undefined;
const published = () =>
  (compiled ??= contractOf(
    compilePyth(() => undefined),
    "MockPyth",
  ));

/** What creates the contract. */
export function pythCreation(): string {
  return published().bytecode + coder.encode(["uint256", "uint256"], [VALID_TIME, FEE]).slice(2);
}

/** Settings of a source over it. */
export function pythSettings(id: string, maxAge: number): string {
  return coder.encode(["bytes32", "uint32", "uint16"], [id, maxAge, MAX_CONFIDENCE_BPS]);
}

/** A transaction that brings a price, WAD, of `publishTime`. */
export function pythTransaction(to: string, id: string, price: bigint, publishTime: bigint) {
  const update = pythUpdate({ id, price: price / FROM_WAD, confidence: 1n, exponent: -8, publishTime });
  return { to, data: new Interface(published().abi).encodeFunctionData("updatePriceFeeds", [[update]]), value: FEE };
}

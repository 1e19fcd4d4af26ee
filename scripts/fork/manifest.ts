// What stands on the chain that is forked: written by whoever prepares it, read by every suite.
import { readFileSync, writeFileSync } from "node:fs";

export type Address = string;

/** Contracts by part. A part that the network does not have is missing. */
export interface Parts {
  /** Chainlink proxies. `ethUsd` has one to three; suites add what is missing from Chainlink's published code. */
  readonly chainlink?: { readonly ethUsd: readonly Address[]; readonly usdcUsd: Address };
  /** Circle's FiatToken, behind its proxy. */
  readonly usdc?: Address;
  readonly weth?: Address;
  readonly uniswap?: {
    readonly factory: Address;
    readonly positionManager: Address;
    readonly router: Address;
    /** USDC against WETH, 0.05%. */
    readonly pool: Address;
  };
  /** Aave v3.3 or later, which keeps deficits. */
  readonly aave?: { readonly addressesProvider: Address };
  readonly morpho?: Address;
  readonly pyth?: Address;
  /** The same where it is the SDK's MockPyth, which takes updates that nobody has signed. */
  readonly mockPyth?: Address;
  readonly safe?: { readonly singleton: Address; readonly factory: Address; readonly fallbackHandler: Address };
  readonly permit2?: Address;
}

export type PartName = keyof Parts;

export interface Manifest {
  /** "local" for the project's own chain. */
  readonly network: string;
  readonly chainId: number;
  readonly url: string;
  readonly blockNumber: number;
  readonly parts: Parts;
}

/** Names the file that a run of the suites reads. */
export const MANIFEST_VARIABLE = "BULWARK_FORK_MANIFEST";

export function writeManifest(file: string, manifest: Manifest): void {
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

export function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, "utf8")) as Manifest;
}

import type { Manifest } from "../../../../sdk/index.ts";

/** What the manifest calls an address. */
export function contractName(manifest: Manifest, address: string): string | undefined {
  return Object.entries(manifest.contracts).find(([, one]) => one.address.toLowerCase() === address.toLowerCase())?.[0];
}

// Safe 1.5.0 as published: the code that all wallets share, their factory, and the handler that answers for them (ERC-1271).
import type { ForeignChain } from "../foreign.ts";
import type { Parts } from "../manifest.ts";
import { readArtifact } from "../published.ts";

const FOLDER = "@safe-global/safe-smart-account/build/artifacts/contracts";
const singleton = readArtifact(`${FOLDER}/Safe.sol/Safe.json`);
const factory = readArtifact(`${FOLDER}/proxies/SafeProxyFactory.sol/SafeProxyFactory.json`);
const handler = readArtifact(`${FOLDER}/handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json`);

export const safeAbi = singleton.abi;
export const safeFactoryAbi = factory.abi;

export async function deploySafe(chain: ForeignChain): Promise<NonNullable<Parts["safe"]>> {
  return {
    singleton: (await chain.deploy(singleton)).address,
    factory: (await chain.deploy(factory)).address,
    fallbackHandler: (await chain.deploy(handler)).address,
  };
}

// One deployment, connected: what every page reads through.
import { BrowserProvider, JsonRpcProvider, Network } from "ethers";
import type { Eip1193Provider, JsonRpcApiProvider } from "ethers";

import { bindToken } from "../../../sdk/contracts.ts";
import { connect, parseManifest } from "../../../sdk/index.ts";
import type { BulwarkClient, Manifest } from "../../../sdk/index.ts";
import { NodeDownError, SettingsError } from "./errors.ts";
import type { AppNetwork } from "./networks.ts";
import { loadJson } from "./settings.ts";

export interface Deployment {
  readonly network: AppNetwork;
  readonly manifest: Manifest;
  readonly provider: JsonRpcApiProvider;
  /** Reads only. */
  readonly client: BulwarkClient;
  /** Of the settlement token. */
  readonly symbol: string;
  readonly decimals: number;
  /** The same for the same chain: a local chain that was started afresh has another one. */
  readonly chainKey: string;
}

/** Most calls in one request to the node. */
const BATCH = 40;

/** @param wallet read through where the network names no node */
export async function openDeployment(network: AppNetwork, wallet: Eip1193Provider | undefined): Promise<Deployment> {
  const manifest = parseManifest(await loadJson(network.manifest));
  const provider = await providerOf(network, wallet);
  try {
    const client = await connect(manifest, provider);
    const [symbol, first] = await Promise.all([
      bindToken(client.tokens.settlement, provider).symbol(),
      firstBlockHash(provider),
    ]);
    const chainKey = `${manifest.chainId}:${first}:${client.addresses.house}`;
    return { network, manifest, provider, client, symbol, decimals: client.tokens.decimals, chainKey };
  } catch (error) {
    provider.destroy();
    throw error;
  }
}

/** Hash of block 0: of the chain itself, whatever stands on it. */
export async function firstBlockHash(provider: JsonRpcApiProvider): Promise<string> {
  const first = (await provider.send("eth_getBlockByNumber", ["0x0", false])) as { hash?: string } | null;
  if (typeof first?.hash !== "string") throw new NodeDownError();
  return first.hash;
}

async function providerOf(network: AppNetwork, wallet: Eip1193Provider | undefined): Promise<JsonRpcApiProvider> {
  if (network.rpc === undefined) {
    if (wallet === undefined) {
      throw new SettingsError(`${network.name} is read through your wallet, as no node is named for it: connect one.`);
    }
    return new BrowserProvider(wallet, "any", { cacheTimeout: -1 });
  }
  const url = new URL(network.rpc, document.baseURI).href;
  const asked = await askChain(url);
  // The chain is asked once, here; ethers would ask with every call.
  const provider = new JsonRpcProvider(url, Network.from(asked), {
    staticNetwork: true,
    cacheTimeout: -1,
    batchMaxCount: BATCH,
    pollingInterval: 1_000,
  });
  return provider;
}

/** The chain that a node is on. */
async function askChain(url: string): Promise<number> {
  try {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
    const response = await fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    const { result } = (await response.json()) as { result?: string };
    if (result === undefined) throw new NodeDownError();
    return Number(result);
  } catch (cause) {
    throw cause instanceof NodeDownError ? cause : new NodeDownError(cause);
  }
}

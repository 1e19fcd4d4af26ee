import { BrowserProvider, keccak256 } from "ethers";
import type { Eip1193Provider, JsonRpcSigner } from "ethers";

import { connect } from "../../../../sdk/index.ts";
import type { BulwarkClient, Manifest } from "../../../../sdk/index.ts";
import type { Signer } from "../../support/deployment.ts";
import type { World } from "../../support/world.ts";

/** ethers on the in-process chain, as a wallet in a browser stands between them: errors come wrapped as they do there. */
export function walletProvider(world: Pick<World, "provider">): BrowserProvider {
  const ethereum: Eip1193Provider = {
    request: async ({ method, params }) =>
      world.provider.request({ method, params: (params ?? []) as unknown[] }) as Promise<unknown>,
  };
  return new BrowserProvider(ethereum, "any", { cacheTimeout: -1, pollingInterval: 20 });
}

/** The manifest that a deployment of this module would have written. */
export async function manifestOf(world: World): Promise<Manifest> {
  const { deployed } = world;
  const places = {
    ClearingHouse: deployed.clearingHouse,
    SignedOrders: deployed.orders,
    LiquidationEngine: deployed.engine,
    InsuranceFund: deployed.fund,
    CoverageVault: deployed.vault,
    ReinsuranceVault: deployed.reinsurance,
    ClaimVerifier: deployed.verifier,
    PriceOracle: deployed.oracle,
    PremiumModel: deployed.premiumModel,
    RiskController: deployed.riskController,
    Router: deployed.router,
    Lens: deployed.lens,
    Solvency: deployed.solvency,
  };
  const contracts: Record<string, { address: string; contract: string; codeHash: string }> = {};
  for (const [name, contract] of Object.entries(places)) {
    const address = await contract.getAddress();
    const code = String(await world.provider.request({ method: "eth_getCode", params: [address, "latest"] }));
    contracts[name] = { address, contract: name, codeHash: keccak256(code) };
  }
  return { format: 1, network: "local", chainId: 31337, module: "Local", contracts };
}

/** Clients of one world: one for each signer. */
export async function clientsOf(world: World) {
  const manifest = await manifestOf(world);
  const provider = walletProvider(world);
  return {
    manifest,
    provider,
    signer: (who: Signer): Promise<JsonRpcSigner> => provider.getSigner(who.address),
    as: async (who: Signer): Promise<BulwarkClient> => connect(manifest, await provider.getSigner(who.address)),
  };
}

export type Clients = Awaited<ReturnType<typeof clientsOf>>;

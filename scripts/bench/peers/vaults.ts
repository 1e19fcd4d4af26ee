import { executionGas, traceOf } from "../trace.ts";
import type { Peer } from "../rows.ts";
import { UNLIMITED, USD } from "../world.ts";
import type { World } from "../world.ts";

export type AddPeer = (key: string, peer: Peer) => void;

const VAULTS = [
  { contract: "OpenZeppelinVault", name: "OpenZeppelin ERC4626 5.7.0 (no accrual)" },
  { contract: "SoladyVault", name: "Solady ERC4626 0.1.26 (no accrual)" },
] as const;
const ORIGIN = "run here, production profile";
const AMOUNT = 1_000n * USD;

/** ERC-4626 vaults of the two libraries, for the second time and at a share price that is not 1. */
export async function measureVaults(world: World, add: AddPeer): Promise<void> {
  const { ethers, usd, request } = world.chain;
  for (const { contract, name } of VAULTS) {
    const owner = world.person();
    const factory = await ethers.getContractFactory(contract);
    const { data } = await factory.getDeployTransaction(world.chain.at.usd);
    const vault = factory.attach(await world.chain.deploy(data));
    const at = await vault.getAddress();
    const call = (method: string, args: readonly unknown[]) => world.call(vault, method, args, { from: owner });
    const gasOf = async (hash: string) => executionGas(await traceOf(request, hash));
    await world.call(usd, "approve", [at, UNLIMITED], { from: owner });
    await call("deposit", [AMOUNT, owner]);
    await world.call(usd, "mint", [at, AMOUNT / 3n]);
    const deposit = await gasOf(await call("deposit", [AMOUNT, owner]));
    const redeem = await gasOf(await call("redeem", [AMOUNT / 10n, owner, owner]));
    add("vault-deposit", { name: `${name} deposit`, gas: deposit, origin: ORIGIN });
    add("vault-redeem", { name: `${name} redeem`, gas: redeem, origin: ORIGIN });
  }
}

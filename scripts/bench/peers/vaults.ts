// ERC-4626 vaults of three libraries, each with the library's own code and nothing more.
import { Interface } from "ethers";
import hre from "hardhat";

import { compile, contractOf } from "../../fork/compile.ts";
import { BenchError } from "../errors.ts";
import type { AddPeer } from "../rows.ts";
import { executionGas, traceOf } from "../trace.ts";
import { UNLIMITED, USD } from "../world.ts";
import type { World } from "../world.ts";

const ORIGIN = "run here, production settings";
const AMOUNT = 1_000n * USD;

interface Library {
  readonly name: string;
  /** Creation code of a vault over an asset. */
  readonly creation: (world: World) => Promise<string>;
}

const ofProject =
  (contract: string): Library["creation"] =>
  async ({ chain }) => {
    const factory = await chain.ethers.getContractFactory(contract);
    return (await factory.getDeployTransaction(chain.at.usd)).data;
  };

/** Solmate's licence is not the project's: its vault is compiled here, with the settings of the production build. */
const ofSolmate: Library["creation"] = ({ chain }) => {
  const [production] = hre.config.solidity.profiles.production?.compilers ?? [];
  if (production === undefined) throw new BenchError("there is no build profile named production");
  const settings = production.settings as object;
  const files = ["scripts/bench/contracts/SolmateVault.sol"];
  const compilation = compile({ name: "solmate", files, compiler: "solc", settings }, () => undefined);
  const { abi, bytecode } = contractOf(compilation, "SolmateVault");
  return Promise.resolve(bytecode + new Interface(abi).encodeDeploy([chain.at.usd]).slice(2));
};

const LIBRARIES: readonly Library[] = [
  { name: "OpenZeppelin ERC4626 5.7.0", creation: ofProject("OpenZeppelinVault") },
  { name: "Solady ERC4626 0.1.26", creation: ofProject("SoladyVault") },
  { name: "Solmate ERC4626 6.8.0", creation: ofSolmate },
];

/** Deposit and redemption for the second time and at a share price that is not 1. */
export async function measureVaults(world: World, add: AddPeer): Promise<void> {
  const { ethers, usd, request } = world.chain;
  const owner = world.person();
  for (const { name, creation } of LIBRARIES) {
    // All have the same interface.
    const vault = await ethers.getContractAt("OpenZeppelinVault", await world.chain.deploy(await creation(world)));
    const at = await vault.getAddress();
    const call = (method: string, args: readonly unknown[]) => world.call(vault, method, args, { from: owner });
    const gasOf = async (hash: string) => executionGas(await traceOf(request, hash));
    await world.call(usd, "approve", [at, UNLIMITED], { from: owner });
    await call("deposit", [AMOUNT, owner]);
    await world.call(usd, "mint", [at, AMOUNT / 3n]);
    if ((await vault.convertToAssets(AMOUNT)) === AMOUNT) throw new BenchError(`${name}: the share price is 1`);
    const deposit = await gasOf(await call("deposit", [AMOUNT, owner]));
    const redeem = await gasOf(await call("redeem", [AMOUNT / 10n, owner, owner]));
    add("vault-deposit", { name: `${name} deposit (no accrual)`, gas: deposit, origin: ORIGIN });
    add("vault-redeem", { name: `${name} redeem (no accrual)`, gas: redeem, origin: ORIGIN });
  }
}

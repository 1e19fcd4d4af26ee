// Morpho Blue 1.0.0 from its own sources: one pair, no auction, no portfolio. Its licence (BUSL-1.1) allows this use; nothing of it is here.
import { Contract, Interface } from "ethers";

import { BenchError } from "../errors.ts";
import { executionGas, traceOf } from "../trace.ts";
import { UNLIMITED, WAD } from "../world.ts";
import type { World } from "../world.ts";
import { compilePeer } from "./solc.ts";
import type { AddPeer } from "./vaults.ts";

const SOURCES = {
  package: "@morpho-org/morpho-blue",
  folder: "src",
  compiler: "solc-0.8.19",
  settings: { viaIR: true, optimizer: { enabled: true, runs: 999_999 }, evmVersion: "paris" },
};
const NAME = "Morpho Blue liquidate (one pair, no auction, mock price)";
const ORIGIN = "run here, own sources and settings";
/** Loan per unit of collateral, scale 1e36. */
const PRICE = 10n ** 36n;
const LLTV = (8n * WAD) / 10n;
const COLLATERAL = 1_000n * WAD;

/** A partial liquidation, for the second time. */
export async function measureMorpho(world: World, add: AddPeer): Promise<void> {
  const { chain } = world;
  const compiled = compilePeer(SOURCES);
  const [lender, borrower, liquidator] = [world.person(), world.person(), world.person()];

  const deploy = async (name: string, args: readonly unknown[]) => {
    const contract = compiled[name];
    if (!contract) throw new BenchError(`${name} is not in the package`);
    const abi = new Interface(contract.abi);
    const at = await chain.deploy(`0x${contract.evm.bytecode.object}${abi.encodeDeploy([...args]).slice(2)}`);
    return new Contract(at, abi);
  };
  const { data } = await (await chain.ethers.getContractFactory("MockToken")).getDeployTransaction("Peer", "PEER", 18);
  const token = async () => chain.ethers.getContractAt("MockToken", await chain.deploy(data));
  const [loan, collateral] = [await token(), await token()];
  const morpho = await deploy("Morpho", [chain.administrator]);
  const oracle = await deploy("OracleMock", []);
  const irm = await deploy("IrmMock", []);
  const at = await morpho.getAddress();
  for (const person of [lender, borrower, liquidator]) {
    for (const asset of [loan, collateral]) {
      await world.call(asset, "mint", [person, 10n * COLLATERAL]);
      await world.call(asset, "approve", [at, UNLIMITED], { from: person });
    }
  }
  const market = [
    await loan.getAddress(),
    await collateral.getAddress(),
    await oracle.getAddress(),
    await irm.getAddress(),
    LLTV,
  ];
  await world.call(oracle, "setPrice", [PRICE]);
  await world.call(morpho, "enableIrm", [market[3]]);
  await world.call(morpho, "enableLltv", [LLTV]);
  await world.call(morpho, "createMarket", [market]);
  await world.call(morpho, "supply", [market, COLLATERAL, 0n, lender, "0x"], { from: lender });
  await world.call(morpho, "supplyCollateral", [market, COLLATERAL, borrower, "0x"], { from: borrower });
  const debt = (COLLATERAL * 79n) / 100n;
  await world.call(morpho, "borrow", [market, debt, 0n, borrower, borrower], { from: borrower });
  await world.call(oracle, "setPrice", [(PRICE * 95n) / 100n]);
  const liquidate = () =>
    world.call(morpho, "liquidate", [market, borrower, COLLATERAL / 10n, 0n, "0x"], { from: liquidator, seconds: 60 });
  await liquidate();
  const gas = executionGas(await traceOf(chain.request, await liquidate()));
  add("bid", { name: NAME, gas, origin: ORIGIN });
}

// Morpho Blue 1.0.0 from its own sources: one pair, no auction, no portfolio. Its licence (BUSL-1.1) allows this use; nothing of it is here.
import { Contract, Interface } from "ethers";

import { BenchError } from "../errors.ts";
import type { AddPeer } from "../rows.ts";
import { executionGas, traceOf } from "../trace.ts";
import { UNLIMITED, WAD } from "../world.ts";
import type { World } from "../world.ts";
import { compilePeer } from "./solc.ts";

const SOURCES = {
  package: "@morpho-org/morpho-blue",
  folder: "src",
  compiler: "solc-0.8.19",
  settings: { viaIR: true, optimizer: { enabled: true, runs: 999_999 }, evmVersion: "paris" },
};
const NAME = "Morpho Blue liquidate (one pair, no auction, mock price)";
const BAD_DEBT_NAME = "Morpho Blue liquidate with bad debt (one pair, lenders bear it, mock price)";
const ORIGIN = "run here, own sources and settings";
/** Loan per unit of collateral, scale 1e36. */
const PRICE = 10n ** 36n;
const LLTV = (8n * WAD) / 10n;
const COLLATERAL = 1_000n * WAD;

/** A partial liquidation, for the second time; then two that leave a bad debt, which lenders bear. */
export async function measureMorpho(world: World, add: AddPeer): Promise<void> {
  const { chain } = world;
  const compiled = compilePeer(SOURCES);
  const [lender, liquidator, borrower, other] = [world.person(), world.person(), world.person(), world.person()];
  const borrowers = [borrower, other];

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
  for (const person of [lender, liquidator, ...borrowers]) {
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
  await world.call(morpho, "supply", [market, COLLATERAL, 0n, lender, "0x"], { from: lender });
  const debt = (COLLATERAL * 79n) / 100n;
  for (const who of borrowers) {
    await world.call(morpho, "supplyCollateral", [market, COLLATERAL, who, "0x"], { from: who });
    await world.call(morpho, "borrow", [market, debt, 0n, who, who], { from: who });
  }
  await world.call(oracle, "setPrice", [(PRICE * 95n) / 100n]);
  const liquidate = async (who: string, seized: bigint) => {
    const args = [market, who, seized, 0n, "0x"];
    return executionGas(
      await traceOf(chain.request, await world.call(morpho, "liquidate", args, { from: liquidator, seconds: 60 })),
    );
  };
  await liquidate(borrower, COLLATERAL / 10n);
  add("bid", { name: NAME, gas: await liquidate(borrower, COLLATERAL / 10n), origin: ORIGIN });
  await world.call(oracle, "setPrice", [(PRICE * 50n) / 100n]);
  await liquidate(other, COLLATERAL);
  const gas = await liquidate(borrower, (COLLATERAL * 8n) / 10n);
  for (const key of ["bid-reserve", "bid-socialised"]) add(key, { name: BAD_DEBT_NAME, gas, origin: ORIGIN });
}

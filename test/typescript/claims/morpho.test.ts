import { expect } from "chai";
import { network } from "hardhat";
import { Contract, ContractFactory } from "ethers";
import type { InterfaceAbi } from "ethers";

import { compilePeer } from "../../../scripts/bench/peers/solc.ts";

/* Morpho Blue 1.0.0 as published, built with its own compiler. Its licence (BUSL-1.1) allows tests; nothing of it is here. */
const SOURCES = {
  package: "@morpho-org/morpho-blue",
  folder: "src",
  compiler: "solc-0.8.19",
  settings: { viaIR: true, optimizer: { enabled: true, runs: 999_999 }, evmVersion: "paris" },
};
const WAD = 10n ** 18n;
/** Loan per unit of collateral, scale 1e36. */
const PAR = 10n ** 36n;
const LLTV = (8n * WAD) / 10n;
const DEDUCTIBLE = WAD / 100n;
const SUPPLIED = 1_000n * WAD;
const MINUTES = 60;
const WEEK = 604_800n;

/** A market of the real protocol in which a borrower owes 790 of 1,000 that were supplied, and cover on it that has just begun. */
async function deploy() {
  const { ethers, networkHelpers } = await network.create({ override: { gas: 12_000_000n } });
  const [lender, borrower] = await ethers.getSigners();
  if (lender === undefined || borrower === undefined) throw new Error("no accounts");
  const compiled = compilePeer(SOURCES);
  const build = async (name: string, args: readonly unknown[] = []) => {
    const found = compiled[name];
    if (found === undefined) throw new Error(`${name} is not in the package`);
    const abi = found.abi as InterfaceAbi;
    const factory = new ContractFactory(abi, `0x${found.evm.bytecode.object}`, lender);
    const contract = await factory.deploy(...args);
    return new Contract(await contract.getAddress(), abi, lender);
  };
  const morpho = await build("Morpho", [lender.address]);
  const oracle = await build("OracleMock");
  const irm = await build("IrmMock");
  const at = await morpho.getAddress();
  const token = async () => {
    const minted = await ethers.deployContract("MockToken", ["Peer", "PEER", 18]);
    for (const person of [lender, borrower]) {
      await minted.mint(person.address, 10n * SUPPLIED);
      await minted.connect(person).approve(at, ethers.MaxUint256);
    }
    return minted;
  };
  const [loan, collateral] = [await token(), await token()];
  const params = [
    await loan.getAddress(),
    await collateral.getAddress(),
    await oracle.getAddress(),
    await irm.getAddress(),
    LLTV,
  ];
  const call = async (name: string, args: readonly unknown[], from = lender) => {
    await (morpho.connect(from) as Contract).getFunction(name)(...args);
  };
  await oracle.getFunction("setPrice")(PAR);
  await call("enableIrm", [params[3]]);
  await call("enableLltv", [LLTV]);
  await call("createMarket", [params]);
  await call("supply", [params, SUPPLIED, 0n, lender.address, "0x"]);
  await call("supplyCollateral", [params, SUPPLIED, borrower.address, "0x"], borrower);
  await call("borrow", [params, (SUPPLIED * 79n) / 100n, 0n, borrower.address, borrower.address], borrower);

  const trigger = await ethers.deployContract("MorphoBadDebtTrigger");
  const market = ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(["address", "address", "address", "address", "uint256"], params),
  );
  const definition = { morpho: at, market, deductible: DEDUCTIBLE };
  const terms = await trigger.defineTerms.staticCall(definition);
  await trigger.defineTerms(definition);
  await trigger.prepare(terms);
  await networkHelpers.time.increase(60 * MINUTES);

  const verifier = await ethers.deployContract("ClaimVerifier", [
    await loan.getAddress(),
    WAD,
    0n,
    ethers.Wallet.createRandom().address,
  ]);
  await loan.approve(await verifier.getAddress(), ethers.MaxUint256);
  const endsAt = BigInt(await networkHelpers.time.latest()) + WEEK;
  await verifier.registerSeries(1n, await trigger.getAddress(), terms, WAD, endsAt, endsAt + WEEK);
  const { mark } = await verifier.subjectOf(lender.address, 1n);
  const observe = async (minutes: number) => {
    await networkHelpers.time.increase(minutes * MINUTES);
    await trigger.observe(terms, mark);
    return BigInt(await networkHelpers.time.latest());
  };
  const supplied = async () => {
    const [assets] = (await morpho.getFunction("market")(market)) as bigint[];
    return assets ?? 0n;
  };
  return { trigger, verifier, terms, mark, observe, supplied, call, params, oracle, lender, borrower };
}

describe("CLM-03: MorphoBadDebtTrigger on Morpho Blue as published", () => {
  it("is paid what bad debt has taken from a supplier beyond the deductible, and neither interest nor a sound liquidation", async () => {
    const m = await deploy();
    // Interest, by Morpho's own model for tests: the price of a share rises.
    await m.call("accrueInterest", [m.params]);
    await m.observe(5);
    expect((await m.trigger.evaluate(m.terms, m.mark)).payoutPerUnit).to.equal(0n);
    // A liquidation that leaves collateral behind takes nothing from suppliers.
    await m.oracle.getFunction("setPrice")((PAR * 95n) / 100n);
    await m.call("liquidate", [m.params, m.borrower.address, SUPPLIED / 10n, 0n, "0x"]);
    await m.observe(5);
    expect((await m.trigger.evaluate(m.terms, m.mark)).payoutPerUnit).to.equal(0n);

    // Collateral falls to a tenth, and all of it is seized: the rest of the debt is the suppliers'.
    await m.oracle.getFunction("setPrice")(PAR / 10n);
    await m.call("accrueInterest", [m.params]);
    const before = await m.supplied();
    await m.call("liquidate", [m.params, m.borrower.address, (SUPPLIED * 9n) / 10n, 0n, "0x"]);
    const after = await m.supplied();
    expect(after < before, "bad debt").to.equal(true);
    await expect(m.trigger.evaluate(m.terms, m.mark)).to.be.revertedWithCustomError(m.trigger, "Trigger_Undecided");
    await expect(m.verifier.open(m.lender.address, 1n)).to.be.revertedWithCustomError(
      m.verifier,
      "ClaimVerifier_NotDecided",
    );
    const first = await m.observe(5);
    await m.observe(5);
    await m.observe(5);
    await m.verifier.open(m.lender.address, 1n);
    expect((await m.verifier.incidentOf(m.lender.address, 1n)).eventAt).to.equal(first);
    await m.verifier.resolve(m.lender.address, 1n);
    const { confirmed } = await m.verifier.outcome(m.lender.address, 1n);
    // What 1,000 supplied are worth after it all, to what they were when the cover began.
    const loss = ((SUPPLIED - after) * WAD) / SUPPLIED - DEDUCTIBLE;
    expect(confirmed).to.be.within(loss - 1_000_000_000n, loss + 1_000_000_000n);
    expect(confirmed > WAD / 2n, "more than a half").to.equal(true);
  });
});

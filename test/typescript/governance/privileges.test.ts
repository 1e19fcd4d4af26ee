import { expect } from "chai";
import type { BaseContract } from "ethers";
import { readFileSync } from "node:fs";

import { MEMBERS, PRIVILEGES, ROLES, selectorOf } from "../../../deploy/modules/privileges.ts";
import type { RoleName, Target } from "../../../deploy/modules/privileges.ts";
import { guardedFunctions, plain, render } from "../../../scripts/docs/privileges.ts";
import { deployGoverned } from "./support/governed.ts";
import type { Governed } from "./support/governed.ts";

describe("who may do what after the hand-over (GOV-01, GOV-02, INV-17)", () => {
  let system: Governed;
  before(async () => {
    system = await deployGoverned();
  });
  const contractOf = (target: Target): BaseContract => system[target];
  const pairs = PRIVILEGES.flatMap((privilege) => privilege.targets.map((target) => ({ privilege, target })));

  it("GOV-01: the list has every function of the sources that is guarded, and no other", () => {
    const names = guardedFunctions().map(({ name }) => name);
    expect(PRIVILEGES.map(({ signature }) => signature.split("(")[0]).sort()).to.deep.equal(names.sort());
  });

  it("GOV-01: docs/privileges.md says what the sources say, and each function has an event", () => {
    expect(plain(readFileSync("docs/privileges.md", "utf8"))).to.equal(plain(render()));
    for (const { name, events } of guardedFunctions()) expect(events.length, name).to.be.greaterThan(0);
  });

  it("GOV-01: every signature of the list is one of its contract", () => {
    for (const { privilege, target } of pairs) {
      const selector = selectorOf(privilege);
      expect(contractOf(target).interface.getFunction(selector)?.selector, privilege.signature).to.equal(selector);
    }
  });

  it("INV-17: every one has its role, every role its members with their delays; every target its own delay", async () => {
    const { governor, manager } = system;
    for (const { privilege, target } of pairs) {
      const at = await contractOf(target).getAddress();
      const role = ROLES[privilege.role];
      expect(await manager.getTargetFunctionRole(at, selectorOf(privilege)), privilege.signature).to.equal(role.id);
    }
    await system.networkHelpers.time.increase(5 * 86_400);
    for (const { target } of pairs) {
      const at = await contractOf(target).getAddress();
      expect(await manager.getTargetAdminDelay(at)).to.equal(BigInt(ROLES.administrator.delay));
    }
    const members = new Map<bigint, Set<string>>();
    for (const log of await manager.queryFilter(manager.filters.RoleGranted())) {
      const { roleId, account } = log.args;
      members.set(roleId, (members.get(roleId) ?? new Set()).add(account));
    }
    for (const log of await manager.queryFilter(manager.filters.RoleRevoked())) {
      members.get(log.args.roleId)?.delete(log.args.account);
    }
    const contracts = new Map([
      ["BulwarkGovernor", await governor.getAddress()],
      ["Steward", await system.steward.getAddress()],
    ]);
    // The local deployment names the same person for both.
    const person = system.canceller.address;
    for (const [name, expected] of Object.entries(MEMBERS) as [RoleName, (typeof MEMBERS)[RoleName]][]) {
      const { id } = ROLES[name];
      const addresses = expected.map(({ contract }) => (contract ? contracts.get(contract) : person));
      expect([...(members.get(id) ?? [])].sort(), name).to.deep.equal([...addresses].sort());
      for (const [index, { delay }] of expected.entries()) {
        expect(await manager.hasRole(id, addresses[index]!), name).to.deep.equal([true, BigInt(delay)]);
      }
    }
    expect(await manager.getRoleAdmin(ROLES.guardian.id)).to.equal(ROLES.parameters.id);
    expect(members.size).to.equal(Object.keys(ROLES).length);
  });

  it("GOV-02: the deployer can call none of them, and give nobody a role", async () => {
    const { deployer, manager } = system;
    for (const { privilege, target } of pairs) {
      const contract = contractOf(target);
      const fragment = contract.interface.getFunction(selectorOf(privilege));
      const zeros = new system.ethers.AbiCoder().getDefaultValue([...fragment!.inputs]);
      const data = contract.interface.encodeFunctionData(fragment!, [...zeros]);
      await expect(deployer.sendTransaction({ to: await contract.getAddress(), data }), privilege.signature)
        .to.be.revertedWithCustomError(system.riskController, "AccessManagedUnauthorized")
        .withArgs(deployer.address);
    }
    await expect(manager.grantRole(ROLES.parameters.id, deployer.address, 0))
      .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedAccount")
      .withArgs(deployer.address, ROLES.administrator.id);
  });

  it("GOV-01: a target that is closed stops no deposit, no exit, no bid and no draw", async () => {
    const { engine, ethers, house, manager, trader, usd, vault } = system;
    const start = await system.networkHelpers.takeSnapshot();
    const targets = [house, vault, engine, system.oracle, system.riskController];
    const steps = await Promise.all(
      targets.map(async (target) => ({
        target: manager,
        data: manager.interface.encodeFunctionData("setTargetClosed", [await target.getAddress(), true]),
      })),
    );
    const decision = await system.decide(...steps);
    await system.networkHelpers.time.increaseTo(decision.eta);
    await decision.execute();
    expect(await manager.isTargetClosed(await house.getAddress())).to.equal(true);
    const amount = 1_000n * 10n ** 6n;
    await usd.mint(trader.address, 2n * amount);
    await usd.connect(trader).approve(await house.getAddress(), amount);
    const account = `${trader.address.toLowerCase()}${"0".repeat(24)}`;
    await house.connect(trader).deposit(account, 0, amount);
    await house.connect(trader).withdraw(account, 0, amount);
    const share = await ethers.getContractAt("TrancheShare", await vault.shareOf(0));
    await usd.connect(trader).approve(await share.getAddress(), amount);
    await share.connect(trader).getFunction("deposit(uint256,address)")(amount, trader.address);
    const shares = await share.balanceOf(trader.address);
    await share.connect(trader).requestRedeem(shares, trader.address, trader.address);
    await expect(engine.connect(trader).start(account)).to.be.revertedWithCustomError(
      engine,
      "LiquidationEngine_NotLiquidatable",
    );
    await start.restore();
  });
});

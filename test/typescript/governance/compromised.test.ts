import { expect } from "chai";
import type { BaseContract } from "ethers";

import { PRIVILEGES, ROLES, selectorOf } from "../../../deploy/modules/privileges.ts";
import { WAD } from "../support/deployment.ts";
import { DAY } from "./support/governed.ts";
import { ALL_BITS, expectExits, HONEST, useCompromised } from "./support/thief.ts";
import type { Compromised } from "./support/thief.ts";

/*
 * FND-09 and T9 (Drift, 2026-04-01: 280 million by stolen signers): all keys at once. In any rolling window the segment loses at most its draw
 * budget plus what was invested in that window; vaults and accounts lose nothing before cooldown + window (35 days) has passed since the
 * announcement; exits stay open, also while everything that can be paused is paused.
 */

const LISTING = 36n * DAY;

describe("every key stolen at once (FND-09, T9)", function () {
  this.timeout(300_000);
  const system = useCompromised();
  let t: Compromised;
  beforeEach(() => {
    t = system();
  });

  it("T9: on the first day the thief can pause new risk and loosen a parameter by a twentieth; every other key waits", async () => {
    const { stolen, guardian, guardianKey, riskController, steward, key, networkHelpers } = t;
    const appoint = await t.schedule({
      target: steward,
      data: steward.interface.encodeFunctionData("appoint", [key.address, (await t.now()) + 60n * DAY]),
    });
    await networkHelpers.time.increaseTo(appoint.eta);
    await appoint.execute();
    await networkHelpers.time.increase(7n * DAY);
    const reserve = await t.reserve();

    for (const privilege of PRIVILEGES) {
      for (const target of privilege.targets) {
        const contract: BaseContract = t[target];
        const fragment = contract.interface.getFunction(selectorOf(privilege))!;
        const zeros = new t.ethers.AbiCoder().getDefaultValue([...fragment.inputs]);
        const data = contract.interface.encodeFunctionData(fragment, [...zeros]);
        const address = await contract.getAddress();
        if (privilege.role === "guardian") continue;
        await expect(stolen.execute(address, data), privilege.signature).to.be.revertedWithCustomError(
          t.manager,
          "AccessManagerNotScheduled",
        );
        const early = (await t.now()) + BigInt(ROLES[privilege.role].delay) - 10n;
        await expect(stolen.schedule(address, data, early), privilege.signature).to.be.revertedWithCustomError(
          t.manager,
          "AccessManagerUnauthorizedCall",
        );
      }
    }
    // The fund's own doors ask for the access manager itself: 36 days.
    const surplus = t.surplus.interface.encodeFunctionData("linkSurplus", [t.segment, key.address]);
    await expect(stolen.execute(await t.fund.getAddress(), surplus)).to.be.revertedWithCustomError(
      t.manager,
      "AccessManagerNotScheduled",
    );

    await guardian.connect(guardianKey).pause(ALL_BITS, 7n * DAY);
    const { parameters } = await riskController.classParameters(0);
    const looser = [...parameters];
    looser[2] = 379n;
    await expect(steward.connect(key).adjust(0, looser as never))
      .to.be.revertedWithCustomError(steward, "Steward_TooFast")
      .withArgs(0, 2, 21n, 20n);
    looser[2] = 380n;
    await steward.connect(key).adjust(0, looser as never);
    expect(await t.reserve(), "the fund has lost nothing").to.equal(reserve);
    expect((await t.house.headerOf(t.honest.trader)).cash).to.equal(HONEST.trader * WAD);
  });

  it("GOV-03, RSK-02: guardian and steward are dismissed in days, not in weeks", async () => {
    const { guardian, guardianKey, key, manager, steward } = t;
    const appoint = await t.schedule({
      target: steward,
      data: steward.interface.encodeFunctionData("appoint", [key.address, (await t.now()) + 60n * DAY]),
    });
    expect(appoint.eta - (await t.now())).to.equal(2n * DAY);
    await t.networkHelpers.time.increaseTo(appoint.eta);
    await appoint.execute();
    await expect(steward.connect(guardianKey).dismiss()).to.emit(steward, "StewardDismissed").withArgs(key.address);
    const revoke = await t.schedule({
      target: manager,
      data: manager.interface.encodeFunctionData("revokeRole", [ROLES.guardian.id, guardianKey.address]),
    });
    expect(revoke.eta - (await t.now())).to.equal(2n * DAY);
    await t.networkHelpers.time.increaseTo(revoke.eta);
    await revoke.execute();
    await expect(guardian.connect(guardianKey).pause(1n, 1n))
      .to.be.revertedWithCustomError(guardian, "AccessManagedUnauthorized")
      .withArgs(guardianKey.address);
  });

  it("FND-09, second venue: a segment of the thief's own, on the house's vaults, draws nothing before they have left", async () => {
    const { ethers, fund, helper, networkHelpers, usd, vault } = t;
    const venue = await ethers.deployContract("HostileVenue", [
      await usd.getAddress(),
      helper.address,
      await fund.getAddress(),
    ]);
    const budgets = { major: 10_000, mid: 10_000, tail: 10_000, segment: 10_000, reward: 10_000 };
    const layers = { backstop: await vault.getAddress(), reinsurance: await t.reinsurance.getAddress() };
    const evil = await fund.connect(helper).registerSegment.staticCall(await venue.getAddress(), budgets, layers);
    await fund.connect(helper).registerSegment(await venue.getAddress(), budgets, layers);
    const request = {
      shortfallByClass: [10n ** 24n, 0n, 0n] as [bigint, bigint, bigint],
      fraction: WAD,
      reward: 10n ** 24n,
    };
    const draw = async () => {
      const result = await fund.connect(helper).cover.staticCall(evil, request);
      await fund.connect(helper).cover(evil, request);
      const { reserve, junior, senior, reinsurance } = result.paid;
      return reserve + junior + senior + reinsurance + result.reward;
    };
    const reserve = await t.reserve();
    const books = async () => {
      const { junior, senior } = await vault.books();
      return junior + senior;
    };
    const held = await books();
    expect(await draw(), "nobody has committed anything to it").to.equal(0n);

    // All the vault has, promised to the thief: two days until it is announced, 35 until it counts.
    const announce = await t.schedule({
      target: vault,
      data: vault.interface.encodeFunctionData("announceCommitment", [evil, 2_000n * WAD]),
    });
    await networkHelpers.time.increaseTo(announce.eta);
    await announce.execute();
    const announcedAt = await t.now();
    await t.requestExits();
    await networkHelpers.time.increaseTo(announcedAt + 28n * DAY + 10n);
    await expect(vault.activateCommitment(evil)).to.be.revertedWithCustomError(vault, "CoverageVault_TooEarly");
    expect(await draw(), "announced, not in force").to.equal(0n);
    expect(await books()).to.equal(held);
    await expectExits(t);
    await networkHelpers.time.increaseTo(announcedAt + 35n * DAY + 2n);
    await expect(vault.activateCommitment(evil))
      .to.be.revertedWithCustomError(vault, "CoverageVault_NoCapacity")
      .withArgs(2_000n * WAD, 0n);
    expect(await draw(), "they have left").to.equal(0n);
    expect(await t.reserve(), "INV-07: the other segment").to.equal(reserve);
  });

  it("FND-09, evil yield vault: the desk waits 36 and 35 days, then takes a fifth of the reserve in a week at most", async () => {
    const { ethers, fund, networkHelpers, stolen } = t;
    const investments = await ethers.getContractAt("IReserveInvestments", await fund.getAddress());
    const desk = await ethers.deployContract("MockToken", ["Evil", "EVIL", 6]);
    const address = await desk.getAddress();
    const data = investments.interface.encodeFunctionData("announceDesk", [t.segment, address, 0n]);
    const scheduledAt = await t.now();
    await stolen.schedule(await fund.getAddress(), data, 0);
    await networkHelpers.time.increaseTo(scheduledAt + LISTING - 10n);
    await expect(stolen.execute(await fund.getAddress(), data)).to.be.revertedWithCustomError(
      t.manager,
      "AccessManagerNotReady",
    );
    await networkHelpers.time.increaseTo(scheduledAt + LISTING + 2n);
    await stolen.execute(await fund.getAddress(), data);
    const { activeFrom } = await investments.investmentOf(t.segment);
    await networkHelpers.impersonateAccount(address);
    await networkHelpers.setBalance(address, 10n ** 20n);
    const taker = investments.connect(await ethers.getSigner(address));
    await networkHelpers.time.increaseTo(activeFrom - 10n);
    await expect(taker.invest(t.segment, 1n)).to.be.revertedWithCustomError(investments, "InsuranceFund_NotDesk");
    expect(await t.reserve()).to.equal(HONEST.reserve * WAD);

    // From now on all he can, every six hours, for a month.
    await networkHelpers.time.increaseTo(activeFrom);
    const taken: { at: bigint; amount: bigint }[] = [];
    for (let step = 0; step < 120; ++step) {
      const amount = (await investments.investable(t.segment)) / 10n ** 12n;
      if (amount > 0n) await taker.invest(t.segment, amount);
      taken.push({ at: await t.now(), amount: amount * 10n ** 12n });
      await networkHelpers.time.increase(6n * 3_600n);
    }
    for (const { at: end } of taken) {
      const week = taken.filter(({ at }) => at > end - 7n * DAY && at <= end);
      const sum = week.reduce((total, { amount }) => total + amount, 0n);
      expect(sum * 100n, "a fifth in any 7 days").to.be.at.most(HONEST.reserve * WAD * 20n);
    }
    const all = taken.reduce((total, { amount }) => total + amount, 0n);
    expect(all * 100n, "three tenths in all").to.be.at.most(HONEST.reserve * WAD * 30n);
    expect(all * 100n, "and he did try").to.be.at.least(HONEST.reserve * WAD * 29n);
    expect(await t.reserve()).to.equal(HONEST.reserve * WAD - all);
  });
});

import { expect } from "chai";

import { BUDGETS, HOUSE_SETTINGS } from "../../../deploy/modules/defaults.ts";
import { vaultsOf } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";

describe("readers of a house whose fund has fewer layers behind it (PER-01, FND-08)", () => {
  const world = useWorld();

  /** Another house on the same fund, with the layers that are given. */
  const readersWith = async (layers: { backstop: string; reinsurance: string }) => {
    const { ethers, engine, fundAddress, oracle, usd, administrator, ordersAddress } = {
      ...world(),
      ordersAddress: await world().orders.getAddress(),
    };
    const settings = {
      accessManager: await engine.authority(),
      oracle: await oracle.getAddress(),
      settlementToken: await usd.getAddress(),
      feeRecipient: administrator.address,
      ...HOUSE_SETTINGS,
    };
    const treasury = await ethers.deployContract("ClearingHouseTreasury", [settings]);
    const registry = await ethers.deployContract("ClearingHouseRegistry", [settings, treasury]);
    const extension = await ethers.deployContract("ClearingHouseExtension", [settings, registry]);
    const first = await (await ethers.deployContract("ClearingHouse", [settings, extension])).getAddress();
    const house = await ethers.getContractAt("IClearingHouse", first);
    const own = await ethers.deployContract("LiquidationEngine", [settings.accessManager, house, fundAddress]);
    await house.link(own, fundAddress, ordersAddress);
    await own.openSegment(BUDGETS, layers);
    return {
      lens: await ethers.deployContract("Lens", [house]),
      solvency: await ethers.deployContract("Solvency", [house]),
    };
  };

  it("none: no vault is asked, and nothing stands behind the reserve", async () => {
    const { ZeroAddress } = world().ethers;
    const { lens, solvency } = await readersWith({ backstop: ZeroAddress, reinsurance: ZeroAddress });
    expect(await lens.vaults()).to.deep.equal([]);
    const { backstop, reinsurance } = await solvency.solvency(0n);
    for (const part of [backstop, reinsurance]) {
      expect([part.vault, part.tokens, part.freeCapital, part.committed]).to.deep.equal([ZeroAddress, 0n, 0n, 0n]);
    }
  });

  it("reinsurance alone: it is the only answer", async () => {
    const w = world();
    const { ZeroAddress } = w.ethers;
    const reinsurance = await (await vaultsOf(w)).reinsurance.getAddress();
    const { lens, solvency } = await readersWith({ backstop: ZeroAddress, reinsurance });
    const answers = await lens.vaults();
    expect(answers.map(({ isAnswered, report }) => [isAnswered, report.vault])).to.deep.equal([[true, reinsurance]]);
    const report = await solvency.solvency(0n);
    expect([report.backstop.vault, report.reinsurance.vault]).to.deep.equal([ZeroAddress, reinsurance]);
  });
});

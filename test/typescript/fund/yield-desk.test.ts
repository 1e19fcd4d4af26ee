import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { MAX, useWorld } from "../support/world.ts";

const ANNOUNCEMENT = 35n * 86_400n + 1n;

describe("idle reserve of the deployed fund (FND-06)", () => {
  const world = useWorld(async (w) => {
    await w.usd.mint(w.alice.address, 1_000n * USD);
    await w.usd.connect(w.alice).approve(w.fundAddress, 1_000n * USD);
    await w.fund.connect(w.alice).donate(w.segment, 1_000n * USD);
  });

  /** A desk that the administrator has named through the engine's access manager, and a vault; both have waited. */
  const deploy = async () => {
    const w = world();
    const manager = await w.ethers.getContractAt("AccessManager", await w.engine.authority());
    const desk = await w.ethers.deployContract("YieldDesk", [await manager.getAddress(), w.fundAddress, w.segment]);
    const vault = await w.ethers.deployContract("HostileYieldVault", [await w.usd.getAddress()]);
    const investments = await w.ethers.getContractAt("IReserveInvestments", w.fundAddress);
    const announce = investments.interface.encodeFunctionData("announceDesk", [
      w.segment,
      await desk.getAddress(),
      100n * WAD,
    ]);
    await manager.execute(w.fundAddress, announce);
    await desk.announceVault(await vault.getAddress());
    await w.networkHelpers.time.increase(ANNOUNCEMENT);
    return { manager, desk, vault, investments, announce };
  };

  it("FND-06: the administrator of the engine names a desk, nobody else; it invests, anyone takes back", async () => {
    const w = world();
    const { manager, desk, vault, investments, announce } = await deploy();
    const engineManager = await manager.getAddress();
    await expect(manager.connect(w.bob).execute(w.fundAddress, announce)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerUnauthorizedCall",
    );
    await expect(investments.announceDesk(w.segment, await desk.getAddress(), 0n))
      .to.be.revertedWithCustomError(investments, "InsuranceFund_NotAuthority")
      .withArgs((await w.ethers.provider.getSigner(0)).address, engineManager);
    const target = await vault.getAddress();
    await desk.invest(target, 100n * USD);
    expect((await w.fund.segmentOf(w.segment)).reserve).to.equal(900n * WAD);
    expect((await w.fund.resources(w.segment)).reserve).to.equal(900n * WAD);
    await w.usd.mint(target, 20n * USD);
    await desk.connect(w.bob).divest(target, MAX);
    // The vault rounds a unit in its own favour.
    expect((await w.fund.segmentOf(w.segment)).reserve).to.equal(1_020n * WAD - 10n ** 12n);
    expect((await investments.investmentOf(w.segment)).invested).to.equal(0n);
  });

  it("R5: what is sent to the fund without a function that it has is refused, and its second piece holds nothing", async () => {
    const w = world();
    await expect(w.alice.sendTransaction({ to: w.fundAddress, value: 1n })).to.be.revertedWithoutReason(w.ethers);
    await expect(w.alice.sendTransaction({ to: w.fundAddress, data: "0x12345678" })).to.be.revertedWithoutReason(
      w.ethers,
    );
    const alone = await w.ethers.deployContract("ReserveInvestments");
    await expect(alone.invest(w.segment, 1n))
      .to.be.revertedWithCustomError(w.fund, "InsuranceFund_UnknownSegment")
      .withArgs(w.segment);
  });
});

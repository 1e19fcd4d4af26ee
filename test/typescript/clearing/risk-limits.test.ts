import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
const SIDE = 3;
const AT_200 = 200n * WAD;
const ONE = 1_000_000_000n;
const TARGETS = { maintenanceTarget: 4_000n, cap: 50n * WAD, gapRate: 0n, penaltyRate: 1_000n };

describe("what risk control may write (RSK-01)", () => {
  /** Alice is long 30 at 200: 6,000 of notional, mmr 4%. */
  const world = useWorld(async (w) => {
    await w.listMarket(FLAT, AT_200, { cap: 50n * WAD });
    await w.cash(w.alice, 10_000n);
    await w.cash(w.bob, 10_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), FLAT, 30n * WAD, AT_200);
  });
  /** The token's address plays risk control: it has code and a name. */
  const controller = async () => {
    const w = world();
    const address = await w.usd.getAddress();
    if ((await w.house.riskController()) !== address) await w.house.linkRiskController(address);
    await w.networkHelpers.setBalance(address, WAD);
    return w.house.connect(await w.ethers.getImpersonatedSigner(address));
  };

  it("GOV-01: linked once, to code, by the administrator: ClearingHouse_AlreadyLinked, ClearingHouse_InvalidLink", async () => {
    const w = world();
    await expect(w.house.linkRiskController(w.erin.address))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidLink")
      .withArgs(w.erin.address);
    const address = await w.usd.getAddress();
    await expect(w.house.linkRiskController(address)).to.emit(w.house, "RiskControllerLinked").withArgs(address);
    await expect(w.house.linkRiskController(w.engineAddress))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_AlreadyLinked")
      .withArgs(address);
    const manager = await w.ethers.getContractAt("ClearingHouse", w.houseAddress);
    await expect(w.house.connect(w.erin).linkRiskController(address))
      .to.be.revertedWithCustomError(manager, "AccessManagedUnauthorized")
      .withArgs(w.erin.address);
  });

  it("RSK-01: nobody else writes: ClearingHouse_NotLinked", async () => {
    const w = world();
    await controller();
    const linked = await w.house.riskController();
    await expect(w.house.applyRisk(FLAT, TARGETS, ONE))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotLinked")
      .withArgs(w.administrator.address, linked);
  });

  it("RSK-01: every value has bounds in the house: ClearingHouse_InvalidRiskTargets", async () => {
    const w = world();
    const house = await controller();
    for (const change of [
      { cap: 50n * WAD + 1n },
      { gapRate: 100_000_001n },
      { penaltyRate: 499n },
      { penaltyRate: 400n },
      { penaltyRate: 2_001n },
      { penaltyRate: 2_100n },
      { penaltyRate: 1_050n },
    ]) {
      const targets = { ...TARGETS, ...change };
      await expect(house.applyRisk(FLAT, targets, ONE))
        .to.be.revertedWithCustomError(house, "ClearingHouse_InvalidRiskTargets")
        .withArgs(FLAT, Object.values(targets), 50n * WAD);
    }
    await expect(house.applyRisk(FLAT, { ...TARGETS, maintenanceTarget: 50_001n }, ONE))
      .to.be.revertedWithCustomError(house, "ClearingHouse_InvalidRate")
      .withArgs(FLAT, 50_001n);
    await expect(house.applyRisk(9, TARGETS, ONE))
      .to.be.revertedWithCustomError(house, "ClearingHouse_UnknownMarket")
      .withArgs(9);
    const extreme = { maintenanceTarget: 50_000n, cap: 0n, gapRate: 100_000_000n, penaltyRate: 2_000n };
    await expect(house.applyRisk(FLAT, extreme, 2n * ONE))
      .to.emit(house, "RiskApplied")
      .withArgs(FLAT, Object.values(extreme), 2n * ONE);
    const [market, interest] = await w.house.marketOf(FLAT);
    expect([market.rateTarget, interest.cap, interest.gapRate]).to.deep.equal([50_000n, 0n, 100_000_000n]);
    expect(await w.house.penaltyRateOf(FLAT)).to.equal(2_000n);
  });

  it("FND-04: the cap falls and rises again, never above what was listed; who lowers the listed one lowers both", async () => {
    const w = world();
    const house = await controller();
    await house.applyRisk(FLAT, { ...TARGETS, cap: 35n * WAD }, ONE);
    await expect(w.trade(w.id(w.alice), w.id(w.bob), FLAT, 6n * WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_OpenInterestCapExceeded")
      .withArgs(FLAT, 36n * WAD, 35n * WAD);
    await house.applyRisk(FLAT, TARGETS, ONE);
    await w.trade(w.id(w.alice), w.id(w.bob), FLAT, 6n * WAD, AT_200);
    // Above what risk control allows now: only the listed cap falls.
    await house.applyRisk(FLAT, { ...TARGETS, cap: 38n * WAD }, ONE);
    await w.house.lowerCap(FLAT, 40n * WAD);
    expect([(await w.house.marketOf(FLAT))[1].cap, await w.house.listedCapOf(FLAT)]).to.deep.equal([
      38n * WAD,
      40n * WAD,
    ]);
    await w.house.lowerCap(FLAT, 37n * WAD);
    expect([(await w.house.marketOf(FLAT))[1].cap, await w.house.listedCapOf(FLAT)]).to.deep.equal([
      37n * WAD,
      37n * WAD,
    ]);
    await expect(house.applyRisk(FLAT, { ...TARGETS, cap: 38n * WAD }, ONE))
      .to.be.revertedWithCustomError(house, "ClearingHouse_InvalidRiskTargets")
      .withArgs(FLAT, Object.values({ ...TARGETS, cap: 38n * WAD }), 37n * WAD);
  });

  it("MRG-02, MRG-01: the ratio works at once: initial margin times clamp(2 - ratio, 1, 2)", async () => {
    const w = world();
    const house = await controller();
    const marginAt = async (ratio: bigint) => {
      await house.applyRisk(FLAT, TARGETS, ratio);
      return (await w.house.health(w.id(w.alice))).initialMargin;
    };
    expect(await marginAt(ONE)).to.equal(600n * DOLLAR);
    expect(await marginAt(2n * ONE)).to.equal(600n * DOLLAR);
    expect(await marginAt(ONE / 2n)).to.equal(900n * DOLLAR);
    expect(await marginAt(0n)).to.equal(1_200n * DOLLAR);
  });

  it("MRG-02: the same target written again does not start the ramp anew", async () => {
    const w = world();
    const house = await controller();
    await house.applyRisk(FLAT, { ...TARGETS, maintenanceTarget: 6_000n }, ONE);
    const before = (await w.house.marketOf(FLAT))[0];
    await w.networkHelpers.time.increase(1_800);
    await expect(house.applyRisk(FLAT, { ...TARGETS, maintenanceTarget: 6_000n }, ONE)).not.to.emit(
      house,
      "MaintenanceTargetSet",
    );
    const after = (await w.house.marketOf(FLAT))[0];
    expect([after.rateSet, after.rateSetAt]).to.deep.equal([before.rateSet, before.rateSetAt]);
  });

  it("LIQ-07: the penalty of a bid is the sum of pi_m MM_m over the markets; a listed market starts at 10%", async () => {
    const w = world();
    const house = await controller();
    await w.listMarket(SIDE, 100n * WAD);
    expect([await w.house.penaltyRateOf(FLAT), await w.house.penaltyRateOf(SIDE)]).to.deep.equal([1_000n, 1_000n]);
    const dave = await w.cash(w.dave, 1_300n);
    // 20 * 200 and 60 * 100 at 4%: MM 160 and 240.
    await w.trade(dave, w.id(w.bob), FLAT, 20n * WAD, AT_200);
    await w.trade(dave, w.id(w.bob), SIDE, 60n * WAD, 100n * WAD);
    await house.applyRisk(FLAT, { ...TARGETS, penaltyRate: 500n }, ONE);
    await house.applyRisk(SIDE, { ...TARGETS, penaltyRate: 2_000n }, ONE);
    expect((await w.house.health(dave)).penaltyBasis).to.equal((160n * 500n + 240n * 2_000n) * DOLLAR);
    // The steps of one market leave the other's alone, in both directions.
    await house.applyRisk(FLAT, { ...TARGETS, penaltyRate: 1_900n }, ONE);
    expect([await w.house.penaltyRateOf(FLAT), await w.house.penaltyRateOf(SIDE)]).to.deep.equal([1_900n, 2_000n]);
  });

  it("LIQ-07: and that is what a bid takes and a deleveraging too", async () => {
    const w = world();
    const house = await controller();
    const feeds = await w.listMarket(SIDE, 100n * WAD);
    const dave = await w.cash(w.dave, 700n);
    await w.cash(w.carol, 50_000n);
    await w.trade(dave, w.id(w.bob), SIDE, 60n * WAD, 100n * WAD);
    await house.applyRisk(SIDE, { ...TARGETS, cap: 1_000n * WAD, penaltyRate: 2_000n }, ONE);
    // 700 - 3 of fee - 480 = 217 < MM = 60 * 92 * 4% = 220.8.
    await w.setFeeds(feeds, 92n * WAD);
    const { fraction, penalty } = await w.bidFor(w.carol, dave);
    const whole = (2_208n * DOLLAR) / 50n;
    expect(penalty).to.equal((whole * fraction + WAD - 1n) / WAD);
  });
});

import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
const AT_200 = 200n * WAD;

describe("what may change in a listed market (MRG-02, FND-09)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  /** Alice is long 30 at 200: 6,000 of notional, mmr 4%. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(FLAT, AT_200, { cap: 50n * WAD });
    await w.cash(w.alice, 10_000n);
    await w.cash(w.bob, 10_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), FLAT, 30n * WAD, AT_200);
  });
  /** mmr in 1e-5 at that time, by what it asks of Alice. */
  const rateAt = async (time: bigint) => {
    const w = world();
    const missing = time - (await w.now());
    // The feed is to be alive then.
    if (missing > 4n) {
      await w.networkHelpers.time.increaseTo(time - 4n);
      await w.setFeeds(feeds, AT_200);
    }
    if (missing > 0n) await w.networkHelpers.time.increaseTo(time);
    const { linearMargin } = await w.house.health(w.id(w.alice));
    return (linearMargin * 100_000n) / (6_000n * DOLLAR);
  };
  const setTarget = async (rate: number) => {
    const w = world();
    await w.house.setMaintenanceTarget(FLAT, rate);
    return w.now();
  };

  it("MRG-02: mmr rises by 0.25 points an hour to its target; initial margin asks for the target at once", async () => {
    const w = world();
    const start = await setTarget(6_000);
    expect((await w.house.health(w.id(w.alice))).linearMargin).to.equal(240n * DOLLAR);
    // 6% and 6 points.
    expect((await w.house.health(w.id(w.alice))).initialMargin).to.equal(720n * DOLLAR);
    expect(await rateAt(start + 3_600n)).to.equal(4_250n);
    expect(await rateAt(start + 4n * 3_600n)).to.equal(5_000n);
    expect(await rateAt(start + 8n * 3_600n - 15n)).to.equal(5_999n);
    expect(await rateAt(start + 8n * 3_600n)).to.equal(6_000n);
    expect(await rateAt(start + 80n * 3_600n)).to.equal(6_000n);
  });

  it("MRG-02: it falls by 0.05 points an hour", async () => {
    const start = await setTarget(3_000);
    expect(await rateAt(start)).to.equal(4_000n);
    expect(await rateAt(start + 3_600n)).to.equal(3_950n);
    expect(await rateAt(start + 20n * 3_600n)).to.equal(3_000n);
    expect(await rateAt(start + 30n * 3_600n)).to.equal(3_000n);
  });

  it("MRG-02: no cliff: however long nobody wrote, the ramp goes on from where it stands", async () => {
    const w = world();
    const start = await setTarget(6_000);
    // In the middle of the way: 4,500 after two hours, whatever the new target is.
    await w.networkHelpers.time.setNextBlockTimestamp(start + 7_200n);
    await expect(w.house.setMaintenanceTarget(FLAT, 10_000))
      .to.emit(w.house, "MaintenanceTargetSet")
      .withArgs(FLAT, 4_500n, 10_000n);
    expect(await rateAt(start + 3n * 3_600n)).to.equal(4_750n);
    // A hundred hours later it stands at its target, and a new one starts from there and from now.
    const later = start + 103n * 3_600n;
    expect(await rateAt(later)).to.equal(10_000n);
    await w.networkHelpers.time.setNextBlockTimestamp(later + 60n);
    await expect(w.house.setMaintenanceTarget(FLAT, 12_000))
      .to.emit(w.house, "MaintenanceTargetSet")
      .withArgs(FLAT, 10_000n, 12_000n);
    expect((await w.house.health(w.id(w.alice))).linearMargin).to.equal(600n * DOLLAR);
    expect(await rateAt(later + 60n + 3_600n)).to.equal(10_250n);
    // Turned round on the way.
    await w.networkHelpers.time.setNextBlockTimestamp(later + 60n + 7_200n);
    await expect(w.house.setMaintenanceTarget(FLAT, 5_000))
      .to.emit(w.house, "MaintenanceTargetSet")
      .withArgs(FLAT, 10_500n, 5_000n);
    expect(await rateAt(later + 60n + 10_800n)).to.equal(10_450n);
  });

  it("MRG-02: writing often makes it no faster", async () => {
    const w = world();
    const start = await setTarget(6_000);
    for (let write = 0; write < 20; ++write) await setTarget(write % 2 === 0 ? 6_001 : 6_000);
    await w.networkHelpers.time.increaseTo(start + 1_800n);
    for (let write = 0; write < 20; ++write) await setTarget(write % 2 === 0 ? 6_001 : 6_000);
    expect(await rateAt(start + 3_600n)).to.be.within(4_249n, 4_251n);
  });

  it("ClearingHouse_InvalidRate: 0, and above half", async () => {
    const w = world();
    for (const rate of [0n, 50_001n, 65_535n]) {
      await expect(w.house.setMaintenanceTarget(FLAT, rate))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidRate")
        .withArgs(FLAT, rate);
    }
    await w.house.setMaintenanceTarget(FLAT, 50_000);
    await w.house.setMaintenanceTarget(FLAT, 1);
    await expect(w.house.setMaintenanceTarget(9, 4_000))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownMarket")
      .withArgs(9);
  });

  it("FND-09: a cap falls at once and never rises; positions stay, what reduces goes on: ClearingHouse_CapNotLower", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    for (const cap of [50n * WAD, 50n * WAD + 1n, 1n << 95n]) {
      await expect(w.house.lowerCap(FLAT, cap))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_CapNotLower")
        .withArgs(FLAT, cap, 50n * WAD);
    }
    await expect(w.house.lowerCap(FLAT, 35n * WAD))
      .to.emit(w.house, "CapLowered")
      .withArgs(FLAT, 35n * WAD);
    await w.trade(alice, bob, FLAT, 5n * WAD, AT_200);
    await w.house.lowerCap(FLAT, 0n);
    expect(await w.openInterest(FLAT)).to.equal(35n * WAD);
    await expect(w.trade(alice, bob, FLAT, WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_OpenInterestCapExceeded")
      .withArgs(FLAT, 36n * WAD, 0n);
    await w.trade(alice, bob, FLAT, -5n * WAD, AT_200);
    // One long may take another's place: open interest does not grow.
    const carol = await w.cash(w.carol, 10_000n);
    await w.trade(carol, alice, FLAT, 5n * WAD, AT_200);
    await expect(w.house.lowerCap(9, 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownMarket")
      .withArgs(9);
  });

  it("R5: all of it is restricted by the access manager, but for closing what was announced", async () => {
    const w = world();
    const manager = await w.ethers.getContractAt("ClearingHouse", w.houseAddress);
    const house = w.house.connect(w.erin);
    for (const call of [
      () => house.setMaintenanceTarget(FLAT, 5_000),
      () => house.lowerCap(FLAT, 1n),
      () => house.announceClosing(FLAT, 2_000_000_000n),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(manager, "AccessManagedUnauthorized").withArgs(w.erin.address);
    }
  });
});

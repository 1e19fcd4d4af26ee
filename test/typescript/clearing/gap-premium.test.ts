import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
const SIDE = 3;
const AT_200 = 200n * WAD;
/** 1e-9 of notional per second, in units of 1e-15. */
const RATE = 1_000_000n;
const HOUR = 3_600n;
/** What one unit of base at 200 pays in an hour, WAD: 200 * 1e-9 * 3,600. */
const HOURLY = 720_000n * 10n ** 9n;

describe("gap premium (FND-02)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  /** Alice is long 30 against Bob; risk control is played by the token's address. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(FLAT, AT_200);
    for (const who of [w.alice, w.bob, w.carol]) await w.cash(who, 10_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), FLAT, 30n * WAD, AT_200);
    await w.house.linkRiskController(await w.usd.getAddress());
  });
  const charge = async (gapRate: bigint, market = FLAT) => {
    const w = world();
    const controller = await w.ethers.getImpersonatedSigner(await w.usd.getAddress());
    await w.networkHelpers.setBalance(controller.address, WAD);
    const targets = { maintenanceTarget: 4_000, cap: 1_000n * WAD, gapRate, penaltyRate: 1_000 };
    await w.house.connect(controller).applyRisk(market, targets, 1_000_000_000);
    return w.now();
  };
  const values = async () => {
    const w = world();
    return [await w.valueOf(w.id(w.alice)), await w.valueOf(w.id(w.bob))] as const;
  };

  it("FND-02: each side pays rate * notional * time; the fund is credited both, and nothing is lost", async () => {
    const w = world();
    const start = await charge(RATE);
    const [long, short] = await values();
    const fund = await w.house.fundAccount();
    await w.networkHelpers.time.setNextBlockTimestamp(start + HOUR);
    await expect(w.house.connect(w.erin).accrue(FLAT))
      .to.emit(w.house, "GapPremiumAccrued")
      .withArgs(FLAT, HOURLY, 60n * HOURLY);
    expect(await values()).to.deep.equal([long - 30n * HOURLY, short - 30n * HOURLY]);
    expect((await w.house.fundAccount()) - fund).to.equal(60n * HOURLY);
    await w.expectConserved(2n);
    // No fact of a loss is written, so no cover pays for it (CLM-03).
    const [, facts] = await w.house.sideOf(FLAT, true);
    expect([facts.socializedPerUnit, facts.count, facts.lastAt]).to.deep.equal([0n, 0n, 0n]);
  });

  it("FND-02: nothing twice for the same second, nothing without a rate, nothing without open interest", async () => {
    const w = world();
    expect(await w.house.accrue.staticCall(FLAT)).to.equal(0n);
    const start = await charge(RATE);
    await w.listMarket(SIDE, 100n * WAD);
    await charge(RATE, SIDE);
    await w.networkHelpers.time.increaseTo(start + HOUR);
    await w.house.accrue(FLAT);
    expect(await w.house.accrue.staticCall(FLAT, { blockTag: "latest" })).to.equal(0n);
    await expect(w.house.accrue(SIDE)).not.to.emit(w.house, "GapPremiumAccrued");
    await expect(w.house.accrue(9)).to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownMarket").withArgs(9);
  });

  it("INV-21: how often someone accrues changes the sum by at most the rounding of each time", async () => {
    const w = world();
    const start = await charge(RATE + 1n);
    const snapshot = await w.networkHelpers.takeSnapshot();
    await w.networkHelpers.time.setNextBlockTimestamp(start + HOUR);
    await w.house.accrue(FLAT);
    const once = await w.house.fundAccount();
    await snapshot.restore();
    for (let step = 1n; step <= 10n; ++step) {
      await w.networkHelpers.time.setNextBlockTimestamp(start + step * 360n);
      await w.house.accrue(FLAT);
    }
    const often = await w.house.fundAccount();
    // Each time one wei per unit of base at most, on both sides.
    expect(often - once).to.be.within(0n, 10n * 60n);
    await w.expectConserved(40n);
  });

  it("FND-02: a fill accrues first: who leaves has paid, who comes pays from then on", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    const start = await charge(RATE);
    const [long] = await values();
    const fee = (30n * 200n * 5n * DOLLAR) / 10_000n;
    const carolBefore = await w.valueOf(carol);
    await w.networkHelpers.time.setNextBlockTimestamp(start + HOUR);
    await w.trade(carol, alice, FLAT, 30n * WAD, AT_200);
    expect(await w.valueOf(alice)).to.equal(long - 30n * HOURLY);
    expect(await w.valueOf(carol)).to.equal(carolBefore - fee);
    await w.networkHelpers.time.setNextBlockTimestamp(start + 2n * HOUR);
    await w.house.accrue(FLAT);
    expect(await w.valueOf(alice)).to.equal(long - 30n * HOURLY);
    expect(await w.valueOf(carol)).to.equal(carolBefore - fee - 30n * HOURLY);
    await w.expectConserved(4n);
  });

  it("FND-02: the price of the accrual counts; a rate that changes is owed until then at the old one", async () => {
    const w = world();
    const start = await charge(RATE);
    const fund = await w.house.fundAccount();
    await w.setFeeds(feeds, 202n * WAD);
    await w.networkHelpers.time.setNextBlockTimestamp(start + HOUR - 1n);
    await w.oracle.refresh(FLAT);
    await w.networkHelpers.time.setNextBlockTimestamp(start + HOUR);
    await charge(2n * RATE);
    expect((await w.house.fundAccount()) - fund).to.equal((60n * HOURLY * 101n) / 100n);
    await w.networkHelpers.time.setNextBlockTimestamp(start + 2n * HOUR);
    await w.house.accrue(FLAT);
    expect((await w.house.fundAccount()) - fund).to.equal((3n * 60n * HOURLY * 101n) / 100n);
  });

  it("FND-02: a side never pays more than the price, however long nobody came", async () => {
    const w = world();
    // 1e-7 a second: the price is used up in 10^7 seconds.
    const start = await charge(100_000_000n);
    const fund = await w.house.fundAccount();
    await w.networkHelpers.time.setNextBlockTimestamp(start + 20_000_000n);
    await expect(w.house.accrue(FLAT))
      .to.emit(w.house, "GapPremiumAccrued")
      .withArgs(FLAT, AT_200, 60n * AT_200);
    expect((await w.house.fundAccount()) - fund).to.equal(60n * AT_200);
  });

  it("FND-02: a deleveraging accrues before it measures: the account ends at zero, not below", async () => {
    const w = world();
    const dave = await w.cash(w.dave, 400n);
    await w.trade(dave, w.id(w.bob), FLAT, 10n * WAD, AT_200);
    const start = await charge(RATE);
    await w.setFeeds(feeds, 150n * WAD);
    await w.networkHelpers.time.setNextBlockTimestamp(start + HOUR);
    // Nobody behind it: at once (LIQ-06). 10 bought at 200 for 400 less the fee are worth less than nothing at 150.
    await expect(w.engine.connect(w.erin).deleverage(dave)).to.emit(w.house, "GapPremiumAccrued");
    expect((await w.house.headerOf(dave)).markets).to.equal(0n);
    expect(await w.valueOf(dave)).to.be.within(0n, 2n);
    await w.expectConserved(60n, 2n * WAD);
  });

  it("FND-02, CLR-11: the closing of a market accrues; afterwards nobody pays", async () => {
    const w = world();
    await w.house.announceClosing(FLAT, (await w.now()) + 8n * 86_400n);
    const { closesAt } = await w.house.closingOf(FLAT);
    await charge(RATE);
    await w.networkHelpers.time.increaseTo(closesAt - 20n);
    await w.setFeeds(feeds, AT_200);
    await w.oracle.refresh(FLAT);
    const fund = await w.house.fundAccount();
    await w.networkHelpers.time.setNextBlockTimestamp(closesAt);
    await expect(w.house.closeMarket(FLAT)).to.emit(w.house, "GapPremiumAccrued");
    const paid = (await w.house.fundAccount()) - fund;
    expect(paid).to.be.greaterThan(0n);
    await w.networkHelpers.time.increase(HOUR);
    await expect(w.house.accrue(FLAT)).not.to.emit(w.house, "GapPremiumAccrued");
    for (const who of [w.alice, w.bob]) await w.house.roll(w.id(who), FLAT);
    await w.expectConserved(4n, 0n);
  });

  it("FND-11: what was booked to the fund leaves with its settlement, and only then", async () => {
    const w = world();
    const start = await charge(RATE);
    await w.networkHelpers.time.setNextBlockTimestamp(start + HOUR);
    await w.house.accrue(FLAT);
    const before = await w.usd.balanceOf(w.fundAddress);
    const owed = await w.house.fundAccount();
    await w.fund.settle(1);
    expect((await w.usd.balanceOf(w.fundAddress)) - before).to.equal((owed * USD) / WAD);
  });
});

import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
const MID = 3;
const AT_200 = 200n * WAD;
const FIFTH = WAD / 5n;

describe("solvency in one call (FND-08, INV-20)", () => {
  let lens: Awaited<ReturnType<typeof deploy>>;
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  /** Two markets at mmr 4%, one of class major, one of class mid: 6,000 and 1,000 of notional. */
  const world = useWorld(async (w) => {
    lens = await deploy();
    feeds = await w.listMarket(FLAT, AT_200);
    await w.listMarket(MID, 100n * WAD, { class: 1 });
    await w.cash(w.alice, 10_000n);
    await w.cash(w.bob, 10_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), FLAT, 30n * WAD, AT_200);
    await w.trade(w.id(w.alice), w.id(w.bob), MID, 10n * WAD, 100n * WAD);
    await w.fundReserve(1_000n * USD);
  });
  const deploy = async () => {
    const w = world();
    return w.ethers.deployContract("Solvency", [w.houseAddress]);
  };

  it("INV-20: the house's part is what the house says", async () => {
    const w = world();
    const { house } = await lens.solvency(FIFTH);
    const totals = await w.house.totals();
    expect(house.tokens).to.equal((await w.usd.balanceOf(w.houseAddress)) * 10n ** 12n);
    expect([house.account, house.fees, house.negativeCash]).to.deep.equal([
      await w.house.fundAccount(),
      totals.fees,
      totals.negativeCash,
    ]);
    expect([house.measuredDeficit, house.unallocated, house.waiting, house.reserved]).to.deep.equal([0n, 0n, 0n, 0n]);
    expect(house.fees).to.equal((7_000n * 5n * DOLLAR) / 10_000n);
  });

  it("INV-20: and what it owes the fund, or the fund owes it, after a bid", async () => {
    const w = world();
    const dave = await w.cash(w.dave, 500n);
    await w.trade(dave, w.id(w.bob), FLAT, 10n * WAD, AT_200);
    await w.cash(w.carol, 10_000n);
    await w.setFeeds(feeds, 155n * WAD);
    await w.engine.start(dave);
    await w.bid(w.carol, dave);
    const { house } = await lens.solvency(FIFTH);
    expect(house.account).to.be.greaterThan(0n);
    expect(house.account).to.equal(await w.house.fundAccount());
  });

  it("INV-20: the segment's and the vaults' parts are what these say", async () => {
    const w = world();
    const { segment, backstop, reinsurance } = await lens.solvency(FIFTH);
    const { reserve, owed, pending, drawn, unpaid, layers } = await w.fund.segmentOf(w.segment);
    expect(segment.layers.reserve).to.equal(reserve);
    expect([segment.owed, segment.pending, segment.drawn, segment.unpaid]).to.deep.equal([
      owed,
      pending,
      drawn,
      unpaid,
    ]);
    for (const [part, at] of [
      [backstop, layers.backstop],
      [reinsurance, layers.reinsurance],
    ] as const) {
      const vault = await w.ethers.getContractAt("ICoverageVault", at);
      expect(part.vault).to.equal(at);
      expect(part.books).to.deep.equal(await vault.books());
      expect(part.freeCapital).to.equal(await vault.freeCapital());
      expect(part.tokens).to.equal((await w.usd.balanceOf(at)) * 10n ** 12n);
      expect(part.committed).to.equal((await vault.commitmentOf(w.segment)).remaining);
      expect(part.treaty).to.deep.equal(await vault.treatyOf(w.segment));
    }
  });

  it("FND-08: one more gap of 20%: 16% of both notionals; what the layers would pay is what cover would book", async () => {
    const w = world();
    const { gap } = await lens.solvency(FIFTH);
    expect(gap.loss).to.equal((7_000n * 16n * DOLLAR) / 100n);
    expect([gap.worstMarket, gap.worstLoss]).to.deep.equal([2n, 960n * DOLLAR]);
    const shortfallByClass: [bigint, bigint, bigint] = [960n * DOLLAR, 160n * DOLLAR, 0n];
    const request = { shortfallByClass, fraction: WAD, reward: 0n };
    const { paid } = await w.fund.previewCover(w.segment, request);
    expect(gap.paid).to.deep.equal(paid);
    // 35% of 1,000 for class major, 16% of 1,000 for class mid, which is below its 20%.
    expect(gap.paid.reserve).to.equal(510n * DOLLAR);
    expect(gap.socialized).to.equal((1_120n - 510n) * DOLLAR);
  });

  it("FND-08: nothing within the margin; Solvency_InvalidGap beyond 100%", async () => {
    const inside = (await lens.solvency((4n * WAD) / 100n)).gap;
    expect([inside.loss, inside.socialized, inside.worstLoss]).to.deep.equal([0n, 0n, 0n]);
    expect((await lens.solvency((4n * WAD) / 100n + 1n)).gap.loss).to.equal(7_000n);
    expect((await lens.solvency(WAD)).gap.loss).to.equal((7_000n * 96n * DOLLAR) / 100n);
    await expect(lens.solvency(WAD + 1n))
      .to.be.revertedWithCustomError(lens, "Solvency_InvalidGap")
      .withArgs(WAD + 1n, WAD);
  });

  it("FND-08: it says what is stale: a market without consensus, deficits measured against other resources", async () => {
    const w = world();
    expect((await lens.solvency(0n)).blindMarkets).to.equal(0n);
    await w.kill(feeds);
    await w.networkHelpers.time.increase(5);
    expect((await lens.solvency(0n)).blindMarkets).to.equal(1n << BigInt(FLAT));
    await w.revive(feeds);
    const dave = await w.cash(w.dave, 400n);
    await w.trade(dave, w.id(w.bob), FLAT, 10n * WAD, AT_200);
    await w.setFeeds(feeds, 100n * WAD);
    await w.engine.flag(dave);
    const measured = await lens.solvency(0n);
    expect(measured.house.measuredDeficit).to.equal((await w.house.deficits()).measured);
    expect(measured.house.measuredDeficit).to.be.greaterThan(590n * DOLLAR);
    expect(measured.isMeasuredStale).to.equal(false);
    await w.fundReserve(USD);
    expect((await lens.solvency(0n)).isMeasuredStale).to.equal(true);
  });

  it("FND-08: a closed market can lose nothing more, and needs no price", async () => {
    const w = world();
    const closesAt = (await w.now()) + 8n * 86_400n;
    await w.house.announceClosing(FLAT, closesAt);
    await w.networkHelpers.time.increaseTo(closesAt);
    await w.setFeeds(feeds, AT_200);
    await w.house.closeMarket(FLAT);
    await w.kill(feeds);
    await w.networkHelpers.time.increase(5);
    const { gap, blindMarkets } = await lens.solvency(FIFTH);
    expect(gap.worstMarket).to.equal(3n);
    expect(blindMarkets & (1n << BigInt(FLAT)), "nobody needs its price").to.equal(0n);
  });

  it("Solvency_InvalidHouse: no code", async () => {
    const w = world();
    await expect(w.ethers.deployContract("Solvency", [w.erin.address]))
      .to.be.revertedWithCustomError(lens, "Solvency_InvalidHouse")
      .withArgs(w.erin.address);
    expect(await lens.house()).to.equal(w.houseAddress);
  });
});

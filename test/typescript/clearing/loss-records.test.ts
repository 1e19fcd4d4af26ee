import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { Scope, useWorld } from "../support/world.ts";

const FLAT = 2;
const AT_200 = 200n * WAD;

describe("facts of one account in one market (CLM-03, CLM-04)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  /** Dave is long 10 with little behind it; Bob holds 30 short, Carol 20 of them against Alice. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(FLAT, AT_200);
    for (const who of [w.alice, w.bob, w.carol]) await w.cash(who, 10_000n);
    await w.cash(w.dave, 400n);
    await w.trade(w.id(w.dave), w.id(w.bob), FLAT, 10n * WAD, AT_200);
    await w.trade(w.id(w.alice), w.id(w.carol), FLAT, 20n * WAD, AT_200);
  });
  /** The price falls to 150: Dave owes about 100, the fund is empty, a bidder takes all of it. Returns the charge per unit of short base. */
  const lose = async () => {
    const w = world();
    await w.setFeeds(feeds, 150n * WAD);
    const { socialized } = await w.bidFor(w.alice, w.id(w.dave));
    expect(socialized).to.be.greaterThan(90n * WAD);
    return (await w.house.sideOf(FLAT, false))[1].socializedPerUnit;
  };
  const borne = (who: Signer) => world().house.borneBy(world().id(who), FLAT);

  it("CLM-03: an account has borne its base times the charge, whether or not it has moved since", async () => {
    const w = world();
    const perUnit = await lose();
    expect(await borne(w.bob)).to.equal((10n * WAD * perUnit) / WAD);
    expect(await borne(w.carol)).to.equal((20n * WAD * perUnit) / WAD);
    expect(await borne(w.alice)).to.equal(0n);
    expect(await borne(w.dave)).to.equal(0n);
    // A part is closed, then all of it: what was borne stays.
    await w.trade(w.id(w.carol), w.id(w.alice), FLAT, 5n * WAD, 150n * WAD);
    expect(await borne(w.carol)).to.equal((20n * WAD * perUnit) / WAD);
    await w.trade(w.id(w.carol), w.id(w.alice), FLAT, 15n * WAD, 150n * WAD);
    expect(await borne(w.carol)).to.equal((20n * WAD * perUnit) / WAD);
  });

  it("CLM-03: who comes after a charge has borne nothing of it, also by turning round", async () => {
    const w = world();
    await lose();
    const erin = await w.cash(w.erin, 10_000n);
    await w.trade(w.id(w.alice), erin, FLAT, 5n * WAD, 150n * WAD);
    expect(await borne(w.erin)).to.equal(0n);
    // Alice is long 35; she sells 40 and is short 5.
    await w.trade(erin, w.id(w.alice), FLAT, 40n * WAD, 150n * WAD);
    expect(await w.baseOf(w.id(w.alice), FLAT)).to.equal(-5n * WAD);
    expect(await borne(w.alice)).to.equal(0n);
    expect(await borne(w.erin)).to.equal(0n);
  });

  it("CLM-03: several charges add up over changes of the position", async () => {
    const w = world();
    const first = await lose();
    await w.trade(w.id(w.alice), w.id(w.bob), FLAT, 2n * WAD, 150n * WAD);
    const frank = await w.cash(w.frank, 200n);
    await w.trade(frank, w.id(w.carol), FLAT, 6n * WAD, 150n * WAD);
    await w.setFeeds(feeds, 100n * WAD);
    await w.cash(w.erin, 10_000n);
    await w.bidFor(w.erin, frank);
    const second = (await w.house.sideOf(FLAT, false))[1].socializedPerUnit - first;
    expect(second).to.be.greaterThan(0n);
    expect(await borne(w.bob)).to.equal((10n * first * WAD) / WAD + (12n * second * WAD) / WAD);
    expect(await borne(w.carol)).to.equal((20n * first * WAD) / WAD + (26n * second * WAD) / WAD);
  });

  it("CLM-03: what one side was charged counts for nothing on the other, also when that one was never charged before", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const first = await lose();
    // Bob is short 10; he adds, leaves, and comes back on the long side.
    await w.trade(alice, bob, FLAT, 2n * WAD, 150n * WAD);
    await w.trade(bob, alice, FLAT, 12n * WAD, 150n * WAD);
    await w.trade(bob, alice, FLAT, 5n * WAD, 150n * WAD);
    expect(await borne(w.bob)).to.equal((10n * WAD * first) / WAD);
    const erin = await w.cash(w.erin, 400n);
    await w.trade(alice, erin, FLAT, 10n * WAD, 150n * WAD);
    await w.setFeeds(feeds, 195n * WAD);
    await w.bidFor(w.carol, erin);
    const longs = (await w.house.sideOf(FLAT, true))[1].socializedPerUnit;
    expect(longs).to.be.within(1n, first - 1n);
    expect(await borne(w.bob)).to.equal((10n * WAD * first) / WAD + (5n * WAD * longs) / WAD);
    // As it is when it is written down.
    await w.trade(alice, bob, FLAT, 5n * WAD, 195n * WAD);
    expect(await borne(w.bob)).to.equal((10n * WAD * first) / WAD + (5n * WAD * longs) / WAD);
  });

  it("LIQ-05: what an account is given back of a loss that it caused, it has not borne; the others have", async () => {
    const w = world();
    await w.setFeeds(feeds, 150n * WAD);
    // A day at 150: the average has followed, no move explains the loss, and it spreads over both sides.
    await w.oracle.refresh(FLAT);
    await w.networkHelpers.time.increase(80_000);
    await w.setFeeds(feeds, 150n * WAD);
    await w.oracle.refresh(FLAT);
    await w.bidFor(w.alice, w.id(w.dave));
    const [[, longs], [, shorts]] = [await w.house.sideOf(FLAT, true), await w.house.sideOf(FLAT, false)];
    expect(longs.count).to.equal(1n);
    expect(longs.socializedPerUnit).to.be.greaterThan(0n);
    expect(await borne(w.dave)).to.equal(0n);
    expect(await borne(w.alice)).to.equal((20n * WAD * longs.socializedPerUnit) / WAD);
    expect(await borne(w.carol)).to.equal((20n * WAD * shorts.socializedPerUnit) / WAD);
  });

  it("CLM-04: a bid is recorded for accounts that asked, at the price that valued it", async () => {
    const w = world();
    const dave = w.id(w.dave);
    await expect(w.house.connect(w.dave).setSaleRecords(dave, true))
      .to.emit(w.house, "SaleRecordsSet")
      .withArgs(dave, true);
    await lose();
    const sale = await w.house.saleOf(dave, FLAT);
    expect([sale.price, sale.base, sale.soldAt, sale.side]).to.deep.equal([150n * WAD, 10n * WAD, await w.now(), 1n]);
    expect((await w.house.saleOf(w.id(w.bob), FLAT)).side).to.equal(0n);
  });

  it("CLM-04: so is a deleveraging, of a short too; without asking nothing is", async () => {
    const w = world();
    const erin = await w.cash(w.erin, 400n);
    await w.trade(w.id(w.alice), erin, FLAT, 10n * WAD, AT_200);
    await w.house.connect(w.erin).setSaleRecords(erin, true);
    await w.setFeeds(feeds, 245n * WAD);
    await w.engine.deleverage(erin);
    const sale = await w.house.saleOf(erin, FLAT);
    expect([sale.price, sale.base, sale.soldAt, sale.side]).to.deep.equal([245n * WAD, 10n * WAD, await w.now(), 2n]);
    await w.house.connect(w.erin).setSaleRecords(erin, false);
    expect((await w.house.headerOf(erin)).flags).to.equal(0n);
  });

  it("CLM-04: two bids of one second are one sale, one of the next is another", async () => {
    const w = world();
    const dave = w.id(w.dave);
    await w.house.connect(w.dave).setSaleRecords(dave, true);
    await w.setFeeds(feeds, 150n * WAD);
    const bids = [WAD / 4n, WAD / 2n].map((fraction) => w.request(w.alice, dave, { fraction }));
    await w.engine.connect(w.alice).bidMany(bids);
    const both = await w.house.saleOf(dave, FLAT);
    // A quarter of 10, and a half of what is left.
    expect([both.base, both.soldAt]).to.deep.equal([6_250n * 10n ** 15n, await w.now()]);
    await w.bidFor(w.alice, dave);
    const last = await w.house.saleOf(dave, FLAT);
    expect([last.base, last.soldAt > both.soldAt]).to.deep.equal([3_750n * 10n ** 15n, true]);
  });

  it("CLR-01: only the owner or a delegate with TRADE decides: ClearingHouse_NotAuthorized", async () => {
    const w = world();
    const dave = w.id(w.dave);
    await expect(w.house.connect(w.erin).setSaleRecords(dave, true))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotAuthorized")
      .withArgs(dave, w.erin.address, Scope.Trade);
    await w.house.connect(w.dave).setDelegate(w.erin.address, Scope.Trade, (await w.now()) + 1_000n);
    await w.house.connect(w.erin).setSaleRecords(dave, true);
    // Other flags stay.
    expect((await w.house.headerOf(dave)).flags).to.equal(4n);
  });
});

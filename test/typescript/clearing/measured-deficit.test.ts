import { expect } from "chai";

import { toAccountId } from "../../../sdk/identifiers.ts";
import { buildOrder, signOrder } from "../../../sdk/orders.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
const SIDE = 3;
const HOUR = 3_600n;
const AT_170 = 170n * WAD;
/** 2,490 of cash after the fee, less 30 on each of 100 units. */
const DEFICIT = 510n * DOLLAR;
const FLAGGED = 2n;
/** One unit of the token. */
const UNIT = 10n ** 12n;
const FLAT_BIT = 1n << BigInt(FLAT);

describe("losses that can be seen and are not yet booked (CLR-07, R3, R4)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  /** Alice is long 100 from 200 against Bob; Erin long 300 from 176 against Dave; then it is 170, in the first minutes of an hour. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(FLAT, 200n * WAD);
    await w.listMarket(SIDE, 100n * WAD);
    const [alice, bob] = [await w.cash(w.alice, 2_500n), await w.cash(w.bob, 100_000n)];
    const [dave, erin] = [await w.cash(w.dave, 10_000n), await w.cash(w.erin, 100_000n)];
    await w.cash(w.carol, 1_000_000n);
    await w.trade(alice, bob, FLAT, 100n * WAD, 200n * WAD);
    await setPrice(176n * WAD);
    await w.trade(erin, dave, FLAT, 300n * WAD, 176n * WAD);
    await w.networkHelpers.time.increaseTo(((await w.now()) / HOUR + 1n) * HOUR);
    await setPrice(AT_170);
  });
  const setPrice = async (price: bigint) => {
    await world().networkHelpers.time.increase(60);
    await world().setFeeds(feeds, price);
  };
  /** Another account like Alice's, with `dollars` of cash: it takes 100 of Erin's 300 over, at 176. */
  const another = async (dollars: bigint) => {
    const w = world();
    await setPrice(176n * WAD);
    const frank = await w.cash(w.frank, dollars);
    await w.trade(w.id(w.erin), frank, FLAT, -100n * WAD, 176n * WAD);
    await setPrice(AT_170);
    return frank;
  };
  /** Has an account measured at another price than the 170 that come back. */
  const measureAt = async (price: bigint, account: string) => {
    await setPrice(price);
    await world().engine.flag(account);
    await setPrice(AT_170);
  };
  const at = (time: bigint) => world().networkHelpers.time.setNextBlockTimestamp(time);
  const measured = async () => (await world().house.deficits()).measured;
  const unbooked = async (attempt: Promise<unknown>, market = FLAT) => {
    const { house } = world();
    await expect(attempt).to.be.revertedWithCustomError(house, "ClearingHouse_DeficitUnbooked").withArgs(market);
  };

  it("CLR-07: `flag` measures max(0, -V), of any caller, with what the fund can pay", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.fundReserve(100n * USD);
    await expect(w.engine.connect(w.frank).flag(alice))
      .to.emit(w.house, "DeficitMeasured")
      .withArgs(alice, DEFICIT, DEFICIT, 100n * DOLLAR)
      .to.emit(w.engine, "AccountFlagged")
      .withArgs(alice, DEFICIT, 100n * DOLLAR);
    expect(await w.house.measuredDeficitOf(alice)).to.deep.equal([DEFICIT, (await w.now()) / HOUR]);
    expect(await w.house.deficits()).to.deep.equal([DEFICIT, 100n * DOLLAR, FLAT_BIT]);
    expect((await w.house.headerOf(alice)).flags).to.equal(FLAGGED);
    expect(await w.house.distress(0n)).to.deep.equal([false, DEFICIT, 0n]);
    // A sound account counts nothing.
    expect(await w.engine.flag.staticCall(w.id(w.bob))).to.equal(0n);
    await w.engine.flag(w.id(w.bob));
    expect(await w.house.deficits()).to.deep.equal([DEFICIT, 100n * DOLLAR, FLAT_BIT]);
    expect((await w.house.headerOf(w.id(w.bob))).flags).to.equal(0n);
  });

  it("CLR-07: what is measured anew replaces what was, and is never added; V back at 0 takes the account out", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.engine.flag(alice);
    await w.engine.flag(alice);
    expect(await measured()).to.equal(DEFICIT);
    for (const [price, deficit] of [
      [165n * WAD, 1_010n * DOLLAR],
      [168n * WAD, 710n * DOLLAR],
      [(1_751n * WAD) / 10n - 10n ** 10n, 10n ** 12n],
    ] as const) {
      await setPrice(price);
      await expect(w.engine.flag(alice)).to.emit(w.house, "DeficitMeasured").withArgs(alice, deficit, deficit, 0n);
      expect(await measured()).to.equal(deficit);
    }
    // V = 0 at 175.1.
    await setPrice((1_751n * WAD) / 10n);
    await expect(w.engine.flag(alice)).to.emit(w.house, "DeficitMeasured").withArgs(alice, 0n, 0n, 0n);
    expect(await w.house.measuredDeficitOf(alice)).to.deep.equal([0n, 0n]);
    expect((await w.house.headerOf(alice)).flags).to.equal(0n);
    expect((await w.house.distress(0n)).measuredDeficit).to.equal(0n);
    await w.trade(w.id(w.carol), w.id(w.erin), FLAT, WAD * 10n, (1_751n * WAD) / 10n);
  });

  it("CLR-07: accounts add up, each replaced by itself, also when one was measured in the hour before", async () => {
    const w = world();
    const alice = w.id(w.alice);
    // 2,000 less 2,600 of loss from 176: owes 600 at 150.
    const frank = await another(2_000n);
    await setPrice(150n * WAD);
    await w.engine.flag(alice);
    await w.engine.flag(frank);
    // Alice owes 5,000 - 2,490.
    expect(await measured()).to.equal((2_510n + 600n) * DOLLAR);
    await w.networkHelpers.time.increaseTo(((await w.now()) / HOUR + 1n) * HOUR);
    await w.setFeeds(feeds, 160n * WAD);
    await w.engine.flag(alice);
    expect(await measured()).to.equal((1_510n + 600n) * DOLLAR);
    await w.setFeeds(feeds, 155n * WAD);
    await w.engine.flag(frank);
    expect(await measured()).to.equal((1_510n + 100n) * DOLLAR);
    await w.engine.flag(alice);
    expect(await measured()).to.equal((2_010n + 100n) * DOLLAR);
  });

  it("CLR-07: it lapses by itself when the hour after its own has ended, to the second", async () => {
    const w = world();
    const [carol, erin] = [w.id(w.carol), w.id(w.erin)];
    const hour = ((await w.now()) / HOUR) * HOUR;
    // The last second of its hour: an hour and a second of effect.
    await at(hour + HOUR - 1n);
    await w.engine.flag(w.id(w.alice));
    await at(hour + HOUR);
    await unbooked(w.trade(carol, erin, FLAT, WAD * 10n, AT_170));
    await w.networkHelpers.time.increaseTo(hour + 2n * HOUR - 2n);
    expect(await measured()).to.equal(DEFICIT);
    await at(hour + 2n * HOUR - 1n);
    await unbooked(w.trade(carol, erin, FLAT, WAD * 10n, AT_170));
    await at(hour + 2n * HOUR);
    await w.trade(carol, erin, FLAT, WAD * 10n, AT_170);
    expect(await w.house.deficits()).to.deep.equal([0n, 0n, 0n]);
    expect((await w.house.distress(0n)).measuredDeficit).to.equal(0n);
    expect(await w.house.deficitShareOf(erin)).to.equal(0n);
    // The flag of the header is left and does no harm: measuring it anew counts it once.
    await w.engine.flag(w.id(w.alice));
    expect(await measured()).to.equal(DEFICIT);
  });

  it("R4: renewing one account's measure renews no other's", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const frank = await another(1_800n);
    await w.networkHelpers.time.increaseTo(((await w.now()) / HOUR + 1n) * HOUR);
    const hour = await w.now();
    await w.setFeeds(feeds, 157n * WAD);
    await w.engine.flag(alice);
    await w.engine.flag(frank);
    // 2,490 - 4,300; 1,800 - 1,900.
    expect(await measured()).to.equal((1_810n + 100n) * DOLLAR);
    await w.networkHelpers.time.increaseTo(hour + HOUR);
    await w.engine.flag(frank);
    expect(await measured()).to.equal((1_810n + 100n) * DOLLAR);
    await w.networkHelpers.time.increaseTo(hour + 2n * HOUR);
    expect(await measured()).to.equal(100n * DOLLAR);
    await w.networkHelpers.time.increaseTo(hour + 3n * HOUR - 1n);
    expect(await measured()).to.equal(100n * DOLLAR);
    await w.networkHelpers.time.increaseTo(hour + 3n * HOUR);
    expect(await measured()).to.equal(0n);
  });

  it("CLR-07, R6: an account with a dead feed is measured in its favour", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.oracle.refresh(FLAT);
    await w.kill(feeds);
    await w.networkHelpers.time.increase(20);
    await w.engine.flag(alice);
    const { value, blindSpread } = await w.house.health(alice);
    expect(await measured()).to.equal(-(value + blindSpread));
    expect(await measured()).to.be.within(1n, DEFICIT - 1n);
    // A day later it may have come back above what is owed: nobody is held up by a loss that is only supposed.
    await w.networkHelpers.time.increase(86_400);
    await w.engine.flag(alice);
    expect(await measured()).to.equal(0n);
  });

  it("CLR-07, R3: fills in the flagged account's markets wait, also those that only reduce; other markets trade on", async () => {
    const w = world();
    const [alice, bob, carol, dave, erin] = [w.alice, w.bob, w.carol, w.dave, w.erin].map((who) => w.id(who)) as [
      string,
      string,
      string,
      string,
      string,
    ];
    await w.trade(carol, erin, FLAT, 10n * WAD, AT_170);
    await w.engine.flag(alice);
    // A short that would leave, a long that would leave, both at once, one that comes in.
    await unbooked(w.trade(bob, carol, FLAT, 50n * WAD, AT_170));
    await unbooked(w.trade(carol, erin, FLAT, 10n * WAD, AT_170));
    await unbooked(w.trade(dave, erin, FLAT, 10n * WAD, AT_170));
    await unbooked(w.trade(carol, bob, FLAT, 10n * WAD, AT_170));
    await w.trade(bob, carol, SIDE, 50n * WAD, 100n * WAD);
    await w.trade(bob, carol, SIDE, -50n * WAD, 100n * WAD);
    await w.trade(bob, carol, ETH_MARKET, 50n * WAD, 200n * WAD);
  });

  it("CLR-07: a flagged account without positions concerns every market, as its loss would (LIQ-05)", async () => {
    const w = world();
    const bob = w.id(w.bob);
    const frank = await w.collateral(w.frank, 10n * WAD);
    await w.trade(frank, bob, SIDE, 100n * WAD, 100n * WAD);
    await w.trade(frank, bob, SIDE, -100n * WAD, 99n * WAD);
    await w.setEth(10n * WAD);
    await w.engine.flag(frank);
    // 10 ether at 10 against 5 + 100 + 4.95 of debt.
    expect(await w.house.deficits()).to.deep.equal([(995n * DOLLAR) / 100n, 0n, 0b1111n]);
    await unbooked(w.trade(bob, w.id(w.carol), SIDE, 10n * WAD, 100n * WAD), SIDE);
    await unbooked(w.trade(bob, w.id(w.carol), FLAT, 10n * WAD, AT_170));
  });

  it("CLR-07: nothing waits while the fund can pay: exactly enough is enough, one unit of the token less is not", async () => {
    const w = world();
    const [alice, bob, carol] = [w.id(w.alice), w.id(w.bob), w.id(w.carol)];
    await w.fundReserve(510n * USD - 1n);
    await w.engine.flag(alice);
    await unbooked(w.trade(bob, carol, FLAT, 50n * WAD, AT_170));
    await w.fundReserve(1n);
    // What the fund has is read at the flag.
    await unbooked(w.trade(bob, carol, FLAT, 50n * WAD, AT_170));
    await w.engine.flag(alice);
    expect((await w.house.deficits()).resources).to.equal(DEFICIT);
    await w.trade(bob, carol, FLAT, 50n * WAD, AT_170);
    expect(await w.house.deficitShareOf(bob)).to.equal(0n);
  });

  it("CLR-07, R4: a withdrawal leaves the account's part behind: exactly that is enough, one unit of the token more is not", async () => {
    const w = world();
    const [alice, dave, erin] = [w.id(w.alice), w.id(w.dave), w.id(w.erin)];
    await w.engine.flag(alice);
    // 510 by 300 of 400 units.
    const share = (3_825n * DOLLAR) / 10n;
    expect(await w.house.deficitShareOf(dave)).to.equal(share);
    expect(await w.house.deficitShareOf(erin)).to.equal(share);
    expect(await w.house.deficitShareOf(w.id(w.carol))).to.equal(0n);
    // Dave: 10,000 + 1,800 - 5,100 of IM. Erin: 100,000 - 26.4 - 1,800 - 5,100.
    const most = { dave: 6_317_500_000n, erin: 92_691_100_000n };
    await expect(w.house.connect(w.dave).withdraw(dave, 0, most.dave + 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DeficitShareWithheld")
      .withArgs(dave, share);
    await expect(w.house.connect(w.erin).move(erin, w.id(w.erin, 1n), 0, most.erin * UNIT + 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DeficitShareWithheld")
      .withArgs(erin, share);
    await w.house.connect(w.dave).withdraw(dave, 0, most.dave);
    await w.house.connect(w.erin).withdraw(erin, 0, most.erin);
    await w.house.connect(w.carol).withdraw(w.id(w.carol), 0, 900_000n * USD);
    // It was the right part: once the loss is booked, Dave stands exactly at initial margin.
    await w.bidWith(w.carol, alice);
    const health = await w.house.health(dave);
    expect(health.initialMargin).to.equal(5_100n * DOLLAR);
    expect(health.initialBalance - health.initialMargin).to.be.within(-2n, 2n);
    await w.expectConserved(20n);
  });

  it("CLR-07: only what the fund cannot pay is withheld, by notional, at most the notional itself", async () => {
    const w = world();
    const [alice, dave] = [w.id(w.alice), w.id(w.dave)];
    // 150 are missing.
    await w.fundReserve(360n * USD);
    await w.engine.flag(alice);
    expect(await w.house.deficitShareOf(dave)).to.equal((1_125n * DOLLAR) / 10n);
    expect(await w.house.deficitShareOf(w.id(w.bob))).to.equal((375n * DOLLAR) / 10n);
    // With a position in another market of the same price, nothing changes: it bears nothing of this.
    await w.trade(dave, w.id(w.carol), SIDE, 10n * WAD, 100n * WAD);
    expect(await w.house.deficitShareOf(dave)).to.equal((1_125n * DOLLAR) / 10n);
  });

  it("CLR-07: while more is measured than the fund has, `deleverage` waits for no timeout", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const frank = await w.cash(w.frank, 10_800n);
    await setPrice(176n * WAD);
    await w.trade(w.id(w.carol), frank, FLAT, -600n * WAD, 176n * WAD);
    await setPrice(150n * WAD);
    // Alice owes 2,510, and 35% of 7,200 is 2,520: hers alone can be paid.
    await w.fundReserve(7_200n * USD);
    const early = async () => {
      await expect(w.engine.deleverage(alice))
        .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_TooEarly")
        .withArgs(alice, 0n, 600n);
    };
    await early();
    await w.engine.flag(alice);
    await early();
    // Frank owes 15,600 - 10,800; of both, 7,310, the fund has all but 110.
    await w.engine.flag(frank);
    expect(await measured()).to.equal(7_310n * DOLLAR);
    const snapshot = await w.networkHelpers.takeSnapshot();
    await w.fundReserve(110n * USD);
    await early();
    await snapshot.restore();
    await w.engine.deleverage(alice);
    expect(await w.baseOf(alice, FLAT)).to.equal(0n);
    expect(await w.house.deficits()).to.deep.equal([4_800n * DOLLAR, 4_690n * DOLLAR, FLAT_BIT]);
  });

  it("CLR-07: at a deleveraging what the account owes now stands in place of what was measured of it at another price", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const frank = await another(2_000n);
    // A day's budget of 525 pays the 510 that she owes at 170.
    await w.fundReserve(1_500n * USD);
    await measureAt(155n * WAD, alice);
    expect(await w.house.deficits()).to.deep.equal([2_010n * DOLLAR, 1_500n * DOLLAR, FLAT_BIT]);
    await expect(w.engine.deleverage(alice))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_TooEarly")
      .withArgs(alice, 0n, 600n);
    // Another's loss counts as it was measured: 2,000 of cash less 3,100 at 145.
    await measureAt(145n * WAD, frank);
    expect((await w.house.measuredDeficitOf(frank))[0]).to.equal(1_100n * DOLLAR);
    // 1,100 and 510 are more than 1,500.
    await w.engine.deleverage(alice);
    expect(await w.house.deficits()).to.deep.equal([1_100n * DOLLAR, 990n * DOLLAR, FLAT_BIT]);
  });

  it("CLR-07: a bid for the whole books it; fills go on", async () => {
    const w = world();
    const [alice, bob, carol] = [w.id(w.alice), w.id(w.bob), w.id(w.carol)];
    await w.engine.flag(alice);
    await unbooked(w.trade(bob, carol, FLAT, 50n * WAD, AT_170));
    await w.bidWith(w.carol, alice);
    expect(await w.house.measuredDeficitOf(alice)).to.deep.equal([0n, 0n]);
    expect((await w.house.headerOf(alice)).flags).to.equal(0n);
    expect((await w.house.distress(0n)).measuredDeficit).to.equal(0n);
    await w.trade(bob, carol, FLAT, 50n * WAD, AT_170);
    await w.expectConserved(10n);
  });

  it("CLR-07: a bid for a part leaves the rest; what it draws is gone from the resources; re-measuring finds the same", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.fundReserve(1_000n * USD);
    await w.engine.flag(alice);
    expect((await w.house.deficits()).resources).to.equal(1_000n * DOLLAR);
    // 35% of 1,000 for the class, and 40% of that.
    const report = await w.bidFor(w.carol, alice, { fraction: (WAD * 4n) / 10n });
    expect([report.covered, report.socialized]).to.deep.equal([140n * DOLLAR, 64n * DOLLAR]);
    expect(await w.house.deficits()).to.deep.equal([306n * DOLLAR, 860n * DOLLAR, FLAT_BIT]);
    expect((await w.house.measuredDeficitOf(alice)).amount).to.equal(306n * DOLLAR);
    expect((await w.house.headerOf(alice)).flags & FLAGGED).to.equal(FLAGGED);
    await w.engine.flag(alice);
    expect(await measured()).to.be.within(306n * DOLLAR - 4n, 306n * DOLLAR + 4n);
    expect((await w.house.deficits()).resources).to.equal(860n * DOLLAR);
    await w.bidFor(w.carol, alice, { fraction: WAD / 3n });
    expect(await measured()).to.be.within(204n * DOLLAR, 204n * DOLLAR + 200n);
    await w.bidFor(w.carol, alice);
    expect((await w.house.deficits()).measured).to.equal(0n);
    await w.expectConserved(20n);
  });

  it("CLR-07: what a partial bid leaves is what the rest owes at the bid, more or less than was measured", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.engine.flag(alice);
    const hour = (await w.now()) / HOUR;
    const rest = async (price: bigint, amount: bigint) => {
      const snapshot = await w.networkHelpers.takeSnapshot();
      await setPrice(price);
      await w.bidFor(w.carol, alice, { fraction: (WAD * 4n) / 10n });
      expect(await w.house.measuredDeficitOf(alice)).to.deep.equal([amount, hour]);
      expect(await measured()).to.equal(amount);
      await snapshot.restore();
    };
    // 60% of 2,490 - 4,000; of 2,490 - 2,800; and above nothing.
    await rest(160n * WAD, 906n * DOLLAR);
    await rest(172n * WAD, 186n * DOLLAR);
    await setPrice(178n * WAD);
    await w.bidFor(w.carol, alice, { fraction: (WAD * 4n) / 10n });
    expect(await w.house.measuredDeficitOf(alice)).to.deep.equal([0n, 0n]);
    expect((await w.house.headerOf(alice)).flags & FLAGGED).to.equal(0n);
  });

  it("CLR-07: the rest is rounded up, by less than the part sold divides into", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.engine.flag(alice);
    // A third of 510, up, makes two thirds and one wei.
    await w.bidFor(w.carol, alice, { fraction: WAD / 3n });
    const shortfall = (DEFICIT * (WAD / 3n) + WAD - 1n) / WAD;
    const left = WAD - WAD / 3n;
    expect(await measured()).to.equal((shortfall * left + WAD / 3n - 1n) / (WAD / 3n));
    expect(await measured()).to.be.within((DEFICIT * left) / WAD, (DEFICIT * left) / WAD + 3n);
  });

  it("CLR-07, R3: whoever stands against the account may bid for a part of it when the fund can pay others and the rest, as it owes now", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const frank = await another(2_000n);
    // A day's budget of 525 pays the 510 that she owes at 170.
    await w.fundReserve(1_500n * USD);
    await measureAt(150n * WAD, alice);
    expect(await w.house.deficits()).to.deep.equal([2_510n * DOLLAR, 1_500n * DOLLAR, FLAT_BIT]);
    const snapshot = await w.networkHelpers.takeSnapshot();
    // Of what was measured 60% were 1,506, beyond the 1,296 that a draw of 204 leaves. She owes 306.
    await w.bidFor(w.bob, alice, { fraction: (WAD * 4n) / 10n });
    expect(await w.house.deficits()).to.deep.equal([306n * DOLLAR, 1_296n * DOLLAR, FLAT_BIT]);
    await snapshot.restore();
    // With another's 1,100 as they were measured it is 1,406.
    await measureAt(145n * WAD, frank);
    await unbooked(w.bidFor(w.bob, alice, { fraction: (WAD * 4n) / 10n }));
    // Whose side does not shrink waits for nothing.
    await w.bidFor(w.carol, alice, { fraction: (WAD * 4n) / 10n });
    expect(await w.house.deficits()).to.deep.equal([1_406n * DOLLAR, 1_296n * DOLLAR, FLAT_BIT]);
  });

  it("CLR-07: a bid lets nothing count for longer: what it leaves lapses when the flag's measure would have", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.engine.flag(alice);
    const start = ((await w.now()) / HOUR) * HOUR;
    await w.networkHelpers.time.increaseTo(start + HOUR);
    await setPrice(AT_170);
    await w.bidFor(w.carol, alice, { fraction: (WAD * 4n) / 10n });
    expect(await w.house.measuredDeficitOf(alice)).to.deep.equal([306n * DOLLAR, start / HOUR]);
    expect(await w.house.deficits()).to.deep.equal([306n * DOLLAR, 0n, FLAT_BIT]);
    await w.networkHelpers.time.increaseTo(start + 2n * HOUR - 1n);
    expect(await measured()).to.equal(306n * DOLLAR);
    await w.networkHelpers.time.increaseTo(start + 2n * HOUR);
    expect(await measured()).to.equal(0n);
  });

  it("CLR-07: a bid brings nothing back that has lapsed, while another's loss still counts", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const frank = await another(1_800n);
    await setPrice(157n * WAD);
    await w.engine.flag(alice);
    const start = ((await w.now()) / HOUR) * HOUR;
    await w.networkHelpers.time.increaseTo(start + HOUR);
    await setPrice(157n * WAD);
    await w.engine.flag(frank);
    await w.networkHelpers.time.increaseTo(start + 2n * HOUR);
    await setPrice(157n * WAD);
    expect(await measured()).to.equal(100n * DOLLAR);
    await w.bidFor(w.carol, alice, { fraction: (WAD * 4n) / 10n });
    expect(await w.house.measuredDeficitOf(alice)).to.deep.equal([0n, 0n]);
    expect((await w.house.headerOf(alice)).flags & FLAGGED).to.equal(0n);
    expect(await measured()).to.equal(100n * DOLLAR);
  });

  it("CLR-07: a bid on an account that was never flagged leaves what others owe, and takes what it draws", async () => {
    const w = world();
    const frank = await another(1_800n);
    await setPrice(157n * WAD);
    await w.fundReserve(1_000n * USD);
    await w.engine.flag(w.id(w.alice));
    // 1,900 of loss.
    const report = await w.bidFor(w.carol, frank);
    expect([report.shortfall, report.covered]).to.deep.equal([100n * DOLLAR, 100n * DOLLAR]);
    expect(await w.house.deficits()).to.deep.equal([1_810n * DOLLAR, 900n * DOLLAR, FLAT_BIT]);
  });

  it("CLR-07: anyone books the loss and fills in the same transaction", async () => {
    const w = world();
    const now = await w.now();
    const { chainId } = await w.ethers.provider.getNetwork();
    const book = { chainId, address: await w.orders.getAddress() };
    const signed = (who: Signer, size: bigint, nonce: bigint) => {
      const account = toAccountId(who.address, 0n);
      const order = buildOrder(
        { house: w.houseAddress, account, market: FLAT, size, limitPrice: AT_170, expiry: now + HOUR, nonce },
        { now },
      );
      return signOrder(who, { order, book });
    };
    const [maker, taker] = [await signed(w.carol, 10n * WAD, 1n), await signed(w.erin, -10n * WAD, 1n)];
    const fill = {
      target: book.address,
      data: w.orders.interface.encodeFunctionData("settle", [
        maker.order,
        maker.signature,
        taker.order,
        taker.signature,
        10n * WAD,
      ]),
    };
    const engine = await w.engine.getAddress();
    const encoded = (verb: "flag" | "deleverage") => ({
      target: engine,
      data: w.engine.interface.encodeFunctionData(verb as "flag", [w.id(w.alice)]),
    });
    const sameTransaction = await w.ethers.deployContract("SameTransaction");
    const refusal = w.house.interface.encodeErrorResult("ClearingHouse_DeficitUnbooked", [FLAT]);
    await expect(sameTransaction.run([encoded("flag"), fill]))
      .to.be.revertedWithCustomError(sameTransaction, "SameTransaction_Failed")
      .withArgs(1n, refusal);
    await sameTransaction.run([encoded("flag"), encoded("deleverage"), fill]);
    expect(await w.baseOf(w.id(w.carol), FLAT)).to.equal(10n * WAD);
  });

  it("R3: who bids for another account cannot net his own side away while the loss is unbooked", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    // Sound but below maintenance: 1,800 - 1,400 against 648.
    const frank = await another(1_800n);
    await setPrice(162n * WAD);
    await w.engine.flag(alice);
    await unbooked(w.bidWith(w.bob, frank));
    await unbooked(w.bidWith(w.bob, frank, { fraction: WAD / 4n }));
    const snapshot = await w.networkHelpers.takeSnapshot();
    // Who is on the same side, or on none, takes it over: he grows by it.
    await w.bidWith(w.carol, frank);
    await snapshot.restore();
    await w.bidWith(w.erin, frank);
    await snapshot.restore();
    // The account that owes is what it is all about: its whole may be taken by the other side, which is charged first.
    await w.bidWith(w.bob, alice);
    await w.bidWith(w.bob, frank);
    expect(await w.baseOf(bob, FLAT)).to.be.greaterThan(0n);
    await w.expectConserved(20n);
  });

  it("R3: nor through an account that was flagged and is sound again, nor through one that owes next to nothing", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const frank = await another(1_800n);
    await setPrice(157n * WAD);
    await w.engine.flag(alice);
    await w.engine.flag(frank);
    expect(await measured()).to.equal((1_810n + 100n) * DOLLAR);
    const snapshot = await w.networkHelpers.takeSnapshot();
    // Frank owes 100, is flagged, and then has a hundred too much: the 1,810 of Alice are still Bob's business.
    await w.cash(w.frank, 200n);
    await unbooked(w.bidWith(w.bob, frank));
    await snapshot.restore();
    await unbooked(w.bidWith(w.bob, frank));
    await w.bidWith(w.carol, frank);
    await snapshot.restore();
    // Once Alice's is booked, so can Frank be: his own loss is charged before it moves.
    await w.engine.deleverage(alice);
    await w.bidWith(w.bob, frank);
    expect(await measured()).to.equal(0n);
    expect(await w.baseOf(bob, FLAT)).to.be.greaterThan(-100n * WAD);
    await w.expectConserved(1_000n, 1_000n);
  });

  it("only the engine measures, only the house itself books and enqueues", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const notLinked = async (attempt: Promise<unknown>, caller: string, expected: string) => {
      await expect(attempt)
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotLinked")
        .withArgs(caller, expected);
    };
    await w.provider.request({ method: "hardhat_impersonateAccount", params: [w.engineAddress] });
    await w.provider.request({ method: "hardhat_setBalance", params: [w.engineAddress, "0x56BC75E2D63100000"] });
    const engine = await w.ethers.getSigner(w.engineAddress);
    for (const caller of [w.administrator, w.alice, w.orderBook]) {
      await notLinked(w.house.connect(caller).measure(alice, 1n, 0n), caller.address, w.engineAddress);
    }
    for (const caller of [w.administrator, w.alice, w.orderBook, engine]) {
      await notLinked(w.house.connect(caller).bookDeficit(alice, WAD, 0n, 0n), caller.address, w.houseAddress);
      await notLinked(w.house.connect(caller).enqueue(alice, 1n), caller.address, w.houseAddress);
    }
    await w.house.connect(engine).measure(alice, 7n, 0n);
    expect(await measured()).to.equal(7n);
  });
});

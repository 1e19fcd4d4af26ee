import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { Random, seedOfRun } from "../support/random.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
/** One unit of the token, WAD. */
const UNIT = 10n ** 12n;

describe("withdrawals that wait for tokens (CLR-10)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  /**
   * Alice has lost 20,000 against ether, to Bob. Held: the 30,000 that Bob, Carol and Dave have deposited, less 29,000 that Bob has
   * taken out. Claims: Bob 1,000, Carol 10,000, Dave 10,000, fees 30.
   */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(FLAT, 200n * WAD);
    const [alice, bob] = [await w.collateral(w.alice, 1_000n * WAD), await w.cash(w.bob, 10_000n)];
    await w.cash(w.carol, 10_000n);
    await w.cash(w.dave, 10_000n);
    await w.trade(alice, bob, FLAT, 200n * WAD, 200n * WAD);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, 100n * WAD);
    await w.trade(alice, bob, FLAT, -200n * WAD, 100n * WAD);
    await w.house.connect(w.bob).withdraw(bob, 0, 29_000n * USD);
    await w.expectConserved(0n);
  });
  const withdraw = (who: Signer, dollars: bigint) => {
    const w = world();
    return w.house.connect(who).withdraw(w.id(who), 0, dollars * USD);
  };
  /** Anyone may claim for anyone. Returns what the owner was paid. */
  const claim = async (who: Signer) => {
    const w = world();
    const before = await w.usd.balanceOf(who.address);
    await w.house.connect(w.frank).claimWithdrawal(w.id(who));
    return (await w.usd.balanceOf(who.address)) - before;
  };
  /** Tokens that come in: someone's deposit. */
  const arrive = (dollars: bigint) => world().cash(world().erin, dollars);
  const arriveUnits = (amount: bigint) => {
    world().id(world().erin);
    return world().depositUsd(world().erin, amount);
  };
  /** What is counted by the index is good to a few wei. */
  const expectAbout = (actual: readonly bigint[], dollars: readonly bigint[]) => {
    for (const [index, amount] of dollars.entries()) {
      expect(actual[index]! - amount * DOLLAR).to.be.within(-3n, 3n);
    }
  };
  const queued = async (who: Signer) => [...(await world().house.queuedWithdrawalOf(world().id(who)))];
  const queue = async () => [...(await world().house.withdrawalQueue())];

  it("CLR-10: what is held is paid at once, what is not waits whole; cash is charged at once", async () => {
    const w = world();
    const carol = w.id(w.carol);
    await expect(withdraw(w.carol, 1_001n))
      .to.emit(w.house, "WithdrawalQueued")
      .withArgs(carol, 1_001n * DOLLAR, 1_001n * DOLLAR)
      .to.emit(w.house, "Withdrawn")
      .withArgs(carol, 0, w.carol.address, 0n, 1_001n * DOLLAR);
    expect(await w.cashOf(carol)).to.equal(8_999n * DOLLAR);
    expect(await queue()).to.deep.equal([1_001n * DOLLAR, 0n]);
    expect(await queued(w.carol)).to.deep.equal([1_001n * DOLLAR, 0n]);
    await w.expectConserved(0n);
    // The 1,000 that are there are hers: they are set aside, and another's single cent waits behind.
    await expect(withdraw(w.dave, 1n))
      .to.emit(w.house, "QueueServed")
      .withArgs(1_000n * DOLLAR, DOLLAR);
    expectAbout(await queued(w.carol), [1n, 1_000n]);
    expect(await queued(w.dave)).to.deep.equal([DOLLAR, 0n]);
    expect(await queue()).to.deep.equal([2n * DOLLAR, 1_000n * DOLLAR]);
    // Rounded down to a unit of the token; what is cut off stays hers.
    const { waiting } = await w.house.queuedWithdrawalOf(carol);
    await expect(w.house.connect(w.frank).claimWithdrawal(carol))
      .to.emit(w.house, "WithdrawalPaid")
      .withArgs(carol, w.carol.address, 1_000n * USD - 1n, waiting);
    expect(await queue()).to.deep.equal([2n * DOLLAR, UNIT]);
    expect((await w.house.queuedWithdrawalOf(carol)).claimable).to.be.within(UNIT - 3n, UNIT);
    await w.expectConserved(UNIT);
  });

  it("CLR-10: exactly what is held is paid at once", async () => {
    const w = world();
    await expect(withdraw(w.carol, 1_000n)).not.to.emit(w.house, "WithdrawalQueued");
    expect(await w.usd.balanceOf(w.carol.address)).to.equal(1_000n * USD);
    expect(await queue()).to.deep.equal([0n, 0n]);
    expect(await claim(w.carol)).to.equal(0n);
  });

  it("CLR-10, R3: two who wait are paid pro rata, whoever claims first, however often", async () => {
    const w = world();
    await withdraw(w.carol, 1_000n);
    await withdraw(w.carol, 2_000n);
    await withdraw(w.dave, 6_000n);
    const snapshot = await w.networkHelpers.takeSnapshot();
    const run = async (first: Signer, second: Signer, isEager: boolean) => {
      for (const dollars of [600n, 1_500n]) {
        await arrive(dollars);
        if (isEager) await claim(first);
      }
      await claim(second);
      await claim(first);
      const paid = [await w.usd.balanceOf(w.carol.address), await w.usd.balanceOf(w.dave.address)];
      await w.expectConserved(4n * UNIT);
      await snapshot.restore();
      return paid;
    };
    // 2,100 by 2,000 to 6,000, after the 1,000 that Carol was paid at once.
    for (const isEager of [false, true]) {
      for (const [first, second] of [
        [w.carol, w.dave],
        [w.dave, w.carol],
      ] as const) {
        const [carol, dave] = await run(first, second, isEager);
        expect(carol, "Carol").to.be.within(1_525n * USD - 3n, 1_525n * USD);
        expect(dave, "Dave").to.be.within(1_575n * USD - 3n, 1_575n * USD);
      }
    }
  });

  it("CLR-10, R3: a claim before or after someone joins changes nothing for either", async () => {
    const w = world();
    await withdraw(w.carol, 3_000n);
    await arrive(1_000n);
    const snapshot = await w.networkHelpers.takeSnapshot();
    const outcomes: bigint[][] = [];
    for (const isFirst of [true, false]) {
      if (isFirst) await claim(w.carol);
      await withdraw(w.dave, 3_000n);
      await arrive(2_000n);
      await claim(w.dave);
      await claim(w.carol);
      outcomes.push([await w.usd.balanceOf(w.carol.address), await w.usd.balanceOf(w.dave.address)]);
      await snapshot.restore();
    }
    // Carol: 2,000 of what was there before Dave came, then 1,000 of hers against 3,000 of his.
    for (const [carol, dave] of outcomes) {
      expect(carol).to.be.within(2_500n * USD - 2n, 2_500n * USD);
      expect(dave).to.be.within(1_500n * USD - 2n, 1_500n * USD);
    }
  });

  it("CLR-10: three who wait, one joins later and again: each token is shared by what waits when it comes", async () => {
    const w = world();
    await w.cash(w.frank, 5_000n);
    // Held: 6,000. Carol is paid it all, then three wait for 1,000, 2,000 and 3,000.
    await withdraw(w.carol, 6_000n);
    await withdraw(w.carol, 1_000n);
    await withdraw(w.dave, 2_000n);
    await withdraw(w.frank, 3_000n);
    await arrive(1_200n);
    expect(await claim(w.frank)).to.be.within(600n * USD - 1n, 600n * USD);
    // Waiting: 800, 1,600, 2,400, and Carol comes with 1,200 more: a third each.
    await withdraw(w.carol, 1_200n);
    await arrive(600n);
    expect(await claim(w.dave)).to.be.within(560n * USD - 1n, 560n * USD);
    expect(await claim(w.carol)).to.be.within(400n * USD - 1n, 400n * USD);
    expect(await claim(w.frank)).to.be.within(240n * USD - 1n, 240n * USD);
    expect(await claim(w.frank), "nothing new").to.equal(0n);
    const [waiting] = await queue();
    expect(waiting).to.equal(5_400n * DOLLAR);
    await w.expectConserved(4n * UNIT);
  });

  it("CLR-10: fully served, everyone has all but a unit for each claim; the next who wait begin anew", async () => {
    const w = world();
    await withdraw(w.carol, 3_000n);
    await withdraw(w.dave, 7_000n);
    await arrive(1_000n);
    await claim(w.carol);
    // 1,000 came before Dave, and 9,000 were missing.
    await arrive(8_000n);
    await claim(w.dave);
    expect((await queue())[0]).to.equal(0n);
    await withdraw(w.dave, 500n);
    expect(await queued(w.dave)).to.deep.equal([500n * DOLLAR, 0n]);
    await claim(w.carol);
    const [carol, dave] = [await w.usd.balanceOf(w.carol.address), await w.usd.balanceOf(w.dave.address)];
    expect(carol).to.be.within(3_000n * USD - 2n, 3_000n * USD);
    expect(dave).to.be.within(7_000n * USD - 1n, 7_000n * USD);
    expect(await queued(w.carol)).to.deep.equal([0n, 0n]);
    await arrive(500n);
    expect(await claim(w.dave)).to.be.within(500n * USD - 1n, 500n * USD);
    await w.expectConserved(4n * UNIT);
    // With nothing that waits and nothing set aside but dust, what comes in is paid at once again.
    await arrive(100n);
    await expect(withdraw(w.carol, 99n)).not.to.emit(w.house, "WithdrawalQueued");
  });

  it("CLR-10: claims of several generations: each ends when less than 2^-16 of it is left, and nothing is lost", async () => {
    const w = world();
    await withdraw(w.carol, 3_000n);
    await withdraw(w.dave, 6_000n);
    // All but five cents of 8,000, then all but a millionth of that; one deposit more than fills it.
    for (const amount of [7_999_950_000n, 49_999n]) {
      await arriveUnits(amount);
      await claim(w.dave);
    }
    expect((await queue())[0]).to.equal(UNIT);
    // Again and again: in one generation the index would have run out of digits.
    for (let round = 0; round < 4; ++round) {
      await withdraw(w.dave, 1_000n);
      await arrive(1_000n);
      await claim(w.dave);
      expect((await queue())[0]).to.be.within(UNIT, UNIT + 10n);
    }
    await arrive(1n);
    await claim(w.dave);
    await claim(w.carol);
    const [carol, dave] = [await w.usd.balanceOf(w.carol.address), await w.usd.balanceOf(w.dave.address)];
    expect(carol).to.be.within(3_000n * USD - 1n, 3_000n * USD);
    expect(dave).to.be.within(10_000n * USD - 3n, 10_000n * USD);
    expect(await queued(w.carol)).to.deep.equal([0n, 0n]);
    await w.expectConserved(4n * UNIT);
  });

  it("CLR-10: `settle` and `collectFees` take nothing that waits, and nothing that is set aside", async () => {
    const w = world();
    // A penalty: Frank is long 100 in another market and falls below maintenance.
    const other = await w.listMarket(3, 100n * WAD);
    const frank = await w.cash(w.frank, 1_100n);
    await w.trade(w.id(w.carol), frank, 3, -100n * WAD, 100n * WAD);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(other, 92n * WAD);
    const { penalty } = await w.bidFor(w.erin, frank, { bidder: await w.cash(w.erin, 10_000n) });
    expect(penalty).to.be.greaterThan(10n * DOLLAR);
    expect(await w.house.fundAccount()).to.equal(penalty);
    // Held: 1,000 + 1,100 + 10,000. Dave takes all that is free but one, and Bob's 1,000 wait.
    await withdraw(w.dave, 10_000n);
    await withdraw(w.erin, 2_099n);
    expect(await w.usd.balanceOf(w.houseAddress)).to.equal(USD);
    await withdraw(w.bob, 1_000n);
    const recipient = await w.usd.balanceOf(w.administrator.address);
    const idle = async () => {
      await w.fund.settle(w.segment);
      await w.house.collectFees();
      expect(await w.usd.balanceOf(w.fundAddress)).to.equal(0n);
      expect(await w.usd.balanceOf(w.administrator.address)).to.equal(recipient);
    };
    await idle();
    await arriveUnits(998n * USD);
    await idle();
    await claim(w.carol);
    expect(await queue(), "set aside").to.deep.equal([DOLLAR, 999n * DOLLAR]);
    await idle();
    await arriveUnits(3n * USD);
    // Two more than waits: one is the fund's now, and the rest stays booked.
    await w.fund.settle(w.segment);
    expect(await w.usd.balanceOf(w.fundAddress)).to.equal(2n * USD);
    expect(await w.house.fundAccount()).to.equal(penalty - 2n * DOLLAR);
    expect(await claim(w.bob)).to.be.within(1_000n * USD - 1n, 1_000n * USD);
    await w.expectConserved(4n * UNIT);
    await arriveUnits(10_000n * USD);
    await w.fund.settle(w.segment);
    await w.house.collectFees();
    expect(await w.usd.balanceOf(w.fundAddress)).to.equal((penalty / UNIT) * 1n);
    expect((await w.usd.balanceOf(w.administrator.address)) - recipient).to.be.greaterThan(24n * USD);
    await w.expectConserved(4n * UNIT);
  });

  it("CLR-10: what waits is cash no more; the queue pays the owner alone", async () => {
    const w = world();
    await withdraw(w.carol, 9_000n);
    await expect(withdraw(w.carol, 1_001n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InsufficientBalance")
      .withArgs(w.id(w.carol), 0, 1_001n * DOLLAR, 1_000n * DOLLAR);
    const before = await w.usd.balanceOf(w.frank.address);
    await claim(w.carol);
    expect(await w.usd.balanceOf(w.frank.address)).to.equal(before);
    expect(await w.usd.balanceOf(w.carol.address)).to.be.within(1_000n * USD - 1n, 1_000n * USD);
  });

  it("ClearingHouse_InsufficientLiquidity: while a loss is unallocated and the house has nothing at all", async () => {
    const w = world();
    const carol = w.id(w.carol);
    await withdraw(w.carol, 1_000n);
    // Frank loses 1,000 against 10 ether, which then halve: nobody has an open position to bear it, and the fund is empty.
    const frank = await w.collateral(w.frank, 10n * WAD);
    await w.trade(frank, w.id(w.dave), FLAT, 100n * WAD, 100n * WAD);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, 90n * WAD);
    await w.trade(frank, w.id(w.dave), FLAT, -100n * WAD, 90n * WAD);
    await w.setEth(90n * WAD);
    await w.engine.writeOff(frank);
    expect(await w.house.unallocatedLoss()).to.be.greaterThan(0n);
    await expect(w.house.connect(w.carol).withdraw(carol, 0, 2n * USD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InsufficientLiquidity")
      .withArgs(2n * DOLLAR, 0n);
    await arrive(100n);
    await withdraw(w.carol, 2n);
  });

  it("CLR-10, R3: whatever comes in whatever order, everyone has his part but for one unit a claim", async () => {
    const w = world();
    const random = new Random(seedOfRun());
    const people = [w.carol, w.dave, w.frank] as const;
    await w.cash(w.frank, 20_000n);
    await withdraw(w.frank, 11_000n);
    // The same in exact arithmetic: what waits and what was set aside, times SCALE.
    const SCALE = 10n ** 30n;
    const model = people.map(() => ({ waiting: 0n, credited: 0n, claims: 0n, paid: 0n }));
    let free = (await w.usd.balanceOf(w.houseAddress)) * SCALE;
    const serve = () => {
      const all = model.reduce((sum, { waiting }) => sum + waiting, 0n);
      const served = free < all ? free : all;
      for (const one of model) {
        const part = all === 0n ? 0n : (served * one.waiting) / all;
        [one.waiting, one.credited] = [one.waiting - part, one.credited + part];
      }
      free -= served;
    };
    const start = await Promise.all(people.map((who) => w.usd.balanceOf(who.address)));
    for (let step = 0; step < 60; ++step) {
      const index = Number(random.below(3n));
      const [who, one] = [people[index]!, model[index]!];
      const kind = random.below(4n);
      if (kind === 0n) {
        const amount = 1n + random.below(200n * USD);
        await arriveUnits(amount);
        free += amount * SCALE;
      } else if (kind === 1n) {
        const amount = 1n + random.below(150n * USD);
        const all = model.reduce((sum, { waiting }) => sum + waiting, 0n);
        // One unit less is free than the model says when the contract rounds up what is claimed.
        if (free - all > -4n * SCALE && free - all <= (amount + 4n) * SCALE && free - all >= (amount - 4n) * SCALE)
          continue;
        await w.house.connect(who).withdraw(w.id(who), 0, amount);
        if (free - all >= amount * SCALE) {
          free -= amount * SCALE;
          one.paid += amount * SCALE;
          continue;
        }
        serve();
        one.waiting += amount * SCALE;
      } else {
        await claim(who);
        serve();
        ++one.claims;
        [one.paid, one.credited] = [one.paid + one.credited, 0n];
      }
    }
    for (const [index, who] of people.entries()) {
      await claim(who);
      serve();
      const one = model[index]!;
      const paid = (await w.usd.balanceOf(who.address)) - start[index]!;
      const expected = (one.paid + one.credited) / SCALE;
      expect(paid - expected, `person ${index}`).to.be.within(-one.claims - 2n, 2n);
    }
    await w.expectConserved(100n * UNIT);
  });
});

import { expect } from "chai";

import * as FundingMath from "../../../sdk/math/FundingMath.ts";
import { WAD } from "../support/deployment.ts";
import { Random, seedOfRun } from "../support/random.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
const AT_200 = 200n * WAD;
const HOUR = 3_600n;
const TAKER_FEE = 5n;
const MAX_SHARE = FundingMath.maxShareOf(TAKER_FEE);
/** Highest velocity at an index of 200: 2.5 basis points within an hour. */
const LIMIT = (AT_200 * MAX_SHARE) / WAD / HOUR;

/** A market's funding as the twin has it. */
class Model {
  funding = 0n;
  rate = 0n;
  at: bigint;

  constructor(at: bigint) {
    this.at = at;
  }

  fundingAt(time: bigint): bigint {
    return this.funding + FundingMath.accrued(FundingMath.unpack(this.rate), time - this.at);
  }

  velocityAt(time: bigint): bigint {
    return FundingMath.decayed(FundingMath.unpack(this.rate), time - this.at);
  }

  fill(time: bigint, size: bigint, price: bigint, index: bigint, openInterest: bigint): void {
    const absolute = size < 0n ? -size : size;
    const velocity = FundingMath.afterFill(this.velocityAt(time), {
      indexPrice: index,
      fillPrice: price,
      notional: (absolute * price + WAD - 1n) / WAD,
      openNotional: (openInterest * index) / WAD,
      maxShare: MAX_SHARE,
    });
    const rate = FundingMath.pack(velocity);
    if (rate === 0n && this.rate === 0n) return;
    this.funding = this.fundingAt(time);
    [this.rate, this.at] = [rate, time];
  }
}

describe("funding (CLR-05)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  /** Alice is long 100 at 200 against Bob; filled at the index, which moves nothing. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(FLAT, AT_200);
    for (const who of [w.alice, w.bob, w.carol, w.dave, w.erin]) await w.cash(who, 100_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), FLAT, 100n * WAD, AT_200);
  });
  const fundingOf = async () => {
    const { funding, velocity } = await world().house.fundingOf(FLAT);
    return [funding, velocity];
  };
  /** Carol buys from Dave above or below the index. Returns the model as of then. */
  const move = async (size: bigint, price: bigint) => {
    const w = world();
    const model = new Model(await w.now());
    const openInterest = await w.openInterest(FLAT);
    await w.trade(w.id(w.carol), w.id(w.dave), FLAT, size, price);
    model.fill(await w.now(), size, price, AT_200, openInterest);
    return model;
  };
  const quoteOf = async (account: string) => (await world().house.positionOf(account, FLAT)).quoteValue;

  it("a fill at the index moves nothing", async () => {
    expect(await fundingOf()).to.deep.equal([0n, 0n]);
    await expect(
      world().trade(world().id(world().carol), world().id(world().dave), FLAT, 10n * WAD, AT_200),
    ).not.to.emit(world().house, "FundingMoved");
  });

  it("sign and size: above the index longs pay shorts, below it shorts pay longs, as much as the twin says to the wei", async () => {
    const w = world();
    for (const price of [(20_004n * WAD) / 100n, (19_996n * WAD) / 100n]) {
      const snapshot = await w.networkHelpers.takeSnapshot();
      const before = { alice: await quoteOf(w.id(w.alice)), bob: await quoteOf(w.id(w.bob)) };
      const expected = new Model(await w.now());
      expected.fill(expected.at + 1n, 10n * WAD, price, AT_200, 100n * WAD);
      await w.nextIn(1n);
      await expect(w.trade(w.id(w.carol), w.id(w.dave), FLAT, 10n * WAD, price))
        .to.emit(w.house, "FundingMoved")
        .withArgs(FLAT, 0n, FundingMath.unpack(expected.rate));
      // 0.04 of premium, weight 1 - e^(-0.2): 0.00725 within the time constant.
      const sign = price > AT_200 ? 1n : -1n;
      expect(FundingMath.unpack(expected.rate) * HOUR * sign).to.be.within(
        (724n * WAD) / 100_000n,
        (726n * WAD) / 100_000n,
      );
      await w.networkHelpers.time.increase(1_234);
      const funding = expected.fundingAt(await w.now());
      expect(funding * sign).to.be.greaterThan(0n);
      expect(await fundingOf()).to.deep.equal([funding, expected.velocityAt(await w.now())]);
      expect((await quoteOf(w.id(w.alice))) - before.alice + 100n * funding).to.be.within(-2n, 2n);
      expect((await quoteOf(w.id(w.bob))) - before.bob - 100n * funding).to.be.within(-2n, 2n);
      await w.expectConserved(10n);
      await snapshot.restore();
    }
  });

  it("twenty fills at random: F and velocity equal the twin's to the wei, and the books balance (CLR-08)", async () => {
    const w = world();
    const random = new Random(seedOfRun());
    const people = [w.alice, w.bob, w.carol, w.dave, w.erin].map((who) => w.id(who));
    const model = new Model(await w.now());
    let index = AT_200;
    for (let step = 0; step < 20; ++step) {
      if (random.oneIn(4n)) {
        index = (19_000n + random.below(2_000n)) * (WAD / 100n);
        await w.setFeeds(feeds, index);
      }
      await w.networkHelpers.time.increase(Number(random.below(random.oneIn(5n) ? 20_000n : 900n)) + 1);
      const taker = Number(random.below(5n));
      const maker = (taker + 1 + Number(random.below(4n))) % 5;
      const size = (10n + random.below(40n)) * WAD * (random.oneIn(2n) ? 1n : -1n);
      const price = index + (index * (random.below(41n) - 20n)) / 1_000n;
      const openInterest = await w.openInterest(FLAT);
      await w.trade(people[taker]!, people[maker]!, FLAT, size, price);
      const now = await w.now();
      model.fill(now, size, price, index, openInterest);
      expect(await fundingOf()).to.deep.equal([model.fundingAt(now), model.velocityAt(now)]);
      await w.expectConserved(200n);
    }
    expect(model.funding).not.to.equal(0n);
    await w.networkHelpers.time.increase(777);
    expect((await fundingOf())[0]).to.equal(model.fundingAt(await w.now()));
    await w.setFeeds(feeds, index);
    await w.expectConserved(200n);
    await w.expectZeroSum(FLAT);
  });

  it("INV-18: a position that nobody touches is worth what one is worth that is settled at every step", async () => {
    const w = world();
    const [lazy, eager, other] = [w.id(w.carol), w.id(w.erin), w.id(w.dave)];
    for (const account of [lazy, eager]) await w.trade(other, account, FLAT, -40n * WAD, AT_200);
    const cash = await w.cashOf(eager);
    for (const [price, seconds] of [
      [201n, 600],
      [203n, 2_000],
      [198n, 60],
      [197n, 5_000],
      [204n, 12_000],
    ] as const) {
      await w.trade(w.id(w.alice), w.id(w.bob), FLAT, 20n * WAD, price * WAD);
      await w.networkHelpers.time.increase(seconds);
      // Settled: half of it closed at the index and opened again in the same second, as a maker, which costs nothing.
      await w.provider.request({ method: "evm_setAutomine", params: [false] });
      await w.trade(other, eager, FLAT, 20n * WAD, AT_200);
      await w.trade(other, eager, FLAT, -20n * WAD, AT_200);
      await w.networkHelpers.mine();
      await w.provider.request({ method: "evm_setAutomine", params: [true] });
      expect(await w.baseOf(eager, FLAT)).to.equal(40n * WAD);
    }
    const settled = (await quoteOf(eager)) + (await w.cashOf(eager)) - cash;
    const untouched = await quoteOf(lazy);
    expect(untouched + 40n * AT_200).not.to.be.within(-DOLLAR / 100n, DOLLAR / 100n);
    // A wei for each write.
    expect(settled - untouched).to.be.within(-20n, 20n);
  });

  it("whoever looks, however often, sees the same: F is a function of what is stored and of time", async () => {
    const w = world();
    const model = await move(20n * WAD, 201n * WAD);
    const start = await w.now();
    for (const seconds of [1n, 2n, 59n, 60n, 899n, 3_600n, 36_000n]) {
      await w.networkHelpers.time.increaseTo(start + seconds);
      expect(await fundingOf()).to.deep.equal([model.fundingAt(start + seconds), model.velocityAt(start + seconds)]);
      expect((await quoteOf(w.id(w.alice))) + 100n * (AT_200 + model.fundingAt(start + seconds))).to.be.within(-2n, 2n);
    }
  });

  it("dust does not move it: notional x mmr one wei below the minimum is ignored, exactly the minimum is not", async () => {
    const w = world();
    await w.setFeeds(feeds, 198n * WAD);
    // 1.25 at 200 is 250, and 4% of it is 10.
    const size = (125n * WAD) / 100n;
    await expect(w.trade(w.id(w.alice), w.id(w.bob), FLAT, size - 1n, AT_200)).not.to.emit(w.house, "FundingMoved");
    expect(await fundingOf()).to.deep.equal([0n, 0n]);
    for (let part = 0; part < 5; ++part) await w.trade(w.id(w.alice), w.id(w.bob), FLAT, WAD, AT_200);
    expect(await fundingOf()).to.deep.equal([0n, 0n]);
    await expect(w.trade(w.id(w.alice), w.id(w.bob), FLAT, size, AT_200)).to.emit(w.house, "FundingMoved");
    expect((await fundingOf())[1]).to.be.greaterThan(0n);
  });

  it("clamp: no fill, nor any number of them, makes more be paid than 2.5 basis points within an hour", async () => {
    const w = world();
    await w.listMarket(3, AT_200);
    // Nothing is open: weight 1.
    await w.trade(w.id(w.carol), w.id(w.dave), 3, 10n * WAD, 204n * WAD);
    const { velocity } = await w.house.fundingOf(3);
    expect(velocity).to.equal(FundingMath.unpack(FundingMath.pack(LIMIT)));
    expect(LIMIT - velocity).to.be.within(0n, LIMIT >> 22n);
    for (let fill = 0; fill < 12; ++fill) {
      await move(100n * WAD, 204n * WAD);
      await w.trade(w.id(w.dave), w.id(w.carol), FLAT, 100n * WAD, 204n * WAD);
      expect((await fundingOf())[1]).to.be.at.most(LIMIT);
    }
    expect((await fundingOf())[1]).to.be.at.least((LIMIT * 99n) / 100n);
    for (let fill = 0; fill < 24; ++fill)
      await w.trade(w.id(w.dave), w.id(w.carol), FLAT, 100n * WAD * (fill % 2 === 0 ? 1n : -1n), 196n * WAD);
    expect((await fundingOf())[1]).to.be.within(-LIMIT, (-LIMIT * 99n) / 100n);
  });

  it("decays to 0: without fills no more is ever paid than the velocity times the time constant", async () => {
    const w = world();
    const model = await move(100n * WAD, 204n * WAD);
    const whole = FundingMath.unpack(model.rate) * HOUR;
    let last = 0n;
    for (const hours of [1, 2, 5, 20, 40]) {
      await w.networkHelpers.time.increase(hours * 3_600);
      const [funding, velocity] = await fundingOf();
      expect(funding).to.be.within(last, whole);
      expect(velocity).to.be.at.least(0n);
      last = funding!;
    }
    await w.networkHelpers.time.increase(100 * 3_600);
    expect(await fundingOf()).to.deep.equal([whole, 0n]);
    await w.networkHelpers.time.increase(365 * 86_400);
    expect(await fundingOf()).to.deep.equal([whole, 0n]);
  });

  it("a position that is opened later pays nothing for what was before it", async () => {
    const w = world();
    const erin = w.id(w.erin);
    const model = await move(50n * WAD, 203n * WAD);
    await w.networkHelpers.time.increase(1_800);
    const before = await w.valueOf(erin);
    await w.trade(w.id(w.bob), erin, FLAT, -60n * WAD, AT_200);
    const opened = await w.now();
    expect((await w.valueOf(erin)) - before).to.be.within(-2n, 0n);
    expect((await fundingOf())[0]).to.be.greaterThan(WAD / 1_000n);
    // That fill, at the index, has left the velocity as it was, but for the rounding of storing it.
    const stored = FundingMath.unpack(FundingMath.pack(model.velocityAt(opened)));
    await w.networkHelpers.time.increase(1_800);
    const paid = FundingMath.accrued(stored, (await w.now()) - opened);
    await w.setFeeds(feeds, AT_200);
    expect((await quoteOf(erin)) + 60n * AT_200).to.be.lessThan(-60n * paid + 2n);
    const funding = (await fundingOf())[0]! - model.fundingAt(opened);
    expect((await quoteOf(erin)) + 60n * AT_200 + 60n * funding).to.be.within(-3n, 3n);
  });

  it("bids, charges and deleveragings between fills take nothing of it and add nothing", async () => {
    const w = world();
    const [alice, bob, dave] = [w.id(w.alice), w.id(w.bob), w.id(w.dave)];
    const frank = await w.cash(w.frank, 1_200n);
    await w.trade(dave, frank, FLAT, -50n * WAD, AT_200);
    await move(50n * WAD, 203n * WAD);
    // The same second for all: before it the chain's clock goes on with the machine's.
    const time = (await w.now()) + 2_400n;
    const run = async (price: bigint, event?: () => Promise<unknown>) => {
      const snapshot = await w.networkHelpers.takeSnapshot();
      await w.setFeeds(feeds, price);
      await w.networkHelpers.time.setNextBlockTimestamp(time);
      if (event) await event();
      else await w.networkHelpers.mine();
      expect(await w.now()).to.equal(time);
      const values = [await w.valueOf(alice), await w.valueOf(bob)];
      const { funding, velocity } = await w.house.fundingOf(FLAT);
      await w.expectConserved(5_000n, 1_000n);
      await snapshot.restore();
      return [...values, funding, velocity];
    };
    // 1,200 - 1,000: below maintenance of 360, solvent. Sold to Erin: nobody else notices.
    const bidden = await run(180n * WAD, () => w.bidFor(w.erin, frank));
    const quiet = await run(180n * WAD);
    for (const [index, value] of quiet.entries()) expect(bidden[index]! - value).to.be.within(-2n, 2n);
    // 1,200 - 1,500 and what was paid: a loss of 300, charged or taken through the closing price to the shorts, 200 units.
    const fallen = await run(170n * WAD);
    for (const event of [() => w.bidFor(w.erin, frank), () => w.engine.deleverage(frank)]) {
      const values = await run(170n * WAD, event);
      expect(values[0]! - fallen[0]!, "a long").to.be.within(-500n, 500n);
      expect(values.slice(2)).to.deep.equal(fallen.slice(2));
      expect(fallen[1]! - values[1]!, "half of the shorts").to.be.within(150n * DOLLAR, 152n * DOLLAR);
    }
  });

  it("R3: to move it between two accounts of one's own costs more than it brings, whatever one holds", async () => {
    const w = world();
    // Alice is the whole long side: 100 against Bob, who holds. She fills her own orders 2% below the index.
    const second = await w.cash(w.alice, 100_000n, 1n);
    const own = [w.id(w.alice), second];
    const wealth = async () => (await w.valueOf(own[0]!)) + (await w.valueOf(own[1]!));
    const before = await wealth();
    for (const [size, fills] of [
      [2n, 1],
      [10n, 1],
      [10n, 5],
      [50n, 1],
      [50n, 4],
      [90n, 1],
      [100n, 2],
      [300n, 1],
    ] as const) {
      const snapshot = await w.networkHelpers.takeSnapshot();
      for (let fill = 0; fill < fills; ++fill) {
        const [from, to] = fill % 2 === 0 ? own : [...own].reverse();
        await w.trade(to!, from!, FLAT, size * WAD, 196n * WAD);
      }
      await w.networkHelpers.time.increase(60 * 3_600);
      await w.setFeeds(feeds, AT_200);
      const profit = (await wealth()) - before;
      const earned = -100n * (await fundingOf())[0]!;
      expect(earned, `${fills} of ${size}: it does bring something`).to.be.greaterThan(0n);
      expect(profit, `${fills} of ${size}`).to.be.lessThan(0n);
      // What Bob pays is less than the fees.
      const fees = (BigInt(fills) * size * 196n * TAKER_FEE * DOLLAR) / 10_000n;
      expect(profit - (earned - fees)).to.be.within(-10n, 10n);
      await snapshot.restore();
    }
  });
});

import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { BTC_MARKET, ETH_MARKET, WAD } from "../support/deployment.ts";
import { DOLLAR, MAX, Scope, useWorld } from "../support/world.ts";

const SIZE = 100n * WAD;
const BELOW = 182n * WAD;
const GAS = { gasLimit: 15_000_000n };

describe("who may bid, and what a bid insists on (LIQ-03, LIQ-09)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
    await w.setEth(BELOW);
  });

  it("LiquidationEngine_InvalidFraction: zero, above one, or below its own minimum", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const cases = [
      [0n, 0n],
      [WAD + 1n, 0n],
      [MAX, 0n],
      [WAD / 2n, WAD / 2n + 1n],
    ] as const;
    for (const [fraction, minFraction] of cases) {
      await expect(w.bidWith(w.carol, alice, { fraction, minFraction }))
        .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_InvalidFraction")
        .withArgs(fraction, minFraction);
    }
  });

  it("LIQ-03: a part of a wei of collateral is nothing: it stays with whoever has it", async () => {
    const w = world();
    const alice = await w.collateral(w.alice, 1n);
    const { fraction } = await w.bidFor(w.carol, alice);
    expect(fraction).to.be.within(1n, WAD - 1n);
    expect(await w.house.collateralOf(alice, 1)).to.equal(1n);
    expect((await w.house.headerOf(w.id(w.carol))).assets, "no slot for nothing").to.equal(0n);
  });

  it("CLR-01: only the bidder's owner or a delegate with TRADE bids for an account", async () => {
    const w = world();
    const [alice, carol] = [w.id(w.alice), w.id(w.carol)];
    const bidFor = () => w.bidWith(w.erin, alice, { bidder: carol, fraction: WAD / 10n });
    await expect(bidFor())
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotAuthorized")
      .withArgs(carol, w.erin.address);
    const until = (await w.now()) + 1_000n;
    await w.house.connect(w.carol).setDelegate(w.erin.address, Scope.All - Scope.Trade, until);
    await expect(bidFor()).to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotAuthorized");
    await w.house.connect(w.carol).setDelegate(w.erin.address, Scope.Trade, until);
    await bidFor();
    expect(await w.baseOf(carol)).to.equal(10n * WAD);
  });

  it("LiquidationEngine_FractionBelowMinimum: f* of the moment decides, exactly at it the bid is taken", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const { maxFraction } = await w.engine.termsOf(alice);
    expect(maxFraction).to.be.lessThan(WAD);
    await expect(w.bidWith(w.carol, alice, { minFraction: maxFraction + 1n }))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_FractionBelowMinimum")
      .withArgs(maxFraction, maxFraction + 1n);
    expect((await w.bidFor(w.carol, alice, { minFraction: maxFraction })).fraction).to.equal(maxFraction);
  });

  it("LiquidationEngine_PriceAboveLimit: one wei above the limit of the whole account is refused", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const { price } = await w.engine.termsOf(alice);
    expect(price).to.be.greaterThan(600n * DOLLAR);
    await expect(w.bidWith(w.carol, alice, { maxPrice: price - 1n }))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_PriceAboveLimit")
      .withArgs(price, price - 1n);
    await w.bidWith(w.carol, alice, { maxPrice: price });
  });

  it("LiquidationEngine_IncomeBelowLimit: what the fund cannot pay is no income", async () => {
    const w = world();
    const alice = w.id(w.alice);
    // V = -510, MM = 680.6, k MM = 0.3 (MM - E) = 357, above k_max? 0.5 MM = 340: the income asked for is 340; the fund is empty.
    await w.setEth(170n * WAD);
    const { income } = await w.engine.termsOf(alice);
    const { linearMargin, sizeMargin } = await w.house.health(alice);
    expect(income).to.equal((linearMargin + sizeMargin) / 2n);
    await expect(w.bidWith(w.carol, alice, { minIncome: 1n }))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_IncomeBelowLimit")
      .withArgs(0n, 1n);
    await w.bidWith(w.carol, alice, { minIncome: 0n });
  });

  it("LIQ-02: the limit on income is met by k MM exactly when V pays for it", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const { income, maxFraction } = await w.engine.termsOf(alice);
    await expect(w.bidWith(w.carol, alice, { minIncome: income + 10n }))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_IncomeBelowLimit")
      .withArgs((income * maxFraction) / WAD, ((income + 10n) * maxFraction) / WAD);
    await w.bidWith(w.carol, alice, { minIncome: income });
  });

  it("LIQ-03: the bidder needs initial margin after, and leaves no dust in his own account", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const poor = await w.cash(w.dave, 100n);
    await expect(w.bidWith(w.dave, alice, { bidder: poor })).to.be.revertedWithCustomError(
      w.house,
      "ClearingHouse_BelowInitialMargin",
    );
    // One unit of base at 182 needs 7.28 of maintenance margin: between 0 and 10.
    const { linearMargin } = await w.house.health(alice);
    expect(linearMargin).to.equal(728n * DOLLAR);
    await expect(w.bidWith(w.carol, alice, { fraction: WAD / 100n }))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DustPosition")
      .withArgs(w.id(w.carol), (728n * DOLLAR) / 100n + (182n * 182n * 2n * WAD) / 10n ** 9n, 10n * DOLLAR);
  });

  it("a bidder cannot be the account that is sold", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await expect(w.bidWith(w.alice, alice, { bidder: alice }))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_SelfTrade")
      .withArgs(alice);
  });

  it("LIQ-03: a 1-wei bid in front neither stops nor shortens the big bid of the same second", async () => {
    const w = world();
    const [alice, bob, carol] = [w.id(w.alice), w.id(w.bob), w.id(w.carol)];
    // Carol already holds a position, so one more crumb leaves her no dust.
    await w.trade(carol, bob, ETH_MARKET, 10n * WAD, BELOW);
    const { maxFraction } = await w.engine.termsOf(alice);
    const requests = [
      w.request(w.carol, alice, { fraction: 1n }),
      w.request(w.carol, alice, { minFraction: maxFraction - 1_000n }),
    ];
    await expect(w.engine.connect(w.carol).bidMany(requests, GAS)).not.to.emit(w.engine, "BidFailed");
    // The crumb took ceil(100e18 * 1e-18) = 100 wei of base, and the rest of f* followed.
    const taken = SIZE - (await w.baseOf(alice));
    expect(taken - maxFraction * 100n).to.be.within(-100_000n, 100_000n);
    expect((await w.engine.auctionOf(alice)).isOpen, "a bid at f* ends the auction").to.equal(false);
    expect((await w.house.headerOf(alice)).flags).to.equal(0n);
    await w.expectConserved(10n);
    await w.expectZeroSum(ETH_MARKET);
  });

  it("LIQ-03, LIQ-10: a bid that would leave dust takes the whole, by however little it asked for less", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(170n * WAD);
    expect((await w.engine.termsOf(alice)).maxFraction).to.equal(WAD);
    expect((await w.bidFor(w.carol, alice, { fraction: WAD - 1n })).fraction).to.equal(WAD);
    expect((await w.house.headerOf(alice)).markets).to.equal(0n);
  });

  it("LIQ-10: f* is large enough that what is sold is no dust for a bidder who holds nothing else", async () => {
    const w = world();
    // 3 units: MM 22.2 at 185 and E = 20.7, so that LIQ-03 alone would sell a fifth, which needs 4.4 of margin.
    await w.setEth(200n * WAD);
    const dave = await w.cash(w.dave, 66n);
    await w.trade(w.id(w.bob), dave, ETH_MARKET, -3n * WAD, 200n * WAD);
    await w.setEth(185n * WAD);
    expect(await w.valueOf(dave)).to.equal(21n * DOLLAR);
    const { fraction } = await w.bidFor(w.carol, dave);
    expect(fraction).to.equal((1_000n * WAD + 2_219n) / 2_220n);
    expect((await w.house.health(w.id(w.carol))).linearMargin).to.be.within(10n * DOLLAR, 10n * DOLLAR + 100n);
  });

  it("LIQ-01: a partial bid starts the auction and marks the account; the bid at f* that ends it clears the mark", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await expect(w.bidWith(w.carol, alice, { fraction: WAD / 50n })).to.emit(w.engine, "AuctionStarted");
    expect((await w.house.headerOf(alice)).flags).to.equal(1n);
    await expect(w.bidWith(w.carol, alice)).to.emit(w.engine, "AuctionEnded").withArgs(alice);
    expect((await w.house.headerOf(alice)).flags).to.equal(0n);
  });

  it("LIQ-09: bidMany isolates a failing bid, whatever its place, and reports its first word", async () => {
    const w = world();
    const [alice, bob, carol] = [w.id(w.alice), w.id(w.bob), w.id(w.carol)];
    const dave = await w.cash(w.dave, 2_500n);
    await w.trade(dave, bob, ETH_MARKET, SIZE, BELOW);
    await w.setEth(160n * WAD);
    const requests = [
      w.request(w.carol, bob),
      w.request(w.carol, alice, { fraction: 0n }),
      w.request(w.carol, dave, { fraction: WAD / 2n }),
      w.request(w.erin, alice),
      w.request(w.carol, alice),
    ];
    const filled = await w.engine.connect(w.carol).bidMany.staticCall(requests);
    expect([...filled]).to.deep.equal([false, false, true, false, true]);
    const selector = (name: string) => w.engine.interface.getError(name)?.selector;
    await expect(w.engine.connect(w.carol).bidMany(requests, GAS))
      .to.emit(w.engine, "BidFailed")
      .withArgs(bob, carol, selector("LiquidationEngine_NotLiquidatable"))
      .to.emit(w.engine, "BidFailed")
      .withArgs(alice, carol, selector("LiquidationEngine_InvalidFraction"))
      .to.emit(w.engine, "BidFailed")
      .withArgs(alice, w.id(w.erin), selector("LiquidationEngine_NotAuthorized"));
    expect(await w.baseOf(dave)).to.equal(50n * WAD);
    expect(await w.baseOf(alice)).to.equal(0n);
    expect(await w.baseOf(carol)).to.equal(150n * WAD);
    await w.expectConserved(100n);
  });

  it("LIQ-09, R1a: a gas limit taken from an estimate does not drop bids silently", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const requests = [w.request(w.carol, alice), w.request(w.carol, w.id(w.bob))];
    const gasLimit = await w.engine.connect(w.carol).bidMany.estimateGas(requests);
    await w.engine.connect(w.carol).bidMany(requests, { gasLimit });
    expect(await w.baseOf(alice), "the first bid was made").to.be.lessThan(SIZE);
  });

  it("LIQ-09: a failed bid of a batch leaves nothing behind, an empty batch does nothing", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.engine.connect(w.carol).bidMany([]);
    await w.engine.connect(w.carol).bidMany([w.request(w.carol, alice, { fraction: WAD / 2n, maxPrice: 0n })]);
    expect((await w.engine.auctionOf(alice)).isOpen).to.equal(false);
    expect((await w.house.headerOf(alice)).flags).to.equal(0n);
    expect(await w.baseOf(alice)).to.equal(SIZE);
  });

  it("LiquidationEngine_NotSelf: nobody passes himself off as a batch's caller", async () => {
    const w = world();
    await expect(w.engine.connect(w.erin).bidFor(w.request(w.carol, w.id(w.alice)), w.carol.address))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotSelf")
      .withArgs(w.erin.address);
  });

  it("LiquidationEngine_ClearingAccount: the house's own account is neither auctioned nor deleveraged", async () => {
    const w = world();
    const calls = [
      () => w.engine.start(w.clearing),
      () => w.bidWith(w.carol, w.clearing),
      () => w.engine.deleverage(w.clearing),
    ];
    for (const call of calls) {
      await expect(call())
        .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_ClearingAccount")
        .withArgs(w.clearing);
    }
  });

  it("LiquidationEngine_SegmentAlreadyOpen: the segment is opened once", async () => {
    const w = world();
    const budgets = { major: 1, mid: 1, tail: 1, segment: 1, reward: 1 };
    const none = { backstop: ZeroAddress, reinsurance: ZeroAddress };
    await expect(w.engine.openSegment(budgets, none))
      .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_SegmentAlreadyOpen")
      .withArgs(w.segment);
    await expect(w.engine.connect(w.erin).openSegment(budgets, none))
      .to.be.revertedWithCustomError(w.engine, "AccessManagedUnauthorized")
      .withArgs(w.erin.address);
  });

  it("a bid sells all markets of an account alike, so a hedge stays a hedge (LIQ-02)", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    await w.cash(w.alice, 2_600n);
    await w.trade(alice, bob, BTC_MARKET, -2n * WAD, 8_000n * WAD);
    await w.setEth(157n * WAD);
    const { fraction } = await w.bidFor(w.carol, alice, { fraction: WAD / 4n });
    expect(fraction).to.equal(WAD / 4n);
    expect([await w.baseOf(alice, 0), await w.baseOf(alice, 1)]).to.deep.equal([75n * WAD, (-3n * WAD) / 2n]);
    expect([await w.baseOf(w.id(w.carol), 0), await w.baseOf(w.id(w.carol), 1)]).to.deep.equal([25n * WAD, -WAD / 2n]);
    await w.expectConserved(4n);
  });
});

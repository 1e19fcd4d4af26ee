import { expect } from "chai";

import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/** A market without size add-on: mmr 4%, imr 10%. */
const FLAT = 2;
const AT_200 = 200n * WAD;
const MAX_OPEN_INTEREST = 1n << 95n;
const MAX_PRICE = 10n ** 27n;

describe("fills that add risk (CLR-06, CLR-06b)", () => {
  const world = useWorld(async (w) => {
    await w.listMarket(FLAT, AT_200, { cap: 100n * WAD });
    await w.cash(w.bob, 1_000_000n);
    await w.cash(w.carol, 1_000_000n);
  });

  it("initial margin after: exactly met is enough, one unit less is not, for taker and maker", async () => {
    const w = world();
    const bob = w.id(w.bob);
    // 10 units: IM 200 and a taker's fee of 1.
    await w.depositUsd(w.alice, 200_999_999n);
    const alice = w.id(w.alice);
    await expect(w.trade(alice, bob, FLAT, 10n * WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin")
      .withArgs(alice, 200n * DOLLAR - 10n ** 12n, 200n * DOLLAR);
    await w.depositUsd(w.alice, 1n);
    const snapshot = await w.networkHelpers.takeSnapshot();
    await w.trade(alice, bob, FLAT, 10n * WAD, AT_200);
    await snapshot.restore();
    // As maker there is no fee: 201 carry 10.05.
    await expect(w.trade(bob, alice, FLAT, (1_005n * WAD) / 100n + 1n, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin")
      .withArgs(alice, 201n * DOLLAR, 201n * DOLLAR + 20n);
    await w.trade(bob, alice, FLAT, (1_005n * WAD) / 100n, AT_200);
  });

  it("no dust: a maintenance margin of exactly 10 is allowed, one wei less is refused, on either side", async () => {
    const w = world();
    const [bob, carol] = [w.id(w.bob), w.id(w.carol)];
    const size = (125n * WAD) / 100n;
    // 1.25 at 200 and 4%: 10. One wei of base less is 8 wei of margin less.
    await expect(w.trade(bob, carol, FLAT, size - 1n, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DustPosition")
      .withArgs(bob, 10n * DOLLAR - 8n, 10n * DOLLAR);
    await w.trade(bob, carol, FLAT, size, AT_200);
    // A reduction that leaves dust is refused as well; the whole may be closed.
    await expect(w.trade(bob, carol, FLAT, -1n, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DustPosition")
      .withArgs(bob, 10n * DOLLAR - 8n, 10n * DOLLAR);
    await w.trade(bob, carol, FLAT, -size, AT_200);
    expect(await w.openInterest(FLAT)).to.equal(0n);
  });

  it("the maker's dust stops a fill too", async () => {
    const w = world();
    const [bob, carol, dave] = [w.id(w.bob), w.id(w.carol), await w.cash(w.dave, 100_000n)];
    await w.trade(bob, carol, FLAT, 2n * WAD, AT_200);
    await expect(w.trade(dave, carol, FLAT, (-125n * WAD) / 100n, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_DustPosition")
      .withArgs(carol, 6n * DOLLAR, 10n * DOLLAR);
  });

  it("open interest: the cap is reached, not passed; at the cap positions may still change hands and shrink", async () => {
    const w = world();
    const [bob, carol, dave] = [w.id(w.bob), w.id(w.carol), await w.cash(w.dave, 100_000n)];
    await w.trade(bob, carol, FLAT, 100n * WAD, AT_200);
    await expect(w.trade(bob, carol, FLAT, 1n, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_OpenInterestCapExceeded")
      .withArgs(FLAT, 100n * WAD + 1n, 100n * WAD);
    await w.trade(dave, bob, FLAT, 40n * WAD, AT_200);
    expect([await w.openInterest(FLAT), await w.baseOf(dave, FLAT)]).to.deep.equal([100n * WAD, 40n * WAD]);
    await w.trade(dave, carol, FLAT, -40n * WAD, AT_200);
    expect(await w.openInterest(FLAT)).to.equal(60n * WAD);
    await w.expectZeroSum(FLAT);
  });

  it("a position that turns round counts as new risk and as new open interest", async () => {
    const w = world();
    const [alice, bob] = [await w.cash(w.alice, 1_000n), w.id(w.bob)];
    await w.trade(alice, bob, FLAT, 10n * WAD, AT_200);
    await expect(w.trade(alice, bob, FLAT, -60n * WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BelowInitialMargin")
      .withArgs(alice, 993n * DOLLAR, 1_000n * DOLLAR);
    await w.trade(alice, bob, FLAT, -59n * WAD, AT_200);
    expect([await w.baseOf(alice, FLAT), await w.openInterest(FLAT)]).to.deep.equal([-49n * WAD, 49n * WAD]);
    expect(await w.valueOf(alice)).to.equal(1_000n * DOLLAR - (69n * DOLLAR) / 10n);
    await w.expectConserved(2n);
  });

  it("ClearingHouse_PriceOutsideBand: both edges of 2% are inside, one wei beyond is not", async () => {
    const w = world();
    const [bob, carol] = [w.id(w.bob), w.id(w.carol)];
    for (const price of [196n * WAD, 204n * WAD]) await w.trade(bob, carol, FLAT, 10n * WAD, price);
    for (const price of [196n * WAD - 1n, 204n * WAD + 1n, 1n, MAX_PRICE]) {
      await expect(w.trade(bob, carol, FLAT, 10n * WAD, price))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_PriceOutsideBand")
        .withArgs(price, AT_200, 200n);
    }
  });

  it("bad input: InvalidSize, InvalidPrice, UnknownMarket, SelfTrade, NotLinked", async () => {
    const w = world();
    const [bob, carol] = [w.id(w.bob), w.id(w.carol)];
    for (const size of [0n, MAX_OPEN_INTEREST + 1n, -MAX_OPEN_INTEREST - 1n, -(2n ** 255n), 2n ** 255n - 1n]) {
      await expect(w.trade(bob, carol, FLAT, size, AT_200))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidSize")
        .withArgs(size);
    }
    for (const price of [0n, MAX_PRICE + 1n, 2n ** 256n - 1n]) {
      await expect(w.trade(bob, carol, FLAT, WAD, price))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidPrice")
        .withArgs(price, MAX_PRICE);
    }
    for (const market of [3, 47, 48, 255]) {
      await expect(w.trade(bob, carol, market, WAD, AT_200))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownMarket")
        .withArgs(market);
    }
    await expect(w.trade(bob, bob, FLAT, WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_SelfTrade")
      .withArgs(bob);
    const fill = { taker: bob, maker: carol, market: FLAT, size: WAD, price: AT_200 };
    await expect(w.house.connect(w.bob).trade(fill))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotLinked")
      .withArgs(w.bob.address, w.orderBook.address);
  });

  it("the largest sizes fail for lack of margin, not by overflow; OpenInterest above 2^95 is refused", async () => {
    const w = world();
    await w.listMarket(3, WAD / 10n ** 6n, { cap: MAX_OPEN_INTEREST });
    const price = WAD / 10n ** 6n;
    const poor = await w.cash(w.alice, 100n);
    await expect(w.trade(w.id(w.bob), poor, 3, MAX_OPEN_INTEREST, price)).to.be.revertedWithCustomError(
      w.house,
      "ClearingHouse_BelowInitialMargin",
    );
    // 2^95 wei at one millionth of a dollar are 39,614 dollars: affordable.
    const [dave, erin] = [await w.cash(w.dave, 1_000_000n), await w.cash(w.erin, 1_000_000n)];
    await w.trade(dave, erin, 3, MAX_OPEN_INTEREST, price);
    expect(await w.openInterest(3)).to.equal(MAX_OPEN_INTEREST);
    await expect(w.trade(dave, erin, 3, WAD, price))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_OpenInterestCapExceeded")
      .withArgs(3, MAX_OPEN_INTEREST + WAD, MAX_OPEN_INTEREST);
    await w.expectZeroSum(3);
    await w.expectConserved(4n);
  });

  it("CLR-06b: booked at consensus, the difference paid in cash at once: nobody's PnL but the index's", async () => {
    const w = world();
    const [bob, carol] = [w.id(w.bob), w.id(w.carol)];
    // 10 at 203: Bob pays 3 on each to Carol, and 5 bp of 2,030.
    await expect(w.trade(bob, carol, FLAT, 10n * WAD, 203n * WAD))
      .to.emit(w.house, "Traded")
      .withArgs(bob, carol, FLAT, 10n * WAD, 203n * WAD, AT_200, (1_015n * DOLLAR) / 1_000n);
    expect(await w.cashOf(bob)).to.equal(1_000_000n * DOLLAR - 30n * DOLLAR - (1_015n * DOLLAR) / 1_000n);
    expect(await w.cashOf(carol)).to.equal(1_000_030n * DOLLAR);
    const [, quote] = await w.house.positionOf(bob, FLAT);
    expect(quote, "entered at the index").to.equal(-2_000n * DOLLAR);
    expect((await w.house.totals()).fees).to.equal((1_015n * DOLLAR) / 1_000n);
    await w.expectConserved(0n);
  });

  it("CLR-06b: trading with oneself at the edge of the band moves cash and invents no loss in the market", async () => {
    const w = world();
    const [first, second] = [await w.cash(w.alice, 5_000n), await w.cash(w.alice, 5_000n, 1n)];
    let fees = 0n;
    for (const [size, price] of [
      [50n, 204n],
      [-50n, 196n],
      [-50n, 196n],
      [50n, 204n],
    ] as const) {
      await w.trade(first, second, FLAT, size * WAD, price * WAD);
      fees += (50n * price * 5n * DOLLAR) / 10_000n;
      for (const account of [first, second]) {
        const [base, quote] = await w.house.positionOf(account, FLAT);
        expect(base * 200n + quote, "no PnL but funding").to.be.closeTo(0n, DOLLAR / 500n);
      }
    }
    expect((await w.valueOf(first)) + (await w.valueOf(second))).to.equal(10_000n * DOLLAR - fees);
    // But for what funding has moved in four seconds (CLR-05).
    expect(await w.cashOf(first)).to.be.closeTo(5_000n * DOLLAR - fees - 800n * DOLLAR, DOLLAR / 500n);
    const [, , ...weights] = await w.house.assessLiquidation.staticCall(first, first);
    expect(weights).to.deep.equal([0n, 0n, 0n]);
  });

  it("quote rounding is one number: dust fills add no wei to anyone (CLR-08)", async () => {
    const w = world();
    const [bob, carol] = [w.id(w.bob), w.id(w.carol)];
    await w.trade(bob, carol, FLAT, 10n * WAD, AT_200);
    for (const [size, price] of [
      [1n, AT_200],
      [-3n, AT_200 + 7n],
      [7n, AT_200 - 3n],
      [333_333_333_333_333_333n, AT_200 + 1n],
    ] as const) {
      await w.trade(bob, carol, FLAT, size, price);
      await w.expectZeroSum(FLAT);
    }
    await w.expectConserved(8n);
  });

  it("ClearingHouse_TooManyMarkets: sixteen markets are held, the seventeenth is refused (LIQ-11)", async () => {
    const w = world();
    const [alice, bob] = [await w.cash(w.alice, 100_000n), w.id(w.bob)];
    const shared = await w.listMarket(3, AT_200);
    for (let market = 4; market < 18; ++market) await w.listMarket(market, AT_200, {}, shared);
    for (let market = 2; market < 18; ++market) await w.trade(alice, bob, market, 2n * WAD, AT_200);
    await expect(w.trade(alice, bob, ETH_MARKET, 2n * WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_TooManyMarkets")
      .withArgs(alice, 17n, 16n);
    expect(await w.house.feedsOf(alice)).to.equal((1n << 18n) - 4n);
    await w.trade(alice, bob, 2, -2n * WAD, AT_200);
    await w.trade(alice, bob, ETH_MARKET, 2n * WAD, AT_200);
  });

  it("ClearingHouse_MarketClosed: a closed market takes reductions only", async () => {
    const w = world();
    const [bob, carol] = [w.id(w.bob), w.id(w.carol)];
    await w.trade(bob, carol, FLAT, 10n * WAD, AT_200);
    // Nothing closes a market yet (CLR-11 comes later): the OPEN bit is taken out of the market's slot, mapping number 6.
    const slot = w.ethers.solidityPackedKeccak256(["uint256", "uint256"], [FLAT, 6n]);
    const word = BigInt(await w.ethers.provider.getStorage(w.houseAddress, slot));
    const closed = `0x${(word & ~(4n << 248n)).toString(16).padStart(64, "0")}`;
    await w.provider.request({ method: "hardhat_setStorageAt", params: [w.houseAddress, slot, closed] });
    expect((await w.house.marketOf(FLAT))[0].flags, "listed, not open").to.equal(8n);
    await expect(w.trade(bob, carol, FLAT, WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_MarketClosed")
      .withArgs(FLAT);
    await w.trade(bob, carol, FLAT, -5n * WAD, AT_200);
  });
});

import { expect } from "chai";

import { incomeDown, incomeRate, maxFractionUp, penaltyOf } from "../../../sdk/math/AuctionMath.ts";
import { valueDown } from "../../../sdk/math/MarginMath.ts";
import { blindMoveUp } from "../../../sdk/math/VolatilityMath.ts";
import { min, mulDivUp, mulWadDown, mulWadUp, signedMulDivDown } from "../../../sdk/math/WadMath.ts";
import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { ceilWad, expectedHealth, expectedTerms, floorWad } from "../support/expected.ts";
import { DOLLAR, MAX, useWorld } from "../support/world.ts";
import { Collateral, FEED_DIGIT, haircutValue, TERMS } from "./support/collaterals.ts";

const DAY = 86_400;
const BPS_ONE = 10_000n;
const TARGET_RATIO = (WAD * 115n) / 100n;
const PENALTY_RATE = WAD / 10n;
/** Dies before the liquidation. */
const BLIND = 4;

describe("four collateral assets with 6, 8, 18 and 18 decimals (CLR-02, CLR-10, MRG-01, LIQ-02, ORC-07)", () => {
  let all: Collateral[] = [];
  const world = useWorld(async (w) => {
    all = [];
    for (const terms of TERMS) {
      const { asset, decimals, price, haircut, cap } = terms;
      const token = await w.ethers.deployContract("MockToken", [`Collateral ${asset}`, `C${asset}`, decimals]);
      const feeds = await w.listFeed(asset, price * FEED_DIGIT);
      await w.house.listAsset(asset, await token.getAddress(), asset, haircut, cap);
      all.push(new Collateral(terms, token, feeds));
    }
    for (const who of [w.bob, w.carol, w.dave]) await w.cash(who, 300_000n);
  });

  const live = () => all.filter(({ asset }) => asset !== BLIND);
  const blind = (): Collateral => {
    const found = all.find(({ asset }) => asset === BLIND);
    if (!found) throw new Error("no such asset");
    return found;
  };

  /** Every token: what the house holds is what it has booked, account by account. */
  const expectBooked = async () => {
    const w = world();
    for (const { asset, unit, token, held } of all) {
      let sum = 0n;
      for (const [account, amount] of held) {
        expect(await w.house.collateralOf(account, asset), `asset ${asset}`).to.equal(amount);
        sum += amount;
      }
      const [, total] = await w.house.assetOf(asset);
      const tokens = (await token.balanceOf(w.houseAddress)) * unit;
      expect([total, tokens], `INV-01: asset ${asset}`).to.deep.equal([sum, sum]);
    }
  };

  const depositToTheCaps = async (alice: string) => {
    const w = world();
    const house = w.house.connect(w.alice);
    for (const each of all) {
      const { asset, unit, cap, token } = each;
      await token.mint(w.alice.address, cap / unit + 1n);
      await token.connect(w.alice).approve(w.houseAddress, MAX);
      const beyond = (total: bigint) => [asset, total, cap];
      await expect(house.deposit(alice, asset, cap / unit + 1n))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_AssetCapExceeded")
        .withArgs(...beyond(cap + unit));
      await house.deposit(alice, asset, cap / unit - 1n);
      each.add(alice, cap - unit);
      await expect(house.deposit(alice, asset, 2n))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_AssetCapExceeded")
        .withArgs(...beyond(cap + unit));
      await house.deposit(alice, asset, 1n);
      each.add(alice, unit);
    }
    await expectBooked();
  };

  const withdrawOddAmounts = async (alice: string) => {
    const w = world();
    const house = w.house.connect(w.alice);
    for (const each of all) {
      const { asset, unit, cap, odd, token } = each;
      await expect(house.withdraw(alice, asset, cap / unit + 1n))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InsufficientBalance")
        .withArgs(alice, asset, cap + unit, cap);
      await expect(house.withdraw(alice, asset, odd))
        .to.emit(w.house, "Withdrawn")
        .withArgs(alice, asset, w.alice.address, odd, odd * unit);
      each.add(alice, -odd * unit);
      expect(await token.balanceOf(w.alice.address)).to.equal(odd + 1n);
    }
    await expectBooked();
  };

  const expectMargin = async (alice: string) => {
    const w = world();
    const expected = expectedHealth(
      0n,
      [],
      all.map(({ price, haircut, held }) => ({ amount: held.get(alice) ?? 0n, price, haircut })),
    );
    const health = await w.house.health(alice);
    expect([health.value, health.marginBalance, health.initialBalance]).to.deep.equal([
      expected.value,
      expected.marginBalance,
      expected.marginBalance,
    ]);
    // Against the account: never more than the exact value, and less by no more than a wei of each.
    const exact = (each: Collateral) => each.of(alice) * each.price * (BPS_ONE - each.haircut);
    const counted = health.marginBalance * WAD * BPS_ONE;
    const least = all.map(exact).reduce((sum, value) => sum + value - WAD * BPS_ONE, 0n);
    const most = all.map(exact).reduce((sum, value) => sum + value, 0n);
    expect(most - counted, "MRG-01: rounded down").to.be.greaterThan(0n);
    expect(counted - least, "MRG-01: by less than a wei each").to.be.greaterThan(0n);
  };

  /** Long 1,000 ether from 200 to 155, and 100 of fee: more debt than cash, less than half of what collateral counts. */
  const loseCash = async (alice: string) => {
    const w = world();
    await w.trade(alice, w.id(w.bob), ETH_MARKET, 1_000n * WAD, 200n * WAD);
    await w.setEth(155n * WAD);
    await w.trade(w.id(w.bob), alice, ETH_MARKET, 1_000n * WAD, 155n * WAD);
    const debt = 45_100n * DOLLAR;
    expect(await w.cashOf(alice)).to.equal(-debt);
    expect(2n * debt).to.be.lessThan(haircutValue(all, alice));
    return debt;
  };

  const publish = async () => {
    const w = world();
    for (const { feeds, price } of all) await w.setFeeds(feeds, price);
    for (const { asset } of all) await w.oracle.refresh(asset);
  };

  const convertOneByOne = async (alice: string, owed: bigint) => {
    const w = world();
    const carol = w.id(w.carol);
    const buy = (asset: number, amount: bigint) =>
      w.house.connect(w.carol).buyCollateral(alice, carol, asset, amount, MAX);
    for (const { asset } of all) {
      await expect(buy(asset, WAD))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_CollateralNotForSale")
        .withArgs(alice, -owed);
    }
    await w.networkHelpers.time.increase(DAY + 512);
    await w.setEth(155n * WAD, 0);
    await publish();
    let debt = owed;
    for (const [index, wanted] of [10_000n * WAD, WAD, 50n * WAD, 900_000n * WAD].entries()) {
      const each = all[index];
      if (!each) throw new Error("four assets");
      const price = mulWadUp(each.price, (WAD * 95n) / 100n);
      const amount = min(min(wanted, each.of(alice)), mulDivUp(debt, WAD, price));
      const cost = mulWadUp(amount, price);
      await expect(buy(each.asset, wanted))
        .to.emit(w.house, "CollateralBought")
        .withArgs(alice, carol, each.asset, amount, cost);
      each.move(alice, carol, amount);
      debt -= cost;
      expect(await w.cashOf(alice)).to.equal(-debt);
    }
    expect(debt, "CLR-10: back at zero").to.be.within(-10n, 0n);
    expect((await w.house.totals()).negativeCash).to.equal(0n);
    expect(await w.cashOf(carol)).to.equal(300_000n * DOLLAR - owed + debt);
    await expectBooked();
  };

  const liquidateOneBlind = async (alice: string) => {
    const w = world();
    const dave = w.id(w.dave);
    await w.trade(alice, w.id(w.bob), ETH_MARKET, 2_000n * WAD, 155n * WAD);
    await publish();
    await w.kill(blind().feeds);
    await w.setEth(133n * WAD);
    const cash = await w.cashOf(alice);
    const legs = [{ base: 2_000n * WAD, entry: 155n * WAD, price: 133n * WAD }];
    const counted = live().map((each) => ({ amount: each.of(alice), price: each.price, haircut: each.haircut }));
    const health = expectedHealth(cash, legs, counted);
    expect(health.marginBalance).to.be.lessThan(health.maintenance);
    await expect(w.house.connect(w.alice).withdraw(alice, 2, 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_BlindAccount")
      .withArgs(alice);

    // What cannot be seen is paid for at its last price moved up, and stays.
    const soldAt = (await w.now()) + 30n;
    const { readAt } = await w.oracle.cached(BLIND);
    const { fast } = await w.oracle.variance(BLIND);
    const move = min(blindMoveUp(fast, soldAt - readAt), WAD);
    expect(move).to.be.greaterThan(0n);
    const spread = mulWadUp(blind().of(alice), mulWadUp(blind().price, WAD + move));
    const value = health.value + spread;
    const income = incomeDown(health.maintenance, health.marginBalance + spread, incomeRate(0n));
    const penalty = penaltyOf(PENALTY_RATE, health.maintenance, value, income);
    const kept = value - income - penalty;
    const { marginBalance, linearMargin, sizeMargin } = health;
    const retained = kept - min(kept, spread);
    const fraction = maxFractionUp({
      marginBalance,
      linearMargin,
      sizeMargin,
      blindMargin: 0n,
      retained,
      targetRatio: TARGET_RATIO,
    });
    expect(fraction).to.be.within(WAD / 10n, WAD / 3n);
    const payment = ceilWad(value - income, fraction);
    await w.networkHelpers.time.setNextBlockTimestamp(soldAt);
    const report = await w.bidFor(w.dave, alice);
    expect([report.value, report.income, report.fraction, report.payment, report.penalty]).to.deep.equal([
      value,
      income,
      fraction,
      payment,
      ceilWad(penalty, fraction),
    ]);
    for (const each of live()) each.move(alice, dave, floorWad(each.of(alice), fraction));
    await expectBooked();
    expect(await w.house.collateralOf(dave, BLIND), "ORC-07: the blind one stays").to.equal(0n);
    expect(await w.baseOf(dave)).to.equal(ceilWad(2_000n * WAD, fraction));
    const moved = signedMulDivDown(cash - 44_000n * DOLLAR + spread, fraction, WAD);
    expect(await w.cashOf(dave)).to.equal(300_000n * DOLLAR + moved - payment);
    // E at target, what the blind one may be worth less taken off.
    const rest = WAD - fraction;
    const required = mulWadDown(linearMargin, rest) + mulWadDown(mulWadDown(sizeMargin, rest), rest);
    const { marginBalance: left } = await w.house.health(alice);
    expect(left - mulWadDown(required, TARGET_RATIO), "INV-05").to.be.at.least(-10n);
  };

  /** The feed is back, the price has fallen on, and Carol, who holds some of all four herself, takes a part of all four. */
  const liquidateAllFour = async (alice: string) => {
    const w = world();
    const carol = w.id(w.carol);
    await w.revive(blind().feeds);
    await publish();
    await w.setEth(120n * WAD);
    const health = await w.house.health(alice);
    const { value, marginBalance, linearMargin, sizeMargin, initialMargin, hasBlind } = health;
    expect(hasBlind).to.equal(false);
    const maintenance = linearMargin + sizeMargin;
    expect(marginBalance).to.be.lessThan(maintenance);
    const seen = { value, marginBalance, linearMargin, sizeMargin, maintenance, initialMargin };
    const { income, price, penalty, maxFraction } = expectedTerms(seen, 0n);
    expect(maxFraction).to.be.within(WAD / 50n, WAD / 2n);
    const report = await w.bidFor(w.carol, alice);
    expect([report.value, report.income, report.fraction, report.payment, report.penalty]).to.deep.equal([
      value,
      income,
      maxFraction,
      ceilWad(price, maxFraction),
      ceilWad(penalty, maxFraction),
    ]);
    for (const each of all) each.move(alice, carol, floorWad(each.of(alice), maxFraction));
    await expectBooked();
  };

  it("caps, margin, withdrawals, conversion one by one, bids with one feed dead and with all alive; every token is conserved (INV-01)", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await depositToTheCaps(alice);
    await withdrawOddAmounts(alice);
    await expectMargin(alice);
    await convertOneByOne(alice, await loseCash(alice));
    await liquidateOneBlind(alice);
    await liquidateAllFour(alice);
    // Dave leaves with whole units of what he bought; less than a unit of the token stays booked.
    for (const each of live()) {
      const units = each.of(w.id(w.dave)) / each.unit;
      await w.house.connect(w.dave).withdraw(w.id(w.dave), each.asset, units);
      each.add(w.id(w.dave), -units * each.unit);
      expect(await each.token.balanceOf(w.dave.address)).to.equal(units);
      expect(valueDown(each.of(w.id(w.dave)), each.price)).to.be.lessThan(DOLLAR / 1_000n);
    }
    await expectBooked();
    await w.expectConserved(10n);
    await w.expectZeroSum(ETH_MARKET);
  });
});

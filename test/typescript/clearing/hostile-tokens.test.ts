import { expect } from "chai";

import { accountId, USD, WAD } from "../support/deployment.ts";
import { deployHostile, Mode } from "../support/hostile.ts";
import type { HostileDeployment } from "../support/hostile.ts";

const MAX = (1n << 256n) - 1n;
const HUNDRED = 100n * USD;

describe("tokens that misbehave (CLR-02, FND-11, R1b)", () => {
  let w: HostileDeployment;
  let clean: Awaited<ReturnType<HostileDeployment["networkHelpers"]["takeSnapshot"]>>;
  before(async () => {
    w = await deployHostile();
    clean = await w.networkHelpers.takeSnapshot();
  });
  beforeEach(async () => {
    await clean.restore();
    for (const who of [w.alice, w.bob]) {
      await w.usd.mint(who.address, 1_000n * USD);
      await w.usd.connect(who).approve(w.houseAddress, MAX);
      await w.weth.mint(who.address, 1_000n * WAD);
      await w.weth.connect(who).approve(w.houseAddress, MAX);
    }
  });
  const idOf = (who: HostileDeployment["alice"]) => accountId(who.address);
  const depositUsd = () => w.house.connect(w.alice).deposit(idOf(w.alice), 0, HUNDRED);
  const depositWeth = () => w.house.connect(w.alice).deposit(idOf(w.alice), 1, WAD);
  const withdrawUsd = () => w.house.connect(w.alice).withdraw(idOf(w.alice), 0, HUNDRED);
  const cashOf = async (who: HostileDeployment["alice"]) => (await w.house.headerOf(idOf(who))).cash;

  // A megabyte of answer costs the token more gas than it is given.
  for (const mode of ["ReturnsFalse", "Reverts", "Paused", "BurnsGas", "ReturnsGarbage", "ReturnBomb"] as const) {
    it(`${mode}: deposits and withdrawals revert with TransferFailed and change nothing`, async () => {
      await depositUsd();
      await w.usd.setMode(Mode[mode]);
      await expect(depositUsd())
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
        .withArgs(w.usdAddress, w.houseAddress, HUNDRED);
      await expect(withdrawUsd())
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
        .withArgs(w.usdAddress, w.alice.address, HUNDRED);
      expect(await cashOf(w.alice)).to.equal(100n * WAD);
      await w.weth.setMode(Mode[mode]);
      await expect(depositWeth())
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
        .withArgs(w.wethAddress, w.houseAddress, WAD);
    });
  }

  it("ReturnsNothing: moves the tokens, as USDT does, so it is taken like any other", async () => {
    await w.usd.setMode(Mode.ReturnsNothing);
    await depositUsd();
    expect(await cashOf(w.alice)).to.equal(100n * WAD);
    await withdrawUsd();
    expect(await w.usd.balanceOf(w.alice.address)).to.equal(1_000n * USD);
  });

  for (const [mode, received] of [
    ["Fee", 99n * USD],
    ["Lies", 0n],
  ] as const) {
    it(`${mode}: a settlement token that does not deliver what was asked for is refused`, async () => {
      await w.usd.setMode(Mode[mode]);
      await expect(depositUsd())
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnexpectedTransfer")
        .withArgs(w.usdAddress, HUNDRED, received);
    });
  }

  it("BlindBalance: what cannot be measured is not taken", async () => {
    await w.usd.setMode(Mode.BlindBalance);
    await expect(depositUsd())
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
      .withArgs(w.usdAddress, w.houseAddress, HUNDRED);
  });

  it("BlindBalance: a token that goes blind while it is moved is not taken either", async () => {
    await w.usd.setReentry(w.usdAddress, w.usd.interface.encodeFunctionData("setMode", [Mode.BlindBalance]));
    await expect(depositUsd())
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
      .withArgs(w.usdAddress, w.houseAddress, HUNDRED);
    await w.usd.setMode(Mode.Honest);
    expect(await cashOf(w.alice)).to.equal(0n);
  });

  it("a token that gives the house something while it pays out is refused: nothing seems to have left", async () => {
    await depositUsd();
    await w.usd.setReentry(w.usdAddress, w.usd.interface.encodeFunctionData("mint", [w.houseAddress, 2n * HUNDRED]));
    await expect(withdrawUsd())
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnexpectedTransfer")
      .withArgs(w.usdAddress, HUNDRED, 0n);
    expect(await cashOf(w.alice)).to.equal(100n * WAD);
  });

  it("collateral with a fee is credited as it arrived", async () => {
    await w.weth.setMode(Mode.Fee);
    await depositWeth();
    expect(await w.house.collateralOf(idOf(w.alice), 1)).to.equal((99n * WAD) / 100n);
    const [, total] = await w.house.assetOf(1);
    expect(total).to.equal((99n * WAD) / 100n);
    await w.house.connect(w.alice).withdraw(idOf(w.alice), 1, (99n * WAD) / 100n);
    expect(await w.weth.balanceOf(w.houseAddress)).to.equal(0n);
  });

  it("collateral that lies about arriving is worth nothing", async () => {
    await w.weth.setMode(Mode.Lies);
    await expect(depositWeth())
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidAmount")
      .withArgs(0n, (1n << 96n) - 1n);
  });

  it("a token that calls back finds every door locked (R1b): no second withdrawal, no deposit, no settlement", async () => {
    await depositUsd();
    await w.house.connect(w.bob).deposit(idOf(w.bob), 0, HUNDRED);
    await w.house.connect(w.alice).setDelegate(w.usdAddress, 15, 2n ** 40n - 1n);
    const alice = idOf(w.alice);
    const calls = [
      w.house.interface.encodeFunctionData("withdraw", [alice, 0, HUNDRED]),
      w.house.interface.encodeFunctionData("deposit", [alice, 0, 1n]),
      w.house.interface.encodeFunctionData("move", [alice, accountId(w.alice.address, 1n), 0, 1n]),
      w.house.interface.encodeFunctionData("collectFees"),
      w.house.interface.encodeFunctionData("roll", [alice, 0]),
      w.house.interface.encodeFunctionData("claimWithdrawal", [alice]),
    ];
    const locked = w.ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);
    let expected = 100n * WAD;
    for (const payload of calls) {
      await w.usd.setReentry(w.houseAddress, payload);
      await w.house.connect(w.alice).withdraw(alice, 0, USD);
      expected -= WAD;
      expect(await w.usd.reentrySucceeded(), payload.slice(0, 10)).to.equal(false);
      expect(await w.usd.reentryResult()).to.equal(locked);
      expect(await cashOf(w.alice)).to.equal(expected);
    }
    expect(await w.usd.reentries()).to.equal(BigInt(calls.length));
  });

  it("FND-11, R1b: with the token paused a bid below zero is made and booked; `settle` waits and catches up", async () => {
    const [alice, bob, carol] = [
      await w.cash(w.alice, 2_500n),
      await w.cash(w.bob, 100_000n),
      await w.cash(w.carol, 100_000n),
    ];
    await w.fundReserve(10_000n);
    await w.trade(alice, bob, 100n * WAD, 200n * WAD);
    await w.setEth(170n * WAD);
    await w.usd.setMode(Mode.Paused);
    await w.engine
      .connect(w.carol)
      .bid({ account: alice, bidder: carol, fraction: WAD, minFraction: WAD, maxPrice: 0n, minIncome: 0n });
    expect((await w.house.positionOf(carol, 0)).base).to.equal(100n * WAD);
    expect(await w.house.fundAccount()).to.equal(-510n * WAD);
    const held = await w.usd.balanceOf(w.houseAddress);
    await w.fund.settle(w.segment);
    expect(await w.house.fundAccount(), "nothing moved, nothing forgotten").to.equal(-510n * WAD);
    expect((await w.fund.segmentOf(w.segment)).owed).to.equal(510n * WAD);
    await w.usd.setMode(Mode.Honest);
    await w.fund.settle(w.segment);
    expect(await w.house.fundAccount()).to.equal(0n);
    expect((await w.usd.balanceOf(w.houseAddress)) - held).to.equal(510n * USD);
    expect((await w.fund.segmentOf(w.segment)).owed).to.equal(0n);
  });

  it("FND-11: with the token paused a penalty stays booked, deleveraging and start go on", async () => {
    const [alice, bob, carol] = [
      await w.cash(w.alice, 2_500n),
      await w.cash(w.bob, 100_000n),
      await w.cash(w.carol, 100_000n),
    ];
    await w.trade(alice, bob, 100n * WAD, 200n * WAD);
    await w.setEth(182n * WAD);
    await w.usd.setMode(Mode.Paused);
    await w.engine.start(alice);
    await w.engine
      .connect(w.carol)
      .bid({ account: alice, bidder: carol, fraction: WAD, minFraction: 0n, maxPrice: MAX, minIncome: 0n });
    const owed = await w.house.fundAccount();
    expect(owed).to.be.greaterThan(0n);
    await w.fund.settle(w.segment);
    expect(await w.house.fundAccount()).to.equal(owed);
    await w.setEth(150n * WAD);
    await w.engine.deleverage(alice);
    expect((await w.house.headerOf(alice)).markets).to.equal(0n);
    await w.usd.setMode(Mode.Honest);
    await w.fund.settle(w.segment);
    // What does not make a whole unit of the token stays booked.
    expect(await w.house.fundAccount()).to.be.within(-(10n ** 12n), 10n ** 12n);
  });

  it("a blocked owner stops nobody else", async () => {
    await depositUsd();
    await w.house.connect(w.bob).deposit(idOf(w.bob), 0, HUNDRED);
    await w.usd.setBlocked(w.alice.address, true);
    await expect(withdrawUsd()).to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed");
    await w.house.connect(w.bob).withdraw(idOf(w.bob), 0, HUNDRED);
    expect(await w.usd.balanceOf(w.bob.address)).to.equal(1_000n * USD);
  });

  it("a fee recipient who is refused stops no one: fees wait", async () => {
    const [alice, bob] = [await w.cash(w.alice, 2_500n), await w.cash(w.bob, 100_000n)];
    await w.trade(alice, bob, 100n * WAD, 200n * WAD);
    const recipient = w.feeRecipient?.address ?? "";
    await w.usd.setBlocked(recipient, true);
    await expect(w.house.collectFees())
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
      .withArgs(w.usdAddress, recipient, 8n * USD);
    expect((await w.house.totals()).fees).to.equal(10n * WAD);
    await w.usd.setBlocked(recipient, false);
    await w.house.collectFees();
    expect(await w.usd.balanceOf(recipient)).to.equal(8n * USD);
  });

  it("a settlement token that takes more than it was told would eat other accounts: refused (INV-01)", async () => {
    await depositUsd();
    await w.house.connect(w.bob).deposit(idOf(w.bob), 0, HUNDRED);
    await w.usd.setMode(Mode.FeeOnTop);
    await expect(withdrawUsd())
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnexpectedTransfer")
      .withArgs(w.usdAddress, HUNDRED, 101n * USD);
    const held = (await w.usd.balanceOf(w.houseAddress)) * 10n ** 12n;
    expect(held, "tokens held against claims").to.equal((await cashOf(w.alice)) + (await cashOf(w.bob)));
  });

  it("nor is the fund paid with such a token: the debt stays booked (FND-11)", async () => {
    const cash = (who: HostileDeployment["alice"], dollars: bigint) => w.cash(who, dollars);
    const [alice, bob, carol] = [
      await cash(w.alice, 2_500n),
      await cash(w.bob, 100_000n),
      await cash(w.carol, 100_000n),
    ];
    await w.trade(alice, bob, 100n * WAD, 200n * WAD);
    await w.setEth(182n * WAD);
    await w.engine
      .connect(w.carol)
      .bid({ account: alice, bidder: carol, fraction: WAD, minFraction: 0n, maxPrice: MAX, minIncome: 0n });
    const owed = (await w.house.fundAccount()) / 10n ** 12n;
    await w.usd.setMode(Mode.FeeOnTop);
    await expect(w.fund.settle(w.segment))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnexpectedTransfer")
      .withArgs(w.usdAddress, owed, owed + owed / 100n);
    await w.usd.setMode(Mode.Honest);
    await w.fund.settle(w.segment);
    expect(await w.usd.balanceOf(await w.fund.getAddress())).to.equal(owed);
  });
});

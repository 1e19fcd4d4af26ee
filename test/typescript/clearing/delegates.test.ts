import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { MAX, Scope, useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

describe("accounts and delegates (CLR-01)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 1_000n);
    await w.usd.mint(w.erin.address, 1_000n * USD);
    await w.usd.connect(w.erin).approve(w.houseAddress, MAX);
  });
  const lend = async (scopes: number, expiry?: bigint) => {
    const w = world();
    return w.house.connect(w.alice).setDelegate(w.erin.address, scopes, expiry ?? (await w.now()) + 10_000n);
  };

  /** Each verb with the scope that it needs, called by erin for alice. */
  const verbs: readonly [string, number, (w: World) => Promise<unknown>][] = [
    ["deposit", Scope.Deposit, (w) => w.house.connect(w.erin).deposit(w.id(w.alice), 0, USD)],
    ["move", Scope.Move, (w) => w.house.connect(w.erin).move(w.id(w.alice), w.id(w.alice, 1n), 0, WAD)],
    ["withdraw", Scope.Withdraw, (w) => w.house.connect(w.erin).withdraw(w.id(w.alice), 0, USD)],
    [
      "buyCollateral",
      Scope.Trade,
      (w) => w.house.connect(w.erin).buyCollateral(w.clearing, w.id(w.alice), 1, WAD, MAX),
    ],
  ];

  for (const [name, scope, call] of verbs) {
    it(`${name} needs its own scope and no other one`, async () => {
      const w = world();
      for (const scopes of [0, Scope.All - scope]) {
        await lend(scopes);
        await expect(call(w))
          .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotAuthorized")
          .withArgs(w.id(w.alice), w.erin.address, scope);
      }
      await lend(scope);
      if (name === "buyCollateral") {
        await expect(call(w)).to.be.revertedWithCustomError(w.house, "ClearingHouse_CollateralNotForSale");
      } else await call(w);
    });
  }

  it("a scope ends with its second: the last one before expiry counts, expiry itself does not", async () => {
    const w = world();
    const expiry = (await w.now()) + 100n;
    await lend(Scope.Withdraw, expiry);
    await w.networkHelpers.time.setNextBlockTimestamp(expiry - 1n);
    await w.house.connect(w.erin).withdraw(w.id(w.alice), 0, USD);
    await w.networkHelpers.time.setNextBlockTimestamp(expiry);
    await expect(w.house.connect(w.erin).withdraw(w.id(w.alice), 0, USD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotAuthorized")
      .withArgs(w.id(w.alice), w.erin.address, Scope.Withdraw);
  });

  it("an owner takes a scope back at once; the event says what was lent", async () => {
    const w = world();
    const expiry = (await w.now()) + 100n;
    await expect(lend(Scope.All, expiry))
      .to.emit(w.house, "DelegateSet")
      .withArgs(w.alice.address, w.erin.address, Scope.All, expiry);
    expect(await w.house.isAuthorized(w.id(w.alice, 7n), w.erin.address, Scope.All), "all sub-accounts").to.equal(true);
    await lend(0, expiry);
    for (const scopes of [Scope.Trade, Scope.Deposit, Scope.Move, Scope.Withdraw]) {
      expect(await w.house.isAuthorized(w.id(w.alice), w.erin.address, scopes)).to.equal(false);
    }
  });

  it("several scopes are asked for together: all must be lent", async () => {
    const w = world();
    await lend(Scope.Trade + Scope.Deposit);
    const asks = (scopes: number) => w.house.isAuthorized(w.id(w.alice), w.erin.address, scopes);
    expect(await asks(Scope.Trade + Scope.Deposit)).to.equal(true);
    expect(await asks(Scope.Trade + Scope.Move)).to.equal(false);
  });

  it("ClearingHouse_InvalidDelegate: nobody, oneself, or scopes that do not exist", async () => {
    const w = world();
    const set = (delegate: string, scopes: number) =>
      w.house.connect(w.alice).setDelegate(delegate, scopes, 2n ** 40n - 1n);
    for (const [delegate, scopes] of [
      [w.ethers.ZeroAddress, 1],
      [w.alice.address, 1],
      [w.erin.address, 16],
      [w.erin.address, 255],
    ] as const) {
      await expect(set(delegate, scopes))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidDelegate")
        .withArgs(delegate, scopes);
    }
  });

  it("no scope sends value to anyone but the owner: a delegate's withdrawal arrives at the owner's address", async () => {
    const w = world();
    await lend(Scope.All);
    const [ownerBefore, delegateBefore] = [
      await w.usd.balanceOf(w.alice.address),
      await w.usd.balanceOf(w.erin.address),
    ];
    await expect(w.house.connect(w.erin).withdraw(w.id(w.alice), 0, 400n * USD))
      .to.emit(w.house, "Withdrawn")
      .withArgs(w.id(w.alice), 0, w.alice.address, 400n * USD, 400n * WAD);
    expect((await w.usd.balanceOf(w.alice.address)) - ownerBefore).to.equal(400n * USD);
    expect(await w.usd.balanceOf(w.erin.address)).to.equal(delegateBefore);
  });

  it("money moves between sub-accounts of one owner only, and not onto itself", async () => {
    const w = world();
    await lend(Scope.All);
    for (const to of [w.id(w.erin), w.id(w.alice)]) {
      await expect(w.house.connect(w.erin).move(w.id(w.alice), to, 0, WAD))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotAuthorized")
        .withArgs(to, w.erin.address, Scope.Move);
    }
    await expect(w.house.connect(w.alice).move(w.id(w.alice), w.id(w.alice, 1n), 0, 3n))
      .to.emit(w.house, "Moved")
      .withArgs(w.id(w.alice), w.id(w.alice, 1n), 0, 3n);
    expect(await w.cashOf(w.id(w.alice, 1n))).to.equal(3n);
  });

  it("a delegate with DEPOSIT puts in his own tokens, not the owner's", async () => {
    const w = world();
    await lend(Scope.Deposit);
    await expect(w.house.connect(w.erin).deposit(w.id(w.alice), 0, 5n * USD))
      .to.emit(w.house, "Deposited")
      .withArgs(w.id(w.alice), 0, w.erin.address, 5n * USD, 5n * WAD);
    expect(await w.usd.balanceOf(w.erin.address)).to.equal(995n * USD);
    await w.expectConserved(0n);
  });
});

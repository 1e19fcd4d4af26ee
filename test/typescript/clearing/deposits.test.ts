import { expect } from "chai";
import { Signature } from "ethers";

import { USD, WAD } from "../support/deployment.ts";
import { MAX, useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

/** Largest amount of one call, WAD. */
const MAX_AMOUNT = (1n << 96n) - 1n;
const SCALE = 10n ** 12n;

/** A permit of alice over `value` dollars of the token. */
async function signPermit(w: World, value: bigint, deadline: bigint) {
  const domain = {
    name: "Test Dollar",
    version: "1",
    chainId: (await w.ethers.provider.getNetwork()).chainId,
    verifyingContract: await w.usd.getAddress(),
  };
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const nonce = await w.usd.nonces(w.alice.address);
  const message = { owner: w.alice.address, spender: w.houseAddress, value, nonce, deadline };
  return Signature.from(await w.alice.signTypedData(domain, types, message));
}

describe("deposits (CLR-02)", () => {
  const world = useWorld(async (w) => {
    await w.usd.mint(w.alice.address, 10_000n * USD);
    await w.weth.mint(w.alice.address, 3_000_000n * WAD);
    await w.weth.connect(w.alice).approve(w.houseAddress, MAX);
  });

  it("credits what arrived, in WAD", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.usd.connect(w.alice).approve(w.houseAddress, MAX);
    await w.house.connect(w.alice).deposit(alice, 0, 1n);
    expect(await w.cashOf(alice)).to.equal(SCALE);
    await w.house.connect(w.alice).deposit(alice, 1, 7n);
    expect(await w.house.collateralOf(alice, 1)).to.equal(7n);
    expect((await w.house.headerOf(alice)).assets).to.equal(2n);
    const [, total] = await w.house.assetOf(1);
    expect(total).to.equal(7n);
  });

  it("ClearingHouse_InvalidAmount: zero, or more than 2^96 - 1 WAD in the token's decimals", async () => {
    const w = world();
    const alice = w.id(w.alice);
    for (const [asset, max] of [
      [0, MAX_AMOUNT / SCALE],
      [1, MAX_AMOUNT],
    ] as const) {
      for (const amount of [0n, max + 1n, MAX]) {
        await expect(w.house.connect(w.alice).deposit(alice, asset, amount))
          .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidAmount")
          .withArgs(amount, max);
        await expect(w.house.connect(w.alice).withdraw(alice, asset, amount))
          .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidAmount")
          .withArgs(amount, max);
      }
    }
    for (const amount of [0n, MAX_AMOUNT + 1n, MAX]) {
      await expect(w.house.connect(w.alice).move(alice, w.id(w.alice, 1n), 0, amount))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidAmount")
        .withArgs(amount, MAX_AMOUNT);
    }
  });

  it("the largest amount of one call is taken, twice, and is exact", async () => {
    const w = world();
    const max = MAX_AMOUNT / SCALE;
    for (let calls = 0; calls < 2; ++calls) await w.depositUsd(w.bob, max);
    expect(await w.cashOf(w.id(w.bob))).to.equal(2n * max * SCALE);
    await w.house.connect(w.bob).withdraw(w.id(w.bob), 0, max);
    expect(await w.usd.balanceOf(w.bob.address)).to.equal(max);
  });

  it("ClearingHouse_UnknownAsset: every number that is not listed, also above 7", async () => {
    const w = world();
    const alice = w.id(w.alice);
    for (const asset of [2, 7, 8, 255]) {
      const calls = [
        () => w.house.connect(w.alice).deposit(alice, asset, 1n),
        () => w.house.connect(w.alice).withdraw(alice, asset, 1n),
        () => w.house.connect(w.alice).move(alice, w.id(w.alice, 1n), asset, 1n),
        () => w.house.connect(w.alice).buyCollateral(w.clearing, alice, asset, 1n, MAX),
      ];
      for (const call of calls) {
        await expect(call()).to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownAsset").withArgs(asset);
      }
    }
  });

  it("ClearingHouse_AssetCapExceeded: one wei above the cap of 1,000,000; withdrawing makes room", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const cap = 1_000_000n * WAD;
    await w.house.connect(w.alice).deposit(alice, 1, cap);
    await expect(w.house.connect(w.alice).deposit(alice, 1, 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_AssetCapExceeded")
      .withArgs(1, cap + 1n, cap);
    await w.house.connect(w.alice).withdraw(alice, 1, 1n);
    await w.house.connect(w.alice).deposit(alice, 1, 1n);
  });

  it("ClearingHouse_InsufficientBalance: cash never becomes negative by taking it out", async () => {
    const w = world();
    const alice = await w.collateral(w.alice, WAD);
    await w.cash(w.alice, 5n);
    for (const call of [
      () => w.house.connect(w.alice).withdraw(alice, 0, 5n * USD + 1n),
      () => w.house.connect(w.alice).move(alice, w.id(w.alice, 1n), 0, 5n * WAD + SCALE),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_InsufficientBalance")
        .withArgs(alice, 0, 5n * WAD + SCALE, 5n * WAD);
    }
    await expect(w.house.connect(w.alice).withdraw(alice, 1, WAD + 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InsufficientBalance")
      .withArgs(alice, 1, WAD + 1n, WAD);
  });

  it("ClearingHouse_TransferFailed: without allowance nothing is credited", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await expect(w.house.connect(w.alice).deposit(alice, 0, 5n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
      .withArgs(await w.usd.getAddress(), w.houseAddress, 5n);
  });

  it("a permit is used, once, for the amount that is deposited", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const deadline = (await w.now()) + 1_000n;
    const { v, r, s } = await signPermit(w, 500n * USD, deadline);
    await w.house.connect(w.alice).depositWithPermit(alice, 0, 500n * USD, deadline, v, r, s);
    expect(await w.cashOf(alice)).to.equal(500n * WAD);
    expect(await w.usd.allowance(w.alice.address, w.houseAddress)).to.equal(0n);
  });

  it("a permit that someone has used before survives: the allowance is there, the deposit goes on", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const deadline = (await w.now()) + 1_000n;
    const { v, r, s } = await signPermit(w, 500n * USD, deadline);
    await w.usd.connect(w.frank).permit(w.alice.address, w.houseAddress, 500n * USD, deadline, v, r, s);
    await w.house.connect(w.alice).depositWithPermit(alice, 0, 500n * USD, deadline, v, r, s);
    expect(await w.cashOf(alice)).to.equal(500n * WAD);
  });

  it("a permit that is worth nothing and no allowance: the transfer decides, and refuses", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const deadline = (await w.now()) + 1_000n;
    const { v, r, s } = await signPermit(w, 499n * USD, deadline);
    await expect(w.house.connect(w.alice).depositWithPermit(alice, 0, 500n * USD, deadline, v, r, s))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
      .withArgs(await w.usd.getAddress(), w.houseAddress, 500n * USD);
  });

  it("a permit of someone else moves nobody's tokens but the caller's", async () => {
    const w = world();
    const deadline = (await w.now()) + 1_000n;
    const { v, r, s } = await signPermit(w, 500n * USD, deadline);
    await expect(
      w.house.connect(w.frank).depositWithPermit(w.id(w.frank), 0, 500n * USD, deadline, v, r, s),
    ).to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed");
    expect(await w.usd.balanceOf(w.alice.address)).to.equal(10_000n * USD);
  });

  it("tokens sent without a deposit are nobody's and change no account (donations)", async () => {
    const w = world();
    const alice = await w.cash(w.alice, 10n);
    await w.usd.connect(w.alice).transfer(w.houseAddress, 77n * USD);
    expect(await w.cashOf(alice)).to.equal(10n * WAD);
    expect(await w.surplus()).to.equal(77n * WAD);
  });
});

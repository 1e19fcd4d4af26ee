import { expect } from "chai";
import { Signature } from "ethers";

import { MAX, onNetwork, USDC, WAD } from "./support/fork.ts";
import type { Signer } from "./support/fork.ts";
import { CASH, USDC_TO_WAD, useWorld } from "./support/world.ts";

const THOUSAND = 1_000n * USDC;
const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

onNetwork("Circle's FiatToken as settlement token", ["usdc", "weth", "chainlink"], () => {
  const world = useWorld();
  /** Blocks or unblocks by the right of whoever may. */
  const setBlocked = async (who: Signer, isBlocked: boolean) => {
    const w = world();
    const blacklister = await w.usdc.readAddress("blacklister");
    await w.act(blacklister);
    await w.usdc.send(isBlocked ? "blacklist" : "unBlacklist", [who.address], blacklister);
  };
  const permitOf = async (who: Signer, value: bigint) => {
    const w = world();
    const domain = {
      name: await w.usdc.readAddress("name"),
      version: await w.usdc.readAddress("version"),
      chainId: w.book.chainId,
      verifyingContract: w.usdc.address,
    };
    const nonce = await w.usdc.readNumber("nonces", [who.address]);
    const message = { owner: who.address, spender: w.houseAddress, value, nonce, deadline: MAX };
    return Signature.from(await who.signTypedData(domain, PERMIT, message));
  };

  it("CLR-02: a permit and a deposit in one call, to the smallest unit", async () => {
    const w = world();
    const amount = THOUSAND + 1n;
    await w.mint(w.alice.address, amount);
    const { v, r, s } = await permitOf(w.alice, amount);
    await w.house.connect(w.alice).depositWithPermit(w.id(w.alice), CASH, amount, MAX, v, r, s);
    expect(await w.cashOf(w.id(w.alice))).to.equal(amount * USDC_TO_WAD);
    expect(await w.balanceOf(w.alice.address)).to.equal(0n);
    expect(await w.balanceOf(w.houseAddress)).to.equal(amount);
    expect(await w.surplus()).to.equal(0n);
  });

  it("CLR-02: a permit that somebody else has used first still lets the deposit through, one for less does not", async () => {
    const w = world();
    await w.mint(w.alice.address, 2n * THOUSAND);
    const { v, r, s } = await permitOf(w.alice, THOUSAND);
    await w.usdc.send("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)", [
      ...[w.alice.address, w.houseAddress, THOUSAND, MAX, v, r, s],
    ]);
    const deposit = (amount: bigint) =>
      w.house.connect(w.alice).depositWithPermit(w.id(w.alice), CASH, amount, MAX, v, r, s);
    await expect(deposit(THOUSAND + 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
      .withArgs(w.usdc.address, w.houseAddress, THOUSAND + 1n);
    await deposit(THOUSAND);
    expect(await w.cashOf(w.id(w.alice))).to.equal(1_000n * WAD);
  });

  it("CLR-07: who is on the token's blocklist cannot be paid and loses nothing; others are paid", async () => {
    const w = world();
    await w.deposit(w.alice, THOUSAND);
    await w.deposit(w.bob, THOUSAND);
    await setBlocked(w.alice, true);
    const withdraw = (who: Signer) => w.house.connect(who).withdraw(w.id(who), CASH, THOUSAND);
    await expect(withdraw(w.alice))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
      .withArgs(w.usdc.address, w.alice.address, THOUSAND);
    expect(await w.cashOf(w.id(w.alice))).to.equal(1_000n * WAD);
    await withdraw(w.bob);
    expect(await w.balanceOf(w.bob.address)).to.equal(THOUSAND);
    await setBlocked(w.alice, false);
    await withdraw(w.alice);
    expect(await w.balanceOf(w.alice.address)).to.equal(THOUSAND);
    expect(await w.balanceOf(w.houseAddress)).to.equal(0n);
  });

  it("CLR-10: a blocked user in the queue holds nobody up, and his part waits for him", async () => {
    const w = world();
    // Alice loses 3% of 50 ether against her collateral, to Bob, who takes out all that the house holds.
    const alice = await w.depositWeth(w.alice, 100n * WAD);
    const bob = await w.deposit(w.bob, (20n * w.price) / USDC_TO_WAD);
    const carol = await w.deposit(w.carol, THOUSAND);
    const dave = await w.deposit(w.dave, THOUSAND);
    await w.trade(w.alice, w.bob, 50n * WAD, w.price);
    const lower = (w.price * 97n) / 100n;
    await w.setPrice(lower);
    await w.trade(w.alice, w.bob, -50n * WAD, lower);
    expect(await w.baseOf(alice)).to.equal(0n);
    expect(await w.cashOf(alice)).to.be.lessThan(0n);
    const held = await w.balanceOf(w.houseAddress);
    expect((await w.cashOf(bob)) / USDC_TO_WAD, "more than there is").to.be.greaterThan(held);
    await w.house.connect(w.bob).withdraw(bob, CASH, held);

    await w.house.connect(w.carol).withdraw(carol, CASH, THOUSAND);
    await w.house.connect(w.dave).withdraw(dave, CASH, THOUSAND);
    await setBlocked(w.carol, true);
    // Enough for all comes in.
    await w.deposit(w.erin, 2n * THOUSAND);
    const claimable = async (account: string) => (await w.house.queuedWithdrawalOf(account)).claimable;
    await w.house.claimWithdrawal(dave);
    const carols = (await claimable(carol)) / USDC_TO_WAD;
    await expect(w.house.claimWithdrawal(carol))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_TransferFailed")
      .withArgs(w.usdc.address, w.carol.address, carols);
    expect((await claimable(carol)) / USDC_TO_WAD).to.equal(carols);
    await setBlocked(w.carol, false);
    await w.house.claimWithdrawal(carol);
    expect(await w.balanceOf(w.carol.address)).to.equal(carols);
    // Credits of the queue are good to a few wei, rounded down to a unit of the token.
    for (const who of [w.carol, w.dave]) {
      expect(THOUSAND - (await w.balanceOf(who.address))).to.be.within(0n, 1n);
    }
  });
});

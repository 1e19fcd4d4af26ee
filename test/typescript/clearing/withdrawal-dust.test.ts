import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const FLAT = 2;
/** One unit of the token, WAD. */
const UNIT = 10n ** 12n;

describe("withdrawals that wait for less than a unit of the token (CLR-10, R2)", () => {
  /** Alice has lost 20,000 against ether, to Bob, who has taken out all that was held. Carol and Dave wait for 2,000 and 3,000. */
  const world = useWorld(async (w) => {
    const feeds = await w.listMarket(FLAT, 200n * WAD);
    const [alice, bob] = [await w.collateral(w.alice, 1_000n * WAD), await w.cash(w.bob, 10_000n)];
    await w.cash(w.carol, 10_000n);
    await w.cash(w.dave, 10_000n);
    await w.trade(alice, bob, FLAT, 200n * WAD, 200n * WAD);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, 100n * WAD);
    await w.trade(alice, bob, FLAT, -200n * WAD, 100n * WAD);
    await w.house.connect(w.bob).withdraw(bob, 0, 30_000n * USD);
    await w.house.connect(w.carol).withdraw(w.id(w.carol), 0, 2_000n * USD);
    await w.house.connect(w.dave).withdraw(w.id(w.dave), 0, 3_000n * USD);
    w.id(w.erin);
  });

  it("three fifths of a unit are not sent, and not lost: they go out with the next", async () => {
    const w = world();
    const dave = w.id(w.dave);
    await w.depositUsd(w.erin, 1n);
    const claim = w.house.connect(w.frank).claimWithdrawal(dave);
    await expect(claim)
      .to.emit(w.house, "WithdrawalPaid")
      .withArgs(dave, w.dave.address, 0n, 3_000n * DOLLAR - 600_000_000_000n);
    await expect(claim).not.to.emit(w.usd, "Transfer");
    expect((await w.house.queuedWithdrawalOf(dave)).claimable).to.be.within((3n * UNIT) / 5n - 3n, (3n * UNIT) / 5n);
    await w.depositUsd(w.erin, 1n);
    await w.house.connect(w.frank).claimWithdrawal(dave);
    expect(await w.usd.balanceOf(w.dave.address)).to.equal(1n);
    expect((await w.house.queuedWithdrawalOf(dave)).claimable).to.be.within(UNIT / 5n - 6n, UNIT / 5n);
    await w.expectConserved(10n);
  });
});

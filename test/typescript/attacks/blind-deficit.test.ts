import { expect } from "chai";

import { CASH, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const MARKET = 2;
const SIZE = 20_000n * WAD;

/*
 * An account that owes at the last consensus keeps its blind leg when it is bid for or deleveraged. Were the loss of that very leg paid,
 * its owner had a free option: when the feed is back at a better price, he withdraws what the fund has paid.
 */
describe("R6, ORC-07: the fund does not pay the loss of a leg that stays with its owner", () => {
  let feeds: Awaited<ReturnType<ReturnType<typeof world>["listMarket"]>>;
  /** Alice: 400,000, long 20,000 from 100; at 60 she owes 401,000. Then the feed dies. Her second account bids. */
  const world = useWorld(async (w) => {
    feeds = await w.listMarket(MARKET, 100n * WAD, { maintenanceRate: 10_000, addOn: 0 });
    const [alice, bob] = [await w.cash(w.alice, 400_000n), await w.cash(w.bob, 5_000_000n)];
    await w.trade(alice, bob, MARKET, SIZE, 100n * WAD);
    await w.fundReserve(5_000_000n * USD);
    await w.setFeeds(feeds, 60n * WAD);
    await w.oracle.refresh(MARKET);
    expect(await w.valueOf(alice)).to.equal(-401_000n * DOLLAR);
    await w.kill(feeds);
  });
  const comesBackAt100 = async () => {
    const w = world();
    await w.revive(feeds);
    await w.setFeeds(feeds, 100n * WAD);
    return w.valueOf(w.id(w.alice));
  };

  it("a bid from her own second account", async () => {
    const w = world();
    const second = await w.cash(w.alice, 1_000n, 1n);
    await w.bidWith(w.alice, w.id(w.alice), { bidder: second }).then(
      () => undefined,
      () => undefined,
    );
    expect(await comesBackAt100()).to.be.at.most(399_000n * DOLLAR);
    expect(await w.house.fundAccount()).to.equal(0n);
  });

  it("a deleveraging", async () => {
    const w = world();
    await w.engine.start(w.id(w.alice));
    await w.networkHelpers.time.increase(6 * 3_600);
    await w.engine.deleverage(w.id(w.alice)).then(
      () => undefined,
      () => undefined,
    );
    expect(await comesBackAt100()).to.be.at.most(399_000n * DOLLAR);
    expect(await w.house.fundAccount()).to.equal(0n);
  });

  it("and what she takes out is the fund's", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const second = await w.cash(w.alice, 1_000n, 1n);
    await w.bidWith(w.alice, alice, { bidder: second }).then(
      () => undefined,
      () => undefined,
    );
    await comesBackAt100();
    await w.trade(alice, bob, MARKET, -SIZE, 100n * WAD);
    await w.house.connect(w.alice).withdraw(alice, CASH, (await w.cashOf(alice)) / 10n ** 12n);
    expect(await w.usd.balanceOf(w.alice.address)).to.be.at.most(400_000n * USD);
  });
});

import { expect } from "chai";

import { RATIO_ONE } from "../../../sdk/math/constants.ts";
import { linkControl } from "../risk/support/control.ts";
import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";

const DAY = 86_400;

describe("solvency where risk control is linked, and where a token does not answer (FND-08)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 100_000n);
    await w.cash(w.bob, 100_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.fundReserve(1_000n * USD);
  });
  const deploy = async () => {
    const w = world();
    return w.ethers.deployContract("Solvency", [w.houseAddress]);
  };

  it("FND-03: target, resources and ratio are risk control's; markets that it has not measured for a day are named", async () => {
    const w = world();
    const lens = await deploy();
    const before = await lens.solvency(0n);
    expect([before.segment.target, before.unsyncedMarkets]).to.deep.equal([0n, 0n]);
    expect([before.segment.resources, before.segment.ratio], "all there is, and enough").to.deep.equal([
      1_000n * WAD,
      RATIO_ONE,
    ]);
    const control = await linkControl(w);
    const both = (1n << BigInt(ETH_MARKET)) | (1n << BigInt(BTC_MARKET));
    expect((await lens.solvency(0n)).unsyncedMarkets, "never measured").to.equal(both);
    await control.sync(ETH_MARKET);
    const { segment, unsyncedMarkets } = await lens.solvency(0n);
    expect(unsyncedMarkets).to.equal(1n << BigInt(BTC_MARKET));
    const { target } = await control.reserveTarget();
    expect(target).to.be.greaterThan(0n);
    expect([segment.target, segment.resources, segment.ratio]).to.deep.equal([
      target,
      await control.resources(),
      await control.ratio(),
    ]);
    const { syncedAt } = await control.contributionOf(ETH_MARKET);
    await w.networkHelpers.time.increaseTo(syncedAt + BigInt(DAY));
    expect((await lens.solvency(0n)).unsyncedMarkets, "a day to the second").to.equal(1n << BigInt(BTC_MARKET));
    await w.networkHelpers.time.increaseTo(syncedAt + BigInt(DAY) + 1n);
    expect((await lens.solvency(0n)).unsyncedMarkets).to.equal(both);
  });

  it("tokens that cannot be counted count as none, and the rest is told all the same", async () => {
    const w = world();
    const lens = await deploy();
    const before = await lens.solvency(0n);
    expect(before.house.tokens).to.equal(200_000n * WAD);
    // Every call reverts.
    await w.networkHelpers.setCode(await w.usd.getAddress(), "0x5f5ffd");
    const { house, segment } = await lens.solvency(0n);
    expect(house.tokens).to.equal(0n);
    expect([house.fees, segment.layers.reserve]).to.deep.equal([before.house.fees, 1_000n * WAD]);
  });
});

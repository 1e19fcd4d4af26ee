import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";

const FLAT = 2;
const AT_200 = 200n * WAD;

describe("the end of a market that nobody is in (CLR-11)", () => {
  const world = useWorld();

  it("it closes at its price, and neither side has moved", async () => {
    const w = world();
    const feeds = await w.listMarket(FLAT, AT_200);
    const closesAt = (await w.now()) + 8n * 86_400n;
    await w.house.announceClosing(FLAT, closesAt);
    await w.networkHelpers.time.increaseTo(closesAt);
    await w.setFeeds(feeds, AT_200);
    const sides = await Promise.all([true, false].map((long) => w.house.sideOf(FLAT, long)));
    await expect(w.house.closeMarket(FLAT)).to.emit(w.house, "MarketClosed").withArgs(FLAT, AT_200, 0n);
    expect(await w.house.closingOf(FLAT)).to.deep.equal([closesAt, true]);
    expect(await Promise.all([true, false].map((long) => w.house.sideOf(FLAT, long)))).to.deep.equal(sides);
  });
});

import { expect } from "chai";

import { useWorld } from "../support/world.ts";

describe("the engine's segment of the fund (FND-01)", () => {
  const world = useWorld();

  it("FND-01: opened once, and told", async () => {
    const w = world();
    const opened = await w.engine.queryFilter(w.engine.filters.SegmentOpened());
    expect(opened.map(({ args }) => args.segment)).to.deep.equal([w.segment]);
  });
});

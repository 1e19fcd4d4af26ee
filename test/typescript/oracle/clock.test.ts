import { expect } from "chai";
import { deployWithSources, FEED, Status } from "./support/oracle.ts";

describe("PriceOracle.deadSeconds (ORC-05)", () => {
  it("a gap of exactly maxGap is live, one second more is one dead second", async () => {
    const { oracle, at } = await deployWithSources(3, { maxGap: 300n });
    const start = (await oracle.cached(FEED)).readAt;
    await at(start + 300n);
    await oracle.refresh(FEED);
    expect(await oracle.deadSeconds(FEED)).to.equal(0n);
    await at(start + 300n + 301n);
    await expect(oracle.refresh(FEED)).to.emit(oracle, "PriceRefreshed");
    expect(await oracle.deadSeconds(FEED)).to.equal(1n);
    expect((await oracle.cached(FEED)).deadSeconds).to.equal(1n);
  });

  it("adds up over gaps and says so in the event", async () => {
    const { oracle, at } = await deployWithSources(3, { maxGap: 60n });
    let time = (await oracle.cached(FEED)).readAt;
    let dead = 0n;
    for (const step of [61n, 60n, 1_000n, 1n, 60n, 86_400n]) {
      time += step;
      dead += step > 60n ? step - 60n : 0n;
      await at(time);
      const transaction = await oracle.refresh(FEED);
      const { price, publishedAt } = await oracle.cached(FEED);
      await expect(transaction).to.emit(oracle, "PriceRefreshed").withArgs(FEED, price, publishedAt, dead);
    }
    expect(dead).to.equal(1n + 940n + 86_340n);
    expect(await oracle.deadSeconds(FEED)).to.equal(dead);
  });

  it("counts an ongoing gap, and stores the same when it ends", async () => {
    const { oracle, at, networkHelpers } = await deployWithSources(3, { maxGap: 300n });
    const start = (await oracle.cached(FEED)).readAt;
    for (const [age, dead] of [
      [299n, 0n],
      [300n, 0n],
      [301n, 1n],
      [1_000n, 700n],
    ] as const) {
      await at(start + age);
      await networkHelpers.mine();
      expect(await oracle.deadSeconds(FEED, { blockTag: "latest" })).to.equal(dead);
      expect((await oracle.cached(FEED)).deadSeconds, "nothing is stored yet").to.equal(0n);
    }
    await at(start + 1_001n);
    await oracle.refresh(FEED);
    expect(await oracle.deadSeconds(FEED)).to.equal(701n);
  });

  it("a refresh without consensus does not end the gap", async () => {
    const { oracle, at, sources } = await deployWithSources(3, { maxGap: 300n });
    const start = (await oracle.cached(FEED)).readAt;
    for (const source of sources.slice(1)) await source.setStatus(Status.Stale);
    for (const age of [200n, 400n, 600n]) {
      await at(start + age);
      await oracle.refresh(FEED);
      expect(await oracle.deadSeconds(FEED)).to.equal(age > 300n ? age - 300n : 0n);
    }
    for (const source of sources) await source.setPrice(5n);
    await at(start + 700n);
    await oracle.refresh(FEED);
    expect((await oracle.cached(FEED)).deadSeconds).to.equal(400n);
  });

  it("never falls and never outruns the clock, over random gaps", async () => {
    const { oracle, at, now, networkHelpers } = await deployWithSources(3, { maxGap: 30n });
    let [time, dead] = [await now(), 0n];
    for (const step of [10n, 31n, 5n, 500n, 30n, 29n, 3_600n, 31n]) {
      time += step;
      await at(time);
      if (step % 2n === 1n) await oracle.refresh(FEED);
      else await networkHelpers.mine();
      const next = await oracle.deadSeconds(FEED);
      expect(next >= dead && next - dead <= step).to.equal(true);
      dead = next;
    }
  });
});

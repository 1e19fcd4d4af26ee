import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";

const FLAT = 2;
const AT_200 = 200n * WAD;
const REGISTRATION = 28n * 86_400n;
/** A dollar has 6 decimals, WAD has 18. */
const UNIT = 10n ** 12n;

describe("recoveries for holders of a real house (FND-10)", () => {
  let feeds: Parameters<ReturnType<typeof world>["setFeeds"]>[0];
  let recoveries: Awaited<ReturnType<typeof deploy>>;
  /** Dave is long 10 with little behind it; Bob holds 10 short, Carol 20 against Alice. */
  const world = useWorld(async (w) => {
    recoveries = await deploy();
    feeds = await w.listMarket(FLAT, AT_200);
    for (const who of [w.alice, w.bob, w.carol]) await w.cash(who, 10_000n);
    await w.cash(w.dave, 400n);
    await w.trade(w.id(w.dave), w.id(w.bob), FLAT, 10n * WAD, AT_200);
    await w.trade(w.id(w.alice), w.id(w.carol), FLAT, 20n * WAD, AT_200);
  });
  const deploy = async () => {
    const w = world();
    return w.ethers.deployContract("Recoveries", [w.houseAddress]);
  };
  /** The price falls to 150 with the fund empty: Dave's debt is charged to the shorts. */
  const lose = async () => {
    const w = world();
    await w.setFeeds(feeds, 150n * WAD);
    const { socialized } = await w.bidFor(w.alice, w.id(w.dave));
    expect(socialized).to.be.greaterThan(90n * WAD);
    return socialized;
  };
  const borne = (who: Signer) => world().house.borneBy(world().id(who), FLAT);
  const register = (who: Signer) => recoveries.register(world().id(who), [FLAT]);
  const payIn = async (amount: bigint) => {
    const w = world();
    await w.usd.mint(w.frank.address, amount);
    await w.usd.connect(w.frank).approve(await recoveries.getAddress(), amount);
    await recoveries.connect(w.frank).recover([1n], amount);
  };
  const claimed = async (who: Signer) => {
    const w = world();
    const before = await w.usd.balanceOf(who.address);
    await recoveries.connect(who).claim(1n, who.address);
    return (await w.usd.balanceOf(who.address)) - before;
  };
  const endRound = async () => world().networkHelpers.time.increase(REGISTRATION);

  it("FND-10: who was charged is paid in proportion to what he bore; who was not, has no claim", async () => {
    const w = world();
    const socialized = await lose();
    for (const who of [w.alice, w.bob, w.carol, w.dave]) await register(who);
    const { claims } = await recoveries.roundOf(1n);
    expect(claims).to.equal((await borne(w.bob)) + (await borne(w.carol)));
    // What holders bore is what was charged, but for rounding.
    expect(claims - socialized).to.be.within(-2n, 100n);
    expect(await recoveries.balanceOf(w.alice.address, 1n)).to.equal(0n);
    expect(await recoveries.balanceOf(w.dave.address, 1n)).to.equal(0n);
    await endRound();
    await payIn(30n * USD);
    expect(await claimed(w.carol)).to.equal((30n * USD * (await borne(w.carol))) / claims);
    expect(await claimed(w.bob)).to.equal((30n * USD * (await borne(w.bob))) / claims);
    // No vault has lost anything: what is above all claims is reserve.
    const { reserve } = await w.fund.segmentOf(w.segment);
    await payIn(1_000n * USD);
    expect((await recoveries.roundOf(1n)).recovered).to.equal((claims / UNIT) * UNIT);
    expect(await w.usd.balanceOf(w.frank.address)).to.equal(0n);
    const rest = 1_030n * USD - claims / UNIT;
    expect((await w.fund.segmentOf(w.segment)).reserve - reserve).to.equal(rest * UNIT);
    await w.expectConserved(100n);
  });

  it("CLM-03: a claim counts what was borne before a position closed, and what comes later adds to it", async () => {
    const w = world();
    await lose();
    const first = await borne(w.bob);
    await w.trade(w.id(w.bob), w.id(w.alice), FLAT, 10n * WAD, 150n * WAD);
    await register(w.bob);
    await register(w.carol);
    expect(await recoveries.balanceOf(w.bob.address, 1n)).to.equal(first);
    const carolFirst = await borne(w.carol);
    const erin = await w.cash(w.erin, 200n);
    await w.trade(erin, w.id(w.carol), FLAT, 6n * WAD, 150n * WAD);
    await w.setFeeds(feeds, 100n * WAD);
    await w.bidFor(w.alice, erin);
    expect(await borne(w.carol)).to.be.greaterThan(carolFirst);
    await register(w.carol);
    await register(w.bob);
    expect(await recoveries.balanceOf(w.carol.address, 1n)).to.equal(await borne(w.carol));
    expect(await recoveries.balanceOf(w.bob.address, 1n)).to.equal(first);
  });

  it("R3: whoever bears a loss after the round's end takes nothing of what is paid for it", async () => {
    const w = world();
    await lose();
    await register(w.bob);
    await endRound();
    await register(w.carol);
    expect(await recoveries.currentRound()).to.equal(2n);
    await payIn(30n * USD);
    expect(await claimed(w.bob)).to.equal(30n * USD);
    await expect(recoveries.connect(w.carol).claim(1n, w.carol.address))
      .to.be.revertedWithCustomError(recoveries, "Recoveries_NothingDue")
      .withArgs(1n, w.carol.address);
  });
});

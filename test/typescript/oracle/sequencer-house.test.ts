import { expect } from "chai";

import { CASH, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";

const GRACE = 3_600n;
const [UP, DOWN] = [0n, 1n];
/** latestRoundData() */
const QUESTION = "0xfeaf968c";
const ENTRY = 200n * WAD;
const SIZE = 10n * WAD;

describe("ORC-03: the whole system while the sequencer of a layer 2 is down", () => {
  const world = useWorld();

  /** The oracle of the deployment as it would be behind a sequencer, an account below its margin and one that only has cash. */
  const behindSequencer = async () => {
    const w = world();
    const uptime = await w.ethers.deployContract("MockAnswers");
    const coder = w.ethers.AbiCoder.defaultAbiCoder();
    const say = async (answer: bigint, startedAt: bigint) =>
      uptime.setAnswer(QUESTION, coder.encode(Array<string>(5).fill("uint256"), [1, answer, startedAt, startedAt, 1]));
    await say(UP, 1n);
    const twin = await w.ethers.deployContract("PriceOracle", [
      await w.oracle.authority(),
      await uptime.getAddress(),
      GRACE,
    ]);
    // Feed and grace time are in the code; what the oracle knows is in its storage and stays.
    await w.networkHelpers.setCode(
      await w.oracle.getAddress(),
      await w.ethers.provider.getCode(await twin.getAddress()),
    );
    const [alice, bob] = [await w.cash(w.alice, 250n), await w.cash(w.bob, 1_000n)];
    await w.cash(w.carol, 10_000n);
    await w.trade(alice, bob, ETH_MARKET, SIZE, ENTRY);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(w.ethFeeds, (ENTRY * 80n) / 100n);
    return { w, alice, bob, say };
  };

  for (const [what, answer, hasEnd] of [
    ["down", DOWN, false],
    ["back for less than the grace time", UP, true],
  ] as const) {
    it(`ORC-03: ${what}: no liquidation, no forced closing, no withdrawal that needs a price; deposits and cash go on`, async () => {
      const { w, alice, bob, say } = await behindSequencer();
      const since = await w.now();
      await say(answer, since);
      const ends = hasEnd ? since + GRACE : 0n;
      for (const call of [
        () => w.engine.start(alice),
        () => w.bidWith(w.carol, alice, {}),
        () => w.engine.deleverage(alice),
        () => w.engine.flag(alice),
        () => w.engine.writeOff(alice),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(w.oracle, "PriceOracle_SequencerDown").withArgs(since, ends);
      }
      await expect(w.house.connect(w.bob).withdraw(bob, CASH, USD))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_BlindAccount")
        .withArgs(bob);
      await expect(w.trade(alice, bob, ETH_MARKET, WAD, ENTRY))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_NoConsensus")
        .withArgs(ETH_MARKET);

      await w.cash(w.alice, 100n);
      await w.house.connect(w.carol).withdraw(w.id(w.carol), CASH, 10_000n * USD);
      expect(await w.usd.balanceOf(w.carol.address)).to.equal(10_000n * USD);
    });
  }

  it("ORC-03: when the grace time is over, what was due is done", async () => {
    const { w, alice, say } = await behindSequencer();
    const since = await w.now();
    await say(UP, since);
    await w.networkHelpers.time.setNextBlockTimestamp(since + GRACE);
    await w.engine.start(alice);
    expect((await w.engine.auctionOf(alice)).touchedAt).to.equal(since + GRACE);
  });
});

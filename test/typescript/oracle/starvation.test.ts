import { expect } from "chai";
import { deployOracle, Feed, FEED, PRICE, RULES } from "./support/oracle.ts";

/** A multiple of this is tried; small enough to hit every stage of a refresh. */
const STEP = 3_000n;

describe("gas starvation cannot fake a failure (ORC-01, R1a)", () => {
  for (const reader of ["the oracle itself", "a reader of its own"] as const) {
    it(`refresh with less and less gas gives the price or reverts; read by ${reader}`, async () => {
      const fixture = await deployOracle();
      const { oracle, ethers, mockFeeds, asFeeds, later } = fixture;
      const external = await (await ethers.deployContract("ChainlinkSource")).getAddress();
      const feeds = await mockFeeds(3);
      const listings = await asFeeds(feeds, 3_600n, reader === "the oracle itself" ? undefined : external);
      await oracle.listFeed(FEED, RULES, listings);
      await later();

      let [answered, starved, exhausted] = [0, 0, 0];
      const guard = new ethers.Interface(["error GuardedCall_InsufficientGas(uint256 available, uint256 required)"]);
      for (let gasLimit = 700_000n; gasLimit > 24_000n; gasLimit -= STEP) {
        try {
          expect(await oracle.refresh.staticCall(FEED, { gasLimit })).to.deep.equal([PRICE, true]);
          answered++;
        } catch (error) {
          const data = dataOf(error);
          if (data !== undefined && data !== "0x") {
            expect(guard.parseError(data)?.name, "no other error").to.equal("GuardedCall_InsufficientGas");
            const [available, required] = guard.parseError(data)?.args.toArray() as [bigint, bigint];
            expect(available < required).to.equal(true);
            starved++;
          } else {
            expect(String(error)).to.match(/out of gas|ran out of gas/i);
            exhausted++;
          }
        }
      }
      expect(answered > 0 && starved > 0 && exhausted > 0, `${answered} ${starved} ${exhausted}`).to.equal(true);
    });
  }

  it("a feed that burns all gas it gets takes no other with it, and the caller pays a bounded amount", async () => {
    const { oracle, mockFeeds, asFeeds, later } = await deployOracle();
    const feeds = await mockFeeds(5);
    await oracle.listFeed(FEED, RULES, await asFeeds(feeds));
    await later();
    await feeds[0]!.setMode(Feed.BurnsGas);
    await feeds[3]!.setMode(Feed.BurnsGas);
    expect(await oracle.refresh.staticCall(FEED, { gasLimit: 1_500_000n })).to.deep.equal([PRICE, true]);
    await feeds[4]!.setMode(Feed.RevertBomb);
    expect(await oracle.refresh.staticCall(FEED, { gasLimit: 1_500_000n }), "three of five").to.deep.equal([
      PRICE,
      false,
    ]);
  });
});

function dataOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("data" in error)) return undefined;
  return typeof error.data === "string" ? error.data : undefined;
}

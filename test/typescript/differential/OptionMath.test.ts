import { expect } from "chai";
import { network } from "hardhat";
import { MAX_PRICE, WAD } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/OptionMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const price = (random: Random): bigint => (random.oneIn(40n) ? random.uint(256n) : random.between(1n, MAX_PRICE));
/** Near the spot, as levels of products are, or anywhere; below a spot that no price reaches also as far as ratios go. */
const level = (random: Random, spot: bigint): bigint => {
  if (spot > MAX_PRICE && random.flag()) return spot >> random.between(100n, 200n);
  if (random.oneIn(3n) || spot > MAX_PRICE) return price(random);
  return spot / 10n + random.below(2n * spot + 1n);
};
/** Minutes to months at usual volatilities, or anything. */
const deviation = (random: Random): bigint => (random.flag() ? random.below(3n * WAD) : random.uintOrBeyond(80n));

describe("OptionMath and its twin (CVR-08, SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessOptionMath"),
    [
      twinCase({
        name: "deviationUp",
        draw: (random: Random) => [random.uintOrBeyond(64n), random.uintOrBeyond(40n)],
        twin: twin.deviationUp,
      }),
      twinCase({
        name: "cashOrNothingPutUp",
        draw: (random: Random) => {
          const spot = price(random);
          return [spot, level(random, spot), deviation(random)];
        },
        twin: twin.cashOrNothingPutUp,
      }),
      twinCase({
        name: "putSpreadUp",
        draw: (random: Random) => {
          const spot = price(random);
          const levels = [level(random, spot), level(random, spot)] as const;
          const [one, other] = random.oneIn(8n) || levels[0] > levels[1] ? levels : [levels[1], levels[0]];
          return [spot, one, other, deviation(random)];
        },
        twin: (spot, upper, lower, s) => twin.putSpreadUp(spot, { upper, lower }, s),
      }),
      twinCase({
        name: "oneTouchUp",
        draw: (random: Random) => {
          const spot = price(random);
          return [spot, level(random, spot), random.flag(), deviation(random)];
        },
        twin: (spot, barrier, isBelow, s) => twin.oneTouchUp(spot, { price: barrier, isBelow }, s),
      }),
    ],
  );

  it("oneTouchUp: a spot so far above every price that its ratio goes the long way pays all, as the twin says", async () => {
    const harness = await ethers.deployContract("LibraryHarnessOptionMath");
    for (const bits of [132n, 133n, 195n]) {
      const paid = await harness.getFunction("oneTouchUp").staticCall(1n << bits, 1n, true, WAD);
      expect([paid, twin.oneTouchUp(1n << bits, { price: 1n, isBelow: true }, WAD)]).to.deep.equal([WAD, WAD]);
    }
  });
});

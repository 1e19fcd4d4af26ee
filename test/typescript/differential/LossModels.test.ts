import { network } from "hardhat";
import { MAX_PRICE } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/LossModels.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const price = (random: Random): bigint => random.between(1n, MAX_PRICE);
const variance = (random: Random): bigint => random.uintOrBeyond(64n);
const rate = (random: Random): bigint => random.uint(64n);
/** Usual volatilities and terms, or anything. */
const usual = (random: Random): readonly [variance: bigint, duration: bigint] =>
  random.flag()
    ? [random.below(200_000_000_000n), random.below(10_000_000n)]
    : [random.uintOrBeyond(65n), random.uintOrBeyond(40n)];

const termsOf = (
  kind: bigint,
  isBelow: boolean,
  hazardRate: bigint,
  levels: readonly [bigint, bigint],
): twin.LossTerms => {
  const [level, lowerLevel] = levels;
  if (kind === 0n) return { kind: "hazardRate", hazardRate };
  if (kind === 1n) return { kind: "cashOrNothingPut", hazardRate, level };
  if (kind === 2n) return { kind: "putSpread", hazardRate, level, lowerLevel };
  return { kind: "oneTouch", hazardRate, level, isBelow };
};

describe("LossModels and its twin (CVR-08, SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessLossModels"),
    [
      twinCase({
        name: "varianceUp",
        draw: (random: Random) => [variance(random), variance(random), variance(random)],
        twin: twin.varianceUp,
      }),
      twinCase({
        name: "jumpHazardUp",
        draw: (random: Random) => {
          const spot = price(random);
          const level = random.flag() ? price(random) : spot / 2n + random.below(spot + 1n);
          return [spot, level, random.oneIn(40n) ? random.uint(256n) : rate(random)];
        },
        twin: twin.jumpHazardUp,
      }),
      twinCase({
        name: "expectedLossUp",
        draw: (random: Random) => {
          const spot = price(random);
          const one = random.flag() ? price(random) : 1n + spot / 10n + random.below(spot);
          const other = random.flag() ? price(random) : 1n + random.below(one);
          const [upper, lower] = one > other || random.oneIn(20n) ? [one, other] : [other, one];
          return [random.below(4n), random.flag(), rate(random), upper, lower, spot, ...usual(random)];
        },
        twin: (kind, isBelow, hazardRate, level, lowerLevel, spot, perSecond, duration) =>
          twin.expectedLossUp(termsOf(kind, isBelow, hazardRate, [level, lowerLevel]), {
            spot,
            variance: perSecond,
            duration,
          }),
      }),
    ],
  );
});

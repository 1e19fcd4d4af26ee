import { network } from "hardhat";
import { WAD } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/PremiumCurve.ts";
import { KINK, YEAR } from "../../../sdk/math/PremiumMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const kinkRate = (random: Random): bigint =>
  random.oneIn(10n) ? random.uint(256n) : random.between(twin.LOWEST_KINK_RATE, twin.HIGHEST_KINK_RATE);
const utilisation = (random: Random): bigint => {
  if (random.oneIn(4n)) return random.pick([0n, KINK - 1n, KINK, KINK + 1n, WAD - 1n, WAD, WAD + 1n]);
  return random.oneIn(40n) ? random.uint(256n) : random.below(WAD);
};
const elapsed = (random: Random): bigint => (random.flag() ? random.below(YEAR / 10n) : random.uintOrBeyond(40n));

describe("PremiumCurve and its twin (CVR-08, SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessPremiumCurve"),
    [
      twinCase({
        name: "adaptedUp",
        draw: (random: Random) => [random.oneIn(50n) ? 0n : kinkRate(random), utilisation(random), elapsed(random)],
        twin: twin.adaptedUp,
      }),
      twinCase({
        name: "rateUp",
        draw: (random: Random) => [kinkRate(random), utilisation(random)],
        twin: twin.rateUp,
      }),
      twinCase({
        name: "meanRateUp",
        draw: (random: Random) => {
          const [one, other] = [utilisation(random), utilisation(random)];
          const inOrder = random.oneIn(10n) || one <= other;
          return inOrder ? [kinkRate(random), one, other] : [kinkRate(random), other, one];
        },
        twin: twin.meanRateUp,
      }),
    ],
  );
});

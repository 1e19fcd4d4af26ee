import { network } from "hardhat";
import { MAX_PRICE } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/VolatilityMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const price = (random: Random): bigint => (random.oneIn(40n) ? random.uint(256n) : random.between(1n, MAX_PRICE));
const time = (random: Random): bigint => random.uintOrBeyond(40n);
const variance = (random: Random): bigint => random.uintOrBeyond(64n);
const constant = (random: Random): bigint => random.pick([twin.FAST_TIME, twin.SLOW_TIME, twin.AVERAGE_TIME]);

describe("VolatilityMath and its twin (VOL-01, ORC-07, SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessVolatilityMath"),
    [
      twinCase({
        name: "isNewInterval",
        draw: (random: Random) => {
          const sampledAt = time(random);
          return [random.flag() && sampledAt < 1n << 40n ? sampledAt + random.below(1_800n) : time(random), sampledAt];
        },
        twin: twin.isNewInterval,
      }),
      twinCase({ name: "decay", draw: (random: Random) => [time(random), constant(random)], twin: twin.decay }),
      twinCase({
        name: "realizedVarianceUp",
        draw: (random: Random) => {
          const previous = price(random);
          const near = previous + random.below(previous / 10n + 1n);
          return [random.flag() ? near : price(random), previous, time(random)];
        },
        twin: twin.realizedVarianceUp,
      }),
      twinCase({
        name: "blendUp",
        draw: (random: Random) => [variance(random), random.uintOrBeyond(72n), time(random), constant(random)],
        twin: (stored, realized, elapsed, tau) => twin.blendUp(stored, realized, { elapsed, tau }),
      }),
      twinCase({
        name: "movingAverageDown",
        draw: (random: Random) => [price(random), price(random), time(random)],
        twin: twin.movingAverageDown,
      }),
      twinCase({
        name: "fromAnnualUp",
        draw: (random: Random) => [random.uintOrBeyond(64n)],
        twin: twin.fromAnnualUp,
      }),
      twinCase({
        name: "blindMoveUp",
        draw: (random: Random) => [variance(random), time(random)],
        twin: twin.blindMoveUp,
      }),
    ],
  );
});

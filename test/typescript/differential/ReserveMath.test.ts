import { network } from "hardhat";
import * as twin from "../../../sdk/math/ReserveMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const variance = (random: Random): bigint => random.uintOrBeyond(64n);
const scale = (random: Random): bigint => random.uintOrBeyond(68n);
const margin = (random: Random): bigint => random.uintOrBeyond(80n);

describe("ReserveMath and its twin (FND-02, FND-03, SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessReserveMath"),
    [
      twinCase({
        name: "scaleUp",
        draw: (random: Random) => [variance(random), variance(random), variance(random)],
        twin: twin.scaleUp,
      }),
      twinCase({
        name: "tailProbabilityUp",
        draw: (random: Random) => [margin(random), scale(random)],
        twin: twin.tailProbabilityUp,
      }),
      twinCase({
        name: "expectedExcessUp",
        draw: (random: Random) => [margin(random), scale(random)],
        twin: twin.expectedExcessUp,
      }),
      twinCase({
        name: "expectedShortfallUp",
        draw: (random: Random) => [random.flag() ? margin(random) : random.uint(60n), scale(random)],
        twin: twin.expectedShortfallUp,
      }),
    ],
  );
});

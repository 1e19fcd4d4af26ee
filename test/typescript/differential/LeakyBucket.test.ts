import { network } from "hardhat";
import { BPS_ONE } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/LeakyBucket.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";

const { ethers } = await network.create();

describe("LeakyBucket and its twin (FND-02, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessLeakyBucket"),
    [
      twinCase({
        name: "remainingUp",
        draw: (random) => {
          const period = random.uintOrBeyond(40n);
          return [random.uintOrBeyond(96n), random.oneIn(10n) ? random.uint(40n) : random.between(0n, period), period];
        },
        twin: twin.remainingUp,
      }),
      twinCase({
        name: "leftDown",
        draw: (random) => {
          const reserve = random.uintOrBeyond(127n);
          return [
            random.between(0n, BPS_ONE),
            reserve,
            random.flag() ? random.uintOrBeyond(127n) : random.between(0n, reserve),
          ];
        },
        twin: twin.leftDown,
      }),
    ],
  );
});

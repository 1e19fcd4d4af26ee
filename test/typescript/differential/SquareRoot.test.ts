import { network } from "hardhat";
import * as twin from "../../../sdk/math/SquareRoot.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

/** Of any size, and squares with their neighbours. */
const square = (random: Random): readonly [bigint] => {
  if (random.flag()) return [random.uint(256n)];
  const root = random.uint(128n);
  const near = root * root + random.pick([-1n, 0n, 1n]);
  return [near < 0n ? 0n : near];
};

describe("SquareRoot and its twin (SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessSquareRoot"),
    [
      twinCase({ name: "sqrtDown", draw: square, twin: twin.sqrtDown }),
      twinCase({ name: "sqrtUp", draw: square, twin: twin.sqrtUp }),
    ],
  );
});

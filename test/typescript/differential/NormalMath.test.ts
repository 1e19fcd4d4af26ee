import { network } from "hardhat";
import { WAD } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/NormalMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

describe("NormalMath and its twin (CVR-08, SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessNormalMath"),
    [
      twinCase({
        name: "cumulative",
        draw: (random: Random) => {
          if (random.oneIn(20n)) return [random.int(256n)];
          const size = random.flag() ? random.between(0n, twin.HIGHEST + 2n) : random.below(9n * WAD);
          return [random.flag() ? size : -size];
        },
        twin: twin.cumulative,
      }),
    ],
  );
});

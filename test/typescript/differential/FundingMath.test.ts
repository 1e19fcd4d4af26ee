import { network } from "hardhat";
import { MAX_PRICE } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/FundingMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

/** Up to the largest that a price of 1e9 units allows, either sign. */
const velocity = (random: Random): bigint => random.intOrBeyond(80n);
const seconds = (random: Random): bigint => random.between(0n, random.flag() ? 40_000n : 400_000n);

describe("FundingMath and its twin (CLR-05, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessFundingMath"),
    [
      twinCase({ name: "accrued", draw: (random) => [velocity(random), seconds(random)], twin: twin.accrued }),
      twinCase({ name: "decayed", draw: (random) => [velocity(random), seconds(random)], twin: twin.decayed }),
      twinCase({
        name: "afterFill",
        draw: (random) => {
          const indexPrice = random.between(1n, MAX_PRICE);
          return [
            velocity(random),
            indexPrice,
            random.between((indexPrice * 98n) / 100n, (indexPrice * 102n) / 100n),
            random.uintOrBeyond(125n),
            random.uintOrBeyond(125n),
            random.between(0n, twin.MAX_SHARE),
          ];
        },
        twin: (
          before: bigint,
          indexPrice: bigint,
          fillPrice: bigint,
          notional: bigint,
          openNotional: bigint,
          maxShare: bigint,
        ) => twin.afterFill(before, { indexPrice, fillPrice, notional, openNotional, maxShare }),
      }),
      twinCase({
        name: "weightOf",
        draw: (random) => [random.uintOrBeyond(125n), random.uintOrBeyond(125n)],
        twin: twin.weightOf,
      }),
      twinCase({ name: "maxShareOf", draw: (random) => [random.between(0n, 20_000n)], twin: twin.maxShareOf }),
      twinCase({
        name: "packAndUnpack",
        draw: (random) => [velocity(random)],
        twin: (value: bigint) => [twin.pack(value), twin.unpack(twin.pack(value))],
      }),
    ],
  );
});

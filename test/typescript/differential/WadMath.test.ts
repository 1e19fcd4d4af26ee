import { network } from "hardhat";
import * as twin from "../../../sdk/math/WadMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

/** A divisor that lets most products fit again. */
const triple = (random: Random): readonly [bigint, bigint, bigint] => {
  const [a, b] = [random.uint(256n), random.uint(256n)];
  return [a, b, random.oneIn(4n) ? random.uint(256n) : random.between((a >> 128n) * (b >> 128n), (1n << 256n) - 1n)];
};
const signedTriple = (random: Random): readonly [bigint, bigint, bigint] => [
  random.int(256n),
  random.uint(128n),
  random.uint(random.pick([128n, 256n])),
];
const wadPair = (random: Random): readonly [bigint, bigint] => [random.uint(170n), random.uint(120n)];
const signedPair = (random: Random): readonly [bigint, bigint] => [random.int(256n), random.between(0n, 1n << 254n)];
const pair = (random: Random): readonly [bigint, bigint] => [random.uint(256n), random.uint(256n)];
const signed = (random: Random): readonly [bigint] => [random.int(256n)];

describe("WadMath and its twin (SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessWadMath"),
    [
      twinCase({ name: "mulDivDown", draw: triple, twin: twin.mulDivDown }),
      twinCase({ name: "mulDivUp", draw: triple, twin: twin.mulDivUp }),
      twinCase({ name: "mulWadDown", draw: wadPair, twin: twin.mulWadDown }),
      twinCase({ name: "mulWadUp", draw: wadPair, twin: twin.mulWadUp }),
      twinCase({ name: "signedMulDivDown", draw: signedTriple, twin: twin.signedMulDivDown }),
      twinCase({ name: "signedMulDivUp", draw: signedTriple, twin: twin.signedMulDivUp }),
      twinCase({ name: "signedDivDown", draw: signedPair, twin: twin.signedDivDown }),
      twinCase({ name: "signedDivUp", draw: signedPair, twin: twin.signedDivUp }),
      twinCase({ name: "abs", draw: signed, twin: twin.abs }),
      twinCase({ name: "positivePart", draw: signed, twin: twin.positivePart }),
      twinCase({ name: "min", draw: pair, twin: twin.min }),
      twinCase({ name: "max", draw: pair, twin: twin.max }),
    ],
  );
});

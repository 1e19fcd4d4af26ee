import { network } from "hardhat";
import * as twin from "../../../sdk/math/ExpLn.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const WAD = 10n ** 18n;
/** First argument for which exp is not 0, and first for which it does not fit. */
const [EXP_FIRST, EXP_LIMIT] = [-41446531673892822312n, 135305999368893231589n];

const power = (random: Random): readonly [bigint] => {
  if (random.oneIn(20n)) return [random.int(256n)];
  return random.flag() ? [random.between(EXP_FIRST - 1n, EXP_LIMIT)] : [-random.between(0n, WAD)];
};
const positive = (random: Random): readonly [bigint] =>
  random.oneIn(20n) ? [random.int(256n)] : [random.flag() ? random.between(1n, 1n << 255n) : WAD + random.int(64n)];

describe("exp and ln: the twin gives Solady's results to the wei (SDK-01, P-TWIN-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessExpLn"),
    [
      twinCase({ name: "expWad", draw: power, twin: twin.expWad }),
      twinCase({ name: "lnWad", draw: positive, twin: twin.lnWad }),
    ],
  );
});

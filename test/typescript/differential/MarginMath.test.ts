import { network } from "hardhat";
import { BPS_ONE, RATIO_ONE } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/MarginMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const base = (random: Random): bigint => random.uintOrBeyond(95n);
const price = (random: Random): bigint => random.uintOrBeyond(91n);
const rate = (random: Random): bigint => random.uintOrBeyond(16n);
const addOn = (random: Random): bigint => random.uintOrBeyond(24n);
const ratio = (random: Random): bigint =>
  random.flag() ? random.between(0n, 2n * RATIO_ONE) : random.uintOrBeyond(32n);
const position = (random: Random): readonly [bigint, bigint, bigint, bigint] => [
  base(random),
  price(random),
  rate(random),
  addOn(random),
];
/** From seconds to years, and now and then a time before the ramp began. */
const ramp = (random: Random): readonly [bigint, bigint, bigint, bigint] => {
  const setAt = random.between(1n, 1n << 32n);
  const timestamp = random.oneIn(40n) ? random.uint(32n) : setAt + random.uint(random.pick([8n, 16n, 24n]));
  return [rate(random), rate(random), setAt, timestamp];
};

describe("MarginMath and its twin (MRG-01, MRG-02, ORC-07, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessMarginMath"),
    [
      twinCase({ name: "notionalUp", draw: (random) => [base(random), price(random)], twin: twin.notionalUp }),
      twinCase({
        name: "positionMarginUp",
        draw: position,
        twin: (...values) => {
          const { linear, size } = twin.positionMarginUp(...values);
          return [linear, size];
        },
      }),
      twinCase({ name: "initialRate", draw: (random) => [rate(random), ratio(random)], twin: twin.initialRate }),
      twinCase({ name: "initialMarginUp", draw: position, twin: twin.initialMarginUp }),
      twinCase({
        name: "currentRateUp",
        draw: ramp,
        twin: (rateSet, rateTarget, setAt, timestamp) => twin.currentRateUp({ rateSet, rateTarget, setAt }, timestamp),
      }),
      twinCase({
        name: "settledRate",
        draw: ramp,
        twin: (rateSet, rateTarget, setAt, timestamp) => {
          const settled = twin.settledRate({ rateSet, rateTarget, setAt }, timestamp);
          return [settled.rate, settled.settledAt];
        },
      }),
      twinCase({
        name: "profitWeight",
        draw: (random): readonly [bigint, bigint] => [random.below(3n), ratio(random)],
        twin: (marketClass: bigint, fundRatio: bigint) =>
          twin.profitWeight(Number(marketClass) as twin.MarketClass, fundRatio),
      }),
      twinCase({
        name: "blindPrice",
        draw: (random) => [
          price(random),
          random.flag(),
          random.oneIn(4n) ? rate(random) : random.between(0n, 110_000n),
          random.flag() ? random.between(0n, 2n * 10n ** 18n) : random.uint(256n),
        ],
        twin: twin.blindPrice,
      }),
      twinCase({ name: "valueDown", draw: (random) => [base(random), price(random)], twin: twin.valueDown }),
      twinCase({
        name: "haircutValueDown",
        draw: (random) => [
          base(random),
          price(random),
          random.oneIn(20n) ? random.uint(16n) : random.between(0n, BPS_ONE),
        ],
        twin: twin.haircutValueDown,
      }),
    ],
  );
});

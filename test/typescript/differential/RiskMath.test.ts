import { network } from "hardhat";
import { MAX_OPEN_INTEREST, MAX_PRICE } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/RiskMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const variance = (random: Random): bigint => random.uintOrBeyond(64n);
const scale = (random: Random): bigint => random.uintOrBeyond(68n);
const bits16 = (random: Random): bigint => random.uintOrBeyond(16n);
const price = (random: Random): bigint => random.between(0n, MAX_PRICE);
const size = (random: Random): bigint => random.between(0n, MAX_OPEN_INTEREST);
const amount = (random: Random): bigint => random.uintOrBeyond(136n);
const ratio = (random: Random): bigint => random.uintOrBeyond(32n);
const elapsed = (random: Random): bigint => random.between(0n, 200_000n);

describe("RiskMath and its twin (RSK-01, FND-02, FND-03, FND-04, MRG-02, LIQ-07, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessRiskMath"),
    [
      twinCase({
        name: "highestVariance",
        draw: (random: Random) => [variance(random), variance(random)],
        twin: twin.highestVariance,
      }),
      twinCase({
        name: "maintenanceTargetUp",
        draw: (random: Random) => [variance(random), bits16(random), bits16(random), bits16(random)],
        twin: (of: bigint, deviations: bigint, floor: bigint, cap: bigint) =>
          twin.maintenanceTargetUp(of, deviations, { floor, cap }),
      }),
      twinCase({
        name: "penaltyUp",
        draw: (random: Random) => [variance(random), variance(random), bits16(random), ratio(random)],
        twin: (fast: bigint, slow: bigint, basePenalty: bigint, of: bigint) =>
          twin.penaltyUp({ fast, slow, basePenalty, ratio: of }),
      }),
      twinCase({
        name: "shortfallUp",
        draw: (random: Random) => [scale(random), bits16(random), bits16(random)],
        twin: twin.shortfallUp,
      }),
      twinCase({
        name: "contributionUp",
        draw: (random: Random) => [size(random), price(random), random.uintOrBeyond(80n)],
        twin: twin.contributionUp,
      }),
      twinCase({
        name: "stressUp",
        draw: (random: Random) => [size(random), price(random), variance(random), bits16(random)],
        twin: (absoluteBase: bigint, at: bigint, of: bigint, rate: bigint) =>
          twin.stressUp({ absoluteBase, price: at, variance: of, rate }),
      }),
      twinCase({
        name: "ratioDown",
        draw: (random: Random) => [amount(random), amount(random)],
        twin: twin.ratioDown,
      }),
      twinCase({ name: "factorOf", draw: (random: Random) => [ratio(random)], twin: twin.factorOf }),
      twinCase({
        name: "capDown",
        draw: (random: Random) => [amount(random), bits16(random), scale(random), price(random), size(random)],
        twin: (resources: bigint, share: bigint, shortfall: bigint, at: bigint, listed: bigint) =>
          twin.capDown({ resources, share, shortfall, price: at, listed }),
      }),
      twinCase({
        name: "multipleUp",
        draw: (random: Random) => {
          const cap = random.uintOrBeyond(95n);
          return [random.flag() ? size(random) : random.between((cap * 7n) / 10n, cap + 1n), cap];
        },
        twin: twin.multipleUp,
      }),
      twinCase({
        name: "gapRateUp",
        draw: (random: Random) => [
          scale(random),
          bits16(random),
          bits16(random),
          bits16(random),
          random.between(10n ** 18n, 4n * 10n ** 18n),
        ],
        twin: (of: bigint, rate: bigint, chargedShare: bigint, loading: bigint, multiple: bigint) =>
          twin.gapRateUp({ scale: of, rate, chargedShare, loading, multiple }),
      }),
      twinCase({
        name: "risenDown",
        draw: (random: Random) => [size(random), size(random), random.uintOrBeyond(96n), elapsed(random)],
        twin: (current: bigint, target: bigint, range: bigint, seconds: bigint) =>
          twin.risenDown({ current, target, elapsed: seconds }, range),
      }),
      twinCase({
        name: "fallenUp",
        draw: (random: Random) => [random.uintOrBeyond(32n), random.uintOrBeyond(32n), elapsed(random)],
        twin: (current: bigint, target: bigint, seconds: bigint) =>
          twin.fallenUp({ current, target, elapsed: seconds }),
      }),
    ],
  );
});

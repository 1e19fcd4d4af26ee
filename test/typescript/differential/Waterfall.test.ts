import { network } from "hardhat";
import { WAD } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/Waterfall.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

type AbiLayers = readonly [bigint, bigint, bigint, bigint];

const layersFrom = ([reserve, junior, senior, reinsurance]: AbiLayers): twin.LayerAmounts => ({
  reserve,
  junior,
  senior,
  reinsurance,
});
const layersTo = ({ reserve, junior, senior, reinsurance }: twin.LayerAmounts): AbiLayers => [
  reserve,
  junior,
  senior,
  reinsurance,
];
const layers = (random: Random): AbiLayers => {
  const bits = random.between(1n, 127n);
  const amount = (): bigint => random.uintOrBeyond(bits);
  return [amount(), amount(), amount(), amount()];
};
/** From nothing to more than the layers have, and their exact sum. */
const loss = (random: Random, [reserve, junior, senior, reinsurance]: AbiLayers): bigint => {
  const sum = (reserve + junior + senior + reinsurance) % (1n << 254n);
  return random.oneIn(8n) ? sum : random.between(0n, 2n * sum);
};
const fraction = (random: Random): bigint => (random.oneIn(20n) ? random.uint(64n) : random.between(0n, WAD));

describe("Waterfall and its twin (R1, R2, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessWaterfall"),
    [
      twinCase({
        name: "total",
        draw: (random) => [layers(random)],
        twin: (amounts: AbiLayers) => twin.total(layersFrom(amounts)),
      }),
      twinCase({
        name: "splitDown",
        draw: (random) => {
          const available = layers(random);
          return [loss(random, available), available];
        },
        twin: (amount: bigint, available: AbiLayers) => {
          const { paid, residual } = twin.splitDown(amount, layersFrom(available));
          return [layersTo(paid), residual];
        },
      }),
      twinCase({
        name: "takeFractionDown",
        draw: (random) => [layers(random), fraction(random)],
        twin: (amounts: AbiLayers, part: bigint) => layersTo(twin.takeFractionDown(layersFrom(amounts), part)),
      }),
      twinCase({
        name: "cover",
        draw: (random) => {
          const available = layers(random);
          return [loss(random, available), fraction(random), available];
        },
        twin: (whole: bigint, part: bigint, available: AbiLayers) => {
          const { paid, shortfallUp, residual } = twin.cover(whole, part, layersFrom(available));
          return [layersTo(paid), shortfallUp, residual];
        },
      }),
    ],
  );
});

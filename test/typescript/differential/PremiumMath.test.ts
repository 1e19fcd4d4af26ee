import { expect } from "chai";
import { network } from "hardhat";
import { BPS_ONE, WAD } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/PremiumMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

/** Longest term that a vault sells, in seconds. */
const TWELVE_WEEKS = 12n * 7n * 86_400n;

/** Both legs of the curve and their ends, and beyond full. */
function utilisation(random: Random): bigint {
  const kind = random.below(8n);
  if (kind === 0n) return random.uintOrBeyond(128n);
  if (kind === 1n) return random.pick([twin.KINK, WAD]) + random.pick([-1n, 0n, 1n]);
  return kind < 5n ? random.between(0n, twin.KINK) : random.between(twin.KINK, WAD);
}

/** Premium of a year on one unit, from basis points of utilisation and of expected loss. */
function rateOf(utilisationBps: bigint, hazardBps: bigint): bigint {
  const bps = WAD / BPS_ONE;
  return twin.ratePerYearUp(hazardBps * bps, 3_000n, utilisationBps * bps) / bps;
}

describe("PremiumMath and its twin (CVR-08, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessPremiumMath"),
    [
      twinCase({
        name: "utilisationUp",
        draw: (random) => {
          const capital = random.uintOrBeyond(127n);
          return [random.oneIn(4n) ? random.uintOrBeyond(127n) : random.between(0n, capital), capital];
        },
        twin: twin.utilisationUp,
      }),
      twinCase({ name: "curveUp", draw: (random) => [utilisation(random)], twin: twin.curveUp }),
      twinCase({
        name: "ratePerYearUp",
        draw: (random) => [
          random.oneIn(20n) ? random.uintOrBeyond(127n) : random.between(0n, WAD),
          random.oneIn(20n) ? random.uintOrBeyond(127n) : random.between(0n, 2n * BPS_ONE),
          utilisation(random),
        ],
        twin: twin.ratePerYearUp,
      }),
      twinCase({
        name: "premiumUp",
        draw: (random) => {
          // Rates and terms that nobody sells, whose product need not fit in a word.
          if (random.oneIn(20n)) return [random.uintOrBeyond(127n), random.uint(160n), random.uint(160n)];
          return [random.uintOrBeyond(127n), random.between(0n, 2n * WAD), random.between(0n, TWELVE_WEEKS)];
        },
        twin: twin.premiumUp,
      }),
    ],
  );

  // Two equal mistakes agree with each other: these numbers are worked out by hand.
  it("asks for the largest of model, curve and floor", () => {
    expect(rateOf(0n, 0n), "floor").to.equal(300n);
    expect(rateOf(6_000n, 0n), "the curve reaches the floor").to.equal(300n);
    expect(rateOf(7_000n, 0n), "curve before the kink").to.equal(350n);
    expect(rateOf(8_000n, 0n), "kink").to.equal(400n);
    expect(rateOf(9_000n, 0n), "half of the steep part").to.equal(3_200n);
    expect(rateOf(10_000n, 0n), "full").to.equal(6_000n);
    expect(rateOf(20_000n, 0n), "beyond full").to.equal(6_000n);
    expect(rateOf(0n, 1_000n), "10% expected loss and 30% loading").to.equal(1_300n);
    expect(rateOf(9_000n, 1_000n), "the curve above the model").to.equal(3_200n);
  });

  it("charges for the whole term at once, rounded up", () => {
    expect(twin.premiumUp(1_000n * WAD, WAD / 10n, twin.YEAR)).to.equal(100n * WAD);
    expect(twin.premiumUp(1_000n * WAD, WAD / 10n, twin.YEAR / 4n)).to.equal(25n * WAD);
    expect(twin.premiumUp(1n, 1n, 1n), "the smallest cover is not free").to.equal(1n);
    expect(twin.premiumUp(1_000n * WAD, WAD / 10n, 0n)).to.equal(0n);
    expect(twin.utilisationUp(1n, 3n)).to.equal(333_333_333_333_333_334n);
    expect(twin.utilisationUp(0n, 0n), "no capital").to.equal(WAD);
    expect(twin.curveUp(1n), "the smallest part").to.equal(1n);
  });
});

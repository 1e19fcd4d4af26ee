import { expect } from "chai";
import { network } from "hardhat";
import * as twin from "../../../sdk/math/AuctionMath.ts";
import { WAD } from "../../../sdk/math/constants.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import { Random, seedOfRun } from "../support/random.ts";

const { ethers } = await network.create();

type AbiInput = readonly [bigint, bigint, bigint, bigint, bigint, bigint];

const TARGET_RATIO = (WAD * 115n) / 100n;

const inputFrom = ([e, a, b, blind, retained, tau]: AbiInput): twin.FractionInput => ({
  marginBalance: e,
  linearMargin: a,
  sizeMargin: b,
  blindMargin: blind,
  retained,
  targetRatio: tau,
});

/** Accounts of all sizes; most of them below target, with c <= E as in a bid, the rest anything. */
const account = (random: Random): AbiInput => {
  const tau = random.oneIn(10n) ? random.between(WAD, 2n * WAD) : TARGET_RATIO;
  if (random.oneIn(4n)) {
    const wide = (): bigint => random.uintOrBeyond(127n);
    return [random.intOrBeyond(128n), wide(), wide(), random.flag() ? 0n : wide(), wide(), tau];
  }
  const bits = random.between(4n, 126n);
  const a = random.uint(bits);
  const b = random.flag() ? random.uint(bits) : random.uint(1n + bits / 2n);
  const blind = random.oneIn(3n) ? random.uint(1n + bits / 2n) : 0n;
  const e = random.between(0n, 2n * (a + b + blind) + 2n);
  return [e, a, b, blind, random.between(0n, e + 1n), tau];
};

describe("AuctionMath and its twin (LIQ-02, LIQ-03, LIQ-06, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessAuctionMath"),
    [
      twinCase({
        name: "incomeRate",
        draw: (random) => [random.oneIn(10n) ? random.uint(256n) : random.between(0n, 1_300n)],
        twin: twin.incomeRate,
      }),
      twinCase({
        name: "incomeDown",
        draw: (random) => [random.uintOrBeyond(127n), random.intOrBeyond(128n), random.between(0n, WAD)],
        twin: twin.incomeDown,
      }),
      twinCase({
        name: "penaltyOf",
        draw: (random) => [
          random.between(0n, WAD),
          random.uintOrBeyond(127n),
          random.intOrBeyond(128n),
          random.uintOrBeyond(126n),
        ],
        twin: twin.penaltyOf,
      }),
      twinCase({
        name: "maxFractionUp",
        draw: (random) => [account(random)],
        twin: (input: AbiInput) => twin.maxFractionUp(inputFrom(input)),
      }),
      twinCase({
        name: "deleverageFractionUp",
        draw: (random): AbiInput => {
          const [e, a, b, blind, retained, tau] = account(random);
          return [e, random.flag() ? retained : retained / 10n, a, b, blind, tau];
        },
        twin: (marginBalance, penalty, linearMargin, sizeMargin, blindMargin, targetRatio) =>
          twin.deleverageFractionUp({ marginBalance, penalty, linearMargin, sizeMargin, blindMargin, targetRatio }),
      }),
    ],
  );
});

/*
 * The twin runs the same steps as the chain, so both could be wrong together. This is the other answer: the
 * inequality of LIQ-03 itself, in whole numbers of any size, without roots, shifts and roundings.
 */
describe("AuctionMath against the inequality (LIQ-03, INV-05)", () => {
  const seed = seedOfRun();
  const DRAWS = 10_000;

  /** (tau MM' - E') * 1e54 after x (WAD) of the account remains; at target or above where it is not positive. */
  const missing = (input: twin.FractionInput, x: bigint): bigint => {
    const { marginBalance: e, linearMargin: a, sizeMargin: b, blindMargin, retained: c, targetRatio } = input;
    const maintenance = (x * a + blindMargin * WAD) * WAD + x * x * b;
    return targetRatio * maintenance - (x * e + (WAD - x) * c) * WAD * WAD;
  };

  it(`leaves the rest at target or above, and sells no more than it must: ${DRAWS} draws, seed ${seed}`, () => {
    const random = new Random(seed).for("inequality");
    let inside = 0;
    for (let i = 0; i < DRAWS; i++) {
      const values = account(random);
      const input = inputFrom(values);
      const { marginBalance: e, linearMargin: a, sizeMargin: b, blindMargin, retained, targetRatio } = input;
      if ([e, a, b, blindMargin, retained].some((value) => value >= 1n << 127n || value < -(1n << 127n))) continue;
      const label = values.join(", ");
      const x = WAD - twin.maxFractionUp(input);
      const bound = retained * WAD - targetRatio * blindMargin;

      if (bound <= 0n) {
        expect(x, `f = 1 without c: ${label}`).to.equal(0n);
        continue;
      }
      expect(missing(input, x) <= 0n, `at target: ${label}`).to.equal(true);
      if (x === WAD) continue;
      // Two wei of x more (one for WAD, one for the digits that shifting cuts) and the rest would be below target.
      expect(missing(input, x + 2n) > 0n, `no more than it must: ${label}`).to.equal(true);
      if (x > 0n) inside++;
    }
    expect(inside, "draws with 0 < f < 1").to.be.greaterThan(DRAWS / 10);
  });

  it("sells (tau MM - E) / (tau MM - E + c) when the add-on is 0 (LIQ-03)", () => {
    // MM 100, E 90, c 80: 25 / 105. Whole units, so that the figure can be checked by hand.
    const input = inputFrom([90n * WAD, 100n * WAD, 0n, 0n, 80n * WAD, TARGET_RATIO]);
    expect(twin.maxFractionUp(input)).to.equal((25n * WAD) / 105n + 1n);
  });

  it("deleverages (tau MM - E) / (tau MM - penalty) when the add-on is 0 (LIQ-06)", () => {
    // MM 100, E 90, penalty 10: 25 / 105.
    const fraction = twin.deleverageFractionUp({
      marginBalance: 90n * WAD,
      penalty: 10n * WAD,
      linearMargin: 100n * WAD,
      sizeMargin: 0n,
      blindMargin: 0n,
      targetRatio: TARGET_RATIO,
    });
    expect(fraction).to.equal((25n * WAD) / 105n + 1n);
  });

  it("takes the root for K < 0 where the add-on is most of the margin (LIQ-03)", () => {
    // tau 1, A 0, B 100, E 60, c 40: K = -20, 100 x^2 - 20 x = 40, x = (20 + sqrt(16400)) / 200 = 0.74031...
    const input = inputFrom([60n * WAD, 0n, 100n * WAD, 0n, 40n * WAD, WAD]);
    expect(twin.maxFractionUp(input)).to.equal(WAD - 740_312_423_743_284_868n);
  });
});

import { expect } from "chai";
import { network } from "hardhat";
import { WAD } from "../../../sdk/math/constants.ts";
import * as twin from "../../../sdk/math/TrancheMath.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

const HIGHEST = (1n << 256n) - 1n;
const MAX_SHARES = 10n ** 9n;

/** Value and supply of a tranche: any, at and beside the price at which its shares die, and worth nothing. */
function tranche(random: Random): readonly [value: bigint, supply: bigint] {
  const supply = random.uintOrBeyond(128n);
  if (random.oneIn(3n)) {
    const dying = supply / MAX_SHARES + random.pick([-1n, 0n, 1n]);
    const value = random.pick([dying, WAD / 100n - 1n, WAD / 100n, 0n]);
    return [value < 0n ? 0n : value, supply];
  }
  return [random.uintOrBeyond(96n), supply];
}

describe("TrancheMath and its twin (CVR-01, CVR-05, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessTrancheMath"),
    [
      twinCase({ name: "isSpent", draw: tranche, twin: twin.isSpent }),
      twinCase({
        name: "toSharesDown",
        draw: (random) => [random.uintOrBeyond(96n), ...tranche(random)],
        twin: twin.toSharesDown,
      }),
      twinCase({
        name: "toSharesUp",
        draw: (random) => [random.uintOrBeyond(96n), ...tranche(random)],
        twin: twin.toSharesUp,
      }),
      twinCase({
        name: "toAssetsDown",
        draw: (random) => {
          const [value, supply] = tranche(random);
          return [random.flag() ? random.between(0n, supply) : random.uintOrBeyond(128n), value, supply];
        },
        twin: twin.toAssetsDown,
      }),
      twinCase({ name: "priceDown", draw: tranche, twin: twin.priceDown }),
    ],
  );

  // Two equal mistakes agree with each other: these numbers are worked out by hand.
  it("CVR-01: the first deposit gets a share for each wei, and nobody can make the next one worth nothing", () => {
    expect(twin.toSharesDown(100n * WAD, 0n, 0n)).to.equal(100n * WAD);
    // One wei of shares, then a value of a million units behind it: the next 100 units get 100e18 * 1,000,001 / (1e24 + 1e6) = 100 wei.
    expect(twin.toSharesDown(100n * WAD, 10n ** 24n, 1n)).to.equal(100n);
    // He who paid for the million owns one of 1,000,001 wei of shares: (1e24 + 1e6) / 1,000,001, about one unit.
    expect(twin.toAssetsDown(1n, 10n ** 24n, 1n)).to.equal(999_999_000_001_000_000n);
  });

  it("CVR-05: half a tranche lost is half of every share; rounding leaves a wei with those who stay", () => {
    const [value, supply] = [50n * WAD, 100n * WAD];
    // 1e18 * (50e18 + 1e6) / (100e18 + 1e6): the virtual shares have lost nothing.
    expect(twin.priceDown(value, supply)).to.equal(500_000_000_000_004_999n);
    expect(twin.toAssetsDown(supply, value, supply), "all that is there and no more").to.equal(value);
    expect(twin.toSharesUp(1n, value, supply)).to.equal(2n);
    expect(twin.toAssetsDown(1n, value, supply)).to.equal(0n);
  });

  it("CVR-05: shares die below a hundredth of a unit and a price of 1e-9, and not at either", () => {
    const supply = 10n ** 24n;
    expect(twin.isSpent(10n ** 15n - 1n, supply)).to.equal(true);
    expect(twin.isSpent(10n ** 15n, supply), "a wei for 1e9 shares").to.equal(false);
    expect(twin.isSpent(WAD / 100n - 1n, HIGHEST)).to.equal(true);
    expect(twin.isSpent(WAD / 100n, HIGHEST), "a hundredth of a unit").to.equal(false);
    // A deposit into it is a first one, but for what is left.
    expect(twin.toSharesDown(WAD, 0n, supply)).to.equal(WAD);
  });
});

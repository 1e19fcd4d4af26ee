import { expect } from "chai";
import { network } from "hardhat";
import { DecimalsError, NumberOutOfRangeError } from "../../../sdk/errors.ts";
import * as twin from "../../../sdk/units.ts";
import { itAgreesWithItsTwin, twinCase } from "../support/differential.ts";
import type { Random } from "../support/random.ts";

const { ethers } = await network.create();

/** 0 to 18, and now and then what listing refuses: as much as a byte holds. */
const decimals = (random: Random): bigint => (random.oneIn(20n) ? random.uint(8n) : random.between(0n, 18n));
/** Amounts of a supply, and whole units with a neighbour. */
const amount = (random: Random): bigint => {
  if (random.oneIn(4n)) return random.uint(90n) * 10n ** random.between(0n, 18n) + random.pick([0n, 1n]);
  return random.uintOrBeyond(190n);
};

describe("TokenUnits and its twin (spec section 1, SDK-01)", () => {
  itAgreesWithItsTwin(
    () => ethers.deployContract("LibraryHarnessTokenUnits"),
    (["toWad", "toNativeDown", "toNativeUp"] as const).map((name) =>
      twinCase({
        name,
        draw: (random) => [amount(random), decimals(random)],
        twin: (value: bigint, places: bigint) => twin[name](value, Number(places)),
      }),
    ),
  );

  // Two equal mistakes agree with each other: these numbers are worked out by hand.
  it("6 decimals: down when paid out, up when charged, exact into WAD", () => {
    expect(twin.toWad(1_234_567n, 6)).to.equal(1_234_567_000_000_000_000n);
    expect(twin.toNativeDown(1_999_999_999_999n, 6)).to.equal(1n);
    expect(twin.toNativeUp(1_000_000_000_001n, 6)).to.equal(2n);
    expect([twin.toNativeDown(10n ** 12n, 6), twin.toNativeUp(10n ** 12n, 6)]).to.deep.equal([1n, 1n]);
    expect([twin.toNativeUp(0n, 6), twin.toNativeUp(1n, 0), twin.toNativeUp(7n, 18)]).to.deep.equal([0n, 1n, 7n]);
  });

  it("SDK-01: more than 18 decimals, and what is no number of them, are refused by name; so is what 256 bits do not hold", () => {
    for (const wrong of [19, 255, -1, 6.5]) {
      expect(() => twin.toWad(1n, wrong)).to.throw(DecimalsError, `${wrong} decimals`);
      expect(() => twin.toNativeDown(1n, wrong)).to.throw(DecimalsError);
      expect(() => twin.toNativeUp(1n, wrong)).to.throw(DecimalsError);
    }
    expect(() => twin.toWad(1n << 255n, 6)).to.throw(NumberOutOfRangeError);
  });
});

import { expect } from "chai";
import { network } from "hardhat";

import { NumberOutOfRangeError } from "../../../sdk/errors.ts";
import { decayed } from "../../../sdk/math/FundingMath.ts";
import { blindMoveUp } from "../../../sdk/math/VolatilityMath.ts";

const LOWEST = -(1n << 255n);
const HIGHEST = (1n << 256n) - 1n;

/* Found by `npm run test:deep`: the chain's arithmetic is checked step by step, also where the end result would fit. */
describe("corners where the chain reverts and a twin must fail too (SDK-01, P-TWIN-01)", () => {
  it("SDK-01, CLR-05: the lowest velocity has no positive counterpart", async () => {
    const { ethers } = await network.create();
    const harness = await ethers.deployContract("LibraryHarnessFundingMath");
    await expect(harness.decayed(LOWEST, 0n)).to.be.revertedWithPanic(0x11);
    expect(() => decayed(LOWEST, 0n)).to.throw(NumberOutOfRangeError);
    expect(decayed(LOWEST + 1n, 0n)).to.equal(await harness.decayed(LOWEST + 1n, 0n));
  });

  it("SDK-01, ORC-07: a variance that overflows before it is multiplied by an age of 0", async () => {
    const { ethers } = await network.create();
    const harness = await ethers.deployContract("LibraryHarnessVolatilityMath");
    await expect(harness.blindMoveUp(HIGHEST, 0n)).to.be.revertedWithPanic(0x11);
    expect(() => blindMoveUp(HIGHEST, 0n)).to.throw(NumberOutOfRangeError);
    expect(blindMoveUp(HIGHEST / 16n, 0n)).to.equal(await harness.blindMoveUp(HIGHEST / 16n, 0n));
  });
});

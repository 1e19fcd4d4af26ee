import { expect } from "chai";

/** Like chai's closeTo, which Hardhat's matchers replace by one for whole numbers. */
export function expectNear(actual: number, expected: number, tolerance: number, message = ""): void {
  const apart = Math.abs(actual - expected);
  expect(apart, `${message}: ${actual} and ${expected}`).to.be.at.most(tolerance);
}

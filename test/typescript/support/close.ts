import { expect } from "chai";

/**
 * For real numbers: once Hardhat's matchers are loaded, `closeTo` takes whole ones only.
 *
 * @param tolerance largest distance, the same unit
 */
export function expectClose(found: number, expected: number, tolerance: number, what = "value"): void {
  const isClose = Math.abs(found - expected) <= tolerance; // False for what is no number.
  expect(isClose, `${what}: ${found} is not within ${tolerance} of ${expected}`).to.equal(true);
}

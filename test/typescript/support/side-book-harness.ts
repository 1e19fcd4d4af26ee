import { expect } from "chai";
import type { network } from "hardhat";

import type { SideBook } from "./side-book.ts";

type Ethers = Awaited<ReturnType<typeof network.create>>["ethers"];

const WORD_DIGITS = 64;
const SETTINGS = {
  minMaintenanceMargin: 0n,
  bandBps: 0,
  takerFeeBps: 0,
  fundFeeShareBps: 0,
  negativeCashShareBps: 0,
  negativeCashCapBps: 0,
};

/** The house's positions and sides without the house. */
export async function deploySideBook(ethers: Ethers) {
  const token = await ethers.deployContract("MockToken", ["Test Dollar", "USDT", 6]);
  const address = await token.getAddress();
  const links = { accessManager: address, oracle: address, settlementToken: address, feeRecipient: address };
  return ethers.deployContract("SideBookHarness", [{ ...links, ...SETTINGS }]);
}

/** Compares the harness's state with the twin's, word by word. */
export function expectSameWords(state: string, book: SideBook, when: string): void {
  const expected = book.words().map((word) => BigInt.asUintN(256, word));
  expect(state.length, "size of the state").to.equal(2 + WORD_DIGITS * expected.length);
  expected.forEach((word, i) => {
    const found = state.slice(2 + i * WORD_DIGITS, 2 + (i + 1) * WORD_DIGITS);
    const wanted = word.toString(16).padStart(WORD_DIGITS, "0");
    if (found !== wanted) expect.fail(`${when}: word ${i} is 0x${found}, twin 0x${wanted}`);
  });
}

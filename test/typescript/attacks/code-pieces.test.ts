import { globSync, readFileSync } from "node:fs";

import { expect } from "chai";

import { artifacts, compiledOf } from "../../../scripts/bench/build-output.ts";
import type { Artifact } from "../../../scripts/bench/build-output.ts";

/*
 * A contract that is larger than a chain takes goes on in other pieces, by delegatecall on its own storage (CodePiece). Two things must
 * hold then: all pieces mean the same slots, and nobody else's code is ever run that way.
 */

/** The first piece, and those that it goes on in. */
const PIECES: Readonly<Record<string, readonly string[]>> = {
  ClearingHouse: ["ClearingHouseExtension", "ClearingHouseRegistry", "ClearingHouseTreasury"],
  CoverageVault: ["CoverageVaultExtension", "CoverageVaultTreaties"],
  InsuranceFund: ["ReserveInvestments"],
};

const [CALLCODE, DELEGATECALL, SELFDESTRUCT] = [0xf2, 0xf4, 0xff];
const [PUSH1, PUSH32, INVALID] = [0x60, 0x7f, 0xfe];
const WORD = 32;

const isOurs = ({ inputSourceName = "" }: Artifact) =>
  inputSourceName.startsWith("project/contracts/") && !inputSourceName.startsWith("project/contracts/mocks/");
const OURS = artifacts().filter(isOurs);

/** Contracts whose code goes on in another piece. */
const GOES_ON = globSync("contracts/**/*.sol")
  .filter((file) => readFileSync(file, "utf8").includes("function _nextPiece() internal view override"))
  .map((file) => /(\w+)\.sol$/.exec(file)?.[1] ?? "")
  .sort();

function compiled(name: string) {
  const artifact = OURS.find(({ contractName }) => contractName === name);
  const found = artifact && compiledOf(artifact);
  if (found === undefined) throw new Error(`${name} was not built`);
  return found;
}

/** Each variable with its slot; compilers number the types of each contract anew. */
function layoutOf(name: string): string[] {
  const storage = compiled(name).storageLayout?.storage;
  if (storage === undefined) throw new Error(`${name} was built without its storage layout`);
  return storage.map(({ slot, label, type }) => `${slot} ${label} ${type.replaceAll(/\)\d+/g, ")")}`);
}

/**
 * Instructions that stand in a runtime code; what a PUSH carries is none, nor is what follows the code: its metadata, and before them words that
 * the compiler copies from there, behind an INVALID.
 */
function instructionsOf(code: string): Set<number> {
  const bytes = Buffer.from(code, "hex");
  const end = bytes.length < 2 ? 0 : bytes.length - 2 - bytes.readUInt16BE(bytes.length - 2);
  const found = new Set<number>();
  for (let at = 0; at < end; ++at) {
    const instruction = bytes[at] ?? 0;
    if (instruction === INVALID && (end - at - 1) % WORD === 0) break;
    found.add(instruction);
    if (instruction >= PUSH1 && instruction <= PUSH32) at += instruction - PUSH1 + 1;
  }
  return found;
}

describe("attack: one piece of a contract writes what another means otherwise, or somebody else's code runs on its storage", () => {
  it("R5: all pieces of a contract have the first one's slots, as far as they go", () => {
    for (const [first, others] of Object.entries(PIECES)) {
      const layout = layoutOf(first);
      expect(layout, first).to.have.length.above(2);
      for (const other of others) {
        const own = layoutOf(other);
        expect(own, other).to.have.length.above(2);
        expect(own, `${other} on the storage of ${first}`).to.deep.equal(layout.slice(0, own.length));
      }
    }
    const known = Object.entries(PIECES).flat(2);
    for (const name of GOES_ON) expect(known, `${name} goes on in a piece that is not compared`).to.include(name);
  });

  it("R5, R1a: delegatecall stands in the code of those that go on in a piece, and in no other; selfdestruct and callcode nowhere", () => {
    const having = (instruction: number) =>
      OURS.filter((artifact) => {
        const object = compiledOf(artifact)?.evm.deployedBytecode.object ?? "";
        return instructionsOf(object.replaceAll(/__\$\w{34}\$__/g, "0".repeat(40))).has(instruction);
      })
        .map(({ contractName }) => contractName)
        .sort();
    expect(OURS.length).to.be.greaterThan(50);
    expect(having(DELEGATECALL)).to.deep.equal(GOES_ON);
    expect(having(SELFDESTRUCT)).to.deep.equal([]);
    expect(having(CALLCODE)).to.deep.equal([]);
  });
});

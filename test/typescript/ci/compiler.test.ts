import { createRequire } from "node:module";

import { expect } from "chai";
import withCallbacks from "solc/wrapper.js";

import { loadCompiler, rememberReads } from "../../../scripts/compiler/load.ts";
import type { Table } from "../../../scripts/compiler/load.ts";

interface Compiler {
  version(): string;
  compile(input: string): string;
}
const compilerFrom = withCallbacks as unknown as (soljson: unknown) => Compiler;
const require = createRequire(import.meta.url);

const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (code: Uint8Array) => object;
    Instance: new (module: object) => { readonly exports: Record<string, () => number> };
    Table: { readonly prototype: Table; new (size: { element: "anyfunc"; initial: number; maximum: number }): Table };
  };
};

/** A module of two functions, `a` that gives 1 and `b` that gives 2. */
const TWO_FUNCTIONS = Uint8Array.from(
  Buffer.from("0061736d010000000105016000017f030302000007090201610000016200010a0b02040041010b040041020b", "hex"),
);

/** The compiler as its package gives it, and as we load it: two that share nothing. */
function bothCompilers(): { published: Compiler; ours: Compiler } {
  const file = require.resolve("solc/soljson.js");
  const read = (load: () => unknown) => {
    Reflect.deleteProperty(require.cache, file);
    return compilerFrom(load());
  };
  return { published: read(() => require(file) as unknown), ours: read(() => loadCompiler("solc")) };
}

/** The entries of any table that are read in earnest meanwhile. */
function readsDuring(work: () => void): number[] {
  const { prototype } = WebAssembly.Table;
  const get = Object.getOwnPropertyDescriptor(prototype, "get")!;
  const reads: number[] = [];
  Object.defineProperty(prototype, "get", {
    ...get,
    value(this: Table, index: number): unknown {
      reads.push(index);
      return (get.value as Table["get"]).call(this, index);
    },
  });
  try {
    work();
  } finally {
    Object.defineProperty(prototype, "get", get);
  }
  return reads;
}

/** A table with `a` alone that remembers, and has room for one more. */
function smallTable() {
  const { a, b } = new WebAssembly.Instance(new WebAssembly.Module(TWO_FUNCTIONS)).exports;
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 1, maximum: 2 });
  table.set(0, a);
  rememberReads(table);
  return { table, a, b };
}

const inputOf = (content: string) =>
  JSON.stringify({
    language: "Solidity",
    sources: { "A.sol": { content } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { "*": { "": ["ast"], "*": ["abi", "metadata", "evm.bytecode", "evm.deployedBytecode"] } },
    },
  });
const HEADER = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.37;\n";
const SMALL = inputOf(
  `${HEADER}contract A { mapping(address => uint256) public held; function pay(uint256 x) external { held[msg.sender] += x / 3; } }`,
);

describe("The compiler, loaded so that it is quick", () => {
  const { published, ours } = bothCompilers();

  it("gives, byte for byte, what it gives as it is published", () => {
    expect(ours.version()).to.equal(published.version());
    expect(ours.compile(SMALL)).to.equal(published.compile(SMALL));
    expect(ours.compile(SMALL)).to.match(/"object":"60[0-9a-f]{200}/);
  });

  it("says the same of what does not compile, and compiles on", () => {
    for (const text of ["contract A { uint x = true; }", "contract A {", "import './B.sol'; contract A {}"]) {
      const input = inputOf(HEADER + text);
      expect(ours.compile(input)).to.equal(published.compile(input));
      expect(ours.compile(input)).to.contain('"severity":"error"');
    }
    expect(ours.compile(SMALL)).to.equal(published.compile(SMALL));
  });

  it("reads no entry of its table twice in a compilation, as the published one does", () => {
    const ofPublished = readsDuring(() => published.compile(SMALL));
    expect(new Set(ofPublished).size).to.be.lessThan(ofPublished.length);
    const ofOurs = readsDuring(() => ours.compile(SMALL));
    expect(new Set(ofOurs).size).to.equal(ofOurs.length);
  });

  it("leaves other modules and other tables as they are", () => {
    const before = WebAssembly.Instance;
    loadCompiler("solc");
    expect(WebAssembly.Instance).to.equal(before);
    expect(() => loadCompiler("solc-of-no-version")).to.throw("solc-of-no-version");
    expect(WebAssembly.Instance).to.equal(before);
    const other = new WebAssembly.Table({ element: "anyfunc", initial: 1, maximum: 2 });
    const reads = readsDuring(() => expect([other.get(0), other.get(0)]).to.deep.equal([null, null]));
    expect(reads).to.deep.equal([0, 0]);
  });

  it("reads again what has been set", () => {
    const { table, a, b } = smallTable();
    const reads = readsDuring(() => {
      for (const entry of [a, b]) {
        table.set(0, entry);
        for (let time = 0; time < 3; time++) expect(table.get(0)).to.equal(entry);
      }
    });
    expect(reads).to.deep.equal([0, 0]);
  });

  it("reads what has been added, and refuses what is beyond the end as before", () => {
    const { table, a, b } = smallTable();
    expect(table.get(0)).to.equal(a);
    expect(() => table.get(1)).to.throw(RangeError);
    expect(table.grow(1)).to.equal(1);
    expect(table.get(1)).to.equal(null);
    table.set(1, b);
    expect([table.get(0), table.get(1)]).to.deep.equal([a, b]);
    expect(() => table.grow(1)).to.throw(RangeError);
    expect([table.get(0), table.get(1)]).to.deep.equal([a, b]);
  });
});

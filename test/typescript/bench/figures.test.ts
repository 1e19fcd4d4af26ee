import { expect } from "chai";

import { FLOORS, floorOf } from "../../../scripts/bench/floors.ts";
import { ROWS } from "../../../scripts/bench/rows.ts";
import { differencesBetween } from "../../../scripts/bench/snapshot.ts";
import { summary, table, toJson } from "../../../scripts/bench/table.ts";
import type { Result } from "../../../scripts/bench/table.ts";
import { costsOfCalls, executionGas, newSlots } from "../../../scripts/bench/trace.ts";
import type { Step } from "../../../scripts/bench/trace.ts";

const step = (depth: number, op: string, gas: number, gasCost = 0): Step => ({ pc: 0, depth, op, gas, gasCost });

/** A frame that calls twice and writes a new slot and an old one. */
const TRACE = [
  step(1, "PUSH1", 100_000, 3),
  step(1, "CALL", 99_997),
  step(2, "SLOAD", 60_000, 2_100),
  step(2, "RETURN", 57_900),
  step(1, "CALL", 95_297),
  step(2, "STOP", 60_000),
  step(1, "SSTORE", 95_197),
  step(1, "SSTORE", 73_097),
  step(1, "STOP", 70_197, 0),
];

describe("bench, reading a trace", () => {
  it("counts what the first instruction had less what the last one left", () => {
    expect(executionGas(TRACE)).to.equal(100_000 - 70_197);
    expect(executionGas([step(1, "RETURN", 500, 7)])).to.equal(7);
  });

  it("tells what each call of the outermost frame has cost", () => {
    expect(costsOfCalls(TRACE)).to.deep.equal([4_700, 100]);
  });

  it("tells a slot that was zero from one that was not", () => {
    expect(newSlots(TRACE)).to.equal(1);
  });
});

describe("bench, floors", () => {
  // performance.md, section G: what its skeletons were measured to need, and the Transfer event of a share (1,756).
  const measured = {
    "vault-deposit": 30_322 + 1_756,
    "vault-redeem": 28_133 + 1_756,
    draw: 7_536,
    "draw-collect": 22_976,
    // The skeleton wrote one slot of the purchase; since then a second one, the model with its terms, the product and the curve.
    "cover-buy": 47_702 + 22_100 + 2_600 + 3 * 2_100 + 5_000 + 375 * 2 + 2 * 256,
    "cover-redeem": 28_325,
    // Two feeds as the skeleton measured them; Pyth's account and two words.
    refresh: 2 * 18_159 + 2_600 + 2 * 2_100,
    "price-cached": 4_700,
  };
  for (const [key, gas] of Object.entries(measured)) {
    it(`adds up to the measured skeleton: ${key}`, () => expect(floorOf(key)).to.equal(gas));
  }

  it("has a breakdown for every row that names one, and no other", () => {
    const named = new Set(ROWS.flatMap(({ floor }) => (floor === undefined ? [] : [floor])));
    expect([...named].sort()).to.deep.equal(Object.keys(FLOORS).sort());
  });

  it("is below its goal in every row, but where cover is bought: its state has grown since the goal was set", () => {
    for (const { key, goal, floor } of ROWS) {
      if (goal === undefined || floor === undefined) continue;
      if (key === "cover-buy") expect(floorOf(floor), key).to.be.greaterThan(goal);
      else expect(floorOf(floor), key).to.be.lessThan(goal);
    }
  });
});

describe("bench, table", () => {
  const peer = { name: "peer", gas: 300, origin: "somewhere" };
  const over: Result = { row: { key: "a", operation: "first", markets: 2, goal: 100 }, gas: 150, fresh: 0, peer };
  const under: Result = {
    row: { key: "b", operation: "second", goal: 100 },
    gas: 100,
    fresh: undefined,
    peer: undefined,
  };

  it("marks a row over its goal and says by how much", () => {
    const [, first, second] = table([over, under]).split("\n");
    expect(first).to.match(/^! first +2 +150 +0 +100 +1\.50 +\+50 +300 +peer, somewhere$/);
    expect(second).to.match(/^ {2}second +100 +100 +1\.00$/);
    expect(summary([over, under])).to.equal("1 of 2 goals reached; missed: a by 50.");
  });

  it("writes operation, gas, floor, goal and peer of each row", () => {
    expect(toJson([over, under])).to.deep.equal([
      {
        operation: "first, markets: 2",
        gas: 150,
        floor: null,
        goal: 100,
        peer: "peer",
        peerGas: 300,
        peerOrigin: "somewhere",
      },
      { operation: "second", gas: 100, floor: null, goal: 100, peer: null, peerGas: null, peerOrigin: null },
    ]);
  });
});

describe("bench, snapshot", () => {
  const stored = new Map([
    ["bid", 100],
    ["fill", 50],
  ]);

  it("finds no difference where there is none", () => {
    expect(differencesBetween(stored, new Map([...stored].reverse()))).to.deep.equal([]);
  });

  it("lists a figure that is one gas off, one that is missing and one that is new", () => {
    const measured = new Map([
      ["bid", 99],
      ["health", 7],
    ]);
    expect(differencesBetween(stored, measured)).to.deep.equal([
      "bid: 100 in the snapshot, now 99 (-1)",
      "fill: 50 in the snapshot, not measured now",
      "health: not in the snapshot, now 7",
    ]);
  });
});

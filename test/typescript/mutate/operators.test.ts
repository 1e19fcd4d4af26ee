import { expect } from "chai";

import { parse } from "../../../scripts/instrument/tree.ts";
import type { Source } from "../../../scripts/instrument/tree.ts";
import { definitionsIn, findMutants } from "../../../scripts/mutate/find.ts";
import type { Mutant, Operator } from "../../../scripts/mutate/mutant.ts";
import { TINY, TINY_SOURCES } from "./tiny.ts";

describe("mutate, what is found in a contract", () => {
  let mutants: readonly Mutant[] = [];
  before(() => {
    const parsed = parse(TINY_SOURCES);
    mutants = findMutants(parsed.get(TINY) as Source, TINY, definitionsIn(parsed.values()));
  });

  const found = (operator: Operator) =>
    mutants.filter((mutant) => mutant.operator === operator).map(({ before, after }) => `${before} => ${after}`);

  const expected: Readonly<Record<Exclude<Operator, "constant">, readonly string[]>> = {
    rounding: ["Round.divDown(amount, 3) => Round.divUp(amount, 3)"],
    comparison: [
      "a < b => a <= b",
      "a > b => a >= b",
      "kept >= most => kept > most",
      "amount > LIMIT => amount >= LIMIT",
      "amount == 7 => amount != 7",
      "i < part => i <= part",
      "part == 0 => part != 0",
    ],
    arithmetic: [
      "a / b => a * b",
      "(a + b - 1) / b => (a + b - 1) * b",
      "a + b - 1 => a + b + 1",
      "a + b => a - b",
      "kept += amount; => kept -= amount;",
      "junior++; => junior--;",
      "part * 4 => part / 4",
    ],
    layer: ["kept += amount; junior = amount; => junior = amount; kept += amount;", "layers.reserve => layers.junior"],
    statement: [
      "kept += amount; => ",
      "junior = amount; => ",
      "part = Round.divDown(amount, 3); => ",
      "junior = part; => ",
      "junior++; => ",
      "junior = 0; => ",
      "kept = Round.min(kept, part * 4); => ",
    ],
    guard: ["kept >= most => false", "amount > LIMIT => false"],
    modifier: ["below(LIMIT / 2) => "],
    condition: [
      "a < b => !(a < b)",
      "a > b => !(a > b)",
      "kept >= most => !(kept >= most)",
      "amount > LIMIT => !(amount > LIMIT)",
      "amount == 7 => !(amount == 7)",
      "part == 0 => !(part == 0)",
    ],
    extreme: ["Round.min(kept, part * 4) => Round.max(kept, part * 4)"],
  };
  for (const [operator, list] of Object.entries(expected)) {
    it(`finds every ${operator}, and no other`, () => {
      expect(found(operator as Operator)).to.have.members(list);
    });
  }

  it("finds numbers and names of constants where their type can be told, one mistake for each", () => {
    const places = mutants.filter(({ operator }) => operator === "constant").map(({ before }) => before);
    expect(places).to.have.members(["1", "LIMIT", "7", "0", "0", "0", "4"]);
  });

  it("says where each stands and tells them apart", () => {
    expect(new Set(mutants.map(({ identity }) => identity)).size).to.equal(mutants.length);
    const guard = mutants.find(({ operator, before }) => operator === "guard" && before === "amount > LIMIT");
    // The letter before it takes two bytes.
    expect(guard?.line).to.equal(41);
  });
});

// The prover must be able to refuse: a false claim, a claim it cannot reach, a file that claims nothing, a bug that
// breaks nothing. And what proofs read in place of bits must be the same.
import { READINGS } from "./sources.mjs";

const CLAIM = "// P-SELF-01: says it\n// bounds: all\n// bug: ";
const file = (engine, body) =>
  `// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n/// @title Self-test\n` +
  `${engine ? `/// prove-engine: ${engine}\n` : ""}contract SelfTest {\n${body}\n}\n`;

const inBmc = (from, to, claim, target = "types/Margin") =>
  file(
    "bmc",
    `function f(uint64 a) external pure { Health memory h; h.linearMargin = a;\n` +
      `// P-SELF-01: says it\n// bounds: all\n// bug in ${target}: "${from}" -> "${to}"\nassert(${claim}); }`,
  ).replace("/// @title", `import {Health} from "../../contracts/types/Margin.sol";\n/// @title`);
const SUM = "health.linearMargin + health.sizeMargin";
const SUM_IS = "h.maintenanceMargin() == a";

/** A model with two switches: b is set as soon as a is. */
const inChc = (bug, claim, above = "") =>
  file(
    "chc",
    "bool a; bool b; function set() external { a = true; b = true; } function unset() external { a = false; }\n" +
      `function ok() external view {\n${above}${CLAIM}${bug}\nassert(${claim}); }`,
  );
const LOSE = '"a = true; b" -> "a = true; a"';

/** [name, source, what a failure must contain; undefined when the file must be proved and its bug refuted] */
export const SELF_TESTS = [
  ["true by bmc", inBmc(SUM, "health.sizeMargin", SUM_IS), undefined],
  ["false by bmc", inBmc(SUM, "health.sizeMargin", "h.maintenanceMargin() > a"), "Assertion violation happens"],
  [
    "a branch that is not taken",
    inBmc(SUM, "0", "a <= 50")
      .replace("h.linearMargin = a;", "uint256 b; if (a > 50) b = id(1); else b = id(50 - a);")
      .replace("function f", "function id(uint256 a) internal pure returns (uint256) { return a; } function f"),
    "Assertion violation happens",
  ],
  ["true by chc", inChc(LOSE, "b || !a"), undefined],
  ["false by chc", inChc(LOSE, "a || !b"), "Assertion violation happens"],
  ["a bug that breaks nothing", inChc('"a = false;" -> "b = b;"', "b || !a"), "still proved"],
  ["a bug that is nowhere", inChc('"a = maybe;" -> ""', "b || !a"), "stands nowhere in the code"],
  ["a bug at many places", inChc('"true" -> "false"', "b || !a"), "say which"],
  ["a bug of the claim itself", inChc('"b || !a" -> "a || !b"', "b || !a"), "changes the assertion"],
  ["a bug that does not compile", inChc('"a = true; b" -> "c"', "b || !a"), "not refuted"],
  ["a bug that breaks another claim", inChc(LOSE, "b || !b", "assert(b || !a);\n"), "three lines above"],
  [
    "a bug of the proof by bmc",
    file("bmc", `function f() external pure {\n${CLAIM}"x" -> "y"\nassert(true); }`),
    "bug in",
  ],
  [
    "overflow",
    inBmc("a", "b", "a + uint256(type(uint256).max) >= a").replace("\ncontract", "\n/// prove-arithmetic\ncontract"),
    "Overflow",
  ],
  ["no engine", file("", `${CLAIM}"a" -> "b"\nassert(true);`), "name the engine"],
  ["no assertion", file("bmc", "uint256 n;"), "asserts nothing"],
  ["no id", file("bmc", "function f() external pure { assert(true); }"), "three lines above"],
  ["no such import", inBmc(SUM, "0", SUM_IS) + 'import { A } from "./A.sol";', "neither in"],
];

const EDGES = [
  0n,
  1n,
  2n ** 64n,
  2n ** 127n,
  2n ** 128n - 1n,
  2n ** 128n,
  2n ** 128n + 1n,
  2n ** 255n,
  2n ** 256n - 1n,
];

/** Pairs of numbers at which what proofs read is not what the code says. */
export function wrongReadings() {
  return READINGS.filter(({ agree }) => agree).flatMap(({ file: path, from, agree }) =>
    EDGES.flatMap((a) => EDGES.filter((b) => !agree(a, b)).map((b) => `${path}: "${from}" differs for ${a}, ${b}`)),
  );
}

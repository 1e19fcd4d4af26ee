// The prover must be able to refuse: a false claim, a claim it cannot reach, and a file that claims nothing.

const file = (engine, body) =>
  `// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n${engine ? `/// prove-engine: ${engine}\n` : ""}contract SelfTest {\n${body}\n}\n`;

const HALF = "function half(uint256 a) external pure { unchecked { uint256 b = a / 2; assert(CLAIM); } }";
const PAIR =
  "bool a; bool b; function set() external { a = true; b = true; } function unset() external { a = false; }\n" +
  "function ok() external view { assert(CLAIM); }";

/** [name, source, what a failure must contain; undefined when the file must be proved] */
export const SELF_TESTS = [
  ["true by bmc", file("bmc", HALF.replace("CLAIM", "b <= a")), undefined],
  ["false by bmc", file("bmc", HALF.replace("CLAIM", "b < a")), "Assertion violation"],
  ["true by chc", file("chc", PAIR.replace("CLAIM", "b || !a")), undefined],
  ["false by chc", file("chc", PAIR.replace("CLAIM", "a || !b")), "Assertion violation"],
  ["overflow", file("bmc", "function f(uint256 a) external pure { assert(a + 1 > a); }"), "Overflow"],
  ["no engine", file("", HALF.replace("CLAIM", "b <= a")), "name the engine"],
  ["no assertion", file("bmc", "uint256 n;"), "asserts nothing"],
  ["no such import", file("bmc", HALF.replace("CLAIM", "true")) + 'import { A } from "./A.sol";', "neither in"],
];

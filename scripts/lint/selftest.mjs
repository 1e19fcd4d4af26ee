// Every check of ours must be able to fail: each is fed sources with one fault and has to name it, and sources without
// fault and has to stay silent.
import { citedIn } from "./citations.mjs";
import { checkErrors } from "./errors.mjs";
import { checkReferences } from "./references.mjs";
import { checkRequirements } from "./requirements.mjs";
import { withoutPackageWarnings } from "../ci/process.mjs";
import { countTests, totalLine } from "../ci/total.mjs";
import { MAX_RUNTIME_BYTES, sizesOf } from "../ci/sizes.mjs";
import { checkSolidityImports, checkTypeScriptImports } from "./imports.mjs";
import { checkSolidityRules } from "./solidity-rules.mjs";

const HEAD = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n";
const rules = (path, text) => checkSolidityRules(new Map([[path, text]]));
const solidityRules = (path, text) => rules(path, text).complaints;
const solidityImports = (path, text) => checkSolidityImports(new Map([[path, text]]));
const typeScriptImports = (path, text) => checkTypeScriptImports(new Map([[path, text]]));
const inFunction = (statement) => `${HEAD}contract A { function f() external { ${statement} } }\n`;

/** [check, path, text, what the complaint must contain; undefined when there must be none] */
const CASES = [
  [solidityImports, "contracts/oracle/A.sol", 'import { B } from "../clearing/B.sol";', "upward from clearing/"],
  [
    solidityImports,
    "contracts/libraries/A.sol",
    'import { IB } from "../interfaces/IB.sol";',
    "upward from interfaces/",
  ],
  [solidityImports, "contracts/types/A.sol", 'import { B } from "../libraries/B.sol";', "upward from libraries/"],
  [solidityImports, "contracts/oracle/sources/A.sol", 'import { B } from "../../fund/B.sol";', "upward from fund/"],
  [solidityImports, "contracts/fund/A.sol", 'import { M } from "../mocks/M.sol";', "mocks are for tests only"],
  [solidityImports, "contracts/fund/A.sol", 'import "../mocks/M.sol";', "mocks are for tests only"],
  [solidityImports, "contracts/fund/A.sol", 'import {\n    M\n} from "../mocks/M.sol";', "A.sol:1"],
  [solidityImports, "contracts/fund/A.sol", 'import { T } from "../../test/T.sol";', "only contracts and packages"],
  [solidityImports, "contracts/fund/A.sol", 'import { T } from "../attic/T.sol";', "no known room"],
  [solidityImports, "contracts/fund/A.sol", 'import { T } from "contracts/types/T.sol";', "relative to the file"],
  [solidityImports, "contracts/fund/A.sol", 'import { console } from "hardhat/console.sol";', "for tests only"],
  [solidityImports, "contracts/attic/A.sol", "", "no known room"],
  [solidityImports, "contracts/A.sol", "", "no known room"],
  [typeScriptImports, "app/src/chain/a.ts", 'import { b } from "../hooks/b.ts";', "upward from hooks/"],
  [typeScriptImports, "app/src/components/a.tsx", 'import { b } from "../pages/trade/b.tsx";', "upward from pages/"],
  [typeScriptImports, "app/src/pages/trade/a.tsx", 'import { b } from "../../hooks/b.ts";', undefined],
  [solidityImports, "contracts/clearing/A.sol", 'import { B } from "../oracle/B.sol";', undefined],
  [solidityImports, "contracts/clearing/A.sol", 'import { B } from "./lib/B.sol";', undefined],
  [solidityImports, "contracts/clearing/A.sol", 'import { E } from "@openzeppelin/contracts/E.sol";', undefined],
  [solidityImports, "contracts/clearing/A.sol", '// import { B } from "../fund/B.sol";', undefined],
  [solidityImports, "contracts/mocks/A.sol", 'import { B } from "../periphery/B.sol";', undefined],
  [solidityImports, "test/solidity/A.t.sol", 'import { M } from "../../contracts/mocks/M.sol";', undefined],

  [typeScriptImports, "sdk/a.ts", 'import { b } from "../scripts/b.ts";', "must not import from scripts/"],
  [typeScriptImports, "sdk/x/a.ts", 'export { b } from "../../test/b.ts";', "must not import from test/"],
  [typeScriptImports, "sdk/a.ts", 'const b = await import("../deploy/b.ts");', "must not import from deploy/"],
  [typeScriptImports, "sdk/a.ts", 'import type { B } from "../deploy/b.ts";', "must not import from deploy/"],
  [typeScriptImports, "scripts/x/a.ts", 'import { b } from "../../test/b.ts";', "must not import from test/"],
  [
    typeScriptImports,
    "deploy/modules/a.ts",
    'import { b } from "../../scripts/b.ts";',
    "must not import from scripts/",
  ],
  [typeScriptImports, "sdk/a.ts", 'import { b } from "./b.ts";', undefined],
  [typeScriptImports, "scripts/x/a.ts", 'import { b } from "../../sdk/b.ts";', undefined],
  [typeScriptImports, "scripts/x/a.ts", 'import { b } from "../../deploy/modules/b.ts";', undefined],
  [typeScriptImports, "test/typescript/a.test.ts", 'import { b } from "../../scripts/b.ts";', undefined],

  [solidityRules, "contracts/fund/A.sol", `${HEAD}import "./B.sol";`, "no-wildcard-imports"],
  [solidityRules, "contracts/fund/A.sol", `${HEAD}import * as B from "./B.sol";`, "no-wildcard-imports"],
  [solidityRules, "contracts/fund/A.sol", `${HEAD}import "./B.sol" as B;`, "no-wildcard-imports"],
  [solidityRules, "test/solidity/A.t.sol", `${HEAD}import "./B.sol";`, "no-wildcard-imports"],
  [solidityRules, "contracts/fund/A.sol", inFunction('require(g(1, 2) > 0, "bad");'), "no-revert-strings"],
  [solidityRules, "contracts/fund/A.sol", inFunction("require(a > 0);"), "no-revert-strings"],
  [solidityRules, "contracts/fund/A.sol", inFunction('revert("bad");'), "no-revert-strings"],
  [solidityRules, "contracts/fund/A.sol", inFunction("revert(reason);"), "no-revert-strings"],
  [solidityRules, "contracts/fund/A.sol", inFunction("revert();"), "no-revert-strings"],
  [solidityRules, "contracts/fund/A.sol", "pragma solidity ^0.8.37;", "exact-pragma"],
  [solidityRules, "contracts/fund/A.sol", "contract A {}", "exact-pragma"],
  [solidityRules, "contracts/fund/A.sol", "// pragma solidity 0.8.37;", "exact-pragma"],
  [solidityRules, "contracts/fund/A.sol", `${HEAD}error Unauthorised();`, "error-names"],
  [solidityRules, "contracts/fund/A.sol", `${HEAD}error fund_Empty(uint256 a);`, "error-names"],
  [solidityRules, "contracts/fund/A.sol", inFunction('a.call("");'), "guarded-calls-only"],
  [solidityRules, "contracts/fund/A.sol", inFunction('a.call{ value: 1 }("");'), "guarded-calls-only"],
  [solidityRules, "contracts/fund/A.sol", inFunction("a.delegatecall(b);"), "guarded-calls-only"],
  [solidityRules, "contracts/fund/A.sol", inFunction("try a.f() {} catch {}"), "guarded-calls-only"],
  [solidityRules, "contracts/libraries/A.sol", inFunction("assembly { selfdestruct(0) }"), "guarded-calls-only"],
  [
    solidityRules,
    "contracts/libraries/A.sol",
    inFunction("assembly { let ok := delegatecall(gas(), a, 0, 0, 0, 0) }"),
    "guarded-calls-only",
  ],
  [solidityRules, "contracts/fund/A.sol", HEAD + "\n".repeat(398) + "contract A {}\n", "file-length"],
  [solidityRules, "contracts/fund/A.sol", `${HEAD}// TODO: later\n`, "no-leftovers"],
  [solidityRules, "test/solidity/A.t.sol", "/* FIXME */", "no-leftovers"],
  [
    solidityRules,
    "contracts/fund/A.sol",
    `${HEAD}import { B } from "./B.sol";\nimport {\n    C,\n    D as E\n} from "./C.sol";\nerror Fund_Empty(uint256 a);\n` +
      inFunction(
        "require(a > 0, Fund_Empty(a)); /* revert('x') */ if (retry) revert Fund_Empty(1); assembly { revert(0, 0) } b.callback(); string memory s = 'try .call(';",
      ).slice(HEAD.length),
    undefined,
  ],
  [solidityRules, "contracts/libraries/GuardedCall.sol", inFunction('a.call{ gas: g }("");'), undefined],
  [solidityRules, "contracts/mocks/Attacker.sol", inFunction('a.call("");'), undefined],
];

const artifact = (sourceName, bytes) => ({
  contractName: "A",
  sourceName,
  bytecode: `0x${"00".repeat(bytes)}`,
  deployedBytecode: `0x${"00".repeat(bytes)}`,
});

const shown = (text) => {
  const kept = [];
  const keep = withoutPackageWarnings((line) => kept.push(line));
  for (const line of text.split("\n")) keep(line);
  return kept.join("\n");
};

/** Whether the complaints have all of `wanted`, and none that begins with one of `unwanted`. */
const holdsAll = (complaints, wanted, unwanted) =>
  wanted.every((text) => complaints.includes(text)) &&
  !complaints.some((line) => unwanted.some((text) => line.startsWith(text)));

/** [what must hold, whether it does] */
const FACTS = [
  [
    "a file of 350 lines is warned about, not refused",
    rules("contracts/fund/A.sol", HEAD + "\n".repeat(347) + "contract A {}\n").warnings.length === 1 &&
      rules("contracts/fund/A.sol", HEAD + "\n".repeat(347) + "contract A {}\n").complaints.length === 0,
  ],
  ["a contract over the limit is found", sizesOf([artifact("contracts/fund/A.sol", MAX_RUNTIME_BYTES + 1)])[0].isOver],
  ["a contract at the limit is not", !sizesOf([artifact("contracts/fund/A.sol", MAX_RUNTIME_BYTES)])[0].isOver],
  ["a mock has no limit", sizesOf([artifact("contracts/mocks/A.sol", MAX_RUNTIME_BYTES + 1)]).length === 0],
  [
    "passed and failed tests are counted, the last summary being the one that counts",
    totalLine(
      countTests({ runner: "x", code: 1, output: "  9 passing is a title\n\n  12 passing (3s)\n  2 failing\n" }),
    ) === "12 passed, 2 failed",
  ],
  [
    "warnings about packages are left out, ours are shown",
    shown("a\nWarning: x\n --> ./node_modules/p/A.sol:1:1:\n  |\n\nWarning: y\n --> contracts/A.sol:1:1:\n  |\n\nb") ===
      "a\nWarning: y\n --> contracts/A.sol:1:1:\n  |\n\nb",
  ],
  [
    "a requirement without a row, without a test, with a path that is not there, with a folder or with tests that do not cite it is found",
    holdsAll(
      checkRequirements(
        "| R1 | `a.sol` | | |\n| R1 | `a.sol` | `gone.ts` | |\n| R3 | `a.sol` | `b.ts`, `c.ts` | |\n| R4 | `a.sol` | `d/e` | |\n",
        (path) => path !== "gone.ts",
        (path, id) => path === "c.ts" && id === "R3",
      ),
      [
        "R1: stands there twice",
        "R1: needs both code and test",
        "R1: gone.ts does not exist",
        "R1: no test named there cites it",
        "R4: d/e is a folder, not a test",
        "R2: missing",
      ],
      ["R3: no test named there cites it"],
    ),
  ],
  [
    "a test cites what its title says, in Solidity also what its name and its documentation say, and nothing else",
    [...citedIn("a.test.ts", 'it("R1a, CLR-06b: x", f); const s = "R2"; // R3')].join() === "R1a,CLR-06b" &&
      [...citedIn("a.t.sol", "/// @dev FND-02: x\n// R7\nfunction invariant_INV01to03_05_X() {}\n")].join() ===
        "FND-02,INV-01,INV-02,INV-03,INV-05" &&
      [...citedIn("a.t.sol", "function testFuzz_R2a_CLR09_x() {}\nfunction help_R4() {}\n")].join() === "R2a,CLR-09",
  ],
  [
    "a document's test that is not there is found, and so are titles without a file and files without a title",
    holdsAll(
      checkReferences(
        "a.md",
        '`test/a.test.ts`: "one"; "n is …". `test/b.t.sol`: "test_a"\n`test/a.test.ts`: "three"\n`test/gone.test.ts`: "x"\n' +
          '"alone"\n`test/a.test.ts`\n`test/b.t.sol`: "helper"\n`test/a.test.ts`: "said in passing"\n',
        (path) =>
          ({
            "test/a.test.ts": 'it("one", f); it(`n is ${n}`, f); say("said in passing"); // it("three", f)',
            "test/b.t.sol": "function test_a() {} function helper() {}",
          })[path],
      ),
      [
        'a.md:2: test/a.test.ts has no test "three"',
        "a.md:3: test/gone.test.ts does not exist",
        'a.md:4: "alone" is quoted without a file before it',
        "a.md:5: names no test of test/a.test.ts",
        'a.md:6: test/b.t.sol has no test "helper"',
        'a.md:7: test/a.test.ts has no test "said in passing"',
      ],
      ["a.md:1"],
    ),
  ],
  [
    "an error that no test names, or whose values none asserts, is found, and so is a list that is out of date",
    holdsAll(
      checkErrors(
        new Map([
          [
            "contracts/A.sol",
            "error A_1(); error A_2(uint256 a); error A_3(uint256 a); error A_4(uint256 a); // error A_5();",
          ],
          ["contracts/B.sol", "error B_1(\n    uint256 a\n); error B_2(uint256 a); error B_3(); error B_4();"],
        ]),
        new Map([
          ["test/a.test.ts", 'with(a, "A_2").withArgs(1n); with(a, "A_3"); with(a, "B_4")'],
          ["test/a.t.sol", "f(A.A_4.selector, 1); bytes4 b = B_1.selector; f(b, 1); g([B_2.selector, B_3.selector]);"],
        ]),
        { B_4: "has a test", C_1: "is not declared", A_1: "cannot happen" },
      ).complaints,
      [
        "error A_3: no test asserts its values (uint256 a)",
        "error B_2: no test asserts its values (uint256 a)",
        "error B_4: has a test now, take it off the list",
        "error C_1: is on the list and in no contract",
      ],
      ["error A_1", "error A_2", "error A_4", "error A_5", "error B_1", "error B_3"],
    ),
  ],
  [
    "an error that no test names is found",
    checkErrors(new Map([["contracts/A.sol", "error A_1();"]]), new Map(), {}).complaints.join() ===
      "error A_1: no test names it",
  ],
  [
    "an error that is named in a comment only is found",
    checkErrors(
      new Map([["contracts/A.sol", "error A_1(uint256 a);"]]),
      new Map([
        ["test/a.test.ts", '// with(a, "A_1").withArgs(1n)'],
        ["test/a.t.sol", "/* f(A.A_1.selector, 1); */"],
      ]),
      {},
    ).complaints.join() === "error A_1: no test names it",
  ],
  ["a run without tests fails", countTests({ runner: "x", code: 0, output: "" }).failed === 1],
  ["a run that crashes fails", countTests({ runner: "x", code: 1, output: "  3 passing\n" }).failed === 1],
];

/** @returns {{ count: number, complaints: string[] }} */
export function selfTest() {
  const complaints = [];
  for (const [check, path, text, expected] of CASES) {
    const found = check(path, text);
    const isRight = expected === undefined ? found.length === 0 : found.some((line) => line.includes(expected));
    if (isRight) continue;
    const wanted = expected === undefined ? "no complaint" : `"${expected}"`;
    complaints.push(`${path}: wanted ${wanted}, got ${JSON.stringify(found)} for:\n${text}`);
  }
  for (const [fact, holds] of FACTS) if (!holds) complaints.push(`does not hold: ${fact}`);
  return { count: CASES.length + FACTS.length, complaints };
}

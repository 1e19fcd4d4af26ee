// Coverage of both test runners, merged. Passed tests are not listed again: `npm test` does that.
// What is measured is what tests with a purpose reach: campaigns and replays, which call at random, do not count. Libraries
// are reached by their differential tests, with 500 draws instead of 10,000; their fuzz tests would add time and no line.
// `--solidity` leaves out the TypeScript tests, which take three times as long: that is what .ci/run has time for.
// Other arguments replace the choice of files.
// A whole run fails unless every line of contracts/ is reached, mocks apart, and so every statement.
import { existsSync, globSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { linesOf } from "./lines.ts";
import { hardhat, root } from "./process.mjs";

const lcov = join(root, "coverage", "lcov.info");
const isPassedTest = (line) => line.includes("✔");

const isAtRandom = (file) =>
  /[/\\](invariants|replay|bench)[/\\]|poker\.test\.ts$|solidity[/\\]libraries[/\\](?!GuardedCall|TokenUnits)/.test(
    file,
  );
const isShort = process.argv.includes("--solidity");
const patterns = ["test/solidity/**/*.t.sol", ...(isShort ? [] : ["test/typescript/**/*.test.ts"])];
const directedTests = () => globSync(patterns, { cwd: root }).filter((file) => !isAtRandom(file));
const chosen = process.argv.slice(2).filter((argument) => argument !== "--solidity");
process.env.BULWARK_CASES ??= "500";

rmSync(join(root, "coverage"), { recursive: true, force: true });
let passed = 0;
const { code } = await hardhat(["test", "--coverage", ...(chosen.length > 0 ? chosen : directedTests())], {
  onLine: (line) => (isPassedTest(line) ? passed++ : console.log(line)),
});

if (code !== 0) {
  console.log(`coverage: the tests failed when run with coverage (exit code ${code}).`);
  process.exitCode = 1;
} else if (passed === 0 || !existsSync(lcov) || statSync(lcov).size === 0) {
  console.log("coverage: nothing was measured.");
  process.exitCode = 1;
} else {
  const read = (file) => readFileSync(join(root, file), "utf8");
  const unreachable = JSON.parse(read("scripts/branches/unreachable.json"));
  const { found, hit, missed } = linesOf(readFileSync(lcov, "utf8"), unreachable, read);
  console.log(`coverage: ${passed} tests passed; details in coverage/html/index.html and coverage/lcov.info.`);
  console.log(`coverage: ${hit} of ${found} lines reached; ${found - hit - missed.length} of the others cannot be.`);
  for (const line of missed) console.log(`coverage: never reached: ${line}`);
  const isWhole = !isShort && chosen.length === 0;
  if (isWhole && missed.length > 0) process.exitCode = 1;
}

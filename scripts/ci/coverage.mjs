// Coverage of both test runners, merged. Passed tests are not listed again: `npm test` does that.
import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { hardhat, root } from "./process.mjs";

const lcov = join(root, "coverage", "lcov.info");
const isPassedTest = (line) => line.includes("✔");

rmSync(join(root, "coverage"), { recursive: true, force: true });
let passed = 0;
const { code } = await hardhat(["test", "--coverage", ...process.argv.slice(2)], {
  onLine: (line) => (isPassedTest(line) ? passed++ : console.log(line)),
});

if (code !== 0) {
  console.log(`coverage: the tests failed when run with coverage (exit code ${code}).`);
  process.exitCode = 1;
} else if (passed === 0 || !existsSync(lcov) || statSync(lcov).size === 0) {
  console.log("coverage: nothing was measured.");
  process.exitCode = 1;
} else {
  console.log(`coverage: ${passed} tests passed; details in coverage/html/index.html and coverage/lcov.info.`);
}

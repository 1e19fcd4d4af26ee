// Coverage of both test runners, in parts: with counters in them, contracts and all suites in Solidity together are more than the compiler's
// memory holds. Passed tests are not listed again: `npm test` does that.
// What is measured is what tests with a purpose reach: campaigns and replays, which call at random, do not count, nor do files of
// `npm run test:deep`. Libraries are reached by their differential tests, with 500 draws instead of 10,000; their fuzz tests would add time and
// no line.
// `--solidity` leaves out the TypeScript tests, which take three times as long.
// Other arguments replace the choice of files.
// A test that compares gas, or reads the compiler's output, may fail with counters in the code: it is named, and what it reached counts. Whether
// tests pass is for `npm test` to say.
// A whole run fails unless every line of contracts/ is reached, mocks apart, and so every statement.
import { cpSync, existsSync, globSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { linesOf } from "./lines.ts";
import { hardhat, root } from "./process.mjs";
import { SUITES } from "./tally.mjs";

const COVERAGE = join(root, "coverage");
const KEPT = join(root, "cache", "coverage");
const lcovIn = (folder) => join(folder, "lcov.info");
const isPassedTest = (line) => line.includes("✔");
const isTable = (line) => /^[║╔╚╟╠]/.test(line);

const isAtRandom = (file) =>
  /[/\\](invariants|replay|bench)[/\\]|poker\.test\.ts$|\.deep\.test\.ts$|solidity[/\\]libraries[/\\](?!GuardedCall|TokenUnits)/.test(
    file,
  );
const isShort = process.argv.includes("--solidity");
const chosen = process.argv.slice(2).filter((argument) => argument !== "--solidity");
process.env.BULWARK_CASES ??= "500";

const directed = (pattern) => globSync(pattern, { cwd: root }).filter((file) => !isAtRandom(file));
const inSolidity = (isIn) => directed("test/solidity/**/*.t.sol").filter(isIn);
const ofCoverage = (file) => /solidity[/\\]coverage[/\\]/.test(file);
/** What is compiled and run at a time, by name. */
const parts =
  chosen.length > 0
    ? { chosen }
    : {
        "solidity-coverage": inSolidity(ofCoverage),
        "solidity-others": inSolidity((file) => !ofCoverage(file)),
        ...(isShort ? {} : { typescript: directed("test/typescript/**/*.test.ts") }),
      };

/** Runs some files; the lcov file they have left, or none when nothing was measured, which is printed. */
async function measure(name, files) {
  rmSync(COVERAGE, { recursive: true, force: true });
  console.log(`coverage: ${name}, ${files.length} files.`);
  let passed = 0;
  const { code } = await hardhat([...SUITES, "test", "--coverage", ...files], {
    onLine: (line) => {
      if (isPassedTest(line)) passed++;
      else if (!isTable(line)) console.log(line);
    },
  });
  const lcov = lcovIn(COVERAGE);
  if (passed === 0 || !existsSync(lcov) || statSync(lcov).size === 0) {
    console.log(`coverage: nothing was measured (exit code ${code}).`);
    return undefined;
  }
  const others = code === 0 ? "" : "; those named above failed with counters in the code";
  console.log(`coverage: ${name}: ${passed} tests passed${others}.`);
  cpSync(COVERAGE, join(KEPT, name), { recursive: true });
  return readFileSync(lcov, "utf8");
}

rmSync(KEPT, { recursive: true, force: true });
const measured = [];
for (const [name, files] of Object.entries(parts)) measured.push(await measure(name, files));

if (measured.includes(undefined)) process.exitCode = 1;
else {
  const read = (file) => readFileSync(join(root, file), "utf8");
  const unreachable = JSON.parse(read("scripts/branches/unreachable.json"));
  const { found, hit, missed } = linesOf(measured.join("\n"), unreachable, read);
  console.log("coverage: details of each part in cache/coverage/*/html/index.html and lcov.info.");
  console.log(`coverage: ${hit} of ${found} lines reached; ${found - hit - missed.length} of the others cannot be.`);
  for (const line of missed) console.log(`coverage: never reached: ${line}`);
  const isWhole = !isShort && chosen.length === 0;
  if (isWhole && missed.length > 0) process.exitCode = 1;
}

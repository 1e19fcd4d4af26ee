// All tests: Solidity first, TypeScript second, and one total. Arguments go to both runners.
import { hardhat } from "./process.mjs";
import { countTests, totalLine } from "./total.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };
const problems = [];

for (const runner of ["solidity", "mocha"]) {
  const { code, output } = await hardhat(["test", runner, ...process.argv.slice(2)]);
  const count = countTests({ runner, code, output });
  for (const key of Object.keys(total)) total[key] += count[key];
  problems.push(...count.problems);
}

console.log();
for (const problem of problems) console.log(`problem: ${problem}`);
if (total.skipped > 0) console.log(`${total.skipped} skipped`);
console.log(totalLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;

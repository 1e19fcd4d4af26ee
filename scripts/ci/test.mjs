// All tests: Solidity first, TypeScript second, then those beside contracts of others on a fork of the project's own chain; and one
// total. Arguments go to both runners, and leave the fork out.
import { runFork } from "./fork.mjs";
import { hardhat } from "./process.mjs";
import { countTests, totalLine } from "./total.mjs";

const args = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
const problems = [];

for (const runner of ["solidity", "mocha"]) {
  const { code, output } = await hardhat(["test", runner, ...args]);
  add(countTests({ runner, code, output }));
}
// Whatever the environment names: `npm run test:fork` is for networks.
if (args.length === 0) add(await runFork({ networks: [] }));

function add(count) {
  for (const key of Object.keys(total)) total[key] += count[key];
  problems.push(...count.problems);
}

console.log();
for (const problem of problems) console.log(`problem: ${problem}`);
if (total.skipped > 0) console.log(`${total.skipped} skipped`);
console.log(totalLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;

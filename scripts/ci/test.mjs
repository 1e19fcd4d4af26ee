// All tests: Solidity first, then TypeScript, and beside that what runs beside contracts of others on a fork of the project's own chain; and
// one total. Arguments go to both runners, and leave the fork out.
import { runFork } from "./fork.mjs";
import { hardhat } from "./process.mjs";
import { countTests, totalLine } from "./total.mjs";

const args = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
const problems = [];

await runTests("solidity", console.log);
// Each of the two uses one core. The fork begins when the other has compiled: two builds in one folder would overwrite each other.
const held = [];
let printFork = (line) => held.push(line);
let fork;
await runTests("mocha", (line) => {
  console.log(line);
  const isCompiled = line.includes("Running Mocha tests");
  if (isCompiled && args.length === 0) fork = runFork({ networks: [], print: (text) => printFork(text) });
});
for (const line of held) console.log(line);
printFork = console.log;
if (fork !== undefined) add(await fork);

async function runTests(runner, onLine) {
  const { code, output } = await hardhat(["test", runner, ...args], { onLine });
  add(countTests({ runner, code, output }));
}

function add(count) {
  for (const key of Object.keys(total)) total[key] += count[key];
  problems.push(...count.problems);
}

console.log();
for (const problem of problems) console.log(`problem: ${problem}`);
if (total.skipped > 0) console.log(`${total.skipped} skipped`);
console.log(totalLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;

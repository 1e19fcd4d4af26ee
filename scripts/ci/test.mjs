// All tests: Solidity first, then TypeScript, with what runs beside contracts of others on a fork of the project's own chain; and one total.
// Arguments go to both runners, and leave the fork out. `*.deep.test.ts` is for `npm run test:deep`.
import { globSync } from "node:fs";
import { runFork } from "./fork.mjs";
import { hardhat, root } from "./process.mjs";
import { countTests, totalLine } from "./total.mjs";

/** Suites by name: those up to this one are the first half. */
const SECOND_HALF_FROM = "test/typescript/differential~";
const args = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
const problems = [];

await runTests("solidity", args, console.log);
if (args.length > 0) await runTests("mocha", args, console.log);
else await runTypeScript();

/** The suites in two halves of about the same length, as each uses one core; what runs on the fork comes after the first. */
async function runTypeScript() {
  const files = globSync("test/typescript/**/*.test.ts", { cwd: root })
    .filter((file) => !file.endsWith(".deep.test.ts"))
    .sort();
  const first = files.filter((file) => file <= SECOND_HALF_FROM);
  const second = files.filter((file) => file > SECOND_HALF_FROM);
  const held = [];
  let print = (line) => held.push(line);
  // The second begins when the first has compiled: two builds in one folder would overwrite each other.
  let beside;
  await runTests("mocha", first, (line) => {
    console.log(line);
    if (line.includes("Running Mocha tests")) {
      beside = runTests("mocha", ["--no-compile", ...second], (text) => print(text));
    }
  });
  add(await runFork({ networks: [], print: (text) => console.log(text) }));
  for (const line of held) console.log(line);
  print = console.log;
  await beside;
}

async function runTests(runner, files, onLine) {
  const { code, output } = await hardhat(["test", runner, ...files], { onLine });
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

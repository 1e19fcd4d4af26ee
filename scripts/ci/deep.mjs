// The tests that draw from a seed, with ten times the draws of `npm test`, those that `npm test` has no time for (`*.deep.test.ts`), and one
// total. Arguments go to the runner.
// How deep is decided by environment variables, which may be set by hand: BULWARK_CASES draws for each library, BULWARK_EVENTS
// events of a market on the twin, BULWARK_CHAIN_EVENTS of them on the chain, BULWARK_SEED another seed for all of them; BULWARK_DEATHS=all
// has a deployment die at every one of its transactions, BULWARK_THEFTS thefts of every key, BULWARK_SEQUENCES sequences of commands on the
// chain and on the twin of its state; BULWARK_CAMPAIGNS how often the Solidity campaigns are played.
// Those have their depth beside each test, which no setting overrides: what plays longer is played again, each time from another seed, which is
// printed; BULWARK_FUZZ_SEED repeats one of them. A failure is shrunk by the runner, which prints the calls that are left of it.
import { globSync } from "node:fs";
import { hardhat, root } from "./process.mjs";
import { countTests, totalLine } from "./total.mjs";

const DEPTH = {
  BULWARK_DEATHS: "all",
  BULWARK_CASES: "100000",
  BULWARK_EVENTS: "1000000",
  BULWARK_CHAIN_EVENTS: "100000",
  BULWARK_THEFTS: "40",
  BULWARK_SEQUENCES: "10000",
  BULWARK_CAMPAIGNS: "12",
};
for (const [name, value] of Object.entries(DEPTH)) {
  process.env[name] ??= value;
  console.log(`${name} = ${process.env[name]}`);
}

const files = [
  ...globSync(["test/typescript/differential/*.test.ts", "test/typescript/**/*.deep.test.ts"], { cwd: root }),
  "test/typescript/deploy/resume.test.ts",
  "test/typescript/governance/compromised-campaign.test.ts",
  "test/typescript/twin/sequences.test.ts",
].sort();
const started = performance.now();
const { code, output } = await hardhat(["test", "mocha", ...files, ...process.argv.slice(2)]);
const count = countTests({ runner: "mocha", code, output });
const FIRST_SEED = BigInt(process.env.BULWARK_FUZZ_SEED ?? 0xb01da4c);
for (let played = 0; played < Number(process.env.BULWARK_CAMPAIGNS); ++played) await playCampaigns(played);

/** All campaigns, with the files of their actions; compiled once. */
async function playCampaigns(played) {
  // Courses are the same each time.
  const campaigns = globSync(["test/solidity/invariants/**/*.sol", "test/solidity/coverage/invariants/*.sol"], {
    cwd: root,
  })
    .filter((file) => !file.includes("courses"))
    .sort();
  process.env.BULWARK_FUZZ_SEED = `0x${(FIRST_SEED + BigInt(played)).toString(16)}`;
  console.log(
    `campaigns ${played + 1} of ${process.env.BULWARK_CAMPAIGNS}: BULWARK_FUZZ_SEED = ${process.env.BULWARK_FUZZ_SEED}`,
  );
  const result = await hardhat(["test", "solidity", ...(played === 0 ? [] : ["--no-compile"]), ...campaigns]);
  const { passed, failed, skipped, problems } = countTests({ runner: "solidity", ...result });
  count.passed += passed;
  count.failed += failed;
  count.skipped += skipped;
  count.problems.push(...problems);
}

console.log(`\n${files.length} files, ${Math.round((performance.now() - started) / 1000)} s`);
for (const problem of count.problems) console.log(`problem: ${problem}`);
if (count.skipped > 0) console.log(`${count.skipped} skipped`);
console.log(totalLine(count));
process.exitCode = count.failed > 0 ? 1 : 0;

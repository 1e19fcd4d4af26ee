// The tests that draw from a seed, with ten times the draws of `npm test`, those that `npm test` has no time for (`*.deep.test.ts`), and one
// total. Arguments go to the runner.
// How deep is decided by environment variables, which may be set by hand: BULWARK_CASES draws for each library, BULWARK_EVENTS
// events of a market on the twin, BULWARK_CHAIN_EVENTS of them on the chain, BULWARK_SEED another seed for all of them; BULWARK_DEATHS=all
// has a deployment die at every one of its transactions, BULWARK_THEFTS thefts of every key, BULWARK_SEQUENCES sequences of commands on the
// chain and on the twin of its state; BULWARK_CAMPAIGNS how often the campaign of living markets is played.
// Fuzz tests and campaigns in Solidity have their depth beside each test, which no setting overrides: what plays longer is played again.
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
  BULWARK_CAMPAIGNS: "10",
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
for (let played = 0; played < Number(process.env.BULWARK_CAMPAIGNS); ++played) await playCampaign(played === 0);

/** The campaign and the file of its actions; compiled once. */
async function playCampaign(isFirst) {
  const folder = "test/solidity/invariants";
  const campaign = [`${folder}/LivingMarkets.t.sol`, `${folder}/living/LivingHandler.sol`];
  const result = await hardhat(["test", "solidity", ...(isFirst ? [] : ["--no-compile"]), ...campaign]);
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

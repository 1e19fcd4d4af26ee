// The tests that draw from a seed, with ten times the draws of `npm test`, those that `npm test` has no time for (`*.deep.test.ts`), and one
// total. Arguments go to the runner.
// How deep is decided by environment variables, which may be set by hand: BULWARK_CASES draws for each library, BULWARK_EVENTS
// events of a market on the twin, BULWARK_CHAIN_EVENTS of them on the chain, BULWARK_SEED another seed for all of them; BULWARK_DEATHS=all
// has a deployment die at every one of its transactions, BULWARK_THEFTS thefts of every key, BULWARK_SEQUENCES sequences of commands on the
// chain and on the twin of its state; BULWARK_CAMPAIGNS how often the Solidity campaigns are played.
// Those have their depth beside each test, which no setting overrides: what plays longer is played again, each time from another seed, which is
// printed; BULWARK_FUZZ_SEED repeats one of them. A failure is shrunk by the runner, which prints the calls that are left of it.
import { globSync } from "node:fs";
import { root } from "./process.mjs";
import { inOrder } from "./queue.ts";
import { SUITES, Tally } from "./tally.mjs";

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
const FIRST_SEED = BigInt(process.env.BULWARK_FUZZ_SEED ?? 0xb01da4c);
const started = performance.now();
const tally = new Tally();
// Compilers, and then runners, use one core each.
if ((await Promise.all([tally.buildContracts(console.log), tally.buildSuites(console.log)])).every(Boolean)) {
  const announce = inOrder((line) => console.log(line));
  const [inTypeScript, campaigns] = [announce(), announce()];
  await Promise.all([
    tally
      .run("mocha", ["--no-compile", ...files, ...process.argv.slice(2)], inTypeScript.line)
      .finally(inTypeScript.end),
    playCampaigns(campaigns.line).finally(campaigns.end),
  ]);
}

/** All campaigns, with the files of their actions, again and again. Courses are left out: they are the same each time. */
async function playCampaigns(print) {
  const folders = ["test/solidity/invariants/**/*.sol", "test/solidity/coverage/invariants/*.sol"];
  const campaigns = globSync(folders, { cwd: root })
    .filter((file) => !file.includes("courses"))
    .sort();
  const times = Number(process.env.BULWARK_CAMPAIGNS);
  for (let played = 0; played < times; ++played) {
    const env = { BULWARK_FUZZ_SEED: `0x${(FIRST_SEED + BigInt(played)).toString(16)}` };
    print(`campaigns ${played + 1} of ${times}: BULWARK_FUZZ_SEED = ${env.BULWARK_FUZZ_SEED}`);
    await tally.run("solidity", ["--no-compile", ...campaigns], print, { options: SUITES, env });
    // Progress, also while what is in TypeScript is being printed.
    console.error(`campaigns: ${played + 1} of ${times} after ${seconds()} s`);
  }
}

function seconds() {
  return Math.round((performance.now() - started) / 1000);
}

console.log(
  `\n${files.length} files in TypeScript, ${process.env.BULWARK_CAMPAIGNS} times the campaigns, ${seconds()} s`,
);
process.exitCode = tally.close();

// All tests: those in Solidity, those in TypeScript, those beside contracts of others on a fork of the project's own chain; and one total.
// Arguments go to both runners, and leave the fork out. `*.deep.test.ts` is for `npm run test:deep`.
import { globSync } from "node:fs";
import { join } from "node:path";
import { runFork } from "./fork.mjs";
import { root } from "./process.mjs";
import { inLanes, inOrder } from "./queue.ts";
import { SUITES, Tally } from "./tally.mjs";

/**
 * Folders of suites in TypeScript, a process each, the longest first. Those that are not named come last, in one: it is short, so that no lane
 * works on alone for long.
 */
const FOLDERS = [
  ["deploy", "crashes"],
  ["attacks", "replay", "stress"],
  ["governance", "twin"],
  ["incidents", "keeper", "sdk"],
  ["differential", "oracle", "risk"],
  ["clearing", "coverage", "liquidation", "periphery"],
];
const LANES = 3;

// Dozens of processes load the same packages.
process.env.NODE_COMPILE_CACHE ??= join(root, "cache", "node");

const args = process.argv.slice(2);
const tally = new Tally();

if (args.length > 0) {
  await tally.run("solidity", args, console.log);
  await tally.run("mocha", args, console.log);
} else {
  await runAll();
}

/**
 * On two cores. Contracts and suites in Solidity are compiled at the same time, as a compiler uses one core; what is in TypeScript begins when
 * the contracts are there. Three lanes, because suites that start commands wait for them.
 */
async function runAll() {
  const announce = inOrder((line) => console.log(line));
  const [contracts, suites] = ["buildContracts", "buildSuites"].map((build) => {
    const { line, end } = announce();
    return tally[build](line).finally(end);
  });
  const inSolidity = jobOf(announce(), [contracts, suites], (print) =>
    tally.run("solidity", ["--no-compile"], print, { options: SUITES }),
  );
  const onFork = jobOf(announce(), [contracts], async (print) =>
    tally.add(await runFork({ built: true, networks: [], print })),
  );
  const [longest, ...others] = groupsOf(
    globSync("test/typescript/**/*.test.ts", { cwd: root }).filter((file) => !file.endsWith(".deep.test.ts")),
  ).map((files) => jobOf(announce(), [contracts], (print) => tally.run("mocha", ["--no-compile", ...files], print)));
  await inLanes([inSolidity, longest, onFork, ...others], LANES);
}

/** A job for a lane, which is left out when something that it needs does not compile. */
function jobOf(output, needed, run) {
  return async () => {
    if ((await Promise.all(needed)).every(Boolean)) await run(output.line);
    output.end();
  };
}

/** Each of the groups, sorted, and what belongs to none. */
function groupsOf(files) {
  const named = FOLDERS.map((folders) => new Set(folders));
  const groups = [...named.map(() => []), []];
  for (const file of files.sort()) {
    const folder = file.split(/[/\\]/)[2];
    const group = named.findIndex((folders) => folders.has(folder));
    groups.at(group).push(file);
  }
  return groups.filter((group) => group.length > 0);
}

console.log();
process.exitCode = tally.close();

// `npm run test:fork`: Bulwark beside contracts of others, as they are published. Without a key a chain of the project's own is started,
// with those contracts on it, and forked by URL; with MAINNET_RPC_URL or SEPOLIA_RPC_URL the same suites run on a fork of that network.
// Arguments go to the test runner.
import { spawn } from "node:child_process";
import { globSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { NETWORKS, prepare } from "../fork/networks.ts";
import { root, withoutPackageWarnings } from "./process.mjs";
import { countTests, totalLine } from "./total.mjs";

const HARDHAT = join(root, "node_modules/hardhat/dist/src/cli.js");
const FOLDER = join(root, "cache", "fork");
const running = new Set();
const manifests = new Set();

/** Starts a child that goes when this process goes. */
function start(args, { onLine, input = "ignore", env = {} }) {
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...colour, ...process.env, ...env },
    stdio: [input, "pipe", "pipe"],
  });
  running.add(child);
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    const keep = withoutPackageWarnings((line) => {
      lines.push(stripVTControlCharacters(line));
      onLine(line);
    });
    createInterface({ input: stream, crlfDelay: Infinity })
      .on("line", keep)
      .on("close", () => keep(""));
  }
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output: lines.join("\n") });
    });
  });
  return { child, ended };
}

/** Leaves nothing behind: no process, no file that says where one can be reached. */
function cleanUp() {
  for (const child of running) child.kill("SIGTERM");
  for (const file of manifests) rmSync(file, { force: true });
}

/** Where the manifest of a network is written for this run. */
function manifestFile(network) {
  const file = join(FOLDER, `manifest-${network}-${process.pid}.json`);
  manifests.add(file);
  return file;
}

/** The suites on the fork that a manifest describes. */
async function runSuites(manifest, args, print) {
  const files = globSync("test/fork/*.test.ts", { cwd: root }).sort();
  const { ended } = start([HARDHAT, "test", "mocha", "--no-compile", ...files, ...args], {
    onLine: print,
    env: { BULWARK_FORK_MANIFEST: manifest },
  });
  return countTests({ runner: "fork", ...(await ended) });
}

async function build() {
  const { code, output } = await start([HARDHAT, "build", "--quiet", "--no-tests"], { onLine: () => {} }).ended;
  if (code !== 0) throw new Error(`the contracts do not compile:\n${output.split("\n").slice(-15).join("\n")}`);
}

/** Builds the contracts and, beside that, the upstream chain; returns its process when its manifest is written. */
async function startUpstream(manifest, { built, print }) {
  let isReady = () => {};
  const ready = new Promise((resolve) => (isReady = resolve));
  const upstream = start(["scripts/fork/upstream.ts", manifest], {
    input: "pipe",
    onLine: (line) => (line === "ready" ? isReady(true) : print(line)),
  });
  upstream.child.stdin.on("error", () => {}); // It has gone: `ended` says so.
  if (!built) await build();
  upstream.child.stdin.write("start\n");
  if ((await Promise.race([ready, upstream.ended])) !== true) throw new Error("the upstream chain did not start");
  return upstream;
}

/** On a chain of the project's own, which has every part: a suite that is left out is a failure. */
async function runLocal(args, { built, print }) {
  print(`fork: building ${built ? "" : "the contracts and "}a chain to fork.`);
  const manifest = manifestFile("local");
  const upstream = await startUpstream(manifest, { built, print });
  const count = await runSuites(manifest, args, print);
  upstream.child.stdin.end();
  await upstream.ended;
  if (count.skipped > 0) {
    count.problems.push(`${count.skipped} tests were left out on a chain that has every part`);
    count.failed += count.skipped;
  }
  return count;
}

async function runNetwork(name, args, print) {
  await build();
  const network = NETWORKS[name];
  const manifest = manifestFile(name);
  const url = process.env[network.variable];
  const { blockNumber, missing } = await prepare(network, { name, url, file: manifest });
  print(`fork: ${name} at block ${blockNumber}.`);
  const count = await runSuites(manifest, args, print);
  for (const part of missing) print(`not on this network (${name}): ${part}`);
  return count;
}

/** Networks whose URL stands in the environment. */
const namedNetworks = () => Object.keys(NETWORKS).filter((name) => process.env[NETWORKS[name].variable]);

/**
 * Runs the suites on networks, or on the project's own chain when none is named.
 *
 * @param {{ args?: string[], built?: boolean, networks?: string[], print?: (line: string) => void }} [options] `args` for the test runner,
 *   `built` where the contracts have just been compiled
 * @returns {Promise<{ passed: number, failed: number, skipped: number, problems: string[] }>}
 */
export async function runFork({ args = [], built = false, networks = namedNetworks(), print = console.log } = {}) {
  const total = { passed: 0, failed: 0, skipped: 0, problems: [] };
  mkdirSync(FOLDER, { recursive: true });
  const stop = () => {
    cleanUp();
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  process.on("exit", cleanUp);
  const runs = networks.map((name) => () => runNetwork(name, args, print));
  if (runs.length === 0) runs.push(() => runLocal(args, { built, print }));
  for (const run of runs) {
    let count;
    try {
      count = await run();
    } catch (error) {
      cleanUp();
      count = { passed: 0, failed: 1, skipped: 0, problems: [error.message] };
    }
    for (const key of ["passed", "failed", "skipped"]) total[key] += count[key];
    total.problems.push(...count.problems);
  }
  return total;
}

if (process.argv[1] === import.meta.filename) {
  const started = performance.now();
  const total = await runFork({ args: process.argv.slice(2) });
  console.log(`\n${Math.round((performance.now() - started) / 1000)} s`);
  for (const problem of total.problems) console.log(`problem: ${problem}`);
  if (total.skipped > 0) console.log(`${total.skipped} not on this network`);
  console.log(totalLine(total));
  process.exitCode = total.failed > 0 ? 1 : 0;
}

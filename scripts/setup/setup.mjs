// Puts the dependencies in place, so that a fresh clone needs one npm command and nothing before it.
// Plain JavaScript without dependencies: it is the only file that runs on whatever Node the machine has (>= 18).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const modules = join(root, "node_modules");
const stampFile = join(modules, ".bulwark-setup");
const lockDirectory = join(root, ".setup-lock");
const windows = process.platform === "win32";
const bundledNode = join(modules, "node", "bin", windows ? "node.exe" : "node");

// Under an older Node, npm silently leaves out Hardhat's native binding (its `engines` ask for 22).
const OLDEST_NODE_FOR_INSTALL = 22;
const LOCK_STALE_MS = 15 * 60 * 1000;
const LOCK_POLL_MS = 500;

/** What an up-to-date `node_modules` was made from: the lock file, and the platform its binaries are for. */
function wantedStamp() {
  const lockFile = join(root, "package-lock.json");
  if (!existsSync(lockFile)) fail("package-lock.json is missing; restore it with `git checkout package-lock.json`.");
  const hash = createHash("sha256").update(readFileSync(lockFile)).digest("hex");
  return `${hash} ${process.platform}-${process.arch}`;
}

function isUpToDate() {
  if (!existsSync(stampFile)) return false;
  return readFileSync(stampFile, "utf8").trim() === wantedStamp();
}

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

function say(message) {
  console.log(`setup: ${message}`);
}

/** Two commands started together must not install over each other. */
function withLock(work) {
  for (let announced = false; ; announced = true) {
    try {
      mkdirSync(lockDirectory);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") fail(`cannot write to ${root}: ${error.message}`);
    }
    if (isLockStale()) {
      rmSync(lockDirectory, { recursive: true, force: true });
      continue;
    }
    if (!announced) say("another command is installing the dependencies; waiting for it.");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
  const unlock = () => rmSync(lockDirectory, { recursive: true, force: true });
  process.on("exit", unlock);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
  work();
}

function isLockStale() {
  try {
    return Date.now() - statSync(lockDirectory).mtimeMs > LOCK_STALE_MS;
  } catch {
    return false; // it was released a moment ago
  }
}

/** The command that runs `npm ci` under a Node that is new enough. */
function installCommand() {
  const ownNode = process.execPath.startsWith(modules + sep); // about to be replaced, so not to be used
  const major = Number(process.versions.node.split(".")[0]);
  const direct = !ownNode && major >= OLDEST_NODE_FOR_INSTALL;
  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies.node;
  const install = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const args = direct ? install : ["exec", "--yes", `--package=node@${version}`, "--", "npm", ...install];
  const npmScript = process.env.npm_execpath ?? "";
  if (!ownNode && basename(npmScript) === "npm-cli.js") return { file: process.execPath, args: [npmScript, ...args] };
  return { file: "npm", args };
}

function install() {
  const started = Date.now();
  say(existsSync(modules) ? "dependencies have changed; installing them." : "installing the dependencies (once).");
  const { file, args } = installCommand();
  // `npm exec` prefers what lies in node_modules: out of the way with it.
  rmSync(modules, { recursive: true, force: true });
  const result = spawnSync(file, args, { cwd: root, stdio: "inherit", shell: windows && file === "npm" });
  if (result.error) fail(`npm did not start: ${result.error.message}`);
  if (result.status !== 0) fail(`\`npm ci\` failed (exit code ${result.status}); its message stands above.`);
  checkRuntime();
  checkBinding();
  writeFileSync(stampFile, `${wantedStamp()}\n`);
  say(`done in ${Math.round((Date.now() - started) / 1000)} s.`);
}

function checkRuntime() {
  const result = spawnSync(bundledNode, ["--version"], { encoding: "utf8" });
  if (result.status !== 0) {
    fail(`the bundled Node does not run (${bundledNode}). Were install scripts switched off (ignore-scripts)?`);
  }
  say(`runtime: Node ${result.stdout.trim().replace("v", "")}.`);
}

/** Hardhat's chain is a native library: ask for it now rather than in the middle of a test. */
function checkBinding() {
  const platform = `${process.platform}-${process.arch}`;
  const result = spawnSync(bundledNode, ["-e", 'require("@nomicfoundation/edr")'], { cwd: root, encoding: "utf8" });
  if (result.status === 0) return say(`chain: native binding for ${platform} is in place.`);
  const reason = (result.stderr ?? "").split("\n").find((line) => line.includes("Error")) ?? "";
  fail(`Hardhat's native binding (@nomicfoundation/edr-${platform}) is missing or does not load. ${reason.trim()}`);
}

if (!isUpToDate()) {
  withLock(() => {
    if (!isUpToDate()) install();
  });
}

// `npm run sdk:check`: the package as someone else gets it, from an empty folder, against a local testnet.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";

import { findBrowser, runInBrowser } from "./browser.ts";
import { CheckError, OptionError, SdkCommandError } from "./errors.ts";
import { parseOptions } from "./options.ts";
import { bundleProgram, writeProgram } from "./program.ts";

const ExitCode = { Fine: 0, Broken: 1, WrongInput: 2 } as const;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WAIT_FOR_TESTNET = 300_000;
/** The last line of the README's program. */
const LAST_LINE = /^read to block \d+$/m;

const say = (text: string) => console.log(`sdk: ${text}`);

async function check(argv: readonly string[]): Promise<void> {
  const options = parseOptions(argv);
  const browser = options.hasBrowser ? findBrowser(options.browser) : undefined;
  const folder = mkdtempSync(join(tmpdir(), "bulwark-sdk-"));
  const testnet = startTestnet(join(folder, "manifest.json"));
  try {
    await install(folder);
    const url = await testnet.ready;
    say(`a testnet at ${url}`);
    writeProgram(folder, { url, manifest: JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as unknown });
    report("Node", await run(process.execPath, ["main.mjs"], folder));
    if (browser === undefined) say("not run in a browser: left out with --no-browser");
    else report(browser, await runInBrowser(browser, await bundleProgram(folder)));
  } finally {
    testnet.child.kill("SIGINT");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Packs, and installs what was packed beside the ethers that this repository uses. */
async function install(folder: string): Promise<void> {
  const packed = await run("npm", ["pack", "--silent", "--pack-destination", folder], join(ROOT, "sdk"));
  const tarball = packed.trim().split("\n").at(-1) ?? "";
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  const { version } = JSON.parse(readFileSync(join(ROOT, "node_modules/ethers/package.json"), "utf8")) as {
    version: string;
  };
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent"];
  await run("npm", ["install", ...flags, `./${tarball}`, `ethers@${version}`], folder);
  say(`${tarball} is installed beside ethers ${version} in an empty folder`);
}

function report(where: string, output: string): void {
  console.log(output.trimEnd().replace(/^/gm, "     "));
  if (!LAST_LINE.test(output)) throw new CheckError(`in ${where} the program did not come to its end`);
  say(`the README's program ran in ${where}`);
}

function startTestnet(manifest: string): { child: ChildProcess; ready: Promise<string> } {
  const args = ["scripts/testnet/index.ts", "--port", "0", "--every", "3600", "--manifest", manifest];
  const child = spawn(process.execPath, args, { cwd: ROOT });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const ready = (async () => {
    for (let waited = 0; waited < WAIT_FOR_TESTNET; waited += 200) {
      const found = /ready: (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (found !== undefined) return found;
      if (child.exitCode !== null) break;
      await setTimeout(200);
    }
    throw new CheckError(`the testnet did not start:\n${output}`);
  })();
  ready.catch(() => undefined); // Thrown where it is waited for.
  return { child, ready };
}

/** Runs a program to its end and answers what it printed. */
function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.once("error", (cause) => reject(new CheckError(`${program} did not start`, { cause })));
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else
        reject(
          new CheckError(`${program} ${args.join(" ")} ended with exit code ${code ?? "none"}:\n${output}${errors}`),
        );
    });
  });
}

try {
  await check(process.argv.slice(2));
} catch (error) {
  if (error instanceof CommanderError) {
    const isHelp = error.exitCode === 0;
    if (!isHelp) console.error(`sdk: ${error.message}`);
    process.exitCode = isHelp ? ExitCode.Fine : ExitCode.WrongInput;
  } else if (error instanceof SdkCommandError) {
    console.error(`sdk: ${error.message}`);
    process.exitCode = error instanceof OptionError ? ExitCode.WrongInput : ExitCode.Broken;
  } else {
    throw error;
  }
}

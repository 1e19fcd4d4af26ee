import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { CHANGES, FOLDER } from "./environment.ts";
import { RunError } from "./errors.ts";
import { ROOT } from "./root.ts";
import type { Sources } from "./tree.ts";

const HARDHAT = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
const CONFIG = fileURLToPath(new URL("hardhat.config.ts", import.meta.url));

const running = new Set<ChildProcess>();

/** Ends what is still running; for the moment when the command itself ends. */
export function stopAll(): void {
  for (const child of running) endWithChildren(child, "SIGTERM");
}

/** The compiler is a process that Hardhat starts: both are of one group. */
function endWithChildren({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, signal);
}

/** What a Hardhat process is started with. */
export interface HardhatRun {
  /** Where its build lies. */
  readonly folder: string;
  readonly args: readonly string[];
}

/** How a process ended; without a code it was stopped because its time was up. */
export interface Ended {
  readonly code: number | undefined;
  readonly lines: readonly string[];
}

export async function runHardhat({ folder, args }: HardhatRun): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: "1", [FOLDER]: folder, [CHANGES]: changesFile(folder) };
  const child = spawn(process.execPath, [HARDHAT, "--config", CONFIG, ...args], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  }
  let isLate = false;
  const limit = setTimeout(() => endWithChildren(child, "SIGKILL"), MOST_SECONDS * 1000);
  limit.unref();
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (ended, signal) => {
      isLate = signal === "SIGKILL";
      resolve(ended);
    });
  });
  clearTimeout(limit);
  running.delete(child);
  return { code: isLate ? undefined : (code ?? 1), lines };
}

const MOST_SECONDS = 3_600;

const changesFile = (folder: string) => join(ROOT, folder, "changes.json");

/** What is to be built. */
export interface Build {
  readonly folder: string;
  /** Test files that are built, with the contracts they need; all contracts and all tests when there are none. */
  readonly tests: readonly string[];
  /** Rewritten sources. Without them those of the last build stand, and only tests that have changed are built. */
  readonly changes?: Sources;
}

/** Builds the contracts and Solidity tests with instruments in them. */
export async function build({ folder, tests, changes }: Build): Promise<void> {
  const absolute = join(ROOT, folder);
  if (changes !== undefined) {
    rmSync(join(absolute, "artifacts"), { recursive: true, force: true });
    rmSync(join(absolute, "cache"), { recursive: true, force: true });
    mkdirSync(absolute, { recursive: true });
    writeFileSync(changesFile(folder), JSON.stringify(changes));
  }
  const { code, lines } = await runHardhat({ folder, args: ["build", "--quiet", ...tests] });
  if (code === 0) return;
  const errors = lines.filter((line) => /error/i.test(line));
  throw new RunError(`the instrumented build failed:\n${[...errors, ...lines.slice(-8)].slice(0, 30).join("\n")}`);
}

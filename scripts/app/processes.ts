// Programs that run beside the page, each in a process of its own: what they say is passed on, and they end with the page.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { StartError } from "./errors.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Before a program that was told to end is ended. */
const GRACE = 8_000;

export interface Program {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Which lines are passed on. */
  readonly isShown: (line: string) => boolean;
}

export class Running {
  readonly #child: ChildProcess;
  readonly #name: string;
  #lines: string[] = [];
  #isStopping = false;

  constructor({ name, script, args, environment, isShown }: Program, onEnd: (code: number | null) => void) {
    this.#name = name;
    // A group of its own: Ctrl-C comes to us, and we end it in order.
    this.#child = spawn(process.execPath, [script, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#lines = [...this.#lines.slice(-200), line];
        if (isShown(line)) console.log(line);
      });
    }
    this.#child.once("exit", (code) => {
      if (!this.#isStopping) onEnd(code);
    });
  }

  /** Waits for a line; answers what matched. */
  async waitFor(pattern: RegExp, patience: number): Promise<RegExpExecArray> {
    for (let waited = 0; waited < patience; waited += 100) {
      const found = this.#lines.map((line) => pattern.exec(line)).find((match) => match !== null);
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || this.#isStopping) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new StartError(`${this.#name} did not start:\n${this.#lines.slice(-20).join("\n")}`);
  }

  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<void> {
    this.#isStopping = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), GRACE);
    await ended;
    clearTimeout(timer);
  }
}

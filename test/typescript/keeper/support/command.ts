// `npm run keeper` as a process of its own.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { setTimeout } from "node:timers/promises";

import { KEY } from "./desk.ts";

export type Line = Readonly<Record<string, unknown>>;

export interface Ended {
  readonly code: number | null;
  readonly lines: readonly Line[];
  /** What was not a line of the log. */
  readonly words: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits for a line of the log. */
  line(message: string): Promise<Line>;
}

const LONGEST_WAIT = 60_000;

/** @param url of the node @param key empty for none */
export function runKeeper(url: string, args: readonly string[], key = KEY): Running {
  const env = { ...process.env, LOCALHOST_RPC_URL: url, KEEPER_PRIVATE_KEY: key };
  const child = spawn(process.execPath, ["scripts/keeper/index.ts", "--port", "0", ...args], { env });
  const lines: Line[] = [];
  let [output, words] = ["", ""];
  const take = (line: string) => {
    if (line.startsWith("{")) lines.push(JSON.parse(line) as Line);
    else if (line !== "") words += `${line}\n`;
  };
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    const all = (output + part).split("\n");
    output = all.pop() ?? "";
    all.forEach(take);
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => (words += part));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => {
      take(output);
      resolve({ code, lines, words });
    });
  });
  return {
    child,
    ended,
    async line(message) {
      for (let waited = 0; waited < LONGEST_WAIT; waited += 20) {
        const found = lines.find(({ msg }) => msg === message);
        if (found !== undefined) return found;
        if (child.exitCode !== null) break;
        await setTimeout(20);
      }
      throw new Error(`no line "${message}" among:\n${JSON.stringify(lines, null, 1)}\n${words}`);
    },
  };
}

export const keeperEnded = (running: Running): boolean =>
  running.child.exitCode !== null || running.child.signalCode !== null;

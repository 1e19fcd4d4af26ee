import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";

import { RunError } from "./errors.ts";

/** What a resident process says: what it is at, or an answer. */
export type Said<Answer> = { readonly at: string } | { readonly answer: Answer };

/** How a resident process is started. */
export interface Start {
  readonly module: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  /** It gets so long until it says that it is ready. */
  readonly seconds: number;
}

const all = new Set<Resident<object, unknown, unknown>>();

/** Ends every one; for the moment when the command itself ends. */
export function stopResidents(): void {
  for (const resident of all) resident.stop();
}

/** A process that ended by itself while it was asked. */
export class EndedError extends RunError {
  override name = "EndedError";
}

/** A process that stays and answers one order after the other; started anew after one that it did not answer in time. */
export class Resident<Order extends object, Answer, Ready> {
  readonly #start: Start;
  #process: ChildProcess | undefined;
  #at = "";

  constructor(start: Start) {
    this.#start = start;
    all.add(this);
  }

  /** What it said last that it is at. */
  get at(): string {
    return this.#at;
  }

  /** Starts it anew; what it says when it is ready. */
  async restart(): Promise<Ready> {
    this.stop();
    const { module, args, env, nodeOptions, seconds } = this.#start;
    const child = fork(module, args, {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, NO_COLOR: "1", ...env },
      execArgv: [...process.execArgv, ...(nodeOptions ?? [])],
    });
    this.#process = child;
    const ready = await this.#next<Ready>(child, seconds, () => undefined);
    if (ready === undefined) throw new RunError(`${module} was not ready after ${seconds} seconds`);
    return ready.answer;
  }

  /** The answer; undefined when there was none so many seconds after the process said last what it is at. */
  async ask(order: Order, seconds: number): Promise<Answer | undefined> {
    if (this.#process === undefined) await this.restart();
    const child = this.#process;
    if (child === undefined) throw new RunError(`${this.#start.module} did not start`);
    this.#at = "";
    const said = await this.#next<Answer>(child, seconds, () => child.send(order));
    if (said === undefined) this.stop();
    return said?.answer;
  }

  stop(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  #next<T>(child: ChildProcess, seconds: number, ask: () => unknown): Promise<{ readonly answer: T } | undefined> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(limit);
        child.off("message", heard).off("exit", ended);
      };
      const limit = setTimeout(() => {
        end();
        resolve(undefined);
      }, seconds * 1000);
      const heard = (message: unknown) => {
        const said = message as Said<T>;
        if ("at" in said) {
          this.#at = said.at;
          limit.refresh();
          return;
        }
        end();
        resolve(said);
      };
      const ended = (code: number | null) => {
        end();
        if (this.#process === child) this.#process = undefined;
        reject(new EndedError(`${this.#start.module} ended with code ${code ?? "none"}`));
      };
      child.on("message", heard).once("exit", ended);
      ask();
    });
  }
}

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import { RunError } from "./errors.ts";
import type { SuiteAnswer, SuiteOrder } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
/** The worker reads all artifacts before it says which suites there are. */
const START_SECONDS = 120;

/** The Solidity suites of a build, run in a process that is started anew when one of them does not end. */
export class Suites {
  readonly #folder: string;
  #worker: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Names of all suites. */
  async names(): Promise<readonly string[]> {
    this.stop();
    const [, names] = await this.#start();
    return names;
  }

  /** Runs suites; undefined when they were not through after so many seconds. */
  async run(order: SuiteOrder, seconds: number): Promise<SuiteAnswer | undefined> {
    const worker = this.#worker ?? (await this.#start())[0];
    const answer = await next<SuiteAnswer>(worker, seconds, () => worker.send(order));
    if (answer === undefined) this.stop();
    return answer;
  }

  stop(): void {
    this.#worker?.kill("SIGKILL");
    this.#worker = undefined;
  }

  async #start(): Promise<[worker: ChildProcess, names: readonly string[]]> {
    const worker = fork(WORKER, [this.#folder], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#worker = worker;
    const names = await next<string[]>(worker, START_SECONDS, () => undefined);
    if (names === undefined) throw new RunError("the process that runs Solidity suites did not start");
    return [worker, names];
  }
}

/** What a process says next after `ask`; undefined when it says nothing for so many seconds. */
function next<T>(worker: ChildProcess, seconds: number, ask: () => unknown): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(limit);
      worker.off("message", answered).off("exit", ended);
    };
    const limit = setTimeout(() => {
      end();
      resolve(undefined);
    }, seconds * 1000);
    const answered = (answer: unknown) => {
      end();
      resolve(answer as T);
    };
    const ended = (code: number | null) => {
      end();
      reject(new RunError(`the process that runs Solidity suites ended with code ${code ?? "none"}`));
    };
    worker.once("message", answered).once("exit", ended);
    ask();
  });
}

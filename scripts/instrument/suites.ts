import { fileURLToPath } from "node:url";

import { EndedError, Resident } from "./resident.ts";
import type { SuiteAnswer, SuiteOrder } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
/** The worker reads all artifacts before it says which suites there are. */
const START_SECONDS = 180;

/** The Solidity suites of a build, run in a process that is started anew when one of them does not end. */
export class Suites {
  readonly #resident: Resident<SuiteOrder, SuiteAnswer, readonly string[]>;

  constructor(folder: string) {
    this.#resident = new Resident({ module: WORKER, args: [folder], seconds: START_SECONDS });
  }

  /** Names of all suites. */
  names(): Promise<readonly string[]> {
    return this.#resident.restart();
  }

  /** Runs suites; undefined when they were not through after so many seconds, or took more memory than there is for them. */
  run(order: SuiteOrder, seconds: number): Promise<SuiteAnswer | undefined> {
    return this.#resident.ask(order, seconds).catch((error: unknown) => {
      if (error instanceof EndedError) return undefined;
      throw error;
    });
  }

  stop(): void {
    this.#resident.stop();
  }
}

import { globSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { CHANGES, FOLDER, LISTEN } from "./environment.ts";
import type { MochaAnswer, MochaOrder } from "./mocha-worker.ts";
import { Resident } from "./resident.ts";
import { ROOT } from "./root.ts";

/** Folders of suites that put contracts on a chain in order to try them; the others try programs. */
export const FOLDERS =
  "attacks,claims,clearing,coverage,differential,fund,governance,incidents,liquidation,math,oracle,periphery,risk,twin,vectors";

/** Where a file is before its first test. */
export const LOADING = "loading";

const WORKER = fileURLToPath(new URL("mocha-worker.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("hardhat.config.ts", import.meta.url));
/** It copies all artifacts before it is ready. */
const START_SECONDS = 180;
/** A process that has grown so large is started anew before the next order. */
const MOST_MEGABYTES = 4_000;
const HEAP = "--max-old-space-size=4096";
/** Draws and sequences of tests that draw: a part of what `npm test` has. */
const FEWER = { BULWARK_CASES: "2000", BULWARK_SEQUENCES: "60" };

/** Test files by name. */
export const testFiles = () =>
  globSync(`test/typescript/{${FOLDERS}}/**/*.test.ts`, { cwd: ROOT })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !file.endsWith(".deep.test.ts"))
    .sort();

/** The TypeScript suites, on artifacts in which a number is chosen. Each has a folder of its own for these. */
export class TypeScriptTests {
  readonly #resident: Resident<MochaOrder, MochaAnswer, null>;
  #megabytes = 0;

  constructor(built: string, lane: number, isListening: boolean) {
    const folder = `${built}/chosen-${lane}`;
    this.#resident = new Resident({
      module: WORKER,
      args: [built],
      env: {
        ...FEWER,
        HARDHAT_CONFIG: CONFIG,
        [FOLDER]: folder,
        BULWARK_ARTIFACTS: `${built}/artifacts`,
        [CHANGES]: join(ROOT, folder, "changes.json"),
        ...(isListening ? { [LISTEN]: "1" } : {}),
      },
      nodeOptions: [HEAP],
      seconds: START_SECONDS,
    });
  }

  /** The test that runs, or ran last. */
  get at(): { readonly file: string; readonly title: string } {
    const [file = "", title = ""] = this.#resident.at.split("\n");
    return { file, title };
  }

  /** Runs files; undefined when a test was not through after so many seconds. */
  async run(order: MochaOrder, seconds: number): Promise<MochaAnswer | undefined> {
    if (this.#megabytes > MOST_MEGABYTES) this.stop();
    const answer = await this.#resident.ask(order, seconds);
    this.#megabytes = answer?.megabytes ?? 0;
    return answer;
  }

  /** The next order finds a new process. */
  stop(): void {
    this.#resident.stop();
    this.#megabytes = 0;
  }
}

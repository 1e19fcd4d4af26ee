import hre from "hardhat";
import Mocha from "mocha";

import { ChosenArtifacts } from "./chosen.ts";
import { FOLDER, isListening, variable } from "./environment.ts";
import { addressIn, loadTestsFresh } from "./fresh.ts";
import { cpuMilliseconds } from "./cpu.ts";
import { listenFor, open } from "./heard.ts";
import { Reach } from "./reach.ts";
import type { TestFacts } from "./reach.ts";
import type { Said } from "./resident.ts";
import { ROOT } from "./root.ts";
import { LOADING } from "./typescript.ts";

/*
 * Runs TypeScript test files on one build, again and again, with another number chosen each time. Hardhat and the packages are loaded once;
 * every run has test modules of its own.
 */

/** A file of which all tests are wanted, or some. */
export interface FileOrder {
  readonly name: string;
  readonly titles?: readonly string[];
}

/** What is asked of the process. */
export interface MochaOrder {
  readonly files: readonly FileOrder[];
  readonly chosen: number;
  /** Whether the first failure ends the run. */
  readonly isFirstEnough: boolean;
}

/** A test that failed, or what is set up for it. */
export interface Failure {
  readonly file: string;
  readonly title: string;
  readonly message: string;
}

/** What a file's run was like. */
export interface FileRun {
  readonly name: string;
  readonly milliseconds: number;
  /** Both are empty unless the process listens. */
  readonly reports: readonly number[];
  readonly tests: readonly TestFacts[];
}

export interface MochaAnswer {
  readonly failures: readonly Failure[];
  readonly files: readonly FileRun[];
  readonly megabytes: number;
}

/** Prints nothing. */
class Silent {}

const say = (said: Said<MochaAnswer | null>) => process.send?.(said);
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Leaves the tests that are wanted. A suite without any is passed over with all its hooks. */
function keepTests(suite: Mocha.Suite, titles: ReadonlySet<string>): void {
  suite.tests = suite.tests.filter((test) => titles.has(test.fullTitle()));
  for (const inner of suite.suites) keepTests(inner, titles);
}

let runs = 0;

async function runFile({ name, titles }: FileOrder, run: number, isFirstEnough: boolean) {
  const used = cpuMilliseconds();
  const failures: Failure[] = [];
  const reach = isListening() ? new Reach() : undefined;
  const mocha = new Mocha({ ...hre.config.test.mocha, reporter: Silent as never, bail: isFirstEnough });
  const path = `${ROOT}${name}`;
  say({ at: `${name}\n${LOADING}` });
  try {
    mocha.suite.emit("pre-require", globalThis, path, mocha);
    const exported: unknown = await import(addressIn(run, name));
    mocha.suite.emit("require", exported, path, mocha);
    mocha.suite.emit("post-require", globalThis, path, mocha);
  } catch (error) {
    failures.push({ file: name, title: LOADING, message: messageOf(error) });
  }
  if (failures.length === 0) {
    if (titles !== undefined) keepTests(mocha.suite, new Set(titles));
    await new Promise<void>((resolve) => {
      const runner = mocha.run(() => resolve());
      reach?.follow(runner);
      runner.on("test", (test) => say({ at: `${name}\n${test.fullTitle()}` }));
      runner.on("fail", (test, error: unknown) => {
        failures.push({ file: name, title: test.fullTitle(), message: messageOf(error).split("\n")[0] ?? "" });
      });
    });
  }
  mocha.dispose();
  listenFor(undefined);
  const milliseconds = Math.round(cpuMilliseconds() - used);
  const file: FileRun = { name, milliseconds, reports: reach?.everything() ?? [], tests: reach?.facts() ?? [] };
  return { failures, file };
}

function main(built: string): void {
  const artifacts = new ChosenArtifacts(built, variable(FOLDER));
  loadTestsFresh();
  const runOrder = async ({ files, chosen, isFirstEnough }: MochaOrder): Promise<MochaAnswer> => {
    artifacts.choose(chosen);
    const run = ++runs;
    const failures: Failure[] = [];
    const through: FileRun[] = [];
    for (const file of files) {
      const result = await runFile(file, run, isFirstEnough);
      failures.push(...result.failures);
      through.push(result.file);
      if (isFirstEnough && failures.length > 0) break;
    }
    for (const connection of open) await connection.close();
    return { failures, files: through, megabytes: Math.round(process.memoryUsage.rss() / 2 ** 20) };
  };
  process.on("message", (order: MochaOrder) => {
    runOrder(order).then(
      (answer) => say({ answer }),
      (error: unknown) => {
        throw error;
      },
    );
  });
  process.on("disconnect", () => process.exit(0));
  say({ answer: null });
}

main(process.argv[2] ?? "");

import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import mocha from "mocha";

import { REPORTS } from "./environment.ts";
import { ROOT } from "./root.ts";

/** Before the first suite: what test files do while they are loaded. */
const LOADING = "loading";
/** Line that says how long a file took: file, this word, milliseconds. */
export const TOOK = "took";

let current = LOADING;
let started = performance.now();

/** The test file whose suites are running. */
export const currentFile = () => current;

function enter(file: string): void {
  if (file === current) return;
  const reports = process.env[REPORTS];
  if (reports !== undefined) appendFileSync(reports, `${current} ${TOOK} ${Math.round(performance.now() - started)}\n`);
  current = file;
  started = performance.now();
}

/** Lists tests as Mocha does, and keeps track of the file that is running. */
class FileReporter extends mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.prependListener("suite", (suite: Mocha.Suite) => {
      if (suite.file !== undefined) enter(relative(ROOT, suite.file).replaceAll("\\", "/"));
    });
    runner.prependListener("end", () => enter(LOADING));
  }
}

/** Mocha requires a reporter as a CommonJS module. */
export { FileReporter as "module.exports" };

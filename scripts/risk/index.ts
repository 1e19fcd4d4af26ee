// `npm run stress`: what the fund may lose on thousands of price paths, how well its forecasts did on recorded hours, and what follows.
import { writeFileSync } from "node:fs";
import { CommanderError } from "commander";

import { InputError } from "../replay/errors.ts";
import { parseOptions } from "./options.ts";
import { Pool } from "./paths/Pool.ts";
import { Progress } from "./progress.ts";
import { carryReport } from "./report/carry.ts";
import { toHtml } from "./report/html.ts";
import { toJson } from "./report/json.ts";
import { report } from "./report/text.ts";
import { CARRY_WALKS, carryStudy } from "./studies/gaps.ts";
import { runStudies } from "./studies/run.ts";

const ExitCode = { Fine: 0, Broken: 1, WrongInput: 2, Interrupted: 130 } as const;
const progress = new Progress(process.stderr);

process.once("SIGINT", () => {
  progress.clear();
  process.stderr.write("stress: interrupted.\n");
  // Threads end with the process; files are written only when everything is known.
  process.exit(ExitCode.Interrupted);
});

/** Runs the command. Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  if (options.carry) {
    const carried = await carryStudy(options, progress.step("recorded hours", CARRY_WALKS));
    progress.clear();
    console.log(carryReport(carried));
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(carried, mapsAsObjects, 2)}\n`);
    return ExitCode.Fine;
  }
  const pool = new Pool(options.threads);
  try {
    const study = await runStudies(options, pool, progress);
    progress.clear();
    console.log(report(study));
    if (options.json !== undefined) writeFileSync(options.json, toJson(study));
    if (options.html !== undefined) writeFileSync(options.html, toHtml(study));
  } finally {
    await pool.close();
  }
  return ExitCode.Fine;
}

/** For JSON, which knows no maps. */
function mapsAsObjects(_: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/** What an error means for the shell. */
function explain(error: unknown): number {
  progress.clear();
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return ExitCode.Fine; // --help
    console.error(error.message.replace(/^error: /, "stress: "));
    return ExitCode.WrongInput;
  }
  if (error instanceof InputError) {
    console.error(`stress: ${error.message}`);
    return ExitCode.WrongInput;
  }
  console.error(error);
  console.error("stress: failed; this is a bug of the command.");
  return ExitCode.Broken;
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);

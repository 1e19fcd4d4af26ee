// The main job (`npm start`): replays a crash and says who paid for it.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";

import { build } from "./build.ts";
import { InputError } from "./errors.ts";
import { toJson } from "./json.ts";
import { TOKEN_TO_WAD } from "./local.ts";
import { parseOptions } from "./options.ts";
import type { ReplayOptions } from "./options.ts";
import { builtInPrices, readPrices } from "./prices.ts";
import { ProgressBar } from "./progress.ts";
import { report } from "./report.ts";
import { table } from "./table.ts";

const ExitCode = { Fine: 0, Broken: 1, WrongInput: 2, Interrupted: 130 } as const;

const bar = new ProgressBar(process.stderr);
process.once("SIGINT", () => {
  bar.say("replay: interrupted.");
  process.exit(ExitCode.Interrupted);
});

/** Runs the replay. Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  const series = options.prices === undefined ? builtInPrices() : readPrices(options.prices);

  // Hardhat finds its configuration from here, wherever the command was started; it is loaded only when there is work for it.
  process.env["HARDHAT_CONFIG"] ??= fileURLToPath(new URL("../../hardhat.config.ts", import.meta.url));
  const profile = await build((remark) => bar.say(remark));
  const { replay } = await import("./replay.ts");
  const started = performance.now();
  const outcome = await replay(options, series, bar);
  bar.clear();

  const input = {
    ...outcome,
    profile,
    terms: {
      fund: options.fund * TOKEN_TO_WAD,
      backstop: options.backstop * TOKEN_TO_WAD,
      reinsurance: options.reinsurance * TOKEN_TO_WAD,
      cover: options.cover * TOKEN_TO_WAD,
    },
    seed: options.seed,
    source: series.name,
    provenance: series.source,
  };
  console.log(table(input));
  writeFiles(options, { json: toJson(outcome.summary), html: report({ ...input, frames: outcome.history.frames }) });
  const broken = outcome.checks.filter(({ holds }) => !holds);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(`\n${seconds} s, report in ${relative(process.cwd(), options.report)}`);
  if (broken.length === 0) return ExitCode.Fine;
  console.error(`replay: ${broken.length} of ${outcome.checks.length} invariants are broken, see the table.`);
  return ExitCode.Broken;
}

function writeFiles(options: ReplayOptions, { json, html }: { json: string; html: string }): void {
  mkdirSync(dirname(options.report), { recursive: true });
  writeFileSync(options.report, html);
  if (options.json !== undefined) writeFileSync(options.json, json);
}

/** What an error means for the shell. */
function explain(error: unknown): number {
  bar.clear();
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return ExitCode.Fine; // --help
    console.error(error.message.replace(/^error: /, "replay: "));
    return ExitCode.WrongInput;
  }
  if (error instanceof InputError) {
    console.error(`replay: ${error.message}`);
    return ExitCode.WrongInput;
  }
  console.error(error);
  console.error("replay: failed; this is a bug of the replay or of the contracts.");
  return ExitCode.Broken;
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);

// `npm run crashes`: every recorded crash, with risk control and without, and what the fund's income is worth in it.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";

import { build } from "../replay/build.ts";
import { InputError } from "../replay/errors.ts";
import { recordedCrashes } from "./data.ts";
import { toJson } from "./json.ts";
import { parseOptions } from "./options.ts";
import { Progress } from "./progress.ts";
import type { CrashResult } from "./run.ts";
import { report } from "./table.ts";

const ExitCode = { Fine: 0, Broken: 1, WrongInput: 2, Interrupted: 130 } as const;
let progress = new Progress(process.stderr, 0);

process.once("SIGINT", () => {
  progress.say("crashes: interrupted.");
  process.exit(ExitCode.Interrupted);
});

/** Runs the command. Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const known = recordedCrashes();
  const options = parseOptions(
    argv,
    known.map(({ id }) => id),
  );
  const crashes = known.filter(({ id }) => options.crashes.includes(id));
  progress = new Progress(process.stderr, crashes.length);

  // Hardhat finds its configuration from here, wherever the command was started; it is loaded only when there is work for it.
  process.env["HARDHAT_CONFIG"] ??= fileURLToPath(new URL("../../hardhat.config.ts", import.meta.url));
  const profile = await build((remark) => progress.say(remark.replace(/^replay:/, "crashes:")));
  const { runCrash } = await import("./run.ts");
  const started = performance.now();
  const results: CrashResult[] = [];
  for (const crash of crashes) {
    // Each run has a chain of its own, so the two share nothing but the machine.
    const listeners = progress.next(crash.id);
    const pair = [runCrash(crash, options, { linked: true, listener: listeners.on })];
    pair.push(runCrash(crash, options, { linked: false, listener: listeners.off }));
    results.push(...(await Promise.all(pair)));
  }
  progress.clear();
  console.log(report(results));
  if (options.json !== undefined) writeFileSync(options.json, toJson(results));

  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(
    `\n${results.length} runs, ${options.accounts} traders, seed ${options.seed}, ${profile} build, ${seconds} s`,
  );
  const broken = results.flatMap(({ crash, linked, checks }) =>
    checks
      .filter(({ holds }) => !holds)
      .map(({ id, name, detail }) => `${crash}, ${String(linked)}: ${id} ${name}: ${detail}`),
  );
  for (const line of broken) console.error(`crashes: broken: ${line}`);
  return broken.length === 0 ? ExitCode.Fine : ExitCode.Broken;
}

/** What an error means for the shell. */
function explain(error: unknown): number {
  progress.clear();
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return ExitCode.Fine; // --help
    console.error(error.message.replace(/^error: /, "crashes: "));
    return ExitCode.WrongInput;
  }
  if (error instanceof InputError) {
    console.error(`crashes: ${error.message}`);
    return ExitCode.WrongInput;
  }
  console.error(error);
  console.error("crashes: failed; this is a bug of the command or of the contracts.");
  return ExitCode.Broken;
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);

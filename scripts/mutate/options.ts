import { Command } from "commander";

import { OptionError } from "../instrument/errors.ts";
import { MAX_SEED, parseInteger } from "../replay/options.ts";

/** What the command is asked to do. */
export interface MutateOptions {
  readonly seed: number;
  readonly count: number;
  /** Files begin with one of these; all when there are none. */
  readonly files: readonly string[];
  readonly isResumed: boolean;
  /** Whether what Solidity suites do not notice is shown to the TypeScript suites. */
  readonly hasTypeScript: boolean;
  /** TypeScript tests get so long with one mutant, in seconds of computing. */
  readonly seconds: number;
  /** Whether it is shown which mutant each test of an invariant notices, after the results there are. */
  readonly isTable: boolean;
  /** So many mutants are judged at a time. */
  readonly lanes: number;
}

const LIMITS = { count: [1, 20_000], limit: [5, 3_600], lanes: [1, 16] } as const;
const DEFAULTS = { seed: "1", count: "800", limit: "30", lanes: "2" } as const;

/** The command line. Errors in it are thrown, not printed: the caller decides on the exit code. */
export function command(): Command {
  return new Command("npm run mutate --")
    .description("Puts one small mistake at a time into the contracts and looks whether a test notices.")
    .option("--seed <n>", `seed of the draw, 0 to ${MAX_SEED}`, DEFAULTS.seed)
    .option("--count <n>", `mutants, ${LIMITS.count.join(" to ")}`, DEFAULTS.count)
    .option("--file <list>", "only files that begin so, with commas between them: contracts/libraries,contracts/fund")
    .option("--resume", "keep the results of earlier runs that still hold")
    .option("--table", "show for the tests of each invariant a mutant that they notice, after what `--resume` keeps")
    .option("--no-typescript", "run the Solidity suites only")
    .option(
      "--limit <seconds>",
      `TypeScript tests get so long with one mutant, ${LIMITS.limit.join(" to ")}`,
      DEFAULTS.limit,
    )
    .option("--lanes <n>", `mutants judged at a time, ${LIMITS.lanes.join(" to ")}`, DEFAULTS.lanes)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

interface RawOptions {
  readonly seed: string;
  readonly count: string;
  readonly limit: string;
  readonly lanes: string;
  readonly file?: string;
  readonly resume?: boolean;
  readonly table?: boolean;
  readonly typescript: boolean;
}

/** Parses and checks; throws a CommanderError (help included) or an error that says what is allowed. */
export function parseOptions(argv: readonly string[]): MutateOptions {
  const raw = command().parse(argv, { from: "user" });
  if (raw.args.length > 0) throw new OptionError("argument", raw.args.join(" "), "the command takes options only");
  const options = raw.opts<RawOptions>();
  const files = options.file?.split(",").map((file) => file.trim()) ?? [];
  const wrong = files.find((file) => !file.startsWith("contracts/"));
  if (wrong !== undefined) throw new OptionError("--file", wrong, "give files or folders that begin with contracts/");
  return {
    seed: parseInteger("--seed", options.seed, 0, MAX_SEED),
    count: parseInteger("--count", options.count, ...LIMITS.count),
    files,
    isResumed: options.resume ?? options.table ?? false,
    isTable: options.table ?? false,
    hasTypeScript: options.typescript,
    seconds: parseInteger("--limit", options.limit, ...LIMITS.limit),
    lanes: parseInteger("--lanes", options.lanes, ...LIMITS.lanes),
  };
}

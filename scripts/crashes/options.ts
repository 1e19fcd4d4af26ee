import { Command } from "commander";

import { OptionError } from "../replay/errors.ts";
import { MAX_ACCOUNTS, MAX_SEED, MIN_ACCOUNTS, parseInteger, writableFile } from "../replay/options.ts";

/** What the command is asked to do. */
export interface CrashOptions {
  /** Ids of the crashes, in order of time. */
  readonly crashes: readonly string[];
  readonly accounts: number;
  readonly seed: number;
  /** Hours around the lowest price of each crash. */
  readonly hours: number;
  /** Reserve at the start, basis points of the open interest that longs plan. */
  readonly reserveBps: number;
  readonly json: string | undefined;
}

interface RawOptions {
  readonly crashes: string;
  readonly accounts: string;
  readonly seed: string;
  readonly hours: string;
  readonly reserve: string;
  readonly json?: string;
}

export const MAX_HOURS = 48;
const MIN_HOURS = 2;
const MAX_RESERVE = 100;
const DEFAULTS = { crashes: "all", accounts: "40", seed: "1", hours: `${MAX_HOURS}`, reserve: "5" } as const;

/** The command line. Errors in it are thrown, not printed: the caller decides on the exit code. */
export function command(): Command {
  return new Command("npm run crashes --")
    .description(
      "Runs every recorded crash against the real contracts, once with risk control and its gap premium and once without, and says what " +
        "the fund took in, who paid, and how the fund's ratio went.",
    )
    .option("--crashes <list>", "ids like 2020-03-eth with commas between them, or all", DEFAULTS.crashes)
    .option("--accounts <n>", `traders, ${MIN_ACCOUNTS} to ${MAX_ACCOUNTS}; keepers come on top`, DEFAULTS.accounts)
    .option("--seed <n>", "seed of the population, 0 to 2^32 - 1", DEFAULTS.seed)
    .option("--hours <n>", `hours around each crash's low, ${MIN_HOURS} to ${MAX_HOURS}`, DEFAULTS.hours)
    .option(
      "--reserve <percent>",
      "the fund's reserve at the start, per cent of planned open interest",
      DEFAULTS.reserve,
    )
    .option("--json <file>", "write the figures as JSON")
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

/** Parses and checks; throws a CommanderError (help included) or an OptionError. `known` are the ids that there are. */
export function parseOptions(argv: readonly string[], known: readonly string[]): CrashOptions {
  const raw = command().parse(argv, { from: "user" });
  if (raw.args.length > 0) throw new OptionError("argument", raw.args.join(" "), "the command takes options only");
  const options = raw.opts<RawOptions>();
  return {
    crashes: parseCrashes(options.crashes, known),
    accounts: parseInteger("--accounts", options.accounts, MIN_ACCOUNTS, MAX_ACCOUNTS),
    seed: parseInteger("--seed", options.seed, 0, MAX_SEED),
    hours: parseInteger("--hours", options.hours, MIN_HOURS, MAX_HOURS),
    reserveBps: parsePercent("--reserve", options.reserve),
    json: options.json === undefined ? undefined : writableFile("--json", options.json),
  };
}

function parseCrashes(value: string, known: readonly string[]): readonly string[] {
  if (value === "all") return known;
  const asked = new Set(value.split(","));
  for (const id of asked) {
    if (!known.includes(id)) throw new OptionError("--crashes", id, `give all or ids among ${known.join(", ")}`);
  }
  return known.filter((id) => asked.has(id));
}

/** Per cent with at most two decimals, as basis points. */
function parsePercent(option: string, value: string): number {
  const number = /^\d{1,3}(\.\d{1,2})?$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number) || number > MAX_RESERVE) {
    throw new OptionError(option, value, `give 0 to ${MAX_RESERVE} per cent with at most two decimals`);
  }
  return Math.round(number * 100);
}

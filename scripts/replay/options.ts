import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";

import { OptionError } from "./errors.ts";
import { TOKEN_DECIMALS } from "./local.ts";

/** What the replay is asked to do. */
export interface ReplayOptions {
  /** Traders; keepers come on top. */
  readonly accounts: number;
  readonly seed: number;
  /** What the fund's reserve is given at the start, settlement token, 1e-6. */
  readonly fund: bigint;
  /** What the coverage vault commits to the fund, and what a second vault commits behind it, 1e-6. */
  readonly backstop: bigint;
  readonly reinsurance: bigint;
  /** Sum insured of the cover that short traders buy, 1e-6. */
  readonly cover: bigint;
  /** Price file instead of the built-in series. */
  readonly prices: string | undefined;
  readonly json: string | undefined;
  readonly report: string;
}

/** The options as commander hands them over. */
interface RawOptions {
  readonly accounts: string;
  readonly seed: string;
  readonly fund: string;
  readonly backstop: string;
  readonly reinsurance: string;
  readonly cover: string;
  readonly prices?: string;
  readonly json?: string;
  readonly report?: string;
}

export const MIN_ACCOUNTS = 10;
export const MAX_ACCOUNTS = 2_000;
export const MAX_SEED = 2 ** 32 - 1;
const MAX_AMOUNT = 10n ** 9n;
export const DEFAULTS = {
  accounts: "240",
  seed: "1",
  fund: "500000",
  backstop: "100000",
  reinsurance: "50000",
  cover: "50000",
} as const;
/** The folder is the project's own and is made when it is missing; one that the user names must exist. */
const DEFAULT_REPORT = fileURLToPath(new URL("../../out/replay.html", import.meta.url));

/** The command line. Errors in it are thrown, not printed: the caller decides on the exit code. */
export function command(): Command {
  return new Command("npm start --")
    .description(
      "Replays ETH's fall of 12 and 13 March 2020 on an embedded chain: funded accounts, keepers that bid, and a loss that walks " +
        "through the fund's layers to socialised loss and deleveraging.",
    )
    .option("--accounts <n>", `traders, ${MIN_ACCOUNTS} to ${MAX_ACCOUNTS}; keepers come on top`, DEFAULTS.accounts)
    .option("--seed <n>", "seed of the population, 0 to 2^32 - 1", DEFAULTS.seed)
    .option("--fund <amount>", "what the fund's reserve starts with, units of the settlement asset", DEFAULTS.fund)
    .option("--backstop <amount>", "what the coverage vault commits to the fund", DEFAULTS.backstop)
    .option("--reinsurance <amount>", "what a second vault commits behind it", DEFAULTS.reinsurance)
    .option("--cover <amount>", "sum insured of cover that short traders buy", DEFAULTS.cover)
    .option("--prices <file>", "CSV of bars: timestamp_utc,open,high,low,close[,volume] (default: built in)")
    .option("--json <file>", "write the figures as JSON")
    .option("--report <file>", "write the HTML report here (default: out/replay.html)")
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

/** Parses and checks; throws a CommanderError (help included) or an OptionError. */
export function parseOptions(argv: readonly string[]): ReplayOptions {
  const raw = command().parse(argv, { from: "user" });
  if (raw.args.length > 0) throw new OptionError("argument", raw.args.join(" "), "the replay takes options only");
  const options = raw.opts<RawOptions>();
  return {
    accounts: parseInteger("--accounts", options.accounts, MIN_ACCOUNTS, MAX_ACCOUNTS),
    seed: parseInteger("--seed", options.seed, 0, MAX_SEED),
    fund: parseAmount("--fund", options.fund),
    backstop: parseAmount("--backstop", options.backstop),
    reinsurance: parseAmount("--reinsurance", options.reinsurance),
    cover: parseAmount("--cover", options.cover),
    prices: options.prices === undefined ? undefined : existingFile("--prices", options.prices),
    json: options.json === undefined ? undefined : writableFile("--json", options.json),
    report: options.report === undefined ? DEFAULT_REPORT : writableFile("--report", options.report),
  };
}

/** A whole number within bounds, or an OptionError. */
export function parseInteger(option: string, value: string, low: number, high: number): number {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number) || number < low || number > high) {
    throw new OptionError(option, value, `give a whole number from ${low} to ${high}`);
  }
  return number;
}

/** Units of the settlement asset, with at most the token's own decimals. */
function parseAmount(option: string, value: string): bigint {
  const match = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(value);
  const [, whole = "0", fraction = ""] = match ?? [];
  const amount = BigInt(whole + fraction.padEnd(TOKEN_DECIMALS, "0"));
  if (!match || amount > MAX_AMOUNT * 10n ** BigInt(TOKEN_DECIMALS)) {
    throw new OptionError(
      option,
      value,
      `give an amount from 0 to ${MAX_AMOUNT.toString()} with at most ${TOKEN_DECIMALS} decimals, without signs or separators`,
    );
  }
  return amount;
}

function existingFile(option: string, value: string): string {
  const path = resolve(value);
  if (!existsSync(path)) throw new OptionError(option, value, "there is no such file");
  if (!statSync(path).isFile()) throw new OptionError(option, value, "it is not a file");
  return path;
}

/** Where a file may be written, or an OptionError. */
export function writableFile(option: string, value: string): string {
  const path = resolve(value);
  if (value === "" || (existsSync(path) && statSync(path).isDirectory())) {
    throw new OptionError(option, value, "give a file, not a folder");
  }
  if (!existsSync(dirname(path))) throw new OptionError(option, value, `there is no folder ${dirname(path)}`);
  return path;
}

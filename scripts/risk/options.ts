import { availableParallelism } from "node:os";
import { Command } from "commander";

import { CLASS_NAMES } from "../crashes/data.ts";
import type { ClassName } from "../crashes/data.ts";
import { OptionError } from "../replay/errors.ts";
import { MAX_SEED, parseInteger, writableFile } from "../replay/options.ts";
import { Auction } from "./kernel/constants.ts";
import type { Bidders, Capital } from "./kernel/parameters.ts";
import { MODEL_KINDS } from "./paths/models.ts";
import type { ModelKind } from "./paths/models.ts";

/** What the command is asked to do. */
export interface StressOptions {
  readonly paths: number;
  readonly accounts: number;
  readonly hours: number;
  readonly models: readonly ModelKind[];
  readonly marketClass: ClassName;
  readonly capital: Capital;
  readonly bidders: Bidders;
  /** Open interest as a part of what the fund's resources allow. */
  readonly use: number;
  /** A year; undefined: that of the recorded hours. */
  readonly volatility: number | undefined;
  readonly seed: number;
  readonly threads: number;
  /** Only what premium and penalties bring over the recorded hours, and what gaps take. */
  readonly carry: boolean;
  readonly json: string | undefined;
  readonly html: string | undefined;
}

/** The options as commander hands them over. */
type RawOptions = Readonly<Record<keyof typeof DEFAULTS, string>> & {
  readonly volatility?: string;
  readonly threads?: string;
  readonly carry?: boolean;
  readonly json?: string;
  readonly html?: string;
};

export const LIMITS = {
  paths: [1_000, 10_000_000],
  accounts: [10, 5_000],
  hours: [1, 720],
  use: [1, 100],
  delay: [0, Auction.timeout],
  cost: [0, 1_000],
  volatility: [1, 500],
  threads: [1, 64],
} as const;
const MAX_AMOUNT = 1e9;
const DEFAULTS = {
  paths: "100000",
  accounts: "500",
  hours: "168",
  models: "all",
  class: "major",
  reserve: "1000000",
  junior: "0",
  senior: "0",
  reinsurance: "0",
  use: "80",
  delay: "300",
  cost: "20",
  seed: "1",
} as const;

const range = ([low, high]: readonly [number, number]) => `${low} to ${high}`;

/** The command line. Errors in it are thrown, not printed: the caller decides on the exit code. */
export function command(): Command {
  return new Command("npm run stress --")
    .description(
      "Walks price paths through Bulwark's own mathematics, hour by hour: what the fund may lose, how sure that is, what would empty it, " +
        "how good the forecasts behind margin and premium were on recorded hours, and what the steward may be asked to change.",
    )
    .option("--paths <n>", `paths of each model, ${range(LIMITS.paths)}`, DEFAULTS.paths)
    .option("--accounts <n>", `accounts, ${range(LIMITS.accounts)}`, DEFAULTS.accounts)
    .option("--hours <n>", `hours of a path, ${range(LIMITS.hours)}`, DEFAULTS.hours)
    .option("--models <list>", `${MODEL_KINDS.join(", ")} with commas between them, or all`, DEFAULTS.models)
    .option("--class <name>", `class of the market: ${CLASS_NAMES.join(", ")}`, DEFAULTS.class)
    .option("--reserve <amount>", "the fund's reserve, units of the settlement asset", DEFAULTS.reserve)
    .option("--junior <amount>", "what the junior tranche commits", DEFAULTS.junior)
    .option("--senior <amount>", "what the senior tranche commits", DEFAULTS.senior)
    .option("--reinsurance <amount>", "what reinsurance commits", DEFAULTS.reinsurance)
    .option(
      "--use <percent>",
      `open interest, per cent of the cap that the resources allow, ${range(LIMITS.use)}`,
      DEFAULTS.use,
    )
    .option("--delay <seconds>", `bidders wait so long after a price, ${range(LIMITS.delay)}`, DEFAULTS.delay)
    .option(
      "--cost <bps>",
      `bidders ask for so much of the notional, basis points, ${range(LIMITS.cost)}`,
      DEFAULTS.cost,
    )
    .option("--volatility <percent>", `a year, at the start, ${range(LIMITS.volatility)} (default: as recorded)`)
    .option("--seed <n>", "seed of book and paths, 0 to 2^32 - 1", DEFAULTS.seed)
    .option("--threads <n>", `worker threads, ${range(LIMITS.threads)} (default: as many as there are cores)`)
    .option(
      "--carry",
      "only the years of recorded hours: what premium and penalties bring, what gaps take (the reserve alone)",
    )
    .option("--json <file>", "write the figures as JSON")
    .option("--html <file>", "write a report with plots")
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

/** Parses and checks; throws a CommanderError (help included) or an OptionError. */
export function parseOptions(argv: readonly string[]): StressOptions {
  const raw = command().parse(argv, { from: "user" });
  if (raw.args.length > 0) throw new OptionError("argument", raw.args.join(" "), "the command takes options only");
  const options = raw.opts<RawOptions>();
  const integer = (name: keyof typeof LIMITS, value: string) =>
    parseInteger(`--${name}`, value, LIMITS[name][0], LIMITS[name][1]);
  const amount = (name: keyof Capital) => parseAmount(`--${name}`, options[name]);
  const capital = {
    reserve: amount("reserve"),
    junior: amount("junior"),
    senior: amount("senior"),
    reinsurance: amount("reinsurance"),
  };
  if (capital.reserve === 0)
    throw new OptionError("--reserve", options.reserve, "without a reserve nothing may be open");
  if (options.carry === true) checkCarry(options, capital);
  return {
    paths: integer("paths", options.paths),
    accounts: integer("accounts", options.accounts),
    hours: integer("hours", options.hours),
    models: parseModels(options.models),
    marketClass: parseClass(options.class),
    capital,
    bidders: { delay: integer("delay", options.delay), cost: integer("cost", options.cost) },
    use: integer("use", options.use) / 100,
    volatility: options.volatility === undefined ? undefined : integer("volatility", options.volatility) / 100,
    seed: parseInteger("--seed", options.seed, 0, MAX_SEED),
    threads: options.threads === undefined ? availableParallelism() : integer("threads", options.threads),
    carry: options.carry === true,
    json: options.json === undefined ? undefined : writableFile("--json", options.json),
    html: options.html === undefined ? undefined : writableFile("--html", options.html),
  };
}

/** What `--carry` does not know is refused, so that nobody takes its figures for what they are not. */
function checkCarry(options: RawOptions, { junior, reinsurance, senior }: Capital): void {
  if (options.html !== undefined) throw new OptionError("--html", options.html, "--carry has no report; give --json");
  const layers = Object.entries({ junior, senior, reinsurance });
  for (const [name, amount] of layers) {
    if (amount > 0) throw new OptionError(`--${name}`, `${amount}`, "with --carry the reserve stands alone");
  }
}

function parseModels(value: string): readonly ModelKind[] {
  if (value === "all") return MODEL_KINDS;
  const asked = new Set(value.split(","));
  for (const kind of asked) {
    if (!MODEL_KINDS.some((known) => known === kind)) {
      throw new OptionError("--models", kind, `give all or some of ${MODEL_KINDS.join(", ")}`);
    }
  }
  return MODEL_KINDS.filter((kind) => asked.has(kind));
}

function parseClass(value: string): ClassName {
  const known = CLASS_NAMES.find((name) => name === value);
  if (known === undefined) throw new OptionError("--class", value, `give one of ${CLASS_NAMES.join(", ")}`);
  return known;
}

/** Units of the settlement asset, with at most six decimals. */
function parseAmount(option: string, value: string): number {
  const amount = /^\d{1,10}(\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(amount) || amount > MAX_AMOUNT) {
    throw new OptionError(option, value, `give an amount from 0 to ${MAX_AMOUNT} without signs or separators`);
  }
  return amount;
}

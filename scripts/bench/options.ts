import { Command } from "commander";

import { BenchError } from "./errors.ts";

/** What the bench is asked to do. */
export interface BenchOptions {
  /** File for the rows as JSON. */
  readonly json: string | undefined;
  /** Print the breakdown of the floors and measure nothing. */
  readonly floors: boolean;
  /** Print what each operation is spent on. */
  readonly split: boolean;
  /** Key of the operation to take apart. */
  readonly profile: string | undefined;
  /** Compare with the committed snapshot, or write it. */
  readonly check: boolean;
  readonly update: boolean;
  /** Compile first what is out of date. */
  readonly build: boolean;
  /** Sizes of house and vault among which an operation must cost the same; none where that is not asked. */
  readonly accounts: readonly number[];
}

interface RawOptions {
  readonly json?: string;
  readonly floors?: boolean;
  readonly split?: boolean;
  readonly profile?: string;
  readonly check?: boolean;
  readonly update?: boolean;
  readonly build: boolean;
  readonly accounts: string;
}

/** A wrong option. */
export class OptionError extends BenchError {
  override name = "OptionError";
}

const MOST_ACCOUNTS = 100_000;

/** The command line. Errors in it are thrown, not printed: the caller decides on the exit code. */
function command(keys: readonly string[]): Command {
  return new Command("npm run bench --")
    .description(
      "Measures what every operation costs on an embedded chain, in the production build: gas inside the transaction before refund, " +
        "cold, for users who come for the second time.",
    )
    .option("--json <file>", "write the rows {operation, gas, floor, goal, peer, peerGas, peerOrigin} as JSON")
    .option("--floors", "print how the floors add up, and measure nothing")
    .option("--split", "print what the gas of each operation is spent on (Markdown); runs no peers")
    .option("--profile <operation>", `where the gas of one operation goes: ${keys.join(", ")}`)
    .option("--check", "fail when a figure differs from test/gas/snapshot.json by a single gas; runs no peers")
    .option(
      "--no-build",
      "measure the artifacts as they are; whoever says so has just built them in the production profile",
    )
    .option("--update", "write test/gas/snapshot.json")
    .option(
      "--accounts <list>",
      "sizes of house and vault among which an operation must cost the same",
      "100,1000,10000",
    )
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

/** Parses and checks; throws a CommanderError (help included) or an OptionError. */
export function parseOptions(argv: readonly string[], keys: readonly string[]): BenchOptions {
  const raw = command(keys).parse(argv, { from: "user" }).opts<RawOptions>();
  if (raw.profile !== undefined && !keys.includes(raw.profile)) {
    throw new OptionError(`--profile "${raw.profile}": there is no such operation; there are ${keys.join(", ")}`);
  }
  const chosen = [raw.profile !== undefined, raw.floors, raw.split, raw.check, raw.update].filter(
    (isSet) => isSet === true,
  );
  if (chosen.length > 1) throw new OptionError("--profile, --floors, --split, --check and --update exclude each other");
  return {
    json: raw.json,
    floors: raw.floors === true,
    split: raw.split === true,
    profile: raw.profile,
    check: raw.check === true,
    update: raw.update === true,
    build: raw.build,
    accounts: populations(raw.accounts),
  };
}

/** Ascending, so that one chain grows through all of them. */
function populations(list: string): number[] {
  const counts = list === "" ? [] : list.split(",").map(Number);
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 1 || count > MOST_ACCOUNTS) {
      throw new OptionError(`--accounts "${list}": whole numbers from 1 to ${MOST_ACCOUNTS}, with commas between`);
    }
  }
  return counts.sort((a, b) => a - b);
}

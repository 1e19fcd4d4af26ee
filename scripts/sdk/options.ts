import { Command } from "commander";

import { OptionError } from "./errors.ts";

/** What `npm run sdk:check` is asked to do. */
export interface CheckOptions {
  /** Leaves the browser out. */
  readonly hasBrowser: boolean;
  /** Program to start; looked for when left out. */
  readonly browser: string | undefined;
}

/** Parses and checks; throws a CommanderError (help included) or an OptionError. */
export function parseOptions(argv: readonly string[]): CheckOptions {
  const command = new Command("npm run sdk:check --")
    .description(
      "Packs the SDK, installs it into an empty folder, and runs the program of its README against a local testnet, in Node and in a " +
        "headless browser.",
    )
    .option("--no-browser", "run it in Node only")
    .option("--browser <file>", "Chromium, Chrome or Edge; looked for when left out")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
  const { browser } = command.parse(argv, { from: "user" }).opts<{ browser: string | boolean }>();
  if (browser === "") throw new OptionError('--browser "": it must be a file that can be started');
  return { hasBrowser: browser !== false, browser: typeof browser === "string" ? browser : undefined };
}

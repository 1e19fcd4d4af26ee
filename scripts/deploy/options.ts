import { existsSync } from "node:fs";
import { Command } from "commander";

import { OptionError } from "./errors.ts";

export interface DeployOptions {
  /** A network of hardhat.config.ts. */
  readonly network: string;
  /** Parameters of the module; a local chain needs none. */
  readonly parameters: string | undefined;
  /** Fork the network, deploy there, and say what it would cost. */
  readonly dryRun: boolean;
  /** Deploy nothing; read a deployment back. */
  readonly check: boolean;
  /** Publish the sources at the network's explorer, when everything has been read back. */
  readonly verify: boolean;
  /** Interface of an explorer that Hardhat does not know. */
  readonly explorer: string | undefined;
  readonly manifest: string | undefined;
  /** Ignition's name of the deployment. */
  readonly deployment: string | undefined;
}

interface RawOptions {
  readonly network?: string;
  readonly parameters?: string;
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly verify?: boolean;
  readonly explorer?: string;
  readonly manifest?: string;
  readonly deployment?: string;
}

/** The command line. Errors in it are thrown, not printed: the caller decides on the exit code. */
function command(): Command {
  return new Command("npm run deploy --")
    .description(
      "Deploys Bulwark, hands it over to governance, writes a manifest and reads everything back. A run that was interrupted goes on where " +
        "it stopped; one that is complete changes nothing.",
    )
    .option("--network <name>", "a network of hardhat.config.ts: localhost, testnet")
    .option("--parameters <file>", "parameters as in deploy/parameters (localhost needs none)")
    .option("--dry-run", "deploy on a fork of the network in memory, and print gas and cost")
    .option("--check", "read an existing deployment back and compare, nothing else")
    .option("--verify", "publish the sources at the explorer, with the key ETHERSCAN_API_KEY; may be run again later")
    .option("--explorer <url>", "an interface like Etherscan's, for a chain that Hardhat knows no explorer of")
    .option("--manifest <file>", "where the manifest is written (default: deployments/NETWORK/manifest.json)")
    .option("--deployment <name>", "name of the deployment in deploy/deployments (default: NETWORK-CHAIN)")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

/** Parses and checks; throws a CommanderError (help included) or an OptionError. */
export function parseOptions(argv: readonly string[], networks: readonly string[]): DeployOptions {
  const raw = command().parse(argv, { from: "user" }).opts<RawOptions>();
  const known = networks.join(", ");
  if (raw.network === undefined) throw new OptionError(`--network is missing; there are ${known}`);
  if (!networks.includes(raw.network)) {
    throw new OptionError(`--network "${raw.network}": there is no such network; there are ${known}`);
  }
  if (raw.dryRun === true && raw.check === true) throw new OptionError("--dry-run and --check exclude each other");
  if (raw.verify === true && (raw.dryRun === true || raw.check === true)) {
    throw new OptionError("--verify excludes --dry-run and --check");
  }
  if (raw.verify === true && raw.network === "localhost") {
    throw new OptionError("--verify: no explorer knows a local chain");
  }
  if (raw.explorer !== undefined && (raw.verify !== true || !URL.canParse(raw.explorer))) {
    throw new OptionError(`--explorer "${raw.explorer}": it goes with --verify, and must be a URL`);
  }
  if (raw.parameters !== undefined && !existsSync(raw.parameters)) {
    throw new OptionError(`--parameters "${raw.parameters}": there is no such file`);
  }
  if (raw.parameters === undefined && raw.network !== "localhost" && raw.check !== true) {
    throw new OptionError("--parameters is missing: only localhost has tokens and feeds of its own");
  }
  return {
    network: raw.network,
    parameters: raw.parameters,
    dryRun: raw.dryRun === true,
    check: raw.check === true,
    verify: raw.verify === true,
    explorer: raw.explorer,
    manifest: raw.manifest,
    deployment: raw.deployment,
  };
}

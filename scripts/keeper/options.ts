import { existsSync } from "node:fs";
import { Command } from "commander";
import { isAddress, parseUnits } from "ethers";

import type { Rules } from "./decide/state.ts";
import { OptionError } from "./errors.ts";

export interface KeeperOptions {
  /** A network of hardhat.config.ts. */
  readonly network: string;
  readonly manifest: string | undefined;
  readonly store: string | undefined;
  /** Send; otherwise only say what would be sent. */
  readonly send: boolean;
  /** In a dry run: whose account would bid. */
  readonly address: string | undefined;
  /** Number of the sub-account that bids. */
  readonly account: bigint;
  readonly rules: Rules;
  readonly coinFeed: number | undefined;
  readonly fromBlock: number | undefined;
  readonly range: number;
  /** Seconds. */
  readonly poll: number;
  readonly patience: number;
  readonly grace: number;
  /** Wei. */
  readonly maxGasPrice: bigint;
  readonly port: number;
  readonly logLevel: string;
  readonly once: boolean;
}

type Raw = Record<keyof typeof DEFAULTS, string> & {
  readonly manifest?: string;
  readonly store?: string;
  readonly address?: string;
  readonly coinFeed?: string;
  readonly fromBlock?: string;
  readonly send?: boolean;
  readonly once?: boolean;
};

const DEFAULTS = {
  network: "localhost",
  account: "0",
  budget: "0",
  minProfit: "1",
  tolerance: "50",
  refreshEvery: "900",
  syncEvery: "3600",
  settleAbove: "100",
  payAbove: "1",
  bonds: "0",
  range: "2000",
  poll: "6",
  patience: "45",
  grace: "20",
  maxGasPrice: "100",
  port: "9464",
  logLevel: "info",
} as const;
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const MOST = { feed: 63, seconds: 86_400, block: 10 ** 10, bonds: 100, port: 65_535, bps: 1_000, range: 100_000 };
const MOST_ACCOUNT = 2n ** 96n - 1n;

function command(): Command {
  return new Command("npm run keeper --")
    .description(
      "Watches a deployment and does what anyone may do: bids, deleverages, writes off, converts collateral, keeps prices and limits of risk " +
        "current, closes what has ended, pays who waits, observes, opens and resolves claims, tells subscribers. A dry run unless --send is given.",
    )
    .option("--network <name>", "a network of hardhat.config.ts: localhost, testnet", DEFAULTS.network)
    .option("--manifest <file>", "of the deployment (default: deployments/NETWORK/manifest.json)")
    .option("--store <file>", "what survives a restart (default: keeper-CHAIN.sqlite beside the manifest)")
    .option("--send", "send transactions, signed with the network's key, or KEEPER_PRIVATE_KEY for localhost")
    .option("--address <address>", "in a dry run: bid as this owner would")
    .option("--account <number>", "sub-account that bids", DEFAULTS.account)
    .option("--budget <units>", "most that is laid out in a day; 0: no bids, no purchases", DEFAULTS.budget)
    .option("--min-profit <units>", "least that a bid or a purchase brings after gas", DEFAULTS.minProfit)
    .option("--tolerance <bps>", "how far price and income may move until the block", DEFAULTS.tolerance)
    .option("--coin-feed <number>", "feed of the chain's own coin, so that gas counts in the profit")
    .option("--refresh-every <seconds>", "age of a price that no auction depends on", DEFAULTS.refreshEvery)
    .option("--sync-every <seconds>", "age of a market's limits of risk; 0: never", DEFAULTS.syncEvery)
    .option("--settle-above <units>", "least balance of house and fund to settle", DEFAULTS.settleAbove)
    .option("--pay-above <units>", "least that is paid of a withdrawal that waits", DEFAULTS.payAbove)
    .option("--bonds <number>", "most bonds of claims at a time; 0: no claims are opened", DEFAULTS.bonds)
    .option("--from-block <number>", "first block with events (default: where the house was created)")
    .option("--range <blocks>", "most blocks of one request for events", DEFAULTS.range)
    .option("--poll <seconds>", "between two rounds", DEFAULTS.poll)
    .option("--patience <seconds>", "before a transaction is replaced with higher fees", DEFAULTS.patience)
    .option("--grace <seconds>", "for a transaction on its way when told to stop", DEFAULTS.grace)
    .option("--max-gas-price <gwei>", "highest price of gas that is paid", DEFAULTS.maxGasPrice)
    .option("--port <number>", "of /metrics and /health on 127.0.0.1; 0 for any free one", DEFAULTS.port)
    .option("--log-level <level>", LEVELS.join(", "), DEFAULTS.logLevel)
    .option("--once", "one round, and end")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

/** Parses and checks; throws a CommanderError (help included) or an OptionError. */
export function parseOptions(argv: readonly string[], networks: readonly string[]): KeeperOptions {
  const raw = command().parse(argv, { from: "user" }).opts<Raw>();
  if (!networks.includes(raw.network)) {
    throw new OptionError(`--network "${raw.network}": there is no such network; there are ${networks.join(", ")}`);
  }
  if (raw.manifest !== undefined && !existsSync(raw.manifest)) {
    throw new OptionError(`--manifest "${raw.manifest}": there is no such file`);
  }
  if (raw.address !== undefined && !isAddress(raw.address)) {
    throw new OptionError(`--address "${String(raw.address)}": it is no address`);
  }
  if (raw.address !== undefined && raw.send === true) {
    throw new OptionError("--address is for a dry run: with --send the key says who bids");
  }
  if (!LEVELS.includes(raw.logLevel)) {
    throw new OptionError(`--log-level "${raw.logLevel}": it must be one of ${LEVELS.join(", ")}`);
  }
  return {
    network: raw.network,
    manifest: raw.manifest,
    store: raw.store,
    send: raw.send === true,
    address: raw.address,
    account: subAccount(raw.account),
    rules: rulesOf(raw),
    coinFeed: raw.coinFeed === undefined ? undefined : integer("--coin-feed", raw.coinFeed, 0, MOST.feed),
    fromBlock: raw.fromBlock === undefined ? undefined : integer("--from-block", raw.fromBlock, 0, MOST.block),
    range: integer("--range", raw.range, 1, MOST.range),
    poll: integer("--poll", raw.poll, 1, MOST.seconds),
    patience: integer("--patience", raw.patience, 1, MOST.seconds),
    grace: integer("--grace", raw.grace, 0, MOST.seconds),
    maxGasPrice: amount("--max-gas-price", raw.maxGasPrice, 9),
    port: integer("--port", raw.port, 0, MOST.port),
    logLevel: raw.logLevel,
    once: raw.once === true,
  };
}

function rulesOf(raw: Raw): Rules {
  return {
    budget: amount("--budget", raw.budget, 18),
    minProfit: amount("--min-profit", raw.minProfit, 18),
    toleranceBps: BigInt(integer("--tolerance", raw.tolerance, 0, MOST.bps)),
    refreshEvery: BigInt(integer("--refresh-every", raw.refreshEvery, 1, MOST.seconds)),
    syncEvery: BigInt(integer("--sync-every", raw.syncEvery, 0, MOST.seconds)),
    settleAbove: amount("--settle-above", raw.settleAbove, 18),
    payAbove: amount("--pay-above", raw.payAbove, 18),
    bonds: integer("--bonds", raw.bonds, 0, MOST.bonds),
  };
}

function subAccount(text: string): bigint {
  const value = /^\d{1,29}$/.test(text) ? BigInt(text) : MOST_ACCOUNT + 1n;
  if (value > MOST_ACCOUNT) throw new OptionError(`--account "${text}": it must be a whole number below 2^96`);
  return value;
}

/** A number of units with decimals, as the smallest parts. */
function amount(name: string, text: string, decimals: number): bigint {
  if (!/^\d{1,15}(\.\d{1,6})?$/.test(text)) {
    throw new OptionError(`${name} "${text}": it must be a number, with at most six decimals`);
  }
  return parseUnits(text, decimals);
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,11}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new OptionError(`${name} "${text}": it must be a whole number from ${least} to ${most}`);
  }
  return value;
}

import { existsSync } from "node:fs";
import { Command } from "commander";

import { OptionError } from "./errors.ts";

/** Chain, prices, keeper, maker and page together. */
export interface LocalOptions {
  readonly kind: "local";
  /** Of the page; 0 for any free one. */
  readonly port: number;
  readonly chainPort: number;
  /** Passed on to the testnet. */
  readonly seed: number;
  readonly every: number;
  readonly crash: boolean;
  readonly keeper: boolean;
  readonly maker: boolean;
}

/** The page alone, for a deployment that is somewhere. */
export interface RemoteOptions {
  readonly kind: "remote";
  readonly port: number;
  readonly manifest: string;
  readonly rpc: string;
  readonly explorer: string | undefined;
  readonly fromBlock: number;
  readonly markets: readonly string[];
}

export type AppOptions = LocalOptions | RemoteOptions;

interface Raw {
  readonly port: string;
  readonly chainPort: string;
  readonly seed: string;
  readonly every: string;
  readonly crash?: boolean;
  readonly keeper: boolean;
  readonly maker: boolean;
  readonly manifest?: string;
  readonly rpc?: string;
  readonly explorer?: string;
  readonly fromBlock: string;
  readonly markets: string;
}

const MAX = { port: 65_535, seed: 2 ** 32 - 1, every: 3_600, block: 10 ** 10 };

/** Parses and checks; throws a CommanderError (help included) or an OptionError. */
export function parseOptions(argv: readonly string[]): AppOptions {
  const raw = command().parse(argv, { from: "user" }).opts<Raw>();
  const port = integer("--port", raw.port, MAX.port);
  if (raw.manifest === undefined && raw.rpc === undefined) {
    return {
      kind: "local",
      port,
      chainPort: integer("--chain-port", raw.chainPort, MAX.port),
      seed: integer("--seed", raw.seed, MAX.seed),
      every: integer("--every", raw.every, MAX.every),
      crash: raw.crash === true,
      keeper: raw.keeper,
      maker: raw.maker,
    };
  }
  if (raw.manifest === undefined || raw.rpc === undefined) {
    throw new OptionError("--manifest and --rpc belong together: without both, a local chain is started");
  }
  if (!existsSync(raw.manifest)) throw new OptionError(`--manifest "${raw.manifest}": there is no such file`);
  for (const [name, url] of [
    ["--rpc", raw.rpc],
    ["--explorer", raw.explorer],
  ] as const) {
    if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
      throw new OptionError(`${name} must be an address that begins with http:// or https://`);
    }
  }
  return {
    kind: "remote",
    port,
    manifest: raw.manifest,
    rpc: raw.rpc,
    explorer: raw.explorer,
    fromBlock: integer("--from-block", raw.fromBlock, MAX.block),
    markets: raw.markets.split(",").filter((name) => name !== ""),
  };
}

function command(): Command {
  return new Command("npm run app --")
    .description(
      "The dApp on a local testnet: chain, moving prices, keeper, a maker of orders and the page, all ended by Ctrl-C. With --manifest and --rpc " +
        "the page alone, for a deployment that is somewhere.",
    )
    .option("--port <number>", "where the page is served on 127.0.0.1", "4173")
    .option("--chain-port <number>", "where the local chain listens", "8545")
    .option("--seed <number>", "of the prices' random walk", "1")
    .option("--every <seconds>", "between two moves of the prices", "5")
    .option("--crash", "play ether's fall of 12 and 13 March 2020 first")
    .option("--no-keeper", "start no keeper: see what the page does without one")
    .option("--no-maker", "start no maker of orders")
    .option("--manifest <file>", "of another deployment")
    .option("--rpc <url>", "of its node; the page asks it through this server, which keeps the address to itself")
    .option("--explorer <url>", "of its chain, for links to transactions")
    .option("--from-block <number>", "first block with events", "0")
    .option("--markets <names>", "what its markets are called, by number, with commas", "ETH,BTC")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

function integer(name: string, text: string, most: number): number {
  const value = /^\d{1,11}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw new OptionError(`${name} "${text}": it must be a whole number from 0 to ${most}`);
  return value;
}

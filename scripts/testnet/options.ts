import { Command } from "commander";
import { isAddress } from "ethers";

import { OptionError } from "./errors.ts";

/** Start a node with everything on it. */
export interface StartOptions {
  readonly kind: "start";
  /** 0 for any free one. */
  readonly port: number;
  /** Of the random walk. */
  readonly seed: number;
  /** Seconds between two moves of the prices. */
  readonly every: number;
  /** Play March 2020 before the random walk. */
  readonly crash: boolean;
  readonly manifest: string | undefined;
}

/** Give tokens on a running one. */
export interface FaucetOptions {
  readonly kind: "faucet";
  readonly address: string;
  /** Whole units. */
  readonly usd: bigint;
  readonly weth: bigint;
  readonly eth: bigint;
  readonly url: string;
  readonly manifest: string | undefined;
}

export type TestnetOptions = StartOptions | FaucetOptions;

export const DEFAULT_PORT = 8545;
const MAX_PORT = 65_535;
const MAX_SEED = 2 ** 32 - 1;
const MAX_EVERY = 3_600;
const MAX_AMOUNT = 10 ** 9;

/** Parses and checks; throws a CommanderError (help included) or an OptionError. */
export function parseOptions(argv: readonly string[]): TestnetOptions {
  let options: TestnetOptions | undefined;
  const program = configured(new Command("npm run testnet --"))
    .description(
      "A local chain for dApp developers: Bulwark deployed and handed over to governance, capital in fund and vaults, cover on sale, faucet " +
        "tokens, prices that move, and the manifest where an SDK finds it. Ctrl-C ends it.",
    )
    .option("--port <number>", "where the node listens on 127.0.0.1", String(DEFAULT_PORT))
    .option("--seed <number>", "of the prices' random walk", "1")
    .option("--every <seconds>", "between two moves of the prices", "5")
    .option("--crash", "play ether's fall of 12 and 13 March 2020 first; bitcoin falls in proportion")
    .option("--manifest <file>", "where the manifest is written (default: deployments/localhost/manifest.json)")
    .action((raw: Record<"port" | "seed" | "every", string> & { crash?: boolean; manifest?: string }) => {
      options = {
        kind: "start",
        port: integer("--port", raw.port, 0, MAX_PORT),
        seed: integer("--seed", raw.seed, 0, MAX_SEED),
        every: integer("--every", raw.every, 1, MAX_EVERY),
        crash: raw.crash === true,
        manifest: raw.manifest,
      };
    });
  const faucet = configured(program.command("faucet"))
    .description("gives tokens and ether to an address on the running testnet")
    .argument("<address>")
    .option("--usd <amount>", "test dollars", "10000")
    .option("--weth <amount>", "wrapped ether", "10")
    .option("--eth <amount>", "ether for gas", "10")
    .option("--url <url>", "of the node", `http://127.0.0.1:${DEFAULT_PORT}`)
    .option("--manifest <file>", "as for the testnet");
  faucet.action((address: string) => {
    const raw = faucet.optsWithGlobals<Record<"usd" | "weth" | "eth" | "url", string> & { manifest?: string }>();
    const isOne: boolean = isAddress(address);
    if (!isOne) throw new OptionError(`"${address}" is not an address`);
    if (!URL.canParse(raw.url)) throw new OptionError(`--url "${raw.url}": it must be a URL`);
    const amount = (name: "usd" | "weth" | "eth") => BigInt(integer(`--${name}`, raw[name], 0, MAX_AMOUNT));
    options = {
      kind: "faucet",
      address,
      usd: amount("usd"),
      weth: amount("weth"),
      eth: amount("eth"),
      url: raw.url,
      manifest: raw.manifest,
    };
  });
  program.parse(argv, { from: "user" });
  if (options === undefined) throw new OptionError("nothing to do");
  return options;
}

/** Errors are thrown, not printed: the caller decides on the exit code. */
function configured(command: Command): Command {
  return command
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new OptionError(`${name} "${text}": it must be a whole number from ${least} to ${most}`);
  }
  return value;
}

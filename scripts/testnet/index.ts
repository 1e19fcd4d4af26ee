// `npm run testnet`: a local chain with everything on it; `npm run testnet -- faucet ADDRESS`: tokens on it.
import { relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { endAs, ExitCode } from "../deploy/command.ts";
import { DeployError } from "../deploy/errors.ts";
import { readManifest } from "../deploy/manifest.ts";
import { Chain } from "./chain.ts";
import { NotRunningError, OptionError, TestnetError } from "./errors.ts";
import { give } from "./faucet.ts";
import { parseOptions } from "./options.ts";
import type { FaucetOptions, StartOptions } from "./options.ts";
import { moves } from "./prices.ts";
import type { Prices } from "./prices.ts";
import { Account, pricing, setUp, syncing } from "./stage.ts";

const MANIFEST = fileURLToPath(new URL("../../deployments/localhost/manifest.json", import.meta.url));
/** Limits of risk follow the prices once in so many moves. */
const MOVES_PER_SYNC = 12;
/** Staging makes blocks faster than seconds pass. */
const STAGING_SECONDS = 120;

const say = (text: string) => console.log(`testnet: ${text}`);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

async function start(options: StartOptions): Promise<void> {
  const { deployOn, startNode } = await import("./node.ts");
  const node = await startNode(options.port);
  let chain: Chain | undefined;
  try {
    const file = options.manifest ?? MANIFEST;
    say(`a node at ${node.url}; deploying.`);
    const manifest = await deployOn(node, file);
    say(`${Object.keys(manifest.contracts).length} contracts, manifest in ${relative(process.cwd(), file)}`);
    chain = new Chain(node.url, manifest);
    const accounts = (await chain.provider.send("eth_accounts", [])) as string[];
    await chain.setTime(seconds() - STAGING_SECONDS);
    await setUp(chain, accounts, (note) => !stop.signal.aborted && say(note));
    if ((await chain.now()) < seconds()) await chain.setTime(seconds());
    say(`ready: ${node.url}, chain ${manifest.chainId}; accounts are those of \`hardhat node\`. Ctrl-C ends it.`);
    await movePrices(chain, accounts[Account.Operator] ?? "", options);
  } catch (error) {
    // What the end has interrupted is no failure.
    if (!stop.signal.aborted) throw error;
  } finally {
    chain?.close();
    await node.close();
  }
  say("ended.");
}

const seconds = () => Math.floor(Date.now() / 1_000);

/** Until the end. */
async function movePrices(chain: Chain, operator: string, options: StartOptions): Promise<void> {
  let count = 0;
  for (const prices of moves(options.seed, options.crash)) {
    await setTimeout(options.every * 1_000, undefined, { signal: stop.signal });
    const isSync = ++count % MOVES_PER_SYNC === 0;
    await chain.actTogether(operator, [...pricing(prices), ...(isSync ? [syncing] : [])]);
    say(inWords(prices));
  }
}

function inWords({ ether, bitcoin }: Prices): string {
  const dollars = (price: bigint) => (Number(price) / 1e8).toFixed(2);
  return `ETH ${dollars(ether)}, BTC ${dollars(bitcoin)}`;
}

async function faucet(options: FaucetOptions): Promise<void> {
  const chain = new Chain(options.url, readManifest(options.manifest ?? MANIFEST));
  try {
    const accounts = (await chain.provider.send("eth_accounts", []).catch((cause: unknown) => {
      throw new NotRunningError(`no node answers at ${options.url}; start one with \`npm run testnet\``, { cause });
    })) as string[];
    await give(chain, accounts[Account.Faucet] ?? "", options.address, options);
  } finally {
    chain.close();
  }
  say(`${options.address} has ${options.usd} USDT, ${options.weth} WETH and ${options.eth} ether more.`);
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const options = parseOptions(argv);
  await (options.kind === "start" ? start(options) : faucet(options));
  return ExitCode.Fine;
}

await endAs("testnet", main, (error) => {
  if (error instanceof OptionError) return ExitCode.WrongInput;
  return error instanceof TestnetError || error instanceof DeployError ? ExitCode.Broken : undefined;
});
process.exit();

// `npm run keeper`: watches a deployment and does what anyone may do.
import { once } from "node:events";
import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import hre from "hardhat";
import { Wallet } from "ethers";

import { toAccountId } from "../../sdk/identifiers.ts";
import { BulwarkError } from "../../sdk/errors.ts";
import { sleep } from "../../sdk/events/retry.ts";
import { parseManifest } from "../../sdk/manifest.ts";
import type { Manifest } from "../../sdk/manifest.ts";
import { endAs, ExitCode } from "../deploy/command.ts";
import { DeployError } from "../deploy/errors.ts";
import { firstBlockOf } from "../deploy/logs.ts";
import { readManifest } from "../deploy/manifest.ts";

import { httpTransport, isNodeFault, patient, providerOf } from "./chain/transport.ts";
import type { Transport, TransportOptions } from "./chain/transport.ts";
import { configured } from "./configured.ts";
import { KeeperError, OptionError } from "./errors.ts";
import type { Log } from "./log.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { parseOptions } from "./options.ts";
import type { KeeperOptions } from "./options.ts";
import { serve } from "./server.ts";
import { openKeeper } from "./start.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
/** Beyond the grace for a transaction on its way, milliseconds: what a node that does not answer can delay the end by. */
const LAST_WAIT = 3_000;

/** The key that `npm run deploy` signs with on this network, from the environment or Hardhat's keystore. */
async function walletOf(network: string): Promise<Wallet> {
  const config = hre.config.networks[network];
  const accounts = config?.type === "http" && Array.isArray(config.accounts) ? config.accounts : [];
  const key = (await configured(async () => accounts[0]?.getHexString())) ?? process.env.KEEPER_PRIVATE_KEY ?? "";
  if (key === "") throw new KeeperError(`--send: ${network} has no key; set KEEPER_PRIVATE_KEY`);
  try {
    return new Wallet(key);
  } catch {
    throw new KeeperError(`--send: the key of ${network} is none`); // Without the cause, which could show it.
  }
}

async function urlOf(network: string): Promise<string> {
  const config = hre.config.networks[network];
  if (config?.type !== "http") throw new OptionError(`--network "${network}" has no URL`);
  return configured(() => config.url.getUrl());
}

/** Undefined: told to stop before the node has answered. */
async function chainOf(ask: Transport, options: TransportOptions, network: string): Promise<bigint | undefined> {
  try {
    return BigInt(String(await patient(ask, options)({ method: "eth_chainId" })));
  } catch {
    if (stop.signal.aborted) return undefined;
    throw silentNode(network);
  }
}

/** Without the cause, which names the URL. */
const silentNode = (network: string): KeeperError => new KeeperError(`the node of ${network} does not answer`);

function manifestIn(file: string): Manifest {
  if (!existsSync(file)) throw new OptionError(`--manifest is missing, and there is no ${file}`);
  try {
    return parseManifest(readManifest(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new OptionError(`--manifest "${file}": it is no JSON`);
    throw error;
  }
}

function selfOf({ address, account }: KeeperOptions, wallet: Wallet | undefined) {
  const holder = wallet?.address ?? address;
  return holder === undefined ? undefined : { address: holder, account: toAccountId(holder, account) };
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const options = parseOptions(
    argv,
    Object.keys(hre.config.networks).filter((name) => hre.config.networks[name]?.type === "http"),
  );
  const log = createLog(options.logLevel);
  const kept = keep(options, log).then(
    () => true,
    (error: unknown) => {
      throw isNodeFault(error) ? silentNode(options.network) : error;
    },
  );
  const isDone = await Promise.race([kept, stopped(options.grace * 1_000 + LAST_WAIT)]);
  // Whatever it was doing: what counts is in the store, and written in one step each time.
  if (!isDone) log.warn({}, "the node does not answer: not waited for any longer");
  log.info({}, "keeper ended");
  return ExitCode.Fine;
}

/** So long after the signal. */
async function stopped(milliseconds: number): Promise<false> {
  if (!stop.signal.aborted) await once(stop.signal, "abort");
  await sleep(milliseconds);
  return false;
}

async function keep(options: KeeperOptions, log: Log): Promise<void> {
  const file = options.manifest ?? join(ROOT, "deployments", options.network, "manifest.json");
  const manifest = manifestIn(file);
  const wallet = options.send ? await walletOf(options.network) : undefined;
  const metrics = createMetrics();
  const onFault = (method: string, error: unknown) => {
    metrics.faults.inc({ method });
    log.warn({ method, error }, "the node did not answer");
  };
  const node = httpTransport(await urlOf(options.network), manifest.chainId);
  const chainId = await chainOf(node.ask, { onFault, signal: stop.signal }, options.network);
  if (chainId === undefined) return;
  const provider = providerOf(patient(node.ask, { onFault }), chainId);
  const house = manifest.contracts.ClearingHouse?.address ?? "";
  const fromBlock = options.fromBlock ?? (await firstBlockOf(provider, house, await provider.getBlockNumber()));
  const { keeper, store } = await openKeeper({
    manifest,
    provider,
    wallet,
    self: selfOf(options, wallet),
    storeFile: options.store ?? join(dirname(file), `keeper-${manifest.chainId}.sqlite`),
    rules: options.rules,
    coinFeed: options.coinFeed,
    fromBlock,
    range: options.range,
    poll: options.poll * 1_000,
    sending: {
      maxGasPrice: options.maxGasPrice,
      patience: options.patience * 1_000,
      poll: 1_000,
      grace: options.grace * 1_000,
      replacements: 5,
    },
    log,
    metrics,
    signal: stop.signal,
  });
  const server = await serve(options.port, metrics, () => keeper.health());
  log.info({ network: options.network, url: server.url, isSending: options.send, fromBlock }, "keeper started");
  try {
    if (options.once) await keeper.round();
    else await keeper.run();
  } finally {
    await server.close();
    store.close();
    provider.destroy();
    node.close();
  }
}

await endAs("keeper", main, (error) => {
  if (error instanceof OptionError) return ExitCode.WrongInput;
  const isRefusal = error instanceof KeeperError || error instanceof DeployError || error instanceof BulwarkError;
  return isRefusal ? ExitCode.Broken : undefined;
});
// A provider that never found its node would go on looking for it.
process.exit();

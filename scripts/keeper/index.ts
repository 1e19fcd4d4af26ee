// `npm run keeper`: watches a deployment and does what anyone may do.
import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import hre from "hardhat";
import { Wallet } from "ethers";

import { toAccountId } from "../../sdk/identifiers.ts";
import { BulwarkError } from "../../sdk/errors.ts";
import { endAs, ExitCode } from "../deploy/command.ts";
import { DeployError } from "../deploy/errors.ts";
import { firstBlockOf } from "../deploy/logs.ts";
import { readManifest } from "../deploy/manifest.ts";
import { httpTransport, patientProvider } from "./chain/transport.ts";
import { KeeperError, OptionError } from "./errors.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { parseOptions } from "./options.ts";
import type { KeeperOptions } from "./options.ts";
import { serve } from "./server.ts";
import { openKeeper } from "./start.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

/** The key that `npm run deploy` signs with on this network, from the environment or Hardhat's keystore. */
async function walletOf(network: string): Promise<Wallet> {
  const config = hre.config.networks[network];
  const accounts = config?.type === "http" && Array.isArray(config.accounts) ? config.accounts : [];
  const key = (await accounts[0]?.getHexString()) ?? process.env.KEEPER_PRIVATE_KEY;
  if (key === undefined) throw new KeeperError(`--send: ${network} has no key; set KEEPER_PRIVATE_KEY`);
  try {
    return new Wallet(key);
  } catch {
    throw new KeeperError(`--send: the key of ${network} is none`); // Without the cause, which could show it.
  }
}

async function urlOf(network: string): Promise<string> {
  const config = hre.config.networks[network];
  if (config?.type !== "http") throw new OptionError(`--network "${network}" has no URL`);
  return config.url.getUrl();
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
  const file = options.manifest ?? join(ROOT, "deployments", options.network, "manifest.json");
  if (!existsSync(file)) throw new OptionError(`--manifest is missing, and there is no ${file}`);
  const manifest = readManifest(file);
  const wallet = options.send ? await walletOf(options.network) : undefined;
  const log = createLog(options.logLevel);
  const metrics = createMetrics();
  const node = httpTransport(await urlOf(options.network));
  const provider = patientProvider(node.ask, {
    onFault: (method, error) => {
      metrics.faults.inc({ method });
      log.warn({ method, error }, "the node did not answer");
    },
  });
  const house = manifest.contracts.ClearingHouse?.address ?? "";
  const head = await provider.getBlockNumber().catch(() => {
    // Without the cause, which names the URL.
    throw new KeeperError(`the node of ${options.network} does not answer`);
  });
  const fromBlock = options.fromBlock ?? (await firstBlockOf(provider, house, head));
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
  log.info({}, "keeper ended");
  return ExitCode.Fine;
}

await endAs("keeper", main, (error) => {
  if (error instanceof OptionError) return ExitCode.WrongInput;
  const isRefusal = error instanceof KeeperError || error instanceof DeployError || error instanceof BulwarkError;
  return isRefusal ? ExitCode.Broken : undefined;
});
// A provider that never found its node would go on looking for it.
process.exit();

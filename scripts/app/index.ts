// `npm run app`: chain, prices, keeper, maker and page together; or the page alone, for a deployment that is somewhere.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { BulwarkError } from "../../sdk/errors.ts";
import { parseManifest } from "../../sdk/manifest.ts";
import { endAs, ExitCode } from "../deploy/command.ts";
import { DeployError } from "../deploy/errors.ts";
import { readManifest } from "../deploy/manifest.ts";
import { Chain } from "../testnet/chain.ts";
import { Actor, fund, keyOf } from "./actors.ts";
import { Board } from "./board.ts";
import { buildPage, sizeInWords } from "./build.ts";
import { AppCommandError, OptionError } from "./errors.ts";
import { Maker } from "./maker.ts";
import { parseOptions } from "./options.ts";
import type { LocalOptions, RemoteOptions } from "./options.ts";
import { Running } from "./processes.ts";
import { servePage } from "./server.ts";

const MANIFEST = fileURLToPath(new URL("../../deployments/localhost/manifest.json", import.meta.url));
const PATIENCE = 180_000;
const FUNDS = { maker: 2_000_000n, keeper: 200_000n };
const ROUND = 1_500;

const say = (text: string) => console.log(`app: ${text}`);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());

/** The page for the local testnet, and everything that it needs. */
async function startLocal(options: LocalOptions): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "bulwark-app-"));
  const running: Running[] = [];
  const closing: (() => Promise<void> | void)[] = [];
  try {
    const page = await buildPage();
    say(`the page is built: ${sizeInWords(page)}.`);
    mkdirSync(join(MANIFEST, ".."), { recursive: true });
    const testnet = new Running(testnetProgram(options), (code) => {
      say(`the chain ended with exit code ${code ?? "none"}; without it there is nothing to show.`);
      stop.abort();
    });
    running.push(testnet);
    const url = (await testnet.waitFor(/ready: (http:\/\/127\.0\.0\.1:\d+)/, PATIENCE))[1] ?? "";
    const chain = new Chain(url, readManifest(MANIFEST));
    closing.push(() => chain.close());
    const board = new Board();
    if (options.keeper) running.push(await startKeeper(chain, url, scratch));
    const makers = options.maker ? await startMaker(chain, board) : undefined;
    const book = () => ({ chainId: BigInt(chain.manifest.chainId), address: chain.address("SignedOrders") });
    const networks = [
      {
        name: "Local testnet",
        manifest: "manifest.json",
        rpc: "rpc",
        orders: "orders",
        markets: ["ETH", "BTC"],
        isTest: true,
      },
    ];
    const source = { folder: page.folder, networks, rpc: url, manifest: () => readFileSync(MANIFEST, "utf8") };
    const server = await servePage({ ...source, board: { orders: board, book } }, options.port);
    closing.push(() => server.close());
    say(`the page is at ${server.url}`);
    say(
      `a wallet for it: chain ${chain.manifest.chainId} at ${url}, accounts of \`hardhat node\`. Ctrl-C ends everything.`,
    );
    await Promise.all([ended(), makers?.()]);
  } catch (error) {
    // What the end has interrupted is no failure.
    if (!stop.signal.aborted) throw error;
  } finally {
    for (const close of closing.reverse()) await close();
    for (const program of running.reverse()) await program.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  say("ended.");
}

function testnetProgram({ chainPort, seed, every, crash }: LocalOptions) {
  const args = ["--port", String(chainPort), "--seed", String(seed), "--every", String(every), "--manifest", MANIFEST];
  return {
    name: "the chain",
    script: "scripts/testnet/index.ts",
    args: crash ? [...args, "--crash"] : args,
    isShown: (line: string) => !/^testnet: (ETH|ended)/.test(line),
  };
}

async function startKeeper(chain: Chain, url: string, scratch: string): Promise<Running> {
  await fund(chain, Actor.Keeper, FUNDS.keeper);
  say("a keeper bids and reads prices; its log shows only what goes wrong.");
  const args = ["--network", "localhost", "--manifest", MANIFEST, "--store", join(scratch, "keeper.sqlite"), "--send"];
  const rules = ["--budget", "500000", "--refresh-every", "60", "--poll", "3", "--port", "0", "--log-level", "warn"];
  return new Running(
    {
      name: "the keeper",
      script: "scripts/keeper/index.ts",
      args: [...args, ...rules],
      environment: { LOCALHOST_RPC_URL: url, KEEPER_PRIVATE_KEY: keyOf(Actor.Keeper) },
      isShown: () => true,
    },
    (code) => say(`the keeper ended with exit code ${code ?? "none"}; the page goes on without it.`),
  );
}

/** @returns what runs until the end */
async function startMaker(chain: Chain, board: Board): Promise<() => Promise<void>> {
  const { client, signer } = await fund(chain, Actor.Maker, FUNDS.maker);
  const maker = new Maker({ client, signer, board, markets: [0, 1], say }, await signer.getAddress());
  say("a maker offers orders around the price, and takes yours at it.");
  return async () => {
    while (!stop.signal.aborted) {
      await maker.round();
      await setTimeout(ROUND, undefined, { signal: stop.signal });
    }
  };
}

/** The page alone. */
async function startRemote(options: RemoteOptions): Promise<void> {
  const manifest = parseManifest(JSON.parse(readFileSync(options.manifest, "utf8")));
  const page = await buildPage();
  say(`the page is built: ${sizeInWords(page)}.`);
  const { explorer, fromBlock, markets } = options;
  const networks = [
    {
      name: manifest.network,
      manifest: "manifest.json",
      rpc: "rpc",
      fromBlock,
      markets,
      ...(explorer !== undefined && { explorer }),
    },
  ];
  const text = JSON.stringify(manifest);
  const server = await servePage(
    { folder: page.folder, networks, rpc: options.rpc, manifest: () => text },
    options.port,
  );
  say(`the page is at ${server.url}; Ctrl-C ends it.`);
  await ended();
  await server.close();
  say("ended.");
}

function ended(): Promise<void> {
  return new Promise((resolve) => {
    if (stop.signal.aborted) return resolve();
    stop.signal.addEventListener("abort", () => resolve());
  });
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const options = parseOptions(argv);
  await (options.kind === "local" ? startLocal(options) : startRemote(options));
  return ExitCode.Fine;
}

await endAs("app", main, (error) => {
  if (error instanceof OptionError) return ExitCode.WrongInput;
  const isRefusal = error instanceof AppCommandError || error instanceof DeployError || error instanceof BulwarkError;
  return isRefusal ? ExitCode.Broken : undefined;
});
process.exit();

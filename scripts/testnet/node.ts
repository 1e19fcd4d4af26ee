// The node: Hardhat's own chain behind JSON-RPC, with Bulwark on it.
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import hre from "hardhat";

import LocalTestnetModule from "../../deploy/modules/LocalTestnet.ts";
import { manifestOf, recordedContracts, writeManifest } from "../deploy/manifest.ts";
import type { Manifest } from "../deploy/manifest.ts";
import { PortBusyError } from "./errors.ts";
import { startPrices } from "./prices.ts";

const HOST = "127.0.0.1";
/** Deployed so long ago that what was announced then counts today: cooldown + window, and a day for the deployment. */
const HEAD_START = 36 * 86_400;

export interface Node {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a node whose clock is behind by the time that announcements take. */
export async function startNode(port: number): Promise<Node> {
  await expectFree(port);
  const initialDate = new Date(Date.now() - HEAD_START * 1_000).toISOString();
  const server = await hre.network.createServer({ override: { initialDate } }, HOST, port);
  const listening = await server.listen();
  return { url: `http://${HOST}:${listening.port}`, port: listening.port, close: () => server.close() };
}

/** The server of Hardhat does not say that its port is taken; it ends the process. */
async function expectFree(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new PortBusyError(port) : error);
    });
    probe.listen(port, HOST, () => probe.close(() => resolve()));
  });
}

/** Deploys by the same tool and modules as on a public network, and writes the manifest. The chain is new: nothing is resumed. */
export async function deployOn({ url, port }: Node, file: string): Promise<Manifest> {
  const deploymentId = `testnet-${port}`;
  const folder = join(hre.config.paths.ignition, "deployments", deploymentId);
  rmSync(folder, { recursive: true, force: true });
  const connection = await hre.network.create({ network: "localhost", override: { url } });
  const { ether, bitcoin } = startPrices();
  const parameters = { [LocalTestnetModule.id]: { ethPrice: ether, btcPrice: bitcoin } };
  await connection.ignition.deploy(LocalTestnetModule, { deploymentId, parameters, displayUi: false });
  const request = (method: string, params: readonly unknown[]) =>
    connection.provider.request({ method, params: [...params] });
  const about = { network: "localhost", module: LocalTestnetModule.id, recorded: recordedContracts(folder) };
  const manifest = await manifestOf(request, about);
  writeManifest(file, manifest);
  rmSync(folder, { recursive: true, force: true });
  await connection.close();
  return manifest;
}

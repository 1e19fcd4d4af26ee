// What a deployment is, for whoever calls it: addresses by name, each with its contract and the hash of its code.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { keccak256 } from "ethers";

import { DeployError } from "./errors.ts";
import { readJournal } from "./journal.ts";

export interface DeployedContract {
  readonly address: string;
  /** Contract of this project whose code stands there. */
  readonly contract: string;
  readonly codeHash: string;
}

export interface Manifest {
  readonly format: 1;
  readonly network: string;
  readonly chainId: number;
  /** Ignition's name of the module. */
  readonly module: string;
  readonly contracts: Readonly<Record<string, DeployedContract>>;
}

/** A contract that Ignition has deployed, with the artifact it was created from. */
export interface Recorded {
  readonly name: string;
  readonly address: string;
  readonly artifact: Artifact;
  /** What its constructor was given. */
  readonly constructed: readonly unknown[];
}

export interface Artifact {
  readonly contractName: string;
  readonly abi: readonly unknown[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly immutableReferences?: Readonly<Record<string, readonly { start: number; length: number }[]>>;
}

type Request = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** The contracts that a deployment has created, from its journal; those that it was only told of have no code of ours. */
export function recordedContracts(folder: string): Recorded[] {
  const { created, constructed } = readJournal(folder);
  return [...created].map(([id, address]) => {
    const artifact = JSON.parse(readFileSync(join(folder, "artifacts", `${id}.json`), "utf8")) as Artifact;
    return { name: nameOf(id), address, artifact, constructed: constructed.get(id) ?? [] };
  });
}

/** Ignition's name of a step without its module. */
export const nameOf = (step: string): string => step.split("#")[1] ?? step;

/** Reads the chain. */
export async function manifestOf(
  request: Request,
  about: { readonly network: string; readonly module: string; readonly recorded: readonly Recorded[] },
): Promise<Manifest> {
  const contracts: Record<string, DeployedContract> = {};
  for (const { name, address, artifact } of about.recorded) {
    const code = String(await request("eth_getCode", [address, "latest"]));
    contracts[name] = { address, contract: artifact.contractName, codeHash: keccak256(code) };
  }
  const chainId = Number(await request("eth_chainId", []));
  return { format: 1, network: about.network, chainId, module: about.module, contracts };
}

export function writeManifest(file: string, manifest: Manifest): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

export function readManifest(file: string): Manifest {
  if (!existsSync(file)) throw new DeployError(`there is no manifest ${file}; deploy first`);
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  if (manifest.format !== 1) throw new DeployError(`${file} is not a manifest of this version`);
  return manifest;
}

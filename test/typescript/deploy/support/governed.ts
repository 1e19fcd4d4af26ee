// The deployment that a public network gets, with its folder, as the command leaves it; and a governor's hand in it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { network } from "hardhat";

import LocalGovernedModule from "../../../../deploy/modules/LocalGoverned.ts";
import { check, differences } from "../../../../scripts/deploy/check.ts";
import type { Finding } from "../../../../scripts/deploy/check.ts";
import { readJournal } from "../../../../scripts/deploy/journal.ts";
import { manifestOf, recordedContracts } from "../../../../scripts/deploy/manifest.ts";
import type { Manifest } from "../../../../scripts/deploy/manifest.ts";
import { run } from "./runs.ts";

export const MODULE = LocalGovernedModule;

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder, which goes with the process. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bulwark-deployment-"));
  folders.push(folder);
  return folder;
}

/** A chain of its own and an empty folder. */
export async function createPlace() {
  const connection = await network.create();
  const folder = freshFolder();
  const [deployer] = await connection.ethers.getSigners();
  if (deployer === undefined) throw new Error("no accounts");
  const provider: EIP1193Provider = connection.provider;
  return { ...connection, provider, folder, deployer, deploying: { provider, folder, module: MODULE } };
}

export type Place = Awaited<ReturnType<typeof createPlace>>;

/** What a deployment is, as far as anybody can read it. */
export interface State {
  readonly manifest: Manifest;
  readonly findings: readonly Finding[];
  /** Transactions that the deployer has sent in all. */
  readonly transactions: number;
}

/** What is read back, compared with a manifest. */
export function findingsOf({ ethers, folder }: Place, manifest: Manifest): Promise<Finding[]> {
  const { calls } = readJournal(folder);
  return check(ethers.provider, { manifest, recorded: recordedContracts(folder), calls });
}

/** With the manifest of now. */
export async function stateOf(place: Place): Promise<State> {
  const { provider, folder, ethers, deployer } = place;
  const recorded = recordedContracts(folder);
  const request = (method: string, params: readonly unknown[]) => provider.request({ method, params: [...params] });
  const manifest = await manifestOf(request, { network: "test", module: MODULE.id, recorded });
  const findings = await findingsOf(place, manifest);
  return { manifest, findings, transactions: await ethers.provider.getTransactionCount(deployer.address) };
}

let reference: Promise<{ place: Place; state: State }> | undefined;

/** One deployment without interruption for all files of a run. */
export function useReference(): () => { place: Place; state: State } {
  let found: { place: Place; state: State };
  before(async () => {
    reference ??= (async () => {
      const place = await createPlace();
      await run(place.deploying);
      return { place, state: await stateOf(place) };
    })();
    found = await reference;
  });
  return () => found;
}

export { differences };

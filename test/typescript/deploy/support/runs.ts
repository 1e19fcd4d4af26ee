// Runs of a deployment that die at a chosen transaction. A run dies as a process does that is killed: nothing it waits for ever comes, and
// what it has written to its folder by then is all that is left of it.
import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import { deploy, DeploymentResultType } from "@nomicfoundation/ignition-core";
import type { DeploymentParameters, EIP1193Provider, IgnitionModule } from "@nomicfoundation/ignition-core";
import hre from "hardhat";

import { journalFile } from "../../../../scripts/deploy/journal.ts";
import { resolveOpenSteps } from "../../../../scripts/deploy/resume.ts";

/**
 * Where a run dies: before its transaction reaches the node; when it has been mined and the run does not know; or when the run has written
 * down its hash and not yet seen it mined.
 */
export const DEATHS = ["unsent", "unnoticed", "unconfirmed"] as const;
export type Death = (typeof DEATHS)[number];

export interface End {
  /** Counted from 1, of those that this run sends. */
  readonly transaction: number;
  readonly death: Death;
}

export interface Deploying {
  readonly provider: EIP1193Provider;
  readonly folder: string;
  readonly module: IgnitionModule;
  readonly parameters?: DeploymentParameters;
}

/** One run of the command: what was lost is entered, then Ignition goes on. Tells whether it came to its end. */
export async function run({ provider, folder, module, parameters = {} }: Deploying, end?: End): Promise<boolean> {
  const life = end === undefined ? { provider, died: new Promise<never>(() => undefined) } : mortal(provider, end);
  const finished = (async () => {
    if (existsSync(journalFile(folder))) await resolveOpenSteps(life.provider, folder);
    const accounts = (await life.provider.request({ method: "eth_accounts" })) as string[];
    const result = await deploy({
      artifactResolver: new HardhatArtifactResolver(hre.artifacts),
      provider: life.provider,
      deploymentDir: folder,
      ignitionModule: module,
      deploymentParameters: parameters,
      accounts,
      config: { requiredConfirmations: 1, blockPollingInterval: 5 },
    });
    if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) throw new Error(JSON.stringify(result));
    return true;
  })();
  const completed = await Promise.race([finished, life.died]);
  // What had been answered before the death is written down by now.
  if (!completed) for (let turn = 0; turn < 10; turn++) await setImmediate();
  return completed;
}

/** A provider that answers nothing after its end, and when that came. */
function mortal(provider: EIP1193Provider, end: End): { provider: EIP1193Provider; died: Promise<false> } {
  let [sent, isDead] = [0, false];
  let die = () => {};
  const died = new Promise<false>((resolve) => {
    die = () => {
      isDead = true;
      resolve(false);
    };
  });
  const never = new Promise<never>(() => undefined);
  const request: EIP1193Provider["request"] = async (args) => {
    if (isDead) return never;
    if (args.method !== "eth_sendTransaction") {
      const answer: unknown = await provider.request(args);
      return isDead ? never : answer;
    }
    const isLast = ++sent === end.transaction;
    if (isLast && end.death === "unsent") {
      die();
      return never;
    }
    // No other request of this run is answered once its last transaction is on its way.
    if (isLast) isDead = true;
    const hash: unknown = await provider.request(args);
    if (isLast) die();
    return isLast && end.death === "unnoticed" ? never : hash;
  };
  return { provider: { request }, died };
}

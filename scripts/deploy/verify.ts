// Publishes the sources of a deployment at a block explorer, contract by contract, as Ignition has written them down. Nothing of the deployment
// depends on it: what an explorer refuses, or does not answer, is said, and the same command may be run again.
import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import { getVerificationInformation } from "@nomicfoundation/ignition-core";
import { configVariable } from "hardhat/config";
import { createHardhatRuntimeEnvironment, importUserConfig, resolveHardhatConfigPath } from "hardhat/hre";
import type { HardhatUserConfig } from "hardhat/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { DeployError } from "./errors.ts";

/** What came of one contract. */
export interface Verification {
  /** Source and name. */
  readonly contract: string;
  readonly address: string;
  readonly outcome: "verified" | "known before" | "refused";
  /** The explorer's words, where it refused. */
  readonly reason?: string;
}

/** The explorer cannot be reached; what was not tried yet is left. */
export class ExplorerError extends DeployError {
  override name = "ExplorerError";
  readonly done: readonly Verification[];

  constructor(message: string, done: readonly Verification[], cause: unknown) {
    super(message, { cause });
    this.done = done;
  }
}

/** Where to publish. */
export interface Explorer {
  /** Network of hardhat.config.ts that the contracts are on. */
  readonly network: string;
  readonly chainId: number;
  /** Address of an interface like Etherscan's, for a chain whose explorer Hardhat does not know. */
  readonly apiUrl?: string | undefined;
  /** Which build was deployed. */
  readonly buildProfile: string;
  /** What differs from hardhat.config.ts. */
  readonly config?: HardhatUserConfig;
}

/** Hardhat's errors for an explorer that does not answer, or not as one. */
const UNREACHABLE = new Set([80001, 80002]);

/** The project with this network as its default one, as the verification asks for it. The key is `ETHERSCAN_API_KEY`. */
export async function explorerEnvironment(explorer: Explorer): Promise<HardhatRuntimeEnvironment> {
  const path = await resolveHardhatConfigPath();
  const userConfig = await importUserConfig(path);
  const { network, chainId, apiUrl, buildProfile } = explorer;
  const descriptor = {
    name: network,
    chainType: "generic",
    blockExplorers: { etherscan: { name: "explorer", url: apiUrl ?? "", apiUrl: apiUrl ?? "" } },
  } as const;
  const config: HardhatUserConfig = {
    ...userConfig,
    verify: { etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY") } },
    ...(apiUrl !== undefined && { chainDescriptors: { ...userConfig.chainDescriptors, [chainId]: descriptor } }),
    ...explorer.config,
  };
  return createHardhatRuntimeEnvironment(config, { config: path, network, buildProfile });
}

/** One contract after the other: explorers limit how often they are asked. `onResult` is told each. */
export async function verifyDeployment(
  hre: HardhatRuntimeEnvironment,
  folder: string,
  onResult: (result: Verification) => void,
): Promise<Verification[]> {
  const results: Verification[] = [];
  const connection = await hre.network.create();
  try {
    for await (const info of getVerificationInformation(folder)) {
      if (typeof info === "string") throw new DeployError(`the deployment has kept no artifact of ${info}`);
      const { address, contract } = info;
      const explorer = connection.verification.etherscan;
      const publish = () => verifyContract({ ...info, provider: "etherscan" }, hre);
      let outcome: Pick<Verification, "outcome" | "reason">;
      try {
        const isKnown = await explorer.isVerified(address);
        if (!isKnown) await publish();
        outcome = { outcome: isKnown ? "known before" : "verified" };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const isUnreachable = error instanceof Error && "number" in error && UNREACHABLE.has(Number(error.number));
        if (isUnreachable) {
          const words = `${contract} could not be published: ${reason}; the deployment is whole: run the same command again later`;
          throw new ExplorerError(words, results, error);
        }
        outcome = { outcome: "refused", reason };
      }
      results.push({ contract, address, ...outcome });
      onResult({ contract, address, ...outcome });
    }
  } finally {
    await connection.close();
  }
  return results;
}

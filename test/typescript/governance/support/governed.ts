import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import LocalGovernedModule from "../../../../deploy/modules/LocalGoverned.ts";

export const DAY = 86_400n;
/** From a proposal to its execution: two days, a week to vote, a second more. */
export const VOTE = 9n * DAY;
export const SUPPLY = 100_000_000n * 10n ** 18n;
const FOR = 1;

/** A call that a proposal makes. */
export interface Step {
  readonly target: { getAddress(): Promise<string> };
  readonly data: string;
}

/** The system with all rights in the hands of governance, and a voter who has the whole supply. */
export async function deployGoverned() {
  const { ethers, ignition, networkHelpers, provider } = await network.create();
  const deployed = await ignition.deploy(LocalGovernedModule, {});
  const signers = await ethers.getSigners();
  const [deployer, canceller, stranger, trader] = signers;
  if (!deployer || !canceller || !stranger || !trader) throw new Error("too few accounts");
  const at = async (contract: { getAddress(): Promise<string> }) => contract.getAddress();
  const system = {
    manager: await ethers.getContractAt("AccessManager", await at(deployed.accessManager)),
    oracle: await ethers.getContractAt("PriceOracle", await at(deployed.oracle)),
    house: await ethers.getContractAt("IClearingHouse", await at(deployed.clearingHouse)),
    engine: await ethers.getContractAt("LiquidationEngine", await at(deployed.engine)),
    vault: await ethers.getContractAt("ICoverageVault", await at(deployed.vault)),
    reinsurance: await ethers.getContractAt("ICoverageVault", await at(deployed.reinsurance)),
    riskController: await ethers.getContractAt("RiskController", await at(deployed.riskController)),
    token: await ethers.getContractAt("BulwarkToken", await at(deployed.token)),
    governor: await ethers.getContractAt("BulwarkGovernor", await at(deployed.governor)),
    usd: await ethers.getContractAt("MockToken", await at(deployed.usd)),
  };
  const { governor, token } = system;
  await token.delegate(deployer.address);
  await networkHelpers.mine();
  let proposals = 0;

  const argumentsOf = async (steps: readonly Step[], description: string) => {
    const targets = await Promise.all(steps.map(({ target }) => target.getAddress()));
    const values = steps.map(() => 0n);
    const calldatas = steps.map(({ data }) => data);
    return { targets, values, calldatas, description, hash: ethers.id(description) };
  };

  return {
    ...system,
    ethers,
    networkHelpers,
    provider,
    deployer,
    canceller,
    stranger,
    trader,

    now: async () => BigInt(await networkHelpers.time.latest()),

    /** Proposes, votes and queues; `execute` may be tried whenever a test wants. */
    async decide(...steps: readonly Step[]) {
      const { targets, values, calldatas, description, hash } = await argumentsOf(steps, `proposal ${++proposals}`);
      await governor.propose(targets, values, calldatas, description);
      const id = await governor.hashProposal(targets, values, calldatas, hash);
      await networkHelpers.time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
      await governor.castVote(id, FOR);
      await networkHelpers.time.increaseTo((await governor.proposalDeadline(id)) + 1n);
      if (await governor.proposalNeedsQueuing(id)) await governor.queue(targets, values, calldatas, hash);
      return {
        id,
        targets,
        values,
        calldatas,
        hash,
        /** Earliest second of its execution. */
        eta: await governor.proposalEta(id),
        execute: (): Promise<ContractTransactionResponse> => governor.execute(targets, values, calldatas, hash),
      };
    },
  };
}

export type Governed = Awaited<ReturnType<typeof deployGoverned>>;

import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";

import type { AddressLike, Core, Listed } from "./core.ts";
import { PRIVILEGES, ROLES, selectorOf } from "./privileges.ts";
import type { Target } from "./privileges.ts";

export interface Governance {
  /** Votes. */
  readonly token: NamedArtifactContractDeploymentFuture<string>;
  readonly governor: NamedArtifactContractDeploymentFuture<string>;
}

export interface GovernanceInputs {
  /** Receives the first supply of the token. */
  readonly tokenHolder: AddressLike;
  /** May take back what has been scheduled, and nothing else. */
  readonly canceller: AddressLike;
}

/** Deploys the token and the governor. They have no right before `handOver`. */
export function deployGovernance(m: IgnitionModuleBuilder, core: Core, inputs: GovernanceInputs): Governance {
  const token = m.contract("BulwarkToken", [core.accessManager, inputs.tokenHolder]);
  return {
    token,
    governor: m.contract("BulwarkGovernor", [token, core.accessManager]),
  };
}

/**
 * Gives all rights to the governor, each with its delay, and takes them from the deployer: the last steps of a deployment, after `steps`
 * (GOV-02). Grants to new members count at once. Targets' own delays count five days later, before which nothing can come that the governor
 * schedules as administrator.
 */
export function handOver(
  m: IgnitionModuleBuilder,
  core: Core,
  { token, governor }: Governance,
  inputs: GovernanceInputs,
  steps: readonly Listed[],
): Listed {
  const { accessManager } = core;
  const at: Record<Target, AddressLike> = {
    oracle: core.oracle,
    house: core.clearingHouse,
    engine: core.engine,
    vault: core.vault,
    reinsurance: core.reinsurance,
    riskController: core.riskController,
    token,
  };
  const done: Listed[] = [...steps];
  const call = (method: string, args: Parameters<typeof m.call>[2], id: string) => {
    done.push(m.call(accessManager, method, args, { id, after: [...done] }));
  };
  for (const target of Object.keys(at) as Target[]) {
    for (const role of Object.values(ROLES)) {
      const selectors = PRIVILEGES.filter((one) => one.targets.includes(target) && ROLES[one.role].id === role.id);
      if (selectors.length === 0) continue;
      const args = [at[target], selectors.map(selectorOf), role.id];
      call("setTargetFunctionRole", args, `guard${capital(target)}${capital(role.label)}`);
    }
    call("setTargetAdminDelay", [at[target], ROLES.administrator.delay], `delay${capital(target)}`);
  }
  for (const role of [ROLES.listing, ROLES.parameters]) {
    call("setRoleGuardian", [role.id, ROLES.canceller.id], `guardian${capital(role.label)}`);
    call("labelRole", [role.id, role.label], `label${capital(role.label)}`);
    call("grantRole", [role.id, governor, role.delay], `grant${capital(role.label)}`);
  }
  call("labelRole", [ROLES.canceller.id, ROLES.canceller.label], "labelCanceller");
  call("grantRole", [ROLES.canceller.id, inputs.canceller, 0], "grantCanceller");
  call("grantRole", [ROLES.administrator.id, governor, ROLES.administrator.delay], "grantAdministrator");
  call("renounceRole", [ROLES.administrator.id, m.getAccount(0)], "renounceAdministrator");
  return done[done.length - 1] as Listed;
}

const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1);

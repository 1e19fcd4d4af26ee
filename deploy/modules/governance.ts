import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";

import type { AddressLike, Core, Listed } from "./core.ts";
import { PRIVILEGES, ROLES, selectorOf } from "./privileges.ts";
import type { Target } from "./privileges.ts";
import type { Reserve } from "./reserve.ts";

export interface Governance {
  /** Votes. */
  readonly token: NamedArtifactContractDeploymentFuture<string>;
  readonly governor: NamedArtifactContractDeploymentFuture<string>;
  /** Pauses new risk for a while (GOV-03). */
  readonly guardian: NamedArtifactContractDeploymentFuture<string>;
  /** Adjusts parameters of risk control within a mandate, once one is given (RSK-02). */
  readonly steward: NamedArtifactContractDeploymentFuture<string>;
  /** Sells new votes for a reserve that was drawn on; the only minter (FND-07). */
  readonly recapAuction: NamedArtifactContractDeploymentFuture<string>;
  /** Shares surplus of the reserve among staked votes (FND-07). */
  readonly surplusStake: NamedArtifactContractDeploymentFuture<string>;
}

/** Lowest price of a vote in the first recapitalisation: a twentieth of a unit of the settlement asset. */
const RECAP_FLOOR_PRICE = 10n ** 18n / 20n;

export interface GovernanceInputs {
  /** Receives the first supply of the token. */
  readonly tokenHolder: AddressLike;
  /** May take back what has been scheduled, and nothing else. */
  readonly canceller: AddressLike;
  /** May pause new risk, bounded in time (GOV-03); the canceller, where nobody is named. */
  readonly guardian?: AddressLike;
}

/** Deploys what decides and what bounds it. None of it has a right before `handOver`. */
export function deployGovernance(m: IgnitionModuleBuilder, core: Core, inputs: GovernanceInputs): Governance {
  const { accessManager, riskController, house } = core;
  const token = m.contract("BulwarkToken", [accessManager, inputs.tokenHolder]);
  const guardian = m.contract("Guardian", [accessManager, house]);
  const floorPrice = m.getParameter("recapFloorPrice", RECAP_FLOOR_PRICE);
  return {
    token,
    governor: m.contract("BulwarkGovernor", [token, accessManager]),
    guardian,
    steward: m.contract("Steward", [accessManager, riskController]),
    recapAuction: m.contract("RecapAuction", [accessManager, riskController, token, guardian, floorPrice]),
    surplusStake: m.contract("SurplusStake", [house, token, guardian], { after: [riskController] }),
  };
}

/** Links that are set once: who pauses markets, who mints, who is paid surplus. */
function linkGovernance(m: IgnitionModuleBuilder, core: Core, governance: Governance): Listed[] {
  const { accessManager, engine, fund, house, riskController } = core;
  const surplus = m.contractAt("ISurplusPayments", fund, { id: "SurplusPayments" });
  const segment = m.staticCall(engine, "segment", [], 0, { id: "surplusSegment", after: [riskController] });
  return [
    m.call(house, "linkGuardian", [governance.guardian]),
    m.call(governance.token, "linkMinter", [governance.recapAuction]),
    // As the access manager itself: only it may say who is paid.
    m.call(
      accessManager,
      "execute",
      [fund, m.encodeFunctionCall(surplus, "linkSurplus", [segment, governance.surplusStake])],
      { id: "linkSurplus" },
    ),
  ];
}

/**
 * Gives all rights to the governor, each with its delay, and takes them from the deployer: the last steps of a deployment, after `steps`
 * (GOV-02). Grants to new members count at once. Targets' own delays count five days later, before which nothing can come that the governor
 * schedules as administrator.
 */
export function handOver(
  m: IgnitionModuleBuilder,
  core: Core & Pick<Reserve, "yieldDesk">,
  governance: Governance,
  inputs: GovernanceInputs,
  steps: readonly Listed[],
): Listed {
  const { accessManager } = core;
  const { token, governor, guardian, steward, recapAuction } = governance;
  const at: Record<Target, AddressLike> = {
    oracle: core.oracle,
    house: core.clearingHouse,
    engine: core.engine,
    vault: core.vault,
    reinsurance: core.reinsurance,
    riskController: core.riskController,
    yieldDesk: core.yieldDesk,
    token,
    guardian,
    steward,
    recapAuction,
  };
  const done: Listed[] = [...steps, ...linkGovernance(m, core, governance)];
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
  call("grantRole", [ROLES.parameters.id, steward, 0], "grantSteward");
  call("labelRole", [ROLES.guardian.id, ROLES.guardian.label], "labelGuardian");
  call("grantRole", [ROLES.guardian.id, inputs.guardian ?? inputs.canceller, 0], "grantGuardian");
  call("grantRole", [ROLES.guardian.id, governor, 0], "grantGuardianGovernor");
  // Who guards is replaced in days, not in weeks: a guardian adds no risk.
  call("setRoleAdmin", [ROLES.guardian.id, ROLES.parameters.id], "adminGuardian");
  call("labelRole", [ROLES.canceller.id, ROLES.canceller.label], "labelCanceller");
  call("grantRole", [ROLES.canceller.id, inputs.canceller, 0], "grantCanceller");
  call("grantRole", [ROLES.administrator.id, governor, ROLES.administrator.delay], "grantAdministrator");
  call("renounceRole", [ROLES.administrator.id, m.getAccount(0)], "renounceAdministrator");
  return done[done.length - 1] as Listed;
}

const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1);

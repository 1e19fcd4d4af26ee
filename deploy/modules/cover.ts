// What stands beside the core: triggers for cover of every kind (CLM-03 to CLM-05), the notifier, and tools without rights.
import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";

import type { AddressLike, Core } from "./core.ts";

type Contract = NamedArtifactContractDeploymentFuture<string>;

/** Triggers that a product of the vault can name; `core.socializedLoss` is one more. None has an owner or a setting. */
export interface Triggers {
  readonly accountLiquidated: Contract;
  readonly ownAccount: Contract;
  readonly deleveraged: Contract;
  readonly fundShortfall: Contract;
  readonly liquidationError: Contract;
  readonly priceTouch: Contract;
  readonly depeg: Contract;
  readonly putSpread: Contract;
  readonly vaultShareLoss: Contract;
  readonly aaveDeficit: Contract;
  readonly morphoBadDebt: Contract;
  readonly attested: Contract;
}

/** Deploys the triggers. Products on them are announced one by one (`announceProduct`) and wait for cooldown + window. */
export function deployTriggers(m: IgnitionModuleBuilder, core: Core, settlementToken: AddressLike): Triggers {
  // They read the house's links once.
  const after = { after: [core.vault] };
  return {
    accountLiquidated: m.contract("AccountLiquidatedTrigger", [core.house], after),
    ownAccount: m.contract("OwnAccountTrigger", [core.house, core.verifier], after),
    deleveraged: m.contract("DeleveragedTrigger", [core.house], after),
    fundShortfall: m.contract("FundShortfallTrigger", [core.fund]),
    liquidationError: m.contract("LiquidationErrorTrigger", [core.house], after),
    priceTouch: m.contract("PriceTouchTrigger", [core.oracle]),
    depeg: m.contract("DepegTrigger", [core.oracle]),
    putSpread: m.contract("PutSpreadTrigger", [core.oracle]),
    vaultShareLoss: m.contract("VaultShareLossTrigger"),
    aaveDeficit: m.contract("AaveDeficitTrigger"),
    morphoBadDebt: m.contract("MorphoBadDebtTrigger"),
    attested: m.contract("AttestedTrigger", [core.verifier, settlementToken]),
  };
}

/** Conveniences without rights. */
export interface Tools {
  /** Tells subscribed protocols of confirmed incidents (CLM-07). */
  readonly notifier: Contract;
  /** ERC-20 forms of cover tokens (CVR-03). */
  readonly wrappers: Contract;
  /** Sells what the fund was given in other assets (FND-05). */
  readonly reserveSale: Contract;
  /** Assets and liabilities of the segment in one call (FND-08). */
  readonly solvency: Contract;
  /** Pays what comes back after a loss to those who bore it (FND-10). */
  readonly recoveries: Contract;
}

/** Deploys the tools. */
export function deployTools(m: IgnitionModuleBuilder, core: Core): Tools {
  const after = { after: [core.vault] };
  return {
    notifier: m.contract("IncidentNotifier", [core.verifier]),
    wrappers: m.contract("CoverWrapperFactory", [core.vault]),
    reserveSale: m.contract("ReserveSale", [core.house], after),
    solvency: m.contract("Solvency", [core.house], after),
    // Reads the segment and what stands behind it, once.
    recoveries: m.contract("Recoveries", [core.house], { after: [core.riskController] }),
  };
}

import { toBeHex, ZeroAddress, zeroPadValue } from "ethers";
import type {
  AccountRuntimeValue,
  ContractFuture,
  IgnitionModuleBuilder,
  ModuleParameterRuntimeValue,
  NamedArtifactContractAtFuture,
  NamedArtifactContractDeploymentFuture,
} from "@nomicfoundation/ignition-core";

import {
  BUDGETS,
  HOUSE_SETTINGS,
  RISK_PARAMETERS,
  SOCIALIZED_LOSS,
  SOCIALIZED_LOSS_MODEL,
  VAULT_FLOOR,
  sideBit,
} from "./defaults.ts";
import type { AssetTerms, MarketTerms } from "./defaults.ts";

/** An address that a module parameter, an account of the deployer or another contract of the deployment supplies. */
export type AddressLike =
  | string
  | ModuleParameterRuntimeValue<string>
  | AccountRuntimeValue
  | ContractFuture<string>
  | NamedArtifactContractDeploymentFuture<string>;

/** What a deployment of the core is given. */
export interface CoreInputs {
  /** First administrator of the access manager. */
  readonly administrator: AddressLike;
  /** ERC-20 with at most 18 decimals and without hooks, fees or rebase. */
  readonly settlementToken: AddressLike;
  /** Receives the part of trading fees that is not the fund's. */
  readonly feeRecipient: AddressLike;
  /** Bond of an incident and what a lapse keeps of it, in the settlement token's smallest unit. */
  readonly claimBond: bigint | ModuleParameterRuntimeValue<bigint>;
  readonly lapseFee: bigint | ModuleParameterRuntimeValue<bigint>;
  /** Chainlink's sequencer uptime feed of a layer 2 and the grace time after its return, seconds (ORC-03). Left out elsewhere. */
  readonly sequencer?: {
    readonly feed: AddressLike;
    readonly grace: bigint | ModuleParameterRuntimeValue<bigint>;
  };
  /** Pyth's contract and a store of RedStone's prices, to which the Router carries updates (ORC-08). Left out where there is none. */
  readonly pyth?: AddressLike;
  readonly redStone?: AddressLike;
}

/** The contracts of a deployment. `house` carries the whole interface of the clearing house. */
export interface Core {
  readonly accessManager: NamedArtifactContractDeploymentFuture<string>;
  readonly oracle: NamedArtifactContractDeploymentFuture<string>;
  readonly treasury: NamedArtifactContractDeploymentFuture<string>;
  readonly registry: NamedArtifactContractDeploymentFuture<string>;
  readonly extension: NamedArtifactContractDeploymentFuture<string>;
  readonly clearingHouse: NamedArtifactContractDeploymentFuture<string>;
  readonly house: NamedArtifactContractAtFuture<string>;
  readonly fund: NamedArtifactContractDeploymentFuture<string>;
  readonly engine: NamedArtifactContractDeploymentFuture<string>;
  readonly orders: NamedArtifactContractDeploymentFuture<string>;
  readonly verifier: NamedArtifactContractDeploymentFuture<string>;
  readonly socializedLoss: NamedArtifactContractDeploymentFuture<string>;
  /** Prices cover for both vaults (CVR-08). */
  readonly premiumModel: NamedArtifactContractDeploymentFuture<string>;
  /** Junior and senior capital behind the segment's reserve, and behind cover. */
  readonly vault: NamedArtifactContractAtFuture<string>;
  /** Other underwriters' capital, which pays after that. */
  readonly reinsurance: NamedArtifactContractAtFuture<string>;
  /** Measures markets and sets their limits, once it is linked (RSK-01): see `linkRiskControl`. */
  readonly riskController: NamedArtifactContractDeploymentFuture<string>;
  /** Conveniences without rights: several steps in one transaction, and reads in batches (PER-01). */
  readonly router: NamedArtifactContractDeploymentFuture<string>;
  readonly lens: NamedArtifactContractDeploymentFuture<string>;
}

/** The step that listed a feed. */
export type Listed = ReturnType<IgnitionModuleBuilder["call"]>;

/** Deploys and links the contracts of one house and its fund segment. Links that point up are set here, once. */
export function deployCore(m: IgnitionModuleBuilder, inputs: CoreInputs): Core {
  const accessManager = m.contract("AccessManager", [inputs.administrator]);
  const oracle = m.contract("PriceOracle", [
    accessManager,
    inputs.sequencer?.feed ?? ZeroAddress,
    inputs.sequencer?.grace ?? 0n,
  ]);
  const settings = {
    accessManager,
    oracle,
    settlementToken: inputs.settlementToken,
    feeRecipient: inputs.feeRecipient,
    ...HOUSE_SETTINGS,
  };
  const treasury = m.contract("ClearingHouseTreasury", [settings]);
  const registry = m.contract("ClearingHouseRegistry", [settings, treasury]);
  const extension = m.contract("ClearingHouseExtension", [settings, registry]);
  const clearingHouse = m.contract("ClearingHouse", [settings, extension]);
  const house = m.contractAt("IClearingHouse", clearingHouse, { id: "House" });
  const fund = m.contract("InsuranceFund");
  const engine = m.contract("LiquidationEngine", [accessManager, clearingHouse, fund]);
  const orders = m.contract("SignedOrders", [clearingHouse]);
  const linked = m.call(house, "link", [engine, fund, orders]);
  const verifier = m.contract("ClaimVerifier", [
    inputs.settlementToken,
    inputs.claimBond,
    inputs.lapseFee,
    inputs.feeRecipient,
  ]);
  const socializedLoss = m.contract("SocializedLossTrigger", [house]);
  const premiumModel = m.contract("PremiumModel", [oracle]);
  const modelDefined = m.call(premiumModel, "defineModel", [{ ...SOCIALIZED_LOSS_MODEL }]);
  // Both vaults have the same settings, so that they can share the extension's code.
  const vaultExtension = m.contract(
    "CoverageVaultExtension",
    [{ accessManager, house, fund, verifier, floor: VAULT_FLOOR }, premiumModel],
    { after: [linked, modelDefined] },
  );
  const vault = m.contractAt("ICoverageVault", m.contract("CoverageVault", [vaultExtension]), { id: "Vault" });
  const reinsurance = m.contractAt(
    "ICoverageVault",
    m.contract("CoverageVault", [vaultExtension], { id: "ReinsuranceVault" }),
    { id: "Reinsurance" },
  );
  const opened = m.call(engine, "openSegment", [BUDGETS, { backstop: vault, reinsurance }], { after: [linked] });
  const parameters = RISK_PARAMETERS.map((terms) => ({ ...terms }));
  const riskController = m.contract("RiskController", [accessManager, house, parameters], { after: [opened] });
  // Read the links of the house once.
  const router = m.contract("Router", [house, vault, inputs.pyth ?? ZeroAddress, inputs.redStone ?? ZeroAddress], {
    after: [linked],
  });
  const lens = m.contract("Lens", [house], { after: [linked] });
  return {
    accessManager,
    oracle,
    treasury,
    registry,
    extension,
    clearingHouse,
    house,
    fund,
    engine,
    orders,
    verifier,
    socializedLoss,
    premiumModel,
    vault,
    reinsurance,
    riskController,
    router,
    lens,
  };
}

/** Gives risk control the right to write the limits of the house's markets; once, for good (RSK-01). */
export function linkRiskControl(m: IgnitionModuleBuilder, core: Core) {
  return m.call(core.house, "linkRiskController", [core.riskController]);
}

/** Announces cover against socialised loss on one side of a market; series can be opened after cooldown + window (CVR-03). */
export function announceSocializedLossCover(m: IgnitionModuleBuilder, core: Core, market: number, long: boolean) {
  const terms = {
    trigger: core.socializedLoss,
    terms: zeroPadValue(toBeHex(termsOfSide(market, long)), 32),
    sides: sideBit(market, long),
    ...SOCIALIZED_LOSS,
  };
  return m.call(core.vault, "announceProduct", [terms], { id: `announceCover${market}${long ? "Long" : "Short"}` });
}

/** How SocializedLossTrigger writes a side into one word: the market, and bit 8 for longs. */
function termsOfSide(market: number, long: boolean): bigint {
  return BigInt(market) | (long ? 256n : 0n);
}

/** Lists a market after its feed. */
export function listMarket(m: IgnitionModuleBuilder, core: Core, terms: MarketTerms, after: Listed) {
  const { market, ...listing } = terms;
  return m.call(core.house, "listMarket", [market, listing], { id: `listMarket${market}`, after: [after] });
}

/** Lists a collateral asset after its feed. */
export function listAsset(m: IgnitionModuleBuilder, core: Core, terms: AssetTerms, token: AddressLike, after: Listed) {
  return m.call(core.house, "listAsset", [terms.asset, token, terms.feed, terms.haircut, terms.cap], {
    id: `listAsset${terms.asset}`,
    after: [after],
  });
}

// The contracts of a deployment with the types that were generated from them. Types only: nothing of typechain-types runs here.
import { Contract } from "ethers";
import type { BaseContract, ContractRunner, InterfaceAbi } from "ethers";

import type { CoverToken } from "../typechain-types/contracts/coverage/CoverToken.ts";
import type { TrancheShare } from "../typechain-types/contracts/coverage/TrancheShare.ts";
import type { IClaimVerifier } from "../typechain-types/contracts/interfaces/IClaimVerifier.ts";
import type { IClearingHouse } from "../typechain-types/contracts/interfaces/IClearingHouse.ts";
import type { ICoverageVault } from "../typechain-types/contracts/interfaces/ICoverageVault.ts";
import type { IInsuranceFund } from "../typechain-types/contracts/interfaces/IInsuranceFund.ts";
import type { ILens } from "../typechain-types/contracts/interfaces/ILens.ts";
import type { ILiquidationEngine } from "../typechain-types/contracts/interfaces/ILiquidationEngine.ts";
import type { IPremiumModel } from "../typechain-types/contracts/interfaces/IPremiumModel.ts";
import type { IPriceOracle } from "../typechain-types/contracts/interfaces/IPriceOracle.ts";
import type { IRiskController } from "../typechain-types/contracts/interfaces/IRiskController.ts";
import type { IRouter } from "../typechain-types/contracts/interfaces/IRouter.ts";
import type { ISignedOrders } from "../typechain-types/contracts/interfaces/ISignedOrders.ts";
import type { ISolvency } from "../typechain-types/contracts/interfaces/ISolvency.ts";
import { abis } from "./abi.ts";
import type { AbiName } from "./abi.ts";
import { addressOf } from "./manifest.ts";
import type { Manifest, RequiredContract } from "./manifest.ts";
import type { Token } from "./token.ts";
import { tokenAbi } from "./token.ts";

/** Everything that a client speaks to. */
export interface BulwarkContracts {
  readonly house: IClearingHouse;
  readonly orderBook: ISignedOrders;
  readonly engine: ILiquidationEngine;
  readonly fund: IInsuranceFund;
  /** The vault that sells cover and stands first behind the fund's reserve. */
  readonly vault: ICoverageVault;
  readonly verifier: IClaimVerifier;
  readonly oracle: IPriceOracle;
  readonly premiumModel: IPremiumModel;
  readonly riskController: IRiskController;
  readonly router: IRouter;
  readonly lens: ILens;
  readonly solvency: ISolvency;
}

/** Name in the manifest, and the interface that the address answers. */
const PLACES: Readonly<Record<keyof BulwarkContracts, readonly [RequiredContract, AbiName]>> = {
  house: ["ClearingHouse", "IClearingHouse"],
  orderBook: ["SignedOrders", "ISignedOrders"],
  engine: ["LiquidationEngine", "ILiquidationEngine"],
  fund: ["InsuranceFund", "IInsuranceFund"],
  vault: ["CoverageVault", "ICoverageVault"],
  verifier: ["ClaimVerifier", "IClaimVerifier"],
  oracle: ["PriceOracle", "IPriceOracle"],
  premiumModel: ["PremiumModel", "IPremiumModel"],
  riskController: ["RiskController", "IRiskController"],
  router: ["Router", "IRouter"],
  lens: ["Lens", "ILens"],
  solvency: ["Solvency", "ISolvency"],
};

/** Binds every contract of a manifest to whoever reads or signs. */
export function bindContracts(manifest: Manifest, runner: ContractRunner): BulwarkContracts {
  const bound: Record<string, Contract> = {};
  for (const [place, [name, abi]] of Object.entries(PLACES)) {
    bound[place] = bind(addressOf(manifest, name), abis[abi], runner);
  }
  return Object.freeze(bound) as unknown as BulwarkContracts;
}

/** Another vault of the same kind: the one that reinsures. */
export function bindVault(address: string, runner: ContractRunner): ICoverageVault {
  return bind(address, abis.ICoverageVault, runner) as unknown as ICoverageVault;
}

/** The risk control that a house is linked to. */
export function bindRiskController(address: string, runner: ContractRunner): IRiskController {
  return bind(address, abis.IRiskController, runner) as unknown as IRiskController;
}

export function bindShare(address: string, runner: ContractRunner): TrancheShare {
  return bind(address, abis.TrancheShare, runner) as unknown as TrancheShare;
}

export function bindCoverToken(address: string, runner: ContractRunner): CoverToken {
  return bind(address, abis.CoverToken, runner) as unknown as CoverToken;
}

export function bindToken(address: string, runner: ContractRunner): Token {
  return bind(address, tokenAbi, runner) as unknown as Token;
}

/** Address of a bound contract: we bind to addresses, never to names that are still to be resolved. */
export function targetOf(contract: BaseContract): string {
  return contract.target as string;
}

/** Where the contracts stand. */
export function addressesOf(contracts: BulwarkContracts): Readonly<Record<keyof BulwarkContracts, string>> {
  const places = Object.keys(PLACES) as (keyof BulwarkContracts)[];
  const found = places.map((place) => [place, targetOf(contracts[place])] as const);
  return Object.freeze(Object.fromEntries(found) as Record<keyof BulwarkContracts, string>);
}

function bind(address: string, abi: InterfaceAbi, runner: ContractRunner): Contract {
  return new Contract(address, abi, runner);
}

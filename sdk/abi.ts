// ABIs as the compiler wrote them. The package carries a copy of this module in which they stand as text (scripts/sdk/build.ts).
import type { InterfaceAbi } from "ethers";

import coverToken from "../artifacts/contracts/coverage/CoverToken.sol/CoverToken.json" with { type: "json" };
import trancheShare from "../artifacts/contracts/coverage/TrancheShare.sol/TrancheShare.json" with { type: "json" };
import verifier from "../artifacts/contracts/interfaces/IClaimVerifier.sol/IClaimVerifier.json" with { type: "json" };
import house from "../artifacts/contracts/interfaces/IClearingHouse.sol/IClearingHouse.json" with { type: "json" };
import vault from "../artifacts/contracts/interfaces/ICoverageVault.sol/ICoverageVault.json" with { type: "json" };
import fund from "../artifacts/contracts/interfaces/IInsuranceFund.sol/IInsuranceFund.json" with { type: "json" };
import lens from "../artifacts/contracts/interfaces/ILens.sol/ILens.json" with { type: "json" };
import engine from "../artifacts/contracts/interfaces/ILiquidationEngine.sol/ILiquidationEngine.json" with { type: "json" };
import premiumModel from "../artifacts/contracts/interfaces/IPremiumModel.sol/IPremiumModel.json" with { type: "json" };
import oracle from "../artifacts/contracts/interfaces/IPriceOracle.sol/IPriceOracle.json" with { type: "json" };
import riskController from "../artifacts/contracts/interfaces/IRiskController.sol/IRiskController.json" with { type: "json" };
import router from "../artifacts/contracts/interfaces/IRouter.sol/IRouter.json" with { type: "json" };
import orderBook from "../artifacts/contracts/interfaces/ISignedOrders.sol/ISignedOrders.json" with { type: "json" };
import solvency from "../artifacts/contracts/interfaces/ISolvency.sol/ISolvency.json" with { type: "json" };

/** A contract that the client speaks to. */
export type AbiName =
  | "IClaimVerifier"
  | "IClearingHouse"
  | "ICoverageVault"
  | "IInsuranceFund"
  | "ILens"
  | "ILiquidationEngine"
  | "IPremiumModel"
  | "IPriceOracle"
  | "IRiskController"
  | "IRouter"
  | "ISignedOrders"
  | "ISolvency"
  | "CoverToken"
  | "TrancheShare";

export const abis: Readonly<Record<AbiName, InterfaceAbi>> = {
  IClaimVerifier: verifier.abi,
  IClearingHouse: house.abi,
  ICoverageVault: vault.abi,
  IInsuranceFund: fund.abi,
  ILens: lens.abi,
  ILiquidationEngine: engine.abi,
  IPremiumModel: premiumModel.abi,
  IPriceOracle: oracle.abi,
  IRiskController: riskController.abi,
  IRouter: router.abi,
  ISignedOrders: orderBook.abi,
  ISolvency: solvency.abi,
  CoverToken: coverToken.abi,
  TrancheShare: trancheShare.abi,
};

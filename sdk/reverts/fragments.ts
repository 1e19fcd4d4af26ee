// Every custom error of the contracts, as the compiler wrote it. The package carries a copy of this module in which they stand as text
// (scripts/sdk/build.ts). Where an interface declares an error, the interface is read; the rest comes from whoever throws it.
import { Interface } from "ethers";
import type { InterfaceAbi } from "ethers";

import accessManager from "../../artifacts/@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager.json" with { type: "json" };
import claimVerifierContract from "../../artifacts/contracts/claims/ClaimVerifier.sol/ClaimVerifier.json" with { type: "json" };
import aaveDeficitTrigger from "../../artifacts/contracts/claims/triggers/AaveDeficitTrigger.sol/AaveDeficitTrigger.json" with { type: "json" };
import accountLiquidatedTrigger from "../../artifacts/contracts/claims/triggers/AccountLiquidatedTrigger.sol/AccountLiquidatedTrigger.json" with { type: "json" };
import depegTrigger from "../../artifacts/contracts/claims/triggers/DepegTrigger.sol/DepegTrigger.json" with { type: "json" };
import fundShortfallTrigger from "../../artifacts/contracts/claims/triggers/FundShortfallTrigger.sol/FundShortfallTrigger.json" with { type: "json" };
import liquidationErrorTrigger from "../../artifacts/contracts/claims/triggers/LiquidationErrorTrigger.sol/LiquidationErrorTrigger.json" with { type: "json" };
import morphoBadDebtTrigger from "../../artifacts/contracts/claims/triggers/MorphoBadDebtTrigger.sol/MorphoBadDebtTrigger.json" with { type: "json" };
import priceTouchTrigger from "../../artifacts/contracts/claims/triggers/PriceTouchTrigger.sol/PriceTouchTrigger.json" with { type: "json" };
import putSpreadTrigger from "../../artifacts/contracts/claims/triggers/PutSpreadTrigger.sol/PutSpreadTrigger.json" with { type: "json" };
import socializedLossTrigger from "../../artifacts/contracts/claims/triggers/SocializedLossTrigger.sol/SocializedLossTrigger.json" with { type: "json" };
import vaultShareLossTrigger from "../../artifacts/contracts/claims/triggers/VaultShareLossTrigger.sol/VaultShareLossTrigger.json" with { type: "json" };
import trading from "../../artifacts/contracts/clearing/Trading.sol/Trading.json" with { type: "json" };
import coverToken from "../../artifacts/contracts/coverage/CoverToken.sol/CoverToken.json" with { type: "json" };
import recoveries from "../../artifacts/contracts/fund/Recoveries.sol/Recoveries.json" with { type: "json" };
import reserveInvestments from "../../artifacts/contracts/fund/ReserveInvestments.sol/ReserveInvestments.json" with { type: "json" };
import bulwarkGovernor from "../../artifacts/contracts/governance/BulwarkGovernor.sol/BulwarkGovernor.json" with { type: "json" };
import bulwarkToken from "../../artifacts/contracts/governance/BulwarkToken.sol/BulwarkToken.json" with { type: "json" };
import attestedTrigger from "../../artifacts/contracts/interfaces/IAttestedTrigger.sol/IAttestedTrigger.json" with { type: "json" };
import claimVerifier from "../../artifacts/contracts/interfaces/IClaimVerifier.sol/IClaimVerifier.json" with { type: "json" };
import clearingHouseTreasury from "../../artifacts/contracts/interfaces/IClearingHouseTreasury.sol/IClearingHouseTreasury.json" with { type: "json" };
import coverWrapper from "../../artifacts/contracts/interfaces/ICoverWrapper.sol/ICoverWrapper.json" with { type: "json" };
import coverWrapperFactory from "../../artifacts/contracts/interfaces/ICoverWrapper.sol/ICoverWrapperFactory.json" with { type: "json" };
import coverageVaultEvents from "../../artifacts/contracts/interfaces/ICoverageVaultEvents.sol/ICoverageVaultEvents.json" with { type: "json" };
import guardian from "../../artifacts/contracts/interfaces/IGuardian.sol/IGuardian.json" with { type: "json" };
import incidentNotifier from "../../artifacts/contracts/interfaces/IIncidentNotifier.sol/IIncidentNotifier.json" with { type: "json" };
import insuranceFund from "../../artifacts/contracts/interfaces/IInsuranceFund.sol/IInsuranceFund.json" with { type: "json" };
import lens from "../../artifacts/contracts/interfaces/ILens.sol/ILens.json" with { type: "json" };
import liquidationEngine from "../../artifacts/contracts/interfaces/ILiquidationEngine.sol/ILiquidationEngine.json" with { type: "json" };
import ownAccountTrigger from "../../artifacts/contracts/interfaces/IOwnAccountTrigger.sol/IOwnAccountTrigger.json" with { type: "json" };
import premiumModel from "../../artifacts/contracts/interfaces/IPremiumModel.sol/IPremiumModel.json" with { type: "json" };
import recapAuction from "../../artifacts/contracts/interfaces/IRecapAuction.sol/IRecapAuction.json" with { type: "json" };
import redStoneSource from "../../artifacts/contracts/interfaces/IRedStoneSource.sol/IRedStoneSource.json" with { type: "json" };
import reserveSale from "../../artifacts/contracts/interfaces/IReserveSale.sol/IReserveSale.json" with { type: "json" };
import riskController from "../../artifacts/contracts/interfaces/IRiskController.sol/IRiskController.json" with { type: "json" };
import router from "../../artifacts/contracts/interfaces/IRouter.sol/IRouter.json" with { type: "json" };
import signedOrders from "../../artifacts/contracts/interfaces/ISignedOrders.sol/ISignedOrders.json" with { type: "json" };
import solvency from "../../artifacts/contracts/interfaces/ISolvency.sol/ISolvency.json" with { type: "json" };
import steward from "../../artifacts/contracts/interfaces/ISteward.sol/ISteward.json" with { type: "json" };
import surplusStake from "../../artifacts/contracts/interfaces/ISurplusStake.sol/ISurplusStake.json" with { type: "json" };
import trancheShare from "../../artifacts/contracts/interfaces/ITrancheShare.sol/ITrancheShare.json" with { type: "json" };
import yieldDesk from "../../artifacts/contracts/interfaces/IYieldDesk.sol/IYieldDesk.json" with { type: "json" };
import volatility from "../../artifacts/contracts/oracle/Volatility.sol/Volatility.json" with { type: "json" };
import ratioSource from "../../artifacts/contracts/oracle/sources/RatioSource.sol/RatioSource.json" with { type: "json" };
import uniswapV3Source from "../../artifacts/contracts/oracle/sources/UniswapV3Source.sol/UniswapV3Source.json" with { type: "json" };
import routerContract from "../../artifacts/contracts/periphery/Router.sol/Router.json" with { type: "json" };

const SOURCES = [
  accessManager,
  claimVerifierContract,
  aaveDeficitTrigger,
  accountLiquidatedTrigger,
  depegTrigger,
  fundShortfallTrigger,
  liquidationErrorTrigger,
  morphoBadDebtTrigger,
  priceTouchTrigger,
  putSpreadTrigger,
  socializedLossTrigger,
  vaultShareLossTrigger,
  trading,
  coverToken,
  recoveries,
  reserveInvestments,
  bulwarkGovernor,
  bulwarkToken,
  attestedTrigger,
  claimVerifier,
  clearingHouseTreasury,
  coverWrapper,
  coverWrapperFactory,
  coverageVaultEvents,
  guardian,
  incidentNotifier,
  insuranceFund,
  lens,
  liquidationEngine,
  ownAccountTrigger,
  premiumModel,
  recapAuction,
  redStoneSource,
  reserveSale,
  riskController,
  router,
  signedOrders,
  solvency,
  steward,
  surplusStake,
  trancheShare,
  yieldDesk,
  volatility,
  ratioSource,
  uniswapV3Source,
  routerContract,
];

/** Errors in ethers' human-readable form, each once. */
export const errorFragments: readonly string[] = [...new Set(SOURCES.flatMap(errorsOf))].sort();

function errorsOf({ abi }: { readonly abi: InterfaceAbi }): string[] {
  const errors = new Interface(abi).fragments.filter(({ type }) => type === "error");
  return errors.map((fragment) => fragment.format("full"));
}

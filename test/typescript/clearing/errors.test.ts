import { readFileSync } from "node:fs";
import { expect } from "chai";
import { artifacts } from "hardhat";

/*
 * Where each custom error is triggered with its values: `prefix` + name, in test/typescript/. Whoever adds an error adds a line here.
 */
const TABLE: Readonly<Record<string, string>> = {
  ClearingHouse_AlreadyLinked: "clearing/listings",
  ClearingHouse_AssetAlreadyListed: "clearing/listings",
  ClearingHouse_AssetCapExceeded: "clearing/deposits",
  ClearingHouse_Bankrupt: "clearing/reducing",
  ClearingHouse_BelowInitialMargin: "clearing/trading",
  ClearingHouse_BlindAccount: "liquidation/blind",
  ClearingHouse_CapNotLower: "clearing/market-limits",
  ClearingHouse_CollateralNotForSale: "clearing/conversion",
  ClearingHouse_CostAboveLimit: "clearing/conversion",
  ClearingHouse_DeficitShareWithheld: "clearing/measured-deficit",
  ClearingHouse_DeficitUnbooked: "clearing/measured-deficit",
  ClearingHouse_DustPosition: "clearing/trading",
  ClearingHouse_InAuction: "liquidation/clock",
  ClearingHouse_InsufficientBalance: "clearing/deposits",
  ClearingHouse_InsufficientLiquidity: "clearing/withdrawal-queue",
  ClearingHouse_InvalidAmount: "clearing/deposits",
  ClearingHouse_InvalidAsset: "clearing/listings",
  ClearingHouse_InvalidClosing: "clearing/closing",
  ClearingHouse_InvalidDelegate: "clearing/delegates",
  ClearingHouse_InvalidLink: "clearing/listings",
  ClearingHouse_InvalidListing: "clearing/listings",
  ClearingHouse_InvalidRate: "clearing/market-limits",
  ClearingHouse_InvalidRiskTargets: "clearing/risk-limits",
  ClearingHouse_InvalidSettings: "clearing/listings",
  ClearingHouse_InvalidPrice: "clearing/trading",
  ClearingHouse_InvalidSize: "clearing/trading",
  ClearingHouse_MarketAlreadyListed: "clearing/listings",
  ClearingHouse_MarketClosed: "clearing/trading",
  ClearingHouse_MarketPaused: "governance/guardian",
  ClearingHouse_NoConsensus: "liquidation/blind",
  ClearingHouse_NotAuthorized: "clearing/delegates",
  ClearingHouse_NotBlind: "liquidation/blind-closing",
  ClearingHouse_NotClosing: "clearing/closing",
  ClearingHouse_NotLinked: "clearing/settlement",
  ClearingHouse_NotLiquidatable: "liquidation/blind-closing",
  ClearingHouse_OpenInterestCapExceeded: "clearing/trading",
  ClearingHouse_PartialBidAgainstOwnSide: "liquidation/splitting",
  ClearingHouse_PositionTooOld: "clearing/generations",
  ClearingHouse_PriceOutsideBand: "clearing/trading",
  ClearingHouse_ReductionTooCostly: "clearing/reducing",
  ClearingHouse_SelfTrade: "clearing/trading",
  ClearingHouse_TooManyMarkets: "clearing/trading",
  ClearingHouse_TransferFailed: "clearing/deposits",
  ClearingHouse_UnexpectedTransfer: "clearing/hostile-tokens",
  ClearingHouse_UnknownAsset: "clearing/deposits",
  ClearingHouse_UnknownMarket: "clearing/trading",
  LiquidationEngine_AlreadyStarted: "liquidation/clock",
  LiquidationEngine_ClearingAccount: "liquidation/bids",
  LiquidationEngine_FractionBelowMinimum: "liquidation/bids",
  LiquidationEngine_IncomeBelowLimit: "liquidation/bids",
  LiquidationEngine_InvalidFraction: "liquidation/bids",
  LiquidationEngine_NoAuction: "liquidation/clock",
  LiquidationEngine_NotAuthorized: "liquidation/bids",
  LiquidationEngine_NotLiquidatable: "liquidation/clock",
  LiquidationEngine_NotSelf: "liquidation/bids",
  LiquidationEngine_NotWriteOff: "liquidation/write-off",
  LiquidationEngine_PriceAboveLimit: "liquidation/bids",
  LiquidationEngine_SegmentAlreadyOpen: "liquidation/bids",
  LiquidationEngine_TooEarly: "liquidation/deleveraging",
};

describe("every custom error of house and engine has a test that asserts its values", () => {
  for (const contract of ["IClearingHouseEvents", "ILiquidationEngine"] as const) {
    it(contract, async () => {
      const { abi } = await artifacts.readArtifact(contract);
      const errors = abi.filter((item: { type: string }) => item.type === "error") as readonly {
        name: string;
        inputs: readonly unknown[];
      }[];
      expect(errors.length).to.be.greaterThan(10);
      for (const { name, inputs } of errors) {
        const file = TABLE[name];
        expect(file, `${name} is not in the table`).to.be.a("string");
        const text = readFileSync(new URL(`../${file}.test.ts`, import.meta.url), "utf8");
        const values = inputs.length === 0 ? "" : String.raw`\s*\.withArgs\(`;
        const asserted = new RegExp(String.raw`revertedWithCustomError\([^)]*"${name}",?\s*\)${values}`);
        expect(asserted.test(text), `${name} with values in ${file}.test.ts`).to.equal(true);
      }
    });
  }
});

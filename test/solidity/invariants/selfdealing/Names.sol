// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {ILiquidationEngine as L} from "../../../../contracts/interfaces/ILiquidationEngine.sol";

/// @dev Short names of outcomes: "done", or the error.
abstract contract Names {
    function _nameOf(bytes4 selector) internal pure returns (string memory) {
        if (selector == bytes4(0)) return "done";
        if (selector == L.LiquidationEngine_NotLiquidatable.selector) return "NotLiquidatable";
        if (selector == L.LiquidationEngine_TooEarly.selector) return "TooEarly";
        if (selector == L.LiquidationEngine_NotWriteOff.selector) return "NotWriteOff";
        if (selector == L.LiquidationEngine_InvalidFraction.selector) return "InvalidFraction";
        if (selector == L.LiquidationEngine_FractionBelowMinimum.selector) return "BelowMinimum";
        if (selector == L.LiquidationEngine_PriceAboveLimit.selector) return "PriceAboveLimit";
        if (selector == L.LiquidationEngine_NotAuthorized.selector) return "NotAuthorized";
        if (selector == L.LiquidationEngine_ClearingAccount.selector) return "ClearingAccount";
        if (selector == L.LiquidationEngine_AlreadyStarted.selector) return "AlreadyStarted";
        if (selector == L.LiquidationEngine_NoAuction.selector) return "NoAuction";
        return _nameOfHouse(selector);
    }

    function _nameOfHouse(bytes4 selector) private pure returns (string memory) {
        if (selector == E.ClearingHouse_NotAuthorized.selector) return "NotAuthorized";
        if (selector == E.ClearingHouse_InvalidAmount.selector) return "InvalidAmount";
        if (selector == E.ClearingHouse_InsufficientBalance.selector) return "Insufficient";
        if (selector == E.ClearingHouse_InsufficientLiquidity.selector) return "NoLiquidity";
        if (selector == E.ClearingHouse_BelowInitialMargin.selector) return "InitialMargin";
        if (selector == E.ClearingHouse_BlindAccount.selector) return "Blind";
        if (selector == E.ClearingHouse_DeficitShareWithheld.selector) return "DeficitShare";
        if (selector == E.ClearingHouse_DeficitUnbooked.selector) return "DeficitUnbooked";
        if (selector == E.ClearingHouse_PartialBidAgainstOwnSide.selector) return "OwnSide";
        if (selector == E.ClearingHouse_SelfTrade.selector) return "SelfTrade";
        if (selector == E.ClearingHouse_InAuction.selector) return "InAuction";
        if (selector == E.ClearingHouse_DustPosition.selector) return "Dust";
        if (selector == E.ClearingHouse_NoConsensus.selector) return "NoConsensus";
        if (selector == E.ClearingHouse_PriceOutsideBand.selector) return "OutsideBand";
        if (selector == E.ClearingHouse_Bankrupt.selector) return "Bankrupt";
        if (selector == E.ClearingHouse_ReductionTooCostly.selector) return "TooCostly";
        if (selector == E.ClearingHouse_CollateralNotForSale.selector) return "NotForSale";
        return "another error";
    }
}

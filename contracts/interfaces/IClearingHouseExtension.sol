// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CloseOut} from "../types/Clearing.sol";
import {AccountId, AssetId, MarketId} from "../types/Identifiers.sol";
import {IClearingHouseEvents} from "./IClearingHouseEvents.sol";

/// @title Clearing house: loss sharing, deleveraging, conversion and settlement
/// @notice Second part of the code of the clearing house, at the same address and on the same storage (docs/decisions.md). Every
/// state-changing function holds the segment's one transient lock.
interface IClearingHouseExtension is IClearingHouseEvents {
    /// @notice Buys collateral of an account whose cash is negative beyond what is tolerated, or for more than a day, or of the
    /// clearing account, at consensus less a discount that grows to 5% in an hour (CLR-10).
    /// @param amount WAD of collateral; capped by what puts cash back to zero
    /// @param maxCost most that the buyer pays, WAD
    function buyCollateral(
        AccountId seller,
        AccountId buyer,
        AssetId asset,
        uint256 amount,
        uint256 maxCost
    ) external returns (uint256 bought, uint256 cost);

    /// @notice Sends the trading fees that do not belong to the fund to the fee recipient. Anyone may call.
    function collectFees() external returns (uint256 paid);

    /// @notice Charges a loss that no layer paid: by LIQ-05's weights to the opposite sides, the rest to all markets.
    /// Only the engine; before `slice`.
    /// @return socialized part of `loss` that holders were charged; the rest is unallocated
    function socialize(
        AccountId account,
        AccountId bidder,
        uint256 fraction,
        uint256 loss
    ) external returns (uint256 socialized);

    /// @notice Closes a fraction of an account against the whole opposite sides. Only the engine.
    /// @return socialized part of the shortfall that was charged to holders
    function closeOut(CloseOut calldata request) external returns (uint256 socialized);

    /// @notice Closes a position of an account below maintenance margin whose market was marked MAX_BLIND ago, against the whole opposite
    /// side, both at the last consensus price (ORC-07). Anyone may call, also while an auction runs. Moves no loss: what the account owes
    /// then is paid for like any other debt, by `deleverage` and `writeOff`. Not while a sequencer is down.
    /// Throws ClearingHouse_NotBlind, ClearingHouse_NotLiquidatable, ClearingHouse_InvalidSize when there is no position.
    function closeBlindLeg(AccountId account, MarketId market) external;

    /// @notice Moves the net with the fund (IVenue). Only the fund may call. Does not revert when the token refuses.
    /// @param received WAD that the fund has just sent, 0 when the house is to pay
    /// @return sent WAD that was just sent to the fund
    function settle(uint256 received) external returns (uint256 sent);
}

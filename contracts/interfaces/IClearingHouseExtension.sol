// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CloseOut} from "../types/Clearing.sol";
import {AccountId, AssetId, MarketId} from "../types/Identifiers.sol";
import {IClearingHouseEvents} from "./IClearingHouseEvents.sol";

/// @title Clearing house: loss sharing, deleveraging, moves between sub-accounts
/// @notice Second part of the code of the clearing house, at the same address and on the same storage (docs/decisions.md). Every
/// state-changing function holds the segment's one transient lock.
interface IClearingHouseExtension is IClearingHouseEvents {
    /// @notice Moves cash or collateral between two sub-accounts of one owner. Caller: owner, or delegate with MOVE.
    /// Needs initial margin of `from` after. `amount` WAD.
    function move(AccountId from, AccountId to, AssetId asset, uint256 amount) external;

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

    /// @notice Base and quote value of a position now, funding and charges included. WAD.
    function positionOf(AccountId account, MarketId market) external view returns (int256 base, int256 quoteValue);

    /// @notice Feeds that the health of an account depends on, one bit each.
    function feedsOf(AccountId account) external view returns (uint256 bitmap);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Slice, Trade} from "../types/Clearing.sol";
import {AccountId, AssetId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {IClearingHouseEvents} from "./IClearingHouseEvents.sol";

/// @title Clearing house: what every trade, withdrawal and bid needs
/// @notice Every state-changing function holds the segment's one transient lock; views may be called at any time and are
/// correct outside of it.
interface IClearingHouseCore is IClearingHouseEvents {
    /// @notice Puts tokens of the caller into an account. Caller: owner, or delegate with DEPOSIT. Credits what arrived, converted down;
    /// a settlement token that delivers less than asked is refused.
    function deposit(AccountId account, AssetId asset, uint256 amount) external returns (uint256 credited);

    /// @notice As `deposit`, after an ERC-2612 permit, which may have been used by someone else before (CLR-02).
    function depositWithPermit(
        AccountId account,
        AssetId asset,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 credited);

    /// @notice Pays tokens to the account's owner. Caller: owner, or delegate with WITHDRAW. Needs initial margin after; leaves no
    /// negative cash. While a loss is unallocated, settlement tokens are paid pro rata (see docs/decisions.md). While a measured loss is above
    /// what the fund can pay, the account's part of it stays (CLR-07). What the house has no tokens for waits (CLR-10): `paid` is 0 then,
    /// and `claimWithdrawal` pays.
    function withdraw(AccountId account, AssetId asset, uint256 amount) external returns (uint256 paid);

    /// @notice Books a fill. Only the linked order book may call; it answers for the consent of both sides.
    function trade(Trade calldata fill) external;

    /// @notice Moves a fraction of an account to a bidder. Only the engine.
    function slice(Slice calldata request) external;

    /// @notice Marks or unmarks an account as being in auction. Only the engine.
    function setInAuction(AccountId account, bool inAuction) external;

    /// @notice Value and margins of an account at the prices of this second. Below E < MM it can be liquidated.
    function health(AccountId account) external view returns (Health memory);

    /// @notice Brings the prices that two accounts depend on to this second (IPriceOracle.refreshAll), and says what `account` is worth and
    /// needs then: all that the engine asks before a bid, in one call. Anyone may call; nothing of the house changes. No lock: it does
    /// what a caller of the oracle and of `health` could do.
    /// @param bidder whoever is to take a part of `account`, or `account` itself
    /// @return feeds those of `account` alone, one bit each
    /// @return health at the prices of this second
    /// @return major LIQ-05's weights of `account` by market class, WAD; all 0 where no layer has anything to pay: E + blindRelief >= 0
    /// @return mid likewise
    /// @return tail likewise
    function assessLiquidation(
        AccountId account,
        AccountId bidder
    ) external returns (uint256 feeds, Health memory health, uint256 major, uint256 mid, uint256 tail);

    /// @notice Whether `caller` may act for `account` in all of `scopes`.
    function isAuthorized(AccountId account, address caller, uint8 scopes) external view returns (bool);

    /// @notice The linked risk controller; 0 before.
    function riskController() external view returns (address);

    /// @notice The linked guardian; 0 before.
    function guardian() external view returns (address);

    /// @notice One bit for each listed market.
    function listedMarkets() external view returns (uint256 bitmap);

    /// @notice What a contract that prices capital behind this house must know first (CVR-10, R4). Calls nothing.
    /// @param sides bit 2 m for longs of market m, bit 2 m + 1 for shorts
    /// @return isLocked whether the house is in the middle of something
    /// @return measuredDeficit what flagged accounts owe beyond what they have, WAD (CLR-07)
    /// @return lastChargeAt time of the latest charge or deleveraging on any of `sides`; 0 when there was none
    function distress(
        uint256 sides
    ) external view returns (bool isLocked, uint256 measuredDeficit, uint256 lastChargeAt);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RiskTargets, SaleRecord} from "../types/Clearing.sol";
import {AccountId, AssetId, MarketId} from "../types/Identifiers.sol";
import {IClearingHouseEvents} from "./IClearingHouseEvents.sol";

/// @title Clearing house: money with the fund, sale of collateral, limits of risk, end of markets
/// @notice Fourth part of the code of the clearing house, at the same address and on the same storage (docs/decisions.md). Every
/// state-changing function but the restricted ones holds the segment's one transient lock.
interface IClearingHouseTreasury is IClearingHouseEvents {
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

    /// @notice Moves the net with the fund (IVenue). Only the fund may call. Does not revert when the token refuses.
    /// @param received WAD that the fund has just sent, 0 when the house is to pay
    /// @return sent WAD that was just sent to the fund
    function settle(uint256 received) external returns (uint256 sent);

    /// @notice Links the contract that writes limits of risk; once. Restricted.
    function linkRiskController(address controller) external;

    /// @notice Links the contract that may pause markets; once. Restricted.
    function linkGuardian(address guardian_) external;

    /// @notice Refuses fills that add to a market's open interest until a time, which 0 ends at once (GOV-03). Only the linked guardian, which
    /// has a budget of days. Positions shrink, change hands, are liquidated and closed as ever.
    function pauseMarket(MarketId market, uint40 until) external;

    /// @notice Writes what risk control has computed for a market (RSK-01). Only the linked controller. Accrues the gap premium first.
    /// Limits: cap <= the listed one; gap premium <= 1e-7 per second; penalty 5% to 20% of MM in steps of one point; mmr moves on its ramp.
    /// Throws ClearingHouse_InvalidRiskTargets, ClearingHouse_InvalidRate, ClearingHouse_UnknownMarket, ClearingHouse_NotLinked.
    /// @param ratio fund's resources over its target, 1e9 (MRG-01, MRG-02)
    function applyRisk(MarketId market, RiskTargets calldata targets, uint32 ratio) external;

    /// @notice Charges both sides of a market the gap premium of the time since the last accrual, at the last consensus price, and books
    /// it to the fund (FND-02). Anyone may call, at any time: whoever trades or is deleveraged causes it anyway.
    /// @return premium booked, WAD, rounded down; what sides are charged is rounded up
    function accrue(MarketId market) external returns (uint256 premium);

    /// @notice Gives a market's mmr a new target, to which it moves by 0.25 points an hour up and 0.05 down (MRG-02). Restricted.
    /// Limits: 1e-5 to 50%; mmr itself never jumps.
    /// @param rateTarget 1e-5
    function setMaintenanceTarget(MarketId market, uint16 rateTarget) external;

    /// @notice Lowers the listed cap of a market's open interest at once, and the cap of now with it. Restricted. Limits: cannot raise it;
    /// closes no position.
    function lowerCap(MarketId market, uint96 cap) external;

    /// @notice Announces the closing of a market, at least 7 days ahead; from now on it takes no more risk (CLR-11). Restricted.
    /// Limits: once; cannot be moved or taken back.
    function announceClosing(MarketId market, uint40 closesAt) external;

    /// @notice Notes that a market has no consensus, and since when (ORC-07). Anyone may call. The mark falls with the next refresh that finds
    /// one: who has positions there and sees that the feed lives, refreshes it.
    /// @return since time of the mark that counts: an earlier one stands
    function markBlind(MarketId market) external returns (uint256 since);

    /// @notice Closes a market whose time has come, all positions at its average consensus price; they settle when someone looks
    /// (`roll` frees a position's slot). Anyone may call. Needs a consensus, or a market that was marked as blind MAX_BLIND ago: then all
    /// close at the last one. Needs that no deficit in the market is unbooked.
    function closeMarket(MarketId market) external;

    /// @notice Has the account's future liquidations recorded, one slot for each market, at the cost of whoever liquidates it (CLM-04).
    /// Caller: owner, or delegate with TRADE.
    function setSaleRecords(AccountId account, bool kept) external;

    /// @notice How the last bid or deleveraging valued a position of an account that keeps records; side 0 when there was none.
    function saleOf(AccountId account, MarketId market) external view returns (SaleRecord memory);

    /// @notice What an account has borne of losses that were charged to its side of a market, over all its positions there. WAD, rounded
    /// down: base that a deleveraging took away is not counted, nor what a wholly deleveraged position bore since its last change (CLM-03).
    function borneBy(AccountId account, MarketId market) external view returns (uint256);

    /// @notice Until when a market was paused last; in the past when it is not.
    function pausedUntil(MarketId market) external view returns (uint256);

    /// @notice Highest cap that risk control may set, wei of base.
    function listedCapOf(MarketId market) external view returns (uint96);

    /// @notice Penalty of a market, basis points of MM (LIQ-07).
    function penaltyRateOf(MarketId market) external view returns (uint256);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Auction, AuctionTerms, BidRequest, BidResult} from "../types/Auction.sol";
import {AccountId, SegmentId} from "../types/Identifiers.sol";
import {BudgetShares, CapitalLayers} from "./IInsuranceFund.sol";

/// @title Liquidation engine: auctions on a live clock, bids, deleveraging and write-offs
/// @notice Everyone may start, bid, deleverage and write off; no role can stop any of it (GOV-03). One call walks the whole waterfall
/// (R1): it refreshes the account's prices, charges whoever has to pay, and moves positions; no token moves. All amounts WAD.
/// Re-entrancy: every state-changing function holds the engine's transient lock and the house's; prices are read first, after
/// that no foreign code is reached (R1b).
interface ILiquidationEngine {
    /// @notice Emitted when an auction opened.
    event AuctionStarted(AccountId indexed account, int256 marginBalance, uint256 maintenanceMargin);
    /// @notice Emitted when a clock was brought up to date.
    event AuctionTouched(AccountId indexed account, uint256 elapsed, bool isBelow);
    /// @notice Emitted when an auction ended.
    event AuctionEnded(AccountId indexed account);
    /// @notice Emitted for every bid.
    event BidFilled(
        AccountId indexed account,
        AccountId indexed bidder,
        int256 value,
        uint256 income,
        BidResult result
    );
    /// @notice Emitted by `bidMany` for a bid that failed; `reason` is the first word of the error.
    event BidFailed(AccountId indexed account, AccountId indexed bidder, bytes4 reason);
    /// @notice Emitted for every deleveraging and write-off.
    event Deleveraged(
        AccountId indexed account,
        int256 value,
        uint256 fraction,
        uint256 penalty,
        uint256 shortfall,
        uint256 covered,
        uint256 socialized
    );
    /// @notice Emitted when an account's deficit was measured; `resources` is what the fund could pay (CLR-07).
    event AccountFlagged(AccountId indexed account, uint256 deficit, uint256 resources);
    /// @notice Emitted once, when the engine registered its segment.
    event SegmentOpened(SegmentId indexed segment);

    /// @notice Thrown when an account is not below maintenance margin.
    error LiquidationEngine_NotLiquidatable(AccountId account, int256 marginBalance, uint256 maintenanceMargin);
    /// @notice Thrown by `start` when an auction runs already.
    error LiquidationEngine_AlreadyStarted(AccountId account);
    /// @notice Thrown by `touch` when no auction runs.
    error LiquidationEngine_NoAuction(AccountId account);
    /// @notice Thrown when the caller may not trade for the bidding account.
    error LiquidationEngine_NotAuthorized(AccountId bidder, address caller);
    /// @notice Thrown when a fraction is zero, above 1e18, or below its own minimum.
    error LiquidationEngine_InvalidFraction(uint256 fraction, uint256 minFraction);
    /// @notice Thrown when less can be taken than the bidder wants at least.
    error LiquidationEngine_FractionBelowMinimum(uint256 fraction, uint256 minFraction);
    /// @notice Thrown when the account costs more than the bidder's limit.
    error LiquidationEngine_PriceAboveLimit(uint256 price, uint256 maxPrice);
    /// @notice Thrown when the bid would earn less than the bidder's limit. Amounts for the fraction taken.
    error LiquidationEngine_IncomeBelowLimit(uint256 income, uint256 minIncome);
    /// @notice Thrown by `deleverage` before its timeout.
    error LiquidationEngine_TooEarly(AccountId account, uint256 elapsed, uint256 required);
    /// @notice Thrown by `writeOff` when the account has a position, is not in debt, or still holds collateral as clearing account.
    error LiquidationEngine_NotWriteOff(AccountId account, int256 value);
    /// @notice Thrown when the clearing account is auctioned or deleveraged; its collateral is sold by CLR-10 instead.
    error LiquidationEngine_ClearingAccount(AccountId account);
    /// @notice Thrown when a function that only the engine itself may call is called by someone else.
    error LiquidationEngine_NotSelf(address caller);
    /// @notice Thrown when the segment is opened twice.
    error LiquidationEngine_SegmentAlreadyOpen(SegmentId segment);

    /// @notice Measures what an account owes beyond what it has, and what the fund could pay, and has the house store both (CLR-07). It
    /// counts for one to two hours, or until the loss is booked or the account measured anew. Anyone may call, for any account, also
    /// one that is sound: then nothing counts of it any more.
    /// @return deficit max(0, -V), with what is blind taken in the account's favour, WAD
    function flag(AccountId account) external returns (uint256 deficit);

    /// @notice Registers this engine's segment with the fund, with its budgets and the vaults behind it; once, restricted by the access
    /// manager, and immutable afterwards.
    function openSegment(
        BudgetShares calldata budgets,
        CapitalLayers calldata layers
    ) external returns (SegmentId segment);

    /// @notice Starts the auction of an account below maintenance margin (LIQ-01). Anyone may call.
    function start(AccountId account) external;

    /// @notice Brings an auction's clock up to date, and ends the auction when E >= tau MM (LIQ-01). Anyone may call.
    function touch(AccountId account) external;

    /// @notice Buys a fraction of an account; starts its auction when none runs (LIQ-02 to LIQ-05). Takes min(asked, f*), so that a
    /// small bid in front cannot make it revert (LIQ-03). Never reverts for lack of money in the fund (INV-04).
    function bid(BidRequest calldata request) external returns (BidResult memory result);

    /// @notice Several bids; one that fails is skipped and reported by `BidFailed`, the others stand (LIQ-09).
    function bidMany(BidRequest[] calldata requests) external returns (bool[] memory filled);

    /// @notice Closes an account against the opposite sides: to target after the timeout when V > 0, whole when V <= 0 (LIQ-06).
    /// Anyone may call.
    function deleverage(AccountId account) external;

    /// @notice Writes off the debt of an account without positions through the same waterfall (LIQ-05). Anyone may call.
    function writeOff(AccountId account) external;

    /// @notice The auction slot of an account.
    function auctionOf(AccountId account) external view returns (Auction memory);

    /// @notice Terms at which a bid would be filled now, at the prices of this second.
    function termsOf(AccountId account) external view returns (AuctionTerms memory);

    /// @notice What the engine may still ask for as rewards: half of seven days' penalties, less what was paid. WAD.
    function rewardBucket() external view returns (uint256);

    /// @notice The segment that this engine draws on.
    function segment() external view returns (SegmentId);
}

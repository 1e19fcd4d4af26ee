// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AccountHeader,
    Asset,
    GenerationEnd,
    Interest,
    Market,
    MarketListing,
    Position,
    Side,
    SideFacts
} from "../types/Clearing.sol";
import {AccountId, AssetId, FeedId, MarketId} from "../types/Identifiers.sol";
import {IClearingHouseEvents} from "./IClearingHouseEvents.sol";

/// @title Clearing house: set-up, delegates and readers
/// @notice Third part of the code of the clearing house, at the same address and on the same storage (docs/decisions.md).
interface IClearingHouseRegistry is IClearingHouseEvents {
    /// @notice Sets the three links that point up; once (spec section 2).
    function link(address engine, address fund, address orderBook) external;

    /// @notice Lists a market; it opens at once. Restricted. Limit: cannot change a listed market.
    function listMarket(MarketId market, MarketListing calldata listing) external;

    /// @notice Lists a collateral asset. Restricted. Limit: cannot change a listed asset.
    function listAsset(AssetId asset, address token, FeedId feed, uint16 haircut, uint64 cap) external;

    /// @notice Lends scopes over all sub-accounts of the caller until `expiry`; 0 scopes takes them back (CLR-01).
    function setDelegate(address delegate, uint8 scopes, uint40 expiry) external;

    /// @notice Brings a position forward by up to 8 generations of its side (CLR-09). Anyone may call.
    function roll(AccountId account, MarketId market) external;

    /// @notice Stores what an account owes beyond what it has, and what the fund could pay (CLR-07). Only the engine.
    /// @param deficit max(0, -V), WAD; 0 takes the account out
    /// @param resources WAD
    function measure(AccountId account, uint256 deficit, uint256 resources) external;

    /// @notice Replaces a flagged account's measure by what a bid or deleveraging has left of its deficit as of then, in the epoch of its last
    /// flag; what had lapsed goes out. Takes what the fund has paid off its resources. Only the house itself.
    /// @param fraction part of the account that was sold or closed, WAD, not 0
    /// @param shortfall that part of max(0, -V), WAD, rounded up; what stays is rounded up from it, by at most 1 / fraction wei
    /// @param drawn WAD
    function bookDeficit(AccountId account, uint256 fraction, uint256 shortfall, uint256 drawn) external;

    /// @notice What `charged` of cash is paid while a loss is unallocated: everyone who leaves is paid the same part of what the house has for
    /// its accounts, and what he gives up repays the loss, so that paying in any order and in any pieces comes to the same (R3). Only the
    /// house itself, in `withdraw`. Throws ClearingHouse_InsufficientLiquidity.
    /// @param charged WAD
    /// @return native in the token's own decimals, rounded down
    function shareLoss(uint256 charged) external returns (uint256 native);

    /// @notice Adds to what an account waits for. Only the house itself, in `withdraw`.
    /// @param amount WAD
    function enqueue(AccountId account, uint256 amount) external;

    /// @notice Reverts with ClearingHouse_DeficitUnbooked while the market has a measured loss above what the fund can pay (CLR-07).
    function requireBooked(MarketId market) external view;

    /// @notice Pays an account's owner what has been set aside for its waiting withdrawals, after setting aside what tokens have come in
    /// for all who wait (CLR-10). Anyone may call.
    /// @return paid in the token's own decimals, rounded down
    function claimWithdrawal(AccountId account) external returns (uint256 paid);

    /// @notice What an account's withdrawals still wait for, and what it could claim of tokens already set aside. WAD.
    function queuedWithdrawalOf(AccountId account) external view returns (uint256 waiting, uint256 claimable);

    /// @notice All waiting withdrawals, and tokens set aside for them. WAD.
    function withdrawalQueue() external view returns (uint256 waiting, uint256 reserved);

    /// @notice Sum of measured deficits that have not lapsed, what the fund could pay as of the last flag less draws since, and the markets
    /// concerned, one bit each (CLR-07). WAD.
    function deficits() external view returns (uint256 measured, uint256 resources, uint256 markets);

    /// @notice An account's part of the measured deficit above the fund's resources, which a withdrawal must leave behind. WAD, rounded up.
    function deficitShareOf(AccountId account) external view returns (uint256);

    /// @notice What was last measured of an account, and in which hour since 1970; it counts in that hour and the next. WAD.
    function measuredDeficitOf(AccountId account) external view returns (uint256 amount, uint256 epoch);

    /// @notice Cumulative funding F of a market now, WAD per unit of base, and its velocity now, WAD per unit and second: positive when
    /// longs pay shorts (CLR-05).
    function fundingOf(MarketId market) external view returns (int256 funding, int256 velocity);

    /// @notice When a market closes, 0 when nothing is announced, and whether it is closed.
    function closingOf(MarketId market) external view returns (uint256 closesAt, bool isClosed);

    /// @notice Account header as stored.
    function headerOf(AccountId account) external view returns (AccountHeader memory);

    /// @notice Position slot as stored: shares, quote and the generation that they are expressed in.
    function storedPosition(AccountId account, MarketId market) external view returns (Position memory);

    /// @notice WAD of a collateral asset that an account holds.
    function collateralOf(AccountId account, AssetId asset) external view returns (uint256 amount);

    /// @notice Penalty and bidder's income that liquidations have cost an account since it exists (CLM-03). WAD.
    function liquidationCostOf(AccountId account) external view returns (uint256 cost);

    /// @notice Market and open interest as stored; zero when the market is not listed.
    function marketOf(MarketId market) external view returns (Market memory, Interest memory);

    /// @notice One side of a market and the facts of what has happened to it (CLM-03).
    function sideOf(MarketId market, bool long) external view returns (Side memory, SideFacts memory);

    /// @notice End values of a closed generation of a side (CLR-09).
    function generationEndOf(
        MarketId market,
        bool long,
        uint16 generation
    ) external view returns (GenerationEnd memory);

    /// @notice An asset as listed, and WAD of it that all accounts hold together (0 for the settlement asset).
    function assetOf(AssetId asset) external view returns (Asset memory, uint256 total);

    /// @notice Loss that no open interest could bear, repaid first from the fund account's next income. WAD.
    function unallocatedLoss() external view returns (uint256);

    /// @notice Fees not yet collected, and the sum of all negative cash. WAD.
    function totals() external view returns (uint256 fees, uint256 negativeCash);

    /// @notice Account of the house itself that holds what deleveraged accounts left (LIQ-06).
    function clearingAccount() external view returns (AccountId);

    /// @notice Smallest maintenance margin of an account that is not zero. WAD.
    function minMaintenanceMargin() external view returns (uint256);

    /// @notice Furthest that a fill's price may be from consensus, basis points; decided at deployment.
    function bandBps() external view returns (uint256);

    /// @notice What a taker pays of what he trades, basis points; decided at deployment.
    function takerFeeBps() external view returns (uint256);

    /// @notice Oracle that prices markets and collateral; immutable.
    function oracle() external view returns (address);

    /// @notice Order book that may book fills; set once.
    function orderBook() external view returns (address);

    /// @notice Token of asset 0.
    function settlementToken() external view returns (address);

    /// @notice Engine that liquidates; set once.
    function engine() external view returns (address);

    /// @notice Fund that covers; set once.
    function fund() external view returns (address);

    /// @notice Signed account with the fund, WAD: positive when the house owes the fund.
    function fundAccount() external view returns (int256 balance);
}

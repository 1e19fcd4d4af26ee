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

    /// @notice One bit for each listed market.
    function listedMarkets() external view returns (uint256 bitmap);

    /// @notice Loss that no open interest could bear, repaid first from the fund account's next income. WAD.
    function unallocatedLoss() external view returns (uint256);

    /// @notice Fees not yet collected, and the sum of all negative cash. WAD.
    function totals() external view returns (uint256 fees, uint256 negativeCash);

    /// @notice Account of the house itself that holds what deleveraged accounts left (LIQ-06).
    function clearingAccount() external view returns (AccountId);

    /// @notice Smallest maintenance margin of an account that is not zero. WAD.
    function minMaintenanceMargin() external view returns (uint256);

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

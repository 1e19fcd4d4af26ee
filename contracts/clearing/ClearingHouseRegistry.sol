// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CodePiece} from "../libraries/CodePiece.sol";

import {FundingMath} from "../libraries/FundingMath.sol";
import {AccountHeader, Asset, GenerationEnd, Interest, Market, Position, Side, SideFacts} from "../types/Clearing.sol";
import {MAX_ADD_ON} from "../types/Constants.sol";
import {MarketFlags} from "../types/Flags.sol";
import {AccountId, AssetId, MarketId} from "../types/Identifiers.sol";
import {MarketWord, Words} from "../types/Words.sol";
import {ClearingStorage} from "./ClearingStorage.sol";
import {Listings} from "./Listings.sol";

/// @title Third part of the clearing house's code: set-up, delegates, measured deficits, the withdrawal queue and readers
/// @notice Reached through ClearingHouse only, on its storage; see IClearingHouseRegistry for every function. Rooms, lowest first:
/// ClearingStorage, Positions, Valuation, DeficitGate, Balances, MeasuredDeficit, QueuedWithdrawals, Listings, Delisting.
contract ClearingHouseRegistry is Listings, CodePiece {
    using Words for Market;

    address private immutable TREASURY;

    constructor(Settings memory settings, address treasury) ClearingStorage(settings) {
        if (treasury.code.length == 0) revert ClearingHouse_InvalidLink(treasury);
        TREASURY = treasury;
    }

    function _nextPiece() internal view override returns (address) {
        return TREASURY;
    }

    function roll(AccountId account, MarketId market) external nonReentrant {
        _rollPosition(account, _requireMarket(market));
    }

    /* VIEWS */

    function fundingOf(MarketId market) external view returns (int256 funding, int256 velocity) {
        MarketWord settings = _markets[MarketId.unwrap(market)].load();
        velocity = FundingMath.unpack(settings.fundingRate());
        return (_fundingNow(settings), FundingMath.decayed(velocity, block.timestamp - settings.fundingAt()));
    }

    function closingOf(MarketId market) external view returns (uint256 closesAt, bool isClosed) {
        uint256 index = MarketId.unwrap(market);
        return (_endings[index].closesAt, _markets[index].flags & MarketFlags.CLOSED != 0);
    }

    function headerOf(AccountId account) external view returns (AccountHeader memory) {
        return _headers[account];
    }

    function storedPosition(AccountId account, MarketId market) external view returns (Position memory) {
        return _positions[account][MarketId.unwrap(market)];
    }

    function collateralOf(AccountId account, AssetId asset) external view returns (uint256) {
        return _collateral[account][AssetId.unwrap(asset)];
    }

    function liquidationCostOf(AccountId account) external view returns (uint256) {
        return _liquidationCost[account];
    }

    function marketOf(MarketId market) external view returns (Market memory settings, Interest memory interest) {
        (settings, interest) = (_markets[MarketId.unwrap(market)], _interest[MarketId.unwrap(market)]);
        settings.addOn &= uint24(MAX_ADD_ON);
    }

    function sideOf(MarketId market, bool long) external view returns (Side memory, SideFacts memory) {
        return (_sides[MarketId.unwrap(market)][long], _facts[MarketId.unwrap(market)][long]);
    }

    function generationEndOf(
        MarketId market,
        bool long,
        uint16 generation
    ) external view returns (GenerationEnd memory) {
        return _ends[MarketId.unwrap(market)][long][generation];
    }

    function assetOf(AssetId asset) external view returns (Asset memory, uint256 total) {
        return (_assets[AssetId.unwrap(asset)], _assetTotals[AssetId.unwrap(asset)]);
    }

    function unallocatedLoss() external view returns (uint256) {
        return _fundAccount.unallocated;
    }

    function totals() external view returns (uint256 fees, uint256 negativeCash) {
        return (_totals.fees, _totals.negativeCash);
    }

    function clearingAccount() external view returns (AccountId) {
        return _clearingAccount();
    }

    function minMaintenanceMargin() external view returns (uint256) {
        return MIN_MAINTENANCE_MARGIN;
    }

    function oracle() external view returns (address) {
        return address(ORACLE);
    }

    function orderBook() external view returns (address) {
        return _links.orderBook;
    }

    function bandBps() external view returns (uint256) {
        return _config.bandBps;
    }

    function takerFeeBps() external view returns (uint256) {
        return _config.takerFeeBps;
    }

    function engine() external view returns (address) {
        return _config.engine;
    }

    function fund() external view returns (address) {
        return _links.fund;
    }

    function settlementToken() external view returns (address) {
        return SETTLEMENT_TOKEN;
    }

    function fundAccount() external view returns (int256) {
        return _fundAccount.balance;
    }
}

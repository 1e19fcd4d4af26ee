// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CodePiece} from "../libraries/CodePiece.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {AccountHeader, Market} from "../types/Clearing.sol";
import {HeaderWord} from "../types/Headers.sol";
import {AccountId, MarketClass} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {MarketWord, Words} from "../types/Words.sol";
import {ClearingStorage} from "./ClearingStorage.sol";
import {Slicing} from "./Slicing.sol";

/// @title Clearing house
/// @notice Margin accounts and perpetual positions of one settlement asset; see IClearingHouse for every function.
/// Rooms of this contract, lowest first: ClearingStorage, Positions, Valuation, DeficitGate, Balances, Accounts, Trading, Slicing.
/// Functions that it does not have itself are answered by ClearingHouseExtension, and after that by ClearingHouseRegistry; their addresses
/// are immutable and their code works on the storage of this contract: three contracts, because one would be larger than a
/// contract may be. This is no upgrade path: nobody can change them (R5).
/// @custom:security-contact see SECURITY.md
contract ClearingHouse is Slicing, CodePiece {
    using Words for AccountHeader;
    using Words for Market;

    address private immutable EXTENSION;

    constructor(Settings memory settings, address extension_) ClearingStorage(settings) {
        if (extension_.code.length == 0) revert ClearingHouse_InvalidLink(extension_);
        EXTENSION = extension_;
    }

    function health(AccountId account) external view returns (Health memory) {
        return _health(account);
    }

    function assessLiquidation(
        AccountId account,
        AccountId bidder
    ) external returns (uint256 feeds, Health memory health_, uint256 major, uint256 mid, uint256 tail) {
        HeaderWord header = _headers[account].load();
        feeds = _feedsOf(header);
        Quotes memory quotes;
        _refreshQuotes(quotes, account == bidder ? feeds : feeds | _feedsOf(_headers[bidder].load()));
        // Before an account is closed against a whole side: what that side owes for the time until now is not of the loss (FND-02).
        if (account == bidder && !_reentrancyGuardEntered()) _accrueAll(header.markets(), quotes);
        _addHoldings(health_, account, header, _config.ratio, quotes);
        // Below that nobody asks the layers for anything, not even with collateral at haircut value (LIQ-06).
        if (health_.marginBalance + int256(health_.blindRelief()) < 0) {
            (major, mid, tail) = _lossWeights(account, header.markets(), quotes);
        }
    }

    /// @dev LIQ-05's weights of a whole account, by market class.
    function _lossWeights(
        AccountId account,
        uint256 markets,
        Quotes memory quotes
    ) private returns (uint256 major, uint256 mid, uint256 tail) {
        for (; markets != 0; markets &= markets - 1) {
            uint256 market = LibBit.ffs(markets);
            MarketWord settings = _markets[market].load();
            PricedLeg memory leg = _pricedLeg(account, market, settings, quotes);
            if (!_hasWeight(leg)) continue;
            uint256 weight = _lossWeight(leg, _keepAverage(market));
            MarketClass class = _classOf(settings);
            if (class == MarketClass.Major) major += weight;
            else if (class == MarketClass.Mid) mid += weight;
            else tail += weight;
        }
    }

    function _accrueAll(uint256 markets, Quotes memory quotes) private {
        for (; markets != 0; markets &= markets - 1) {
            uint256 market = LibBit.ffs(markets);
            (uint256 price, ) = _quoteOf(quotes, market);
            _accrueGap(market, price);
        }
    }

    function isAuthorized(AccountId account, address caller, uint8 scopes) external view returns (bool) {
        return _isAuthorized(account, caller, scopes);
    }

    /* Asked whenever cover is sold: a piece further on would cost each of them three more calls. */

    function riskController() external view returns (address) {
        return _links.riskController;
    }

    function guardian() external view returns (address) {
        return _links.guardian;
    }

    function listedMarkets() external view returns (uint256) {
        return _listed;
    }

    function distress(
        uint256 sides
    ) external view returns (bool isLocked, uint256 measuredDeficit, uint256 lastChargeAt) {
        isLocked = _reentrancyGuardEntered();
        if (_hasDeficits()) (measuredDeficit, , ) = _registry().deficits();
        for (uint256 bits = sides; bits != 0; bits &= bits - 1) {
            uint256 side = LibBit.ffs(bits);
            uint256 at = _facts[side >> 1][side & 1 == 0].lastAt;
            if (at > lastChargeAt) lastChargeAt = at;
        }
    }

    /// @notice Code of the functions that this contract does not have itself.
    function extension() external view returns (address) {
        return EXTENSION;
    }

    function _nextPiece() internal view override returns (address) {
        return EXTENSION;
    }
}

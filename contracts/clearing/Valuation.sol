// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

import {MarginMath} from "../libraries/MarginMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Asset, Market} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {MarketFlags} from "../types/Flags.sol";
import {AccountId, FeedId, MarketClass} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {Positions} from "./Positions.sol";

/// @title What accounts are worth
/// @notice Values accounts at the oracle's prices of this second (MRG-01). A market without consensus is valued at its last price
/// moved against the account, collateral without consensus counts nothing (ORC-07). That decides whether an account may act and
/// whether it is sold; for what the fund pays it is valued the other way (`blindSpread`), so that a dead feed forgives no debt.
abstract contract Valuation is Positions {
    /// @dev A position with the price it is valued at.
    struct PricedLeg {
        int256 base;
        int256 quoteValue;
        uint256 price;
        uint256 favourablePrice;
        uint256 rate;
        bool hasConsensus;
    }

    function _health(AccountId account) internal view returns (Health memory sum) {
        AccountHeader memory header = _headers[account];
        sum.value = header.cash;
        sum.marginBalance = header.cash;
        sum.initialBalance = header.cash;
        uint256 ratio = _config.ratio;
        for (uint256 bits = header.markets; bits != 0; bits &= bits - 1) {
            _addPosition(sum, account, LibBit.ffs(bits), ratio);
        }
        for (uint256 bits = header.assets; bits != 0; bits &= bits - 1) {
            _addCollateral(sum, account, LibBit.ffs(bits));
        }
    }

    /// @dev Adds one position. PnL of each market is weighted by itself, so that a loss never hides behind another's profit.
    function _addPosition(Health memory sum, AccountId account, uint256 market, uint256 ratio) private view {
        Market memory settings = _markets[market];
        PricedLeg memory leg = _pricedLeg(account, market, settings);
        int256 profit = _profit(leg);
        sum.value += profit;
        sum.marginBalance += profit;
        if (profit > 0) {
            uint256 weight = MarginMath.profitWeight(_classOf(settings), ratio);
            sum.initialBalance += int256(WadMath.mulWadDown(uint256(profit), weight));
        } else {
            sum.initialBalance += profit;
        }
        uint256 size = WadMath.abs(leg.base);
        (uint256 linear, uint256 grown) = MarginMath.positionMarginUp(size, leg.price, leg.rate, settings.addOn);
        if (leg.hasConsensus) {
            sum.linearMargin += linear;
            sum.sizeMargin += grown;
        } else {
            sum.blindMargin += linear + grown;
            sum.blindSpread += uint256(_favourableProfit(leg) - profit);
            sum.hasBlind = true;
        }
        uint256 initialRate = MarginMath.initialRate(settings.rateTarget, ratio);
        sum.initialMargin += MarginMath.initialMarginUp(size, leg.price, initialRate, settings.addOn);
    }

    function _addCollateral(Health memory sum, AccountId account, uint256 asset) private view {
        Asset memory settings = _assets[asset];
        (uint256 price, bool hasConsensus) = ORACLE.quote(FeedId.wrap(settings.feed));
        uint256 amount = _collateral[account][asset];
        if (!hasConsensus) {
            sum.hasBlind = true;
            sum.blindSpread += _favourableValue(settings.feed, amount, price);
            return;
        }
        sum.value += int256(MarginMath.valueDown(amount, price));
        int256 counted = int256(MarginMath.haircutValueDown(amount, price, settings.haircut));
        sum.marginBalance += counted;
        sum.initialBalance += counted;
    }

    /// @dev A position at the price of this second, or at the last price moved against the account (ORC-07).
    function _pricedLeg(
        AccountId account,
        uint256 market,
        Market memory settings
    ) internal view returns (PricedLeg memory priced) {
        Leg memory leg = _leg(account, market, _fundingNow(settings));
        priced.base = leg.base;
        priced.quoteValue = leg.quoteValue;
        // Wholly deleveraged, or of a closed market: worth its quote, whatever becomes of the feed (CLR-11).
        if (leg.base == 0) {
            priced.hasConsensus = true;
            return priced;
        }
        priced.rate = MarginMath.currentRateUp(
            settings.rateSet,
            settings.rateTarget,
            settings.rateSetAt,
            block.timestamp
        );
        FeedId feed = FeedId.wrap(uint8(market));
        (priced.price, priced.hasConsensus) = ORACLE.quote(feed);
        if (!priced.hasConsensus) {
            uint256 move = ORACLE.blindMove(feed);
            priced.favourablePrice = MarginMath.blindPrice(priced.price, leg.base < 0, priced.rate, move);
            priced.price = MarginMath.blindPrice(priced.price, leg.base > 0, priced.rate, move);
        }
    }

    /// @dev Profit of a blind position at the price moved in the account's favour.
    function _favourableProfit(PricedLeg memory leg) internal pure returns (int256) {
        return WadMath.signedMulDivUp(leg.base, leg.favourablePrice, WAD) + leg.quoteValue;
    }

    /// @dev Value of blind collateral at its last price moved up, at most doubled.
    function _favourableValue(uint8 feed, uint256 amount, uint256 price) internal view returns (uint256) {
        uint256 move = WadMath.min(ORACLE.blindMove(FeedId.wrap(feed)), WAD);
        return WadMath.mulWadUp(amount, WadMath.mulWadUp(price, WAD + move));
    }

    /// @dev Profit of a position, rounded down; a position that was wholly deleveraged is worth its quote.
    function _profit(PricedLeg memory leg) internal pure returns (int256) {
        return WadMath.signedMulDivDown(leg.base, leg.price, WAD) + leg.quoteValue;
    }

    /// @dev LIQ-05's weight of a whole position: base times the adverse move of the price from the market's average.
    /// A market without consensus weighs nothing.
    function _lossWeight(PricedLeg memory leg, uint256 market) internal view returns (uint256) {
        if (!leg.hasConsensus || leg.base == 0) return 0;
        uint256 average = ORACLE.averagePrice(FeedId.wrap(uint8(market)));
        (uint256 from, uint256 to) = leg.base > 0 ? (average, leg.price) : (leg.price, average);
        return from <= to ? 0 : WadMath.mulWadDown(WadMath.abs(leg.base), from - to);
    }

    function _classOf(Market memory settings) internal pure returns (MarketClass) {
        return MarketClass(settings.flags & MarketFlags.CLASS_MASK);
    }
}

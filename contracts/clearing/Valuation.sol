// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

import {MarginMath} from "../libraries/MarginMath.sol";
import {SlotMath} from "../libraries/SlotMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Asset, Market} from "../types/Clearing.sol";
import {MIN_PENALTY_RATE, PENALTY_STEP, WAD} from "../types/Constants.sol";
import {MarketFlags} from "../types/Flags.sol";
import {AccountId, FeedId, MarketClass} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {MarketWord, Words} from "../types/Words.sol";
import {Prices} from "./Prices.sol";

/// @title What accounts are worth
/// @notice Values accounts at the oracle's prices of this second (MRG-01). A market without consensus is valued at its last price
/// moved against the account, collateral without consensus counts nothing (ORC-07). That decides whether an account may act and
/// whether it is sold; for what the fund pays it is valued the other way, and not below nothing (`blindRelief`), so that a dead feed forgives no debt.
abstract contract Valuation is Prices {
    using Words for AccountHeader;
    using Words for Market;

    /// @dev A position with the price it is valued at.
    struct PricedLeg {
        int256 base;
        int256 quoteValue;
        uint256 price;
        uint256 favourablePrice;
        uint256 rate;
        bool hasConsensus;
    }

    function _health(AccountId account) internal view returns (Health memory) {
        AccountHeader memory header = _headers[account].load();
        return _healthAt(account, header, _quotes(_feedsOf(header)));
    }

    /// @dev `header` as stored, or as it is about to be.
    function _healthAt(
        AccountId account,
        AccountHeader memory header,
        Quotes memory quotes
    ) internal view returns (Health memory sum) {
        sum.value = header.cash;
        sum.marginBalance = header.cash;
        sum.initialBalance = header.cash;
        uint256 ratio = _config.ratio;
        for (uint256 bits = header.markets; bits != 0; bits &= bits - 1) {
            _addPosition(sum, account, LibBit.ffs(bits), ratio, quotes);
        }
        for (uint256 bits = header.assets; bits != 0; bits &= bits - 1) {
            _addCollateral(sum, account, LibBit.ffs(bits), quotes);
        }
    }

    /// @dev Feeds that the value of an account depends on.
    function _feedsOf(AccountHeader memory header) internal view returns (uint256 feeds) {
        feeds = header.markets;
        for (uint256 bits = header.assets; bits != 0; bits &= bits - 1) {
            feeds |= 1 << _assets[LibBit.ffs(bits)].feed;
        }
    }

    /* POSITIONS AND COLLATERAL */

    /// @dev Adds one position. PnL of each market is weighted by itself, so that a loss never hides behind another's profit.
    function _addPosition(
        Health memory sum,
        AccountId account,
        uint256 market,
        uint256 ratio,
        Quotes memory quotes
    ) private view {
        MarketWord settings = _markets[market].load();
        PricedLeg memory leg = _pricedLeg(account, market, settings, quotes);
        int256 profit = _profit(leg);
        // Profits are below 2^165 and margins below 2^175 (SlotMath, MarginMath): 24 of them do not overflow.
        unchecked {
            sum.value += profit;
            sum.marginBalance += profit;
            if (profit > 0) {
                uint256 weight = MarginMath.profitWeight(_classOf(settings), ratio);
                sum.initialBalance += int256(
                    weight == WAD ? uint256(profit) : WadMath.mulWadDown(uint256(profit), weight)
                );
            } else {
                sum.initialBalance += profit;
            }
            if (leg.base == 0) return;
            uint256 covered = _addMargins(sum, leg, settings, ratio);
            // Basis points of MM (LIQ-07).
            sum.penaltyBasis += covered * (MIN_PENALTY_RATE + settings.penaltySteps() * PENALTY_STEP);
            if (!leg.hasConsensus) {
                int256 favourable = _favourableProfit(leg);
                sum.blindSpread += uint256(favourable - profit);
                sum.blindLoss += WadMath.positivePart(-favourable);
                sum.hasBlind = true;
            }
        }
    }

    /// @return covered MM of the position, 0 when it has no consensus
    function _addMargins(
        Health memory sum,
        PricedLeg memory leg,
        MarketWord settings,
        uint256 ratio
    ) private pure returns (uint256 covered) {
        (uint256 linear, uint256 size, uint256 initial) = SlotMath.marginsUp({
            absoluteBase: WadMath.abs(leg.base),
            price: leg.price,
            rate: leg.rate,
            startRate: SlotMath.initialRate(settings.rateTarget(), ratio),
            addOn: settings.addOn()
        });
        unchecked {
            if (leg.hasConsensus) {
                sum.linearMargin += linear;
                sum.sizeMargin += size;
                covered = linear + size;
            } else {
                sum.blindMargin += linear + size;
            }
            sum.initialMargin += initial;
        }
    }

    function _addCollateral(Health memory sum, AccountId account, uint256 asset, Quotes memory quotes) private view {
        Asset storage settings = _assets[asset];
        uint8 feed = settings.feed;
        (uint256 price, bool hasConsensus) = _quoteOf(quotes, feed);
        uint256 amount = _collateral[account][asset];
        if (!hasConsensus) {
            sum.hasBlind = true;
            sum.blindSpread += _favourableValue(feed, amount, price);
            return;
        }
        (uint256 value, uint256 counted) = SlotMath.collateralDown(amount, price, settings.haircut);
        sum.value += int256(value);
        sum.marginBalance += int256(counted);
        sum.initialBalance += int256(counted);
    }

    /// @dev A position at the price of this second, or at the last price moved against the account (ORC-07).
    function _pricedLeg(
        AccountId account,
        uint256 market,
        MarketWord settings,
        Quotes memory quotes
    ) internal view returns (PricedLeg memory priced) {
        (priced.base, priced.quoteValue) = _read(account, market, _fundingNow(settings));
        // Wholly deleveraged, or of a closed market: worth its quote, whatever becomes of the feed (CLR-11).
        if (priced.base == 0) {
            priced.hasConsensus = true;
            return priced;
        }
        priced.rate = _rateNow(settings);
        (priced.price, priced.hasConsensus) = _quoteOf(quotes, market);
        if (!priced.hasConsensus) {
            uint256 move = ORACLE.blindMove(FeedId.wrap(uint8(market)));
            priced.favourablePrice = MarginMath.blindPrice(priced.price, priced.base < 0, priced.rate, move);
            priced.price = MarginMath.blindPrice(priced.price, priced.base > 0, priced.rate, move);
        }
    }

    /// @dev mmr now, in units of RATE_ONE (MRG-02).
    function _rateNow(MarketWord settings) internal view returns (uint256) {
        uint256 target = settings.rateTarget();
        uint256 rate = settings.rateSet();
        if (rate == target) return rate; // The ramp has no way to go.
        return MarginMath.currentRateUp(rate, target, settings.rateSetAt(), block.timestamp);
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
        return SlotMath.notionalDown(leg.base, leg.price) + leg.quoteValue;
    }

    /// @dev LIQ-05's weight of a whole position: base times the adverse move of the price from the market's average.
    /// A market without consensus weighs nothing.
    function _lossWeight(PricedLeg memory leg, uint256 average) internal pure returns (uint256) {
        (uint256 from, uint256 to) = leg.base > 0 ? (average, leg.price) : (leg.price, average);
        return from <= to ? 0 : WadMath.mulWadDown(WadMath.abs(leg.base), from - to);
    }

    function _hasWeight(PricedLeg memory leg) internal pure returns (bool) {
        return leg.hasConsensus && leg.base != 0;
    }

    function _classOf(MarketWord settings) internal pure returns (MarketClass) {
        return MarketClass(settings.flags() & MarketFlags.CLASS_MASK);
    }
}

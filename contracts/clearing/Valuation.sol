// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

import {MarginMath} from "../libraries/MarginMath.sol";
import {SlotMath} from "../libraries/SlotMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Asset, Market} from "../types/Clearing.sol";
import {MAX_BLIND, MIN_PENALTY_RATE, PENALTY_STEP, WAD} from "../types/Constants.sol";
import {MarketFlags} from "../types/Flags.sol";
import {AccountId, FeedId, MarketClass} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {MarketWord, Words} from "../types/Words.sol";
import {GapPremium} from "./GapPremium.sol";

/// @title What accounts are worth
/// @notice Values accounts at the oracle's prices of this second (MRG-01). A market without consensus is valued at its last price
/// moved against the account, collateral without consensus counts nothing (ORC-07). That decides whether an account may act and
/// whether it is sold; for what the fund pays it is valued the other way, and not below nothing (`blindRelief`), so that a dead feed forgives no debt.
abstract contract Valuation is GapPremium {
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

    /// @dev Prices of this second, asked for in one call.
    /// @param feeds bit f for feed f
    /// @param words what the oracle says of each, lowest first: price << 1 | whether it has consensus
    /// @param penaltySteps Catalogue.penaltySteps with a bit above; 0 where nobody asks for the penalty
    struct Quotes {
        uint256 feeds;
        uint256 penaltySteps;
        uint256[] words;
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

    /* PRICES */

    /// @dev Feeds that the value of an account depends on.
    function _feedsOf(AccountHeader memory header) internal view returns (uint256 feeds) {
        feeds = header.markets;
        for (uint256 bits = header.assets; bits != 0; bits &= bits - 1) {
            feeds |= 1 << _assets[LibBit.ffs(bits)].feed;
        }
    }

    function _quotes(uint256 feeds) internal view returns (Quotes memory quotes) {
        quotes.feeds = feeds;
        if (feeds != 0) quotes.words = ORACLE.quotes(feeds);
    }

    /// @dev One that was not asked for is asked for now.
    function _quoteOf(Quotes memory quotes, uint256 feed) internal view returns (uint256 price, bool hasConsensus) {
        uint256 bit = 1 << feed;
        if (quotes.feeds & bit == 0) return ORACLE.quote(FeedId.wrap(uint8(feed)));
        uint256 lower = quotes.feeds & (bit - 1);
        uint256 word = quotes.words[lower == 0 ? 0 : LibBit.popCount(lower)];
        return (word >> 1, word & 1 != 0);
    }

    /// @dev Since when a market is known to be without consensus, and the last price; 0 when it has one now or has had one since it was marked.
    /// While a sequencer is down this reverts: then a feed is not dead but out of reach (ORC-03).
    function _deadSince(uint256 market) internal returns (uint256 since, uint256 price) {
        uint256 readAt;
        (price, readAt) = ORACLE.lastPrice(FeedId.wrap(uint8(market)));
        since = _endings[market].blindSince;
        // Interaction: the oracle is our own, and keeps foreign code to static calls with bounded gas.
        if (since <= readAt || _hasConsensusNow(market)) since = 0;
    }

    function _hasConsensusNow(uint256 market) internal returns (bool) {
        return ORACLE.refreshAll(1 << market)[0] & 1 != 0;
    }

    function _isDead(uint256 since) internal view returns (bool) {
        return since != 0 && block.timestamp - since >= MAX_BLIND;
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
            if (quotes.penaltySteps != 0) sum.penaltyBasis += covered * _penaltyRate(quotes.penaltySteps, market);
            if (!leg.hasConsensus) {
                int256 favourable = _favourableProfit(leg);
                sum.blindSpread += uint256(favourable - profit);
                sum.blindLoss += WadMath.positivePart(-favourable);
                sum.hasBlind = true;
            }
        }
    }

    /// @dev As `_quotes`, for a health that says what the penalty is. Read only where someone is sold: the slot is cold.
    function _quotesWithPenalty(uint256 feeds) internal view returns (Quotes memory quotes) {
        quotes = _quotes(feeds);
        quotes.penaltySteps = _penaltySteps();
    }

    function _penaltySteps() internal view returns (uint256) {
        return _catalogue.penaltySteps | (1 << 192);
    }

    /// @dev Basis points of MM (LIQ-07).
    function _penaltyRate(uint256 steps, uint256 market) private pure returns (uint256) {
        return MIN_PENALTY_RATE + ((steps >> (4 * market)) & 15) * PENALTY_STEP;
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
    function _lossWeight(PricedLeg memory leg, uint256 market) internal view returns (uint256) {
        if (!leg.hasConsensus || leg.base == 0) return 0;
        uint256 average = ORACLE.averagePrice(FeedId.wrap(uint8(market)));
        (uint256 from, uint256 to) = leg.base > 0 ? (average, leg.price) : (leg.price, average);
        return from <= to ? 0 : WadMath.mulWadDown(WadMath.abs(leg.base), from - to);
    }

    /// @dev LIQ-05's weights of a whole account, by market class.
    function _lossWeights(
        AccountId account,
        uint256 markets,
        Quotes memory quotes
    ) internal view returns (uint256[3] memory byClass) {
        for (; markets != 0; markets &= markets - 1) {
            uint256 market = LibBit.ffs(markets);
            MarketWord settings = _markets[market].load();
            byClass[uint256(_classOf(settings))] += _lossWeight(_pricedLeg(account, market, settings, quotes), market);
        }
    }

    function _classOf(MarketWord settings) internal pure returns (MarketClass) {
        return MarketClass(settings.flags() & MarketFlags.CLASS_MASK);
    }
}

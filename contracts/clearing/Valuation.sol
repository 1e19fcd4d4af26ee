// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/src/utils/LibBit.sol";

import {BitSet} from "../libraries/BitSet.sol";
import {MarginMath} from "../libraries/MarginMath.sol";
import {SlotMath} from "../libraries/SlotMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Asset, Market} from "../types/Clearing.sol";
import {MIN_PENALTY_RATE, PENALTY_STEP, WAD} from "../types/Constants.sol";
import {MarketFlags} from "../types/Flags.sol";
import {HeaderWord} from "../types/Headers.sol";
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

    /// @dev A position with the price it is valued at. Only one without consensus has `favourablePrice` and `rate`, mmr now.
    struct PricedLeg {
        int256 base;
        int256 quoteValue;
        uint256 price;
        uint256 favourablePrice;
        uint256 rate;
        bool hasConsensus;
    }

    function _health(AccountId account) internal view returns (Health memory) {
        HeaderWord header = _headers[account].load();
        return _healthAt(account, header, _quotes(_feedsOf(header)));
    }

    /// @dev `header` as stored, or as it is about to be.
    function _healthAt(
        AccountId account,
        HeaderWord header,
        Quotes memory quotes
    ) internal view returns (Health memory sum) {
        _addHoldings(sum, account, header, _config.ratio, quotes);
    }

    /// @dev As above, into a struct that is empty but for positions that `header` does not have.
    function _addHoldings(
        Health memory sum,
        AccountId account,
        HeaderWord header,
        uint256 ratio,
        Quotes memory quotes
    ) internal view {
        int256 cash = header.cash();
        // An int128, and profits as in _addProfit.
        unchecked {
            sum.value += cash;
            sum.marginBalance += cash;
            sum.initialBalance += cash;
        }
        for (uint256 bits = header.markets(); bits != 0; bits = BitSet.withoutLowest(bits)) {
            _addPosition(sum, account, LibBit.ffs(bits), ratio, quotes);
        }
        for (uint256 bits = header.assets(); bits != 0; bits = BitSet.withoutLowest(bits)) {
            _addCollateral(sum, account, LibBit.ffs(bits), quotes);
        }
    }

    /// @dev Feeds that the value of an account depends on.
    function _feedsOf(HeaderWord header) internal view returns (uint256 feeds) {
        feeds = header.markets();
        for (uint256 bits = header.assets(); bits != 0; bits = BitSet.withoutLowest(bits)) {
            feeds |= 1 << _assets[LibBit.ffs(bits)].feed;
        }
    }

    /* POSITIONS AND COLLATERAL */

    /// @dev Adds one position. What it is made of stays on the stack: a struct for it would cost as much as its profit.
    function _addPosition(
        Health memory sum,
        AccountId account,
        uint256 market,
        uint256 ratio,
        Quotes memory quotes
    ) private view {
        MarketWord settings = _markets[market].load();
        (int256 base, int256 quoteValue, ) = _read(account, market, _fundingNow(settings));
        // Wholly deleveraged, or of a closed market: worth its quote, whatever becomes of the feed (CLR-11).
        if (base == 0) return _addProfit(sum, settings, ratio, quoteValue);
        (uint256 price, bool hasConsensus) = _quoteOf(quotes, market);
        if (!hasConsensus) {
            return _addBlindPosition(sum, settings, ratio, _blindLeg(market, settings, base, quoteValue, price));
        }
        _addPriced(sum, settings, ratio, base, quoteValue, price);
    }

    /// @dev Adds a position that has a consensus.
    function _addPriced(
        Health memory sum,
        MarketWord settings,
        uint256 ratio,
        int256 base,
        int256 quoteValue,
        uint256 price
    ) internal view {
        _addProfit(sum, settings, ratio, _profitOf(base, quoteValue, price));
        (uint256 linear, uint256 size, uint256 initial) = SlotMath.marginsUp({
            absoluteBase: WadMath.abs(base),
            price: price,
            rate: _rateNow(settings),
            startRate: SlotMath.initialRate(settings.rateTarget(), ratio),
            addOn: settings.addOn()
        });
        // Margins are below 2^175 (MarginMath): 24 of them do not overflow, in basis points neither.
        unchecked {
            sum.linearMargin += linear;
            sum.sizeMargin += size;
            sum.initialMargin += initial;
            // Basis points of MM (LIQ-07).
            sum.penaltyBasis += (linear + size) * (MIN_PENALTY_RATE + settings.penaltySteps() * PENALTY_STEP);
        }
    }

    /// @dev Adds a position without consensus: margin that cannot be sold, and how far its value may be off (ORC-07, R6).
    function _addBlindPosition(
        Health memory sum,
        MarketWord settings,
        uint256 ratio,
        PricedLeg memory leg
    ) private pure {
        int256 profit = _profitOf(leg.base, leg.quoteValue, leg.price);
        int256 favourable = _favourableProfit(leg);
        _addProfit(sum, settings, ratio, profit);
        (uint256 linear, uint256 size, uint256 initial) = SlotMath.marginsUp({
            absoluteBase: WadMath.abs(leg.base),
            price: leg.price,
            rate: leg.rate,
            startRate: SlotMath.initialRate(settings.rateTarget(), ratio),
            addOn: settings.addOn()
        });
        // Margins as in _addPriced, profits as in _addProfit.
        unchecked {
            sum.blindMargin += linear + size;
            sum.initialMargin += initial;
            sum.blindSpread += uint256(favourable - profit);
            sum.blindLoss += WadMath.positivePart(-favourable);
        }
        sum.hasBlind = true;
    }

    /// @dev PnL of each market is weighted by itself, so that a loss never hides behind another's profit.
    function _addProfit(Health memory sum, MarketWord settings, uint256 ratio, int256 profit) private pure {
        // Profits are below 2^166 (SlotMath): 24 of them do not overflow.
        unchecked {
            sum.value += profit;
            sum.marginBalance += profit;
            if (profit > 0) {
                uint256 weight = MarginMath.profitWeight(_classOf(settings), ratio);
                if (weight != WAD) profit = int256(WadMath.mulWadDown(uint256(profit), weight));
            }
            sum.initialBalance += profit;
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
    ) internal view returns (PricedLeg memory) {
        (int256 base, int256 quoteValue, ) = _read(account, market, _fundingNow(settings));
        // As in _addPosition.
        (uint256 price, bool hasConsensus) = base == 0 ? (0, true) : _quoteOf(quotes, market);
        if (!hasConsensus) return _blindLeg(market, settings, base, quoteValue, price);
        return
            PricedLeg({
                base: base,
                quoteValue: quoteValue,
                price: price,
                favourablePrice: 0,
                rate: 0,
                hasConsensus: true
            });
    }

    /// @dev A position of a market without consensus.
    /// @param last price
    function _blindLeg(
        uint256 market,
        MarketWord settings,
        int256 base,
        int256 quoteValue,
        uint256 last
    ) internal view returns (PricedLeg memory blind) {
        uint256 rate = _rateNow(settings);
        uint256 move = ORACLE.blindMove(FeedId.wrap(uint8(market)));
        blind.base = base;
        blind.quoteValue = quoteValue;
        blind.rate = rate;
        blind.favourablePrice = MarginMath.blindPrice(last, base < 0, rate, move);
        blind.price = MarginMath.blindPrice(last, base > 0, rate, move);
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
    function _profitOf(int256 base, int256 quoteValue, uint256 price) internal pure returns (int256) {
        // A notional is below 2^165 and a quote value below 2^152 (SlotMath).
        unchecked {
            return SlotMath.notionalDown(base, price) + quoteValue;
        }
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

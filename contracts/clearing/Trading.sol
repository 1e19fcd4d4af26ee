// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {FundingMath} from "../libraries/FundingMath.sol";
import {MarginMath} from "../libraries/MarginMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Market, Trade} from "../types/Clearing.sol";
import {BPS_ONE, MAX_OPEN_INTEREST, MAX_PRICE, RATE_ONE, WAD} from "../types/Constants.sol";
import {MarketFlags} from "../types/Flags.sol";
import {Header} from "../types/Headers.sol";
import {AccountId, MarketId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {MarketWord, Words} from "../types/Words.sol";
import {Accounts} from "./Accounts.sol";

/// @title Booking of fills
/// @notice A fill is booked at the consensus price and the difference to the agreed price is paid in cash at once, so that a position's
/// PnL is index movement only (CLR-06b). Both accounts are then held to CLR-06 and CLR-06a.
abstract contract Trading is Accounts {
    using SafeCast for uint256;
    using SafeCast for int256;
    using Words for AccountHeader;
    using Words for Market;

    /// @dev Fixed once for both sides of a fill.
    struct Terms {
        Quotes quotes;
        uint256 market;
        uint256 indexPrice;
        uint256 rate;
        int256 quote;
        int256 difference;
        int256 funding;
        uint256 notional;
        uint256 takerFee;
        MarketWord settings;
    }

    /// @dev One side's outcome. `lost` is value lost, negative when gained.
    struct Outcome {
        Header header;
        int256 baseBefore;
        int256 baseAfter;
        int256 lost;
        uint256 fee;
    }

    function trade(Trade calldata fill) external nonReentrant onlyLinked(_links.orderBook) {
        if (fill.taker == fill.maker) revert ClearingHouse_SelfTrade(fill.taker);
        Outcome memory taker;
        Outcome memory maker;
        taker.header.word = _headers[fill.taker].load();
        maker.header.word = _headers[fill.maker].load();
        // One question for all prices: a fill adds no other market than its own to the two accounts.
        Terms memory terms = _terms(fill, _feedsOf(taker.header.word) | _feedsOf(maker.header.word));
        _accrueGap(terms.market, terms.indexPrice);
        _moveFunding(terms, fill.price);
        _book(fill.taker, terms, fill.size, true, taker);
        _book(fill.maker, terms, -fill.size, false, maker);
        int256 growth = _longGrowth(taker.baseBefore, taker.baseAfter);
        _growWithinCap(terms, growth + _longGrowth(maker.baseBefore, maker.baseAfter));
        if (terms.takerFee != 0) _totals.fees += terms.takerFee.toUint128();
        _checkAfter(fill.taker, terms, taker);
        _checkAfter(fill.maker, terms, maker);
        emit Traded(fill.taker, fill.maker, fill.market, fill.size, fill.price, terms.indexPrice, terms.takerFee);
    }

    function _terms(Trade calldata fill, uint256 feeds) private view returns (Terms memory terms) {
        terms.market = _requireMarket(fill.market);
        _requireBooked(terms.market);
        if (fill.size == 0 || WadMath.abs(fill.size) > MAX_OPEN_INTEREST) revert ClearingHouse_InvalidSize(fill.size);
        if (fill.price == 0 || fill.price > MAX_PRICE) revert ClearingHouse_InvalidPrice(fill.price, MAX_PRICE);
        bool hasConsensus;
        terms.quotes = _quotes(feeds | (1 << terms.market));
        (terms.indexPrice, hasConsensus) = _quoteOf(terms.quotes, terms.market);
        if (!hasConsensus) revert ClearingHouse_NoConsensus(fill.market);
        _requireBand(fill.price, terms.indexPrice);
        MarketWord settings = _markets[terms.market].load();
        terms.settings = settings;
        terms.rate = _rateNow(settings);
        // Rounded once; the maker's figures are the exact opposite (INV-02, CLR-08).
        terms.quote = -WadMath.signedMulDivDown(fill.size, terms.indexPrice, WAD);
        terms.difference = -WadMath.signedMulDivDown(fill.size, fill.price, WAD) - terms.quote;
        terms.notional = MarginMath.notionalUp(WadMath.abs(fill.size), fill.price);
        terms.takerFee = WadMath.mulDivUp(terms.notional, _config.takerFeeBps, BPS_ONE);
    }

    /// @dev CLR-05: brings F up to now and lets the fill's premium over the index pull at its velocity. Before the fill is booked, so that
    /// both parties enter at the F of now. A fill that could not stand as a position of its own does not move it.
    function _moveFunding(Terms memory terms, uint256 price) private {
        MarketWord settings = terms.settings;
        terms.funding = _fundingNow(settings);
        if (terms.notional * terms.rate < MIN_MAINTENANCE_MARGIN * RATE_ONE) return;
        int256 velocity = FundingMath.decayed(
            FundingMath.unpack(settings.fundingRate()),
            block.timestamp - settings.fundingAt()
        );
        int32 rate = FundingMath.pack(
            FundingMath.afterFill({
                velocity: velocity,
                indexPrice: terms.indexPrice,
                fillPrice: price,
                notional: terms.notional,
                openNotional: WadMath.mulWadDown(_interest[terms.market].openInterest, terms.indexPrice),
                maxShare: FundingMath.maxShareOf(_config.takerFeeBps)
            })
        );
        if (rate == 0 && settings.fundingRate() == 0) return;
        _markets[terms.market].store(settings.withFunding(terms.funding.toInt96(), rate, uint32(block.timestamp)));
        emit FundingMoved(MarketId.wrap(uint8(terms.market)), terms.funding, FundingMath.unpack(rate));
    }

    function _requireBand(uint256 price, uint256 indexPrice) private view {
        uint256 bandBps = _config.bandBps;
        uint256 distance = price > indexPrice ? price - indexPrice : indexPrice - price;
        if (distance * BPS_ONE > indexPrice * bandBps) {
            revert ClearingHouse_PriceOutsideBand(price, indexPrice, bandBps);
        }
    }

    /// @dev Changes one side's position and cash; the maker's amounts are the opposite of the taker's.
    function _book(AccountId account, Terms memory terms, int256 base, bool isTaker, Outcome memory outcome) private {
        Header memory header = outcome.header;
        Leg memory leg = _leg(account, terms.market, terms.funding);
        int256 quote = isTaker ? terms.quote : -terms.quote;
        _beforeChange(terms.settings, account, terms.market, leg.base, base);
        outcome.baseBefore = leg.base;
        _change(account, header, terms.market, leg, base, quote, terms.funding);
        outcome.baseAfter = leg.base;
        outcome.fee = isTaker ? terms.takerFee : 0;
        outcome.lost = outcome.fee.toInt256() + (isTaker ? -terms.difference : terms.difference);
        _addCash(header, -outcome.lost);
        _saveHeader(account, header);
    }

    function _growWithinCap(Terms memory terms, int256 growth) private {
        uint256 openInterest = _growInterest(terms.market, growth);
        uint256 cap = _interest[terms.market].cap;
        if (growth > 0 && openInterest > cap) {
            revert ClearingHouse_OpenInterestCapExceeded(MarketId.wrap(uint8(terms.market)), openInterest, cap);
        }
        // A pause stops what adds to the market as a whole; whoever wants out may still hand his position to another (GOV-03).
        if (growth > 0 && terms.settings.flags() & MarketFlags.PAUSED != 0) {
            uint256 until = _endings[terms.market].pausedUntil;
            if (block.timestamp < until) revert ClearingHouse_MarketPaused(MarketId.wrap(uint8(terms.market)), until);
        }
    }

    /// @dev CLR-06 and CLR-06a. MM falls by itself when a position shrinks at the same price; the ratio E / MM is never looked at.
    function _checkAfter(AccountId account, Terms memory terms, Outcome memory outcome) private view {
        Health memory health = _healthAt(account, outcome.header.word, terms.quotes);
        if (health.value + outcome.lost <= 0) revert ClearingHouse_Bankrupt(account, health.value + outcome.lost);
        _requireNoDust(account, health);
        if (_addsRisk(outcome.baseBefore, outcome.baseAfter)) {
            if (terms.settings.flags() & MarketFlags.OPEN == 0)
                revert ClearingHouse_MarketClosed(MarketId.wrap(uint8(terms.market)));
            _requireInitialMargin(account, health);
        } else if (!health.meetsInitialMargin()) {
            _requireCheapReduction(account, terms, outcome, health.value);
        }
    }

    /// @dev Below initial margin a fill may cost at most its fee and a tenth of mmr of the notional that it closes.
    function _requireCheapReduction(
        AccountId account,
        Terms memory terms,
        Outcome memory outcome,
        int256 valueAfter
    ) private pure {
        if (valueAfter <= 0) revert ClearingHouse_Bankrupt(account, valueAfter);
        if (outcome.lost <= 0) return;
        uint256 closed = WadMath.abs(outcome.baseBefore) - WadMath.abs(outcome.baseAfter);
        uint256 notional = WadMath.mulWadDown(closed, terms.indexPrice);
        uint256 allowed = outcome.fee + WadMath.mulDivDown(notional, terms.rate, 10 * RATE_ONE);
        if (uint256(outcome.lost) > allowed) {
            revert ClearingHouse_ReductionTooCostly(account, uint256(outcome.lost), allowed);
        }
    }

    /// @dev Anything but a shrinking position that keeps its side.
    function _addsRisk(int256 baseBefore, int256 baseAfter) private pure returns (bool) {
        if (baseBefore == 0 || baseAfter == 0) return baseAfter != 0;
        if ((baseBefore > 0) != (baseAfter > 0)) return true;
        return WadMath.abs(baseAfter) > WadMath.abs(baseBefore);
    }
}

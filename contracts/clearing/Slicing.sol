// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {BitSet} from "../libraries/BitSet.sol";
import {SlotMath} from "../libraries/SlotMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Market, Slice} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {AccountFlags} from "../types/Flags.sol";
import {Header, HeaderWord} from "../types/Headers.sol";
import {AccountId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {MarketWord, SideWord, Words} from "../types/Words.sol";
import {Trading} from "./Trading.sol";

/// @title Sale of a fraction of a whole account to a bidder (LIQ-02)
/// @notice The engine decides terms; the house keeps the books exact. No token moves here (R1b).
abstract contract Slicing is Trading {
    using SafeCast for uint256;
    using SafeCast for int256;
    using Words for AccountHeader;
    using Words for Market;

    /// @dev A slice on its way.
    /// @param leg the position at hand
    /// @param bidderHealth sums over the bidder's positions that were moved, as they stand after
    /// @param valued markets of those
    /// @param shrunk markets in which the bidder's own position shrank
    /// @param ratio of the fund
    /// @param cashAndProfit the seller's, before
    struct Transfer {
        Header seller;
        Header bidder;
        Quotes quotes;
        Leg leg;
        Health bidderHealth;
        uint256 valued;
        uint256 shrunk;
        uint256 ratio;
        int256 cashAndProfit;
    }

    function slice(Slice calldata request) external nonReentrant onlyLinked(_config.engine) {
        if (request.seller == request.bidder) revert ClearingHouse_SelfTrade(request.seller);
        // Nothing here changes either before it is asked for.
        (uint256 ratio, bool hasDeficits) = (_config.ratio, _hasDeficits());
        HeaderWord seller = _headers[request.seller].load();
        HeaderWord bidder = _headers[request.bidder].load();
        Health memory bidderHealth;
        Transfer memory transfer = Transfer({
            seller: Header({word: seller}),
            bidder: Header({word: bidder}),
            quotes: _keptQuotes(),
            leg: Leg({base: 0, quoteValue: 0, side: SideWord.wrap(0)}),
            bidderHealth: bidderHealth,
            valued: 0,
            shrunk: 0,
            ratio: ratio,
            cashAndProfit: seller.cash()
        });
        for (uint256 bits = seller.markets(); bits != 0; bits = BitSet.withoutLowest(bits)) {
            _slicePosition(request, transfer, LibBit.ffs(bits));
        }
        for (uint256 bits = seller.assets(); bits != 0; bits = BitSet.withoutLowest(bits)) {
            _sliceCollateral(request, transfer, LibBit.ffs(bits));
        }
        _sliceCash(request, transfer);
        _stampLiquidated(request.seller, transfer.seller, request.cost, request.closesAuction);
        // Two accounts, each as it was read above.
        _saveHeader(request.seller, seller.cash(), transfer.seller);
        _saveHeader(request.bidder, bidder.cash(), transfer.bidder);
        if (hasDeficits) _bookDeficit(request.seller, request.fraction, request.shortfall, request.drawn);
        _requireNoEscape(transfer.shrunk);
        _requireMargins(request, transfer);
    }

    /// @dev The bidder's positions that were moved are valued by now; the rest of what he has is.
    function _requireMargins(Slice calldata request, Transfer memory transfer) private view {
        HeaderWord rest = transfer.bidder.word.withoutMarkets(transfer.valued);
        Health memory health = transfer.bidderHealth;
        _addHoldings(health, request.bidder, rest, transfer.ratio, transfer.quotes);
        _requireInitialMargin(request.bidder, health);
        // Whoever takes a whole account may be left with little: else an account that has become dust could not be sold.
        if (request.fraction != WAD) _requireNoDust(request.bidder, health);
    }

    /// @dev The position changes hands at the index price, so it moves at no value; its PnL moves with the cash. A position without
    /// consensus stays, and its share of a profit, taken in its favour, moves in cash as well; a loss stays with it (ORC-07, R6).
    function _slicePosition(Slice calldata request, Transfer memory transfer, uint256 market) private {
        MarketWord settings = _markets[market].load();
        int256 funding = _fundingNow(settings);
        Leg memory leg = transfer.leg;
        (leg.base, leg.quoteValue, leg.side) = _read(request.seller, market, funding);
        if (leg.base == 0) return _sliceQuote(request, transfer, market);
        (uint256 price, bool hasConsensus) = _quoteOf(transfer.quotes, market);
        // Cash is an int128, profits are below 2^166, also at a price that was moved, and there are at most 16; bases are below 2^111
        // (SlotMath).
        unchecked {
            if (!hasConsensus) {
                PricedLeg memory blind = _blindLeg(market, settings, leg.base, leg.quoteValue, price);
                transfer.cashAndProfit += int256(WadMath.positivePart(_favourableProfit(blind)));
                return;
            }
            transfer.cashAndProfit += _profitOf(leg.base, leg.quoteValue, price);
            int256 base = _fractionUp(leg.base, request.fraction);
            int256 quote = SlotMath.notionalDown(base, price);
            if (transfer.seller.word.flags() & AccountFlags.RECORDED != 0) {
                _recordSale(request.seller, market, base, price);
            }
            int256 held = leg.base;
            _beforeChange(settings, request.seller, market, held, -base);
            _change(request.seller, transfer.seller, market, leg, -base, quote, funding);
            int256 growth = _longGrowth(held, leg.base);
            (leg.base, leg.quoteValue, leg.side) = _read(request.bidder, market, funding);
            held = leg.base;
            _beforeChange(settings, request.bidder, market, held, base);
            _change(request.bidder, transfer.bidder, market, leg, base, -quote, funding);
            growth += _longGrowth(held, leg.base);
            if (growth != 0) _growInterest(market, growth);
            if (WadMath.abs(leg.base) < WadMath.abs(held)) transfer.shrunk |= 1 << market;
            if (leg.base == 0) return;
            transfer.valued |= 1 << market;
            _addPriced(transfer.bidderHealth, settings, transfer.ratio, leg.base, leg.quoteValue, price);
        }
    }

    /// @dev Wholly deleveraged, or of a closed market: worth its quote, whatever becomes of the feed (CLR-11). It becomes cash, and what the
    /// bidder has in that market stays as it is.
    function _sliceQuote(Slice calldata request, Transfer memory transfer, uint256 market) private {
        transfer.cashAndProfit += transfer.leg.quoteValue;
        _storeLeg(request.seller, transfer.seller, market, transfer.leg, 0);
    }

    /// @dev CLR-07: whose own side shrinks by what he takes over must not leave his part of others' unbooked losses to the rest. What the
    /// sold account itself owed is booked by now; the others' can be booked before, in the same transaction.
    function _requireNoEscape(uint256 shrunk) private view {
        for (; shrunk != 0; shrunk = BitSet.withoutLowest(shrunk)) {
            _requireBooked(LibBit.ffs(shrunk));
        }
    }

    function _sliceCollateral(Slice calldata request, Transfer memory transfer, uint256 asset) private {
        uint8 feed = _assets[asset].feed;
        uint256 held = _collateral[request.seller][asset];
        (uint256 price, bool hasConsensus) = _quoteOf(transfer.quotes, feed);
        if (!hasConsensus) {
            transfer.cashAndProfit += int256(_favourableValue(feed, held, price));
            return;
        }
        uint256 amount = WadMath.mulWadDown(held, request.fraction);
        if (amount == 0) return;
        _removeCollateralFrom(request.seller, transfer.seller, asset, amount);
        _addCollateralTo(request.bidder, transfer.bidder, asset, amount);
    }

    /// @dev Cash: the fraction of cash and PnL to the bidder, his payment back, the penalty to the fund, and what layers and holders
    /// made good to him.
    function _sliceCash(Slice calldata request, Transfer memory transfer) private {
        int256 moved = WadMath.signedMulDivDown(transfer.cashAndProfit, request.fraction, WAD);
        _addCash(transfer.seller, (request.payment - request.penalty).toInt256() - moved);
        int256 credit = (request.shortfall + request.reward).toInt256();
        // Neither is below 0.
        unchecked {
            credit -= request.payment.toInt256();
        }
        _addCash(transfer.bidder, moved + credit);
        if (request.penalty != 0) _creditFund(request.penalty);
        if (request.drawn != 0) _debitFund(request.drawn);
    }

    function setInAuction(AccountId account, bool inAuction) external nonReentrant onlyLinked(_config.engine) {
        uint8 flags = _headers[account].flags;
        _headers[account].flags = inAuction ? flags | AccountFlags.IN_AUCTION : flags & ~AccountFlags.IN_AUCTION;
    }
}

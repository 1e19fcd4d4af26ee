// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";

import {SlotMath} from "../libraries/SlotMath.sol";
import {WadMath} from "../libraries/WadMath.sol";
import {AccountHeader, Market, Slice} from "../types/Clearing.sol";
import {WAD} from "../types/Constants.sol";
import {AccountFlags} from "../types/Flags.sol";
import {AccountId} from "../types/Identifiers.sol";
import {Health} from "../types/Margin.sol";
import {MarketWord, Words} from "../types/Words.sol";
import {Trading} from "./Trading.sol";

/// @title Sale of a fraction of a whole account to a bidder (LIQ-02)
/// @notice The engine decides terms; the house keeps the books exact. No token moves here (R1b).
abstract contract Slicing is Trading {
    using SafeCast for uint256;
    using SafeCast for int256;
    using Words for AccountHeader;
    using Words for Market;

    /// @dev Both headers of a slice, the prices that either depends on, the seller's cash and PnL before it, and the markets in which the
    /// bidder's own position shrank.
    struct Transfer {
        AccountHeader seller;
        AccountHeader bidder;
        Quotes quotes;
        int256 cashAndProfit;
        uint256 shrunk;
    }

    function slice(Slice calldata request) external nonReentrant onlyLinked(_config.engine) {
        if (request.seller == request.bidder) revert ClearingHouse_SelfTrade(request.seller);
        AccountHeader memory seller = _headers[request.seller].load();
        AccountHeader memory bidder = _headers[request.bidder].load();
        Transfer memory transfer = Transfer({
            seller: seller,
            bidder: bidder,
            quotes: _keptQuotes(),
            cashAndProfit: seller.cash,
            shrunk: 0
        });
        for (uint256 bits = transfer.seller.markets; bits != 0; bits &= bits - 1) {
            _slicePosition(request, transfer, LibBit.ffs(bits));
        }
        for (uint256 bits = transfer.seller.assets; bits != 0; bits &= bits - 1) {
            _sliceCollateral(request, transfer, LibBit.ffs(bits));
        }
        _sliceCash(request, transfer);
        _stampLiquidated(request.seller, transfer.seller, request.cost, request.closesAuction);
        _saveHeader(request.seller, transfer.seller);
        _saveHeader(request.bidder, transfer.bidder);
        _bookDeficit(request.seller, request.fraction, request.shortfall, request.drawn);
        _requireNoEscape(transfer.shrunk);
        Health memory health = _healthAt(request.bidder, transfer.bidder, transfer.quotes);
        _requireInitialMargin(request.bidder, health);
        // Whoever takes a whole account may be left with little: else an account that has become dust could not be sold.
        if (request.fraction != WAD) _requireNoDust(request.bidder, health);
    }

    /// @dev The position changes hands at the index price, so it moves at no value; its PnL moves with the cash. A position without
    /// consensus stays, and its share of a profit, taken in its favour, moves in cash as well; a loss stays with it (ORC-07, R6).
    function _slicePosition(Slice calldata request, Transfer memory transfer, uint256 market) private {
        MarketWord settings = _markets[market].load();
        PricedLeg memory leg = _pricedLeg(request.seller, market, settings, transfer.quotes);
        if (!leg.hasConsensus) {
            transfer.cashAndProfit += int256(WadMath.positivePart(_favourableProfit(leg)));
            return;
        }
        transfer.cashAndProfit += _profit(leg);
        int256 base = _fractionUp(leg.base, request.fraction);
        int256 quote = SlotMath.notionalDown(base, leg.price);
        if (transfer.seller.flags & AccountFlags.RECORDED != 0) _recordSale(request.seller, market, base, leg.price);
        int256 funding = _fundingNow(settings);
        Leg memory held = Leg({base: leg.base, quoteValue: leg.quoteValue});
        _beforeChange(settings, request.seller, market, held.base, -base);
        int256 growth = _longGrowth(_change(request.seller, transfer.seller, market, held, -base, quote, funding));
        (held.base, held.quoteValue) = _read(request.bidder, market, funding);
        _beforeChange(settings, request.bidder, market, held.base, base);
        Change memory bought = _change(request.bidder, transfer.bidder, market, held, base, -quote, funding);
        growth += _longGrowth(bought);
        if (growth != 0) _growInterest(market, growth);
        if (WadMath.abs(bought.baseAfter) < WadMath.abs(bought.baseBefore)) transfer.shrunk |= 1 << market;
    }

    /// @dev CLR-07: whose own side shrinks by what he takes over must not leave his part of others' unbooked losses to the rest. What the
    /// sold account itself owed is booked by now; the others' can be booked before, in the same transaction.
    function _requireNoEscape(uint256 shrunk) private view {
        for (; shrunk != 0; shrunk &= shrunk - 1) {
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
        int256 credit = (request.shortfall + request.reward).toInt256() - request.payment.toInt256();
        _addCash(transfer.bidder, moved + credit);
        if (request.penalty != 0) _creditFund(request.penalty);
        if (request.drawn != 0) _debitFund(request.drawn);
    }

    function setInAuction(AccountId account, bool inAuction) external nonReentrant onlyLinked(_config.engine) {
        uint8 flags = _headers[account].flags;
        _headers[account].flags = inAuction ? flags | AccountFlags.IN_AUCTION : flags & ~AccountFlags.IN_AUCTION;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {ILiquidationEngine as L} from "../../../../contracts/interfaces/ILiquidationEngine.sol";
import {MarginMath} from "../../../../contracts/libraries/MarginMath.sol";
import {AuctionTerms, BidRequest, BidResult} from "../../../../contracts/types/Auction.sol";
import {AccountHeader, Market as MarketSlot} from "../../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../../contracts/types/Flags.sol";
import {FeedId, MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Spec} from "./Spec.sol";

/// @dev Bids, with their outcome foretold: the error, or what every account has afterwards.
abstract contract Sales is Spec {
    uint256 internal constant LEAST_MARGIN = 10e18;
    /// @dev A shortfall that layers pay in full leaves at most this of rounding (known to LIQ-05 as no loss).
    uint256 private constant ROUNDING = 8;

    /// @dev A bid, what was known before it, and what the specification makes of it. Money for the whole account but where it says so.
    struct Sale {
        uint256 seller;
        uint256 bidder;
        uint256 caller;
        uint256 asked;
        uint256 least;
        uint256 limit;
        Books before;
        Health health;
        int256 value;
        uint256 margin;
        uint256 income;
        uint256 price;
        uint256 penalty;
        uint256 most;
        uint256 fraction;
        uint256 shortfallPart;
        uint256[3] paidPart;
        Loss loss;
        bool isClose;
    }

    function _sell(
        uint256 seller,
        uint256 bidder,
        uint256 caller,
        uint256 asked,
        uint256 least,
        uint256 limit
    ) internal {
        _refreshFeeds();
        Sale memory s;
        (s.seller, s.bidder, s.caller, s.asked, s.least, s.limit) = (seller, bidder, caller, asked, least, limit);
        _openSale(s);
        bytes4 expected = _foretell(s);
        // Within rounding of a limit either outcome is right.
        if (s.isClose) return;
        (bool ok, bytes memory result) = _place(s, expected);
        if (!ok) {
            Allowance memory nothing;
            _closeStill(s.before, nothing, 99, 99, "bid that failed");
            return;
        }
        BidResult memory r = abi.decode(result, (BidResult));
        _require(r.fraction == s.fraction, "LIQ-03: fraction of a bid");
        _checkSale(s);
    }

    /// @dev A bid that should go through may still be refused for the bidder's margin, never the other way round: what a profit that the bid
    /// realises counts more than before is not foretold.
    function _place(Sale memory s, bytes4 expected) private returns (bool ok, bytes memory result) {
        bytes memory data = abi.encodeCall(
            L.bid,
            (BidRequest(_accounts[s.seller], _accounts[s.bidder], s.asked, s.least, s.limit, 0))
        );
        address caller = _accounts[s.caller].owner();
        if (expected != 0) return _expect(caller, address(ENGINE), data, expected, "bid");
        bytes memory refusals = abi.encodePacked(E.ClearingHouse_BelowInitialMargin.selector);
        return _try(caller, address(ENGINE), data, refusals, "bid done");
    }

    /* TERMS */

    function _openSale(Sale memory s) private view {
        s.before = _books();
        s.health = HOUSE.health(_accounts[s.seller]);
        AuctionTerms memory terms = ENGINE.termsOf(_accounts[s.seller]);
        int256 relief = int256(s.health.blindRelief());
        s.value = s.health.value + relief;
        s.margin = s.health.linearMargin + s.health.sizeMargin;
        s.income = _incomeOf(s.margin, s.health.marginBalance + relief, terms.elapsed);
        s.price = s.value > int256(s.income) ? uint256(s.value) - s.income : 0;
        s.penalty = _penaltyOf(s.margin, s.value, s.income);
        s.most = terms.maxFraction;
        s.fraction = s.asked < s.most ? (_leavesDust(s.health, s.asked) ? UNIT : s.asked) : s.most;
        uint256 shortfall = s.value < 0 ? uint256(-s.value) : 0;
        uint256 owing = _less(s.income, s.value > 0 ? uint256(s.value) : 0);
        uint256 weight = _weightOf(s.before, s.seller, 0) + _weightOf(s.before, s.seller, 1);
        s.paidPart = _coverOf(s.before.reserve, shortfall, weight, s.fraction, owing);
        s.shortfallPart = (shortfall * s.fraction + UNIT - 1) / UNIT;
        uint256 loss = _less(s.shortfallPart, s.paidPart[0] + s.paidPart[1]);
        s.loss = _planLoss(s.before, s.seller, loss, s.fraction, false);
    }

    function _leavesDust(Health memory h, uint256 fraction) private pure returns (bool) {
        if (fraction >= UNIT) return true;
        uint256 rest = UNIT - fraction;
        uint256 left = (h.linearMargin * rest) / UNIT + h.blindMargin;
        return left + (((h.sizeMargin * rest) / UNIT) * rest) / UNIT < LEAST_MARGIN;
    }

    /* OUTCOME */

    function _foretell(Sale memory s) private view returns (bytes4) {
        if (s.asked == 0 || s.asked > UNIT || s.least > s.asked) return L.LiquidationEngine_InvalidFraction.selector;
        bool isOwner = _accounts[s.caller].owner() == _accounts[s.bidder].owner();
        if (!isOwner) return L.LiquidationEngine_NotAuthorized.selector;
        if (!s.health.isLiquidatable()) return L.LiquidationEngine_NotLiquidatable.selector;
        if (s.fraction < s.least) return L.LiquidationEngine_FractionBelowMinimum.selector;
        if (s.price > s.limit) return L.LiquidationEngine_PriceAboveLimit.selector;
        uint256 loss = _less(s.shortfallPart, s.paidPart[0] + s.paidPart[1]);
        bool isPart = s.fraction != UNIT;
        if (isPart && loss > ROUNDING && _isOpposite(s)) {
            if (loss < uint256(DUST)) s.isClose = true;
            return E.ClearingHouse_PartialBidAgainstOwnSide.selector;
        }
        if (s.seller == s.bidder) return E.ClearingHouse_SelfTrade.selector;
        if (_addsInAuction(s)) return E.ClearingHouse_InAuction.selector;
        if (_escapes(s)) return E.ClearingHouse_DeficitUnbooked.selector;
        Health memory h = HOUSE.health(_accounts[s.bidder]);
        if (h.hasBlind) return E.ClearingHouse_BlindAccount.selector;
        return _foretellBidder(s, h);
    }

    function _isOpposite(Sale memory s) private pure returns (bool) {
        for (uint256 m = 0; m < 2; ++m) {
            (int256 own, int256 sold) = (s.before.base[s.bidder][m], s.before.base[s.seller][m]);
            if ((own > 0 && sold < 0) || (own < 0 && sold > 0)) return true;
        }
        return false;
    }

    /// @dev ORC-05: nothing is added to a bidder whose own auction runs.
    function _addsInAuction(Sale memory s) private view returns (bool) {
        AccountHeader memory h = HOUSE.headerOf(_accounts[s.bidder]);
        if (h.flags & AccountFlags.IN_AUCTION == 0) return false;
        for (uint256 m = 0; m < 2; ++m) {
            if (s.before.base[s.seller][m] == 0 || !s.before.visible[m]) continue;
            if (h.markets & (1 << m) == 0) return true;
        }
        uint256 sold = (s.before.collateral[s.seller] * s.fraction) / UNIT;
        return sold != 0 && s.before.visible[0] && h.assets == 0;
    }

    function _baseAfter(Sale memory s, uint256 m) private pure returns (int256) {
        int256 sold = s.before.base[s.seller][m];
        if (!s.before.visible[m]) sold = 0;
        int256 taken = int256((_abs(sold) * s.fraction + UNIT - 1) / UNIT);
        return s.before.base[s.bidder][m] + (sold < 0 ? -taken : taken);
    }

    /// @dev CLR-07: whose side shrinks while another loss is measured beyond what the fund can pay, and not booked.
    function _escapes(Sale memory s) private view returns (bool) {
        (uint256 measured, uint256 resources, uint256 markets) = HOUSE.deficits();
        if (measured == 0) return false;
        uint256 own = _countedOf(_accounts[s.seller]);
        measured -= own;
        if (s.shortfallPart != 0) measured += (own * (UNIT - s.fraction) + UNIT - 1) / UNIT;
        resources = _less(resources, s.paidPart[0] + s.paidPart[1] + s.paidPart[2]);
        if (_isNear(int256(measured), int256(resources)) && measured != 0) s.isClose = true;
        if (measured <= resources) return false;
        for (uint256 m = 0; m < 2; ++m) {
            if (markets & (1 << m) != 0 && _abs(_baseAfter(s, m)) < _abs(s.before.base[s.bidder][m])) return true;
        }
        return false;
    }

    function _foretellBidder(Sale memory s, Health memory h) private view returns (bytes4) {
        int256 balance = h.initialBalance - int256(_chargeSum(s)) + int256(s.shortfallPart + s.paidPart[2]);
        int256 sold = s.health.marginBalance + int256(s.health.blindRelief());
        balance += ((sold - int256(s.price)) * int256(s.fraction)) / ONE;
        (uint256 initial, uint256 maintenance) = (0, 0);
        for (uint256 m = 0; m < 2; ++m) {
            (uint256 im, uint256 mm) = _marginOf(_abs(_baseAfter(s, m)), s.before.prices[m], m);
            initial += im;
            maintenance += mm;
        }
        if (_isNear(balance, int256(initial)) && initial != 0) s.isClose = true;
        if (balance < int256(initial)) return E.ClearingHouse_BelowInitialMargin.selector;
        if (s.fraction != UNIT && maintenance != 0 && maintenance < LEAST_MARGIN) {
            return E.ClearingHouse_DustPosition.selector;
        }
        return 0;
    }

    function _marginOf(
        uint256 size,
        uint256 price,
        uint256 m
    ) private view returns (uint256 initial, uint256 maintenance) {
        (MarketSlot memory k, ) = HOUSE.marketOf(MarketId.wrap(uint8(m)));
        initial = MarginMath.initialMarginUp(size, price, uint256(k.rateTarget) + 6_000, k.addOn);
        (uint256 linear, uint256 grown) = MarginMath.positionMarginUp(size, price, k.rateTarget, k.addOn);
        maintenance = linear + grown;
    }

    /// @dev What the bidder is charged himself.
    function _chargeSum(Sale memory s) private pure returns (uint256) {
        (uint256 charged, uint256 rest) = _chargeOf(s.before, s.loss, s.seller, s.bidder);
        return charged + rest;
    }

    /* MONEY */

    function _checkSale(Sale memory s) private {
        uint256 drawn = FUND.segmentOf(SEGMENT).drawn - s.before.drawn;
        uint256 penalty = (s.penalty * s.fraction) / UNIT;
        _recordDraw(s.before.reserve, drawn, s.paidPart, penalty);
        Books memory a = _closeBooks(s.before, _allowedInSale(s, penalty), "bid");
        _checkParties(s, a, int256(penalty));
        _checkHolders(s.before, a, s.loss, s.seller, s.bidder);
        _countSale(s);
    }

    function _allowedInSale(Sale memory s, uint256 penalty) private returns (Allowance memory allowed) {
        allowed = _allowedFor(s.before, s.loss, s.seller);
        uint256 fromSeller = (_min(s.income, s.value > 0 ? uint256(s.value) : 0) * s.fraction) / UNIT;
        _require(2 * fromSeller <= (s.margin * s.fraction) / UNIT + 2, "LIQ-02: k above its maximum");
        if (_isDealer(s.seller)) {
            allowed.draws = s.paidPart[0] + s.paidPart[1];
            allowed.penalties = penalty;
        } else if (_isDealer(s.bidder)) {
            allowed.income = fromSeller;
        }
        if (_isDealer(s.bidder)) allowed.rewards = s.paidPart[2];
    }

    function _checkParties(Sale memory s, Books memory a, int256 penalty) private {
        int256 sold = (s.value * int256(s.fraction)) / ONE;
        int256 payment = int256((s.price * s.fraction) / UNIT);
        int256 change = a.values[s.seller] - s.before.values[s.seller];
        _require(
            -change <= int256((s.margin * s.fraction * 6) / (10 * UNIT)) + DUST,
            "INV-06: the seller lost more than k MM and penalty"
        );
        _require(
            _isNear(change, payment - penalty - sold),
            "LIQ-02: the seller lost something else than k MM and penalty"
        );
        change = a.values[s.bidder] - s.before.values[s.bidder];
        change -= sold - payment + int256(s.shortfallPart + s.paidPart[2]) - int256(_chargeSum(s));
        _require(change <= DUST, "INV-06: the bidder gained more than k MM, less his part of the loss");
        _require(change >= -DUST, "LIQ-02: the bidder was paid less than promised");
    }

    function _countSale(Sale memory s) private {
        bool own = _isDealer(s.seller) && _isDealer(s.bidder);
        if (own && s.value > 0) _reached("own bid solvent");
        if (own && s.value < 0)
            _reached(s.fraction == UNIT ? bytes32("own bid bankrupt") : bytes32("own crumb bankrupt"));
        if (!_isDealer(s.seller) && _isDealer(s.bidder)) _reached("dealer bids for honest");
        if (_isDealer(s.seller) && !_isDealer(s.bidder)) _reached("keeper bids for dealer");
        if (s.health.hasBlind) _reached("bid with blind leg");
    }

    function _refreshFeeds() internal {
        ORACLE.refresh(FeedId.wrap(0));
        ORACLE.refresh(FeedId.wrap(1));
    }
}

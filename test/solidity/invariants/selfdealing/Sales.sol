// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {ILiquidationEngine as L} from "../../../../contracts/interfaces/ILiquidationEngine.sol";
import {AuctionTerms, BidRequest, BidResult} from "../../../../contracts/types/Auction.sol";
import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Margins} from "./Margins.sol";

/// @dev Bids, with their outcome foretold: the error, or what every account has afterwards.
abstract contract Sales is Margins {
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
        uint256[4] paidPart;
        Loss loss;
        bool isRefreshed;
        bool isClose;
        bool isPastMeasure;
    }

    function _sell(
        uint256 seller,
        uint256 bidder,
        uint256 caller,
        uint256 asked,
        uint256 least,
        uint256 limit
    ) internal {
        Sale memory s;
        (s.seller, s.bidder, s.caller, s.asked, s.least, s.limit) = (seller, bidder, caller, asked, least, limit);
        // Measured as a closing is, after the premium: its fraction and price are not foretold.
        if (seller == bidder) (s.least, s.limit) = (0, type(uint256).max);
        // Mostly a keeper has refreshed; else the bid itself reads the sources, at the same prices (ORC-04).
        s.isRefreshed = _chance(70);
        if (s.isRefreshed) _refreshFeeds();
        _openSale(s);
        Verdict memory v = _foretell(s);
        // Within rounding of a limit either outcome is right.
        if (s.isClose || v.isClose) return;
        (bool ok, bytes memory result) = _expectVerdict(
            _accounts[caller].owner(),
            address(ENGINE),
            abi.encodeCall(L.bid, (BidRequest(_accounts[seller], _accounts[bidder], asked, s.least, s.limit, 0))),
            v,
            "bid"
        );
        if (!ok) {
            Allowance memory nothing;
            _closeStill(s.before, nothing, 99, 99, "bid that failed");
            return;
        }
        BidResult memory r = abi.decode(result, (BidResult));
        _require(r.fraction == s.fraction, "LIQ-03: fraction of a bid");
        if (!s.isRefreshed) _reached("bid unrefreshed");
        _checkSale(s);
    }

    /* TERMS */

    function _openSale(Sale memory s) private {
        s.before = _books();
        if (!s.isRefreshed) _foresee(s.before, _feedsOf(s.seller) | _feedsOf(s.bidder));
        _checkStanding(s.before, s.seller);
        _checkStanding(s.before, s.bidder);
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
        s.paidPart = _coverOf(s.before.reserve, shortfall, _weightsOf(s.before, s.seller), s.fraction, owing);
        s.shortfallPart = (shortfall * s.fraction + UNIT - 1) / UNIT;
        uint256 loss = _less(s.shortfallPart, _covered(s.paidPart));
        s.loss = _planLoss(s.before, s.seller, loss, s.fraction, false);
    }

    function _leavesDust(Health memory h, uint256 fraction) private pure returns (bool) {
        if (fraction >= UNIT) return true;
        uint256 rest = UNIT - fraction;
        uint256 left = (h.linearMargin * rest) / UNIT + h.blindMargin;
        return left + (((h.sizeMargin * rest) / UNIT) * rest) / UNIT < LEAST_MARGIN;
    }

    /* OUTCOME */

    function _foretell(Sale memory s) private returns (Verdict memory v) {
        bytes4 early = _foretellTerms(s);
        if (early != 0) return _refused(early);
        uint256 loss = _less(s.shortfallPart, _covered(s.paidPart));
        if (s.fraction != UNIT && loss > ROUNDING && _isOpposite(s)) {
            if (loss < uint256(DUST)) s.isClose = true;
            return _refused(E.ClearingHouse_PartialBidAgainstOwnSide.selector);
        }
        if (s.seller == s.bidder) return _refused(E.ClearingHouse_SelfTrade.selector);
        if (_addsInAuction(s)) return _refused(E.ClearingHouse_InAuction.selector);
        if (_escapes(s)) return _refused(E.ClearingHouse_DeficitUnbooked.selector);
        return _foretellBidder(s);
    }

    function _foretellTerms(Sale memory s) private view returns (bytes4) {
        if (s.asked == 0 || s.asked > UNIT || s.least > s.asked) return L.LiquidationEngine_InvalidFraction.selector;
        bool isOwner = _accounts[s.caller].owner() == _accounts[s.bidder].owner();
        if (!isOwner) return L.LiquidationEngine_NotAuthorized.selector;
        if (!_isBelow(s)) return L.LiquidationEngine_NotLiquidatable.selector;
        if (s.fraction < s.least) return L.LiquidationEngine_FractionBelowMinimum.selector;
        return s.price > s.limit ? L.LiquidationEngine_PriceAboveLimit.selector : bytes4(0);
    }

    /// @dev E < MM. A bid of an account for itself is measured as a closing is, after the premium; what follows is refused anyway.
    function _isBelow(Sale memory s) private view returns (bool) {
        int256 spare = s.health.marginBalance - int256(s.health.maintenanceMargin());
        if (s.seller != s.bidder) return spare < 0;
        spare -= _owes(_owedBy(s.before, HOUSE.headerOf(_accounts[s.seller]).markets), s.seller);
        if (_isNear(spare, 0) && s.health.maintenanceMargin() != 0) s.isClose = true;
        return spare < 0;
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
        if (!_isInAuction(s.bidder)) return false;
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

    /// @dev CLR-07: whose side shrinks while more is measured than the fund can pay: of others, and of the seller what the rest of him owes at
    /// this bid. What was measured of him before, at another price, counts no more.
    function _escapes(Sale memory s) private view returns (bool) {
        (uint256 measured, uint256 resources, uint256 markets) = HOUSE.deficits();
        if (measured == 0 || !_isShrinking(s, markets)) return false;
        resources = _less(resources, _covered(s.paidPart) + s.paidPart[REWARD]);
        uint256 own = _countedOf(_accounts[s.seller]);
        uint256 others = measured - own;
        uint256 unsold = UNIT - s.fraction;
        uint256 rest = own == 0 || s.value > 0 ? 0 : (uint256(-s.value) * unsold) / UNIT;
        int256 excess = int256(others + rest) - int256(resources);
        // The house knows the rest by the part that was sold, which is rounded up.
        int256 slack = DUST + int256(rest == 0 ? 0 : UNIT / s.fraction);
        if (excess <= slack && -excess <= slack) s.isClose = true;
        s.isPastMeasure = excess <= 0 && others + (own * unsold) / UNIT > resources + uint256(DUST);
        return excess > 0;
    }

    function _isShrinking(Sale memory s, uint256 markets) private pure returns (bool) {
        for (uint256 m = 0; m < 2; ++m) {
            if (markets & (1 << m) != 0 && _abs(_baseAfter(s, m)) < _abs(s.before.base[s.bidder][m])) return true;
        }
        return false;
    }

    /// @dev Initial margin after it, then dust: whoever takes a whole account may be left with little.
    function _foretellBidder(Sale memory s) private returns (Verdict memory v) {
        Standing memory t = _bidderAfter(s);
        _weigh(t, s.before);
        // Budgets are counted by a ghost, and charges by the unit of a side: good to DUST. All else is good to a few wei.
        bool isExact = s.shortfallPart == 0 && s.paidPart[REWARD] == 0;
        v = _judgeMargin(t, isExact ? WEI : DUST);
        if (v.selector == 0 && s.fraction != UNIT) v = _withClose(_judgeDust(t), v.isClose);
        if (_isDecidedByWeights(t) && !v.isClose) _reached("bid decided by weights");
    }

    /// @dev The bidder bears his part of the loss, takes his part of positions and collateral over at the index, and is paid.
    function _bidderAfter(Sale memory s) private pure returns (Standing memory t) {
        Books memory b = s.before;
        t = _standingOf(b, s.bidder);
        int256 sold = s.health.marginBalance + int256(s.health.blindRelief());
        for (uint256 m = 0; m < 2; ++m) {
            (uint256 charged, uint256 rest) = _chargeIn(b, s.loss, s.seller, s.bidder, m);
            t.quote[m] -= int256(charged + rest);
            int256 taken = _baseAfter(s, m) - t.base[m];
            if (taken != 0) _exchange(t, m, taken, -_floorMul(taken, b.prices[m]));
        }
        if (b.visible[0]) {
            t.collateral += (b.collateral[s.seller] * s.fraction) / UNIT;
            sold -= _counted(b.collateral[s.seller], b.prices[0]);
        }
        t.cash += _divDown(sold * int256(s.fraction), ONE) - int256(_divUp(s.price * s.fraction, UNIT));
        t.cash += int256(s.shortfallPart + s.paidPart[REWARD]);
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
            allowed.draws = _covered(s.paidPart);
            allowed.penalties = penalty;
        } else if (_isDealer(s.bidder)) {
            allowed.income = fromSeller;
        }
        if (_isDealer(s.bidder)) allowed.rewards = s.paidPart[REWARD];
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
        change -= sold - payment + int256(s.shortfallPart + s.paidPart[REWARD]) - int256(_chargeSum(s));
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
        if (s.isPastMeasure) _reached("bid past an old measure");
    }
}

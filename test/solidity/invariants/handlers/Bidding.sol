// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {ILiquidationEngine as L} from "../../../../contracts/interfaces/ILiquidationEngine.sol";
import {Auction, AuctionTerms, BidRequest, BidResult} from "../../../../contracts/types/Auction.sol";
import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../../contracts/types/Flags.sol";
import {AccountId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Checks} from "./Checks.sol";

/// @dev Auctions and bids, by keepers, by self-dealers, by a griefer with one wei.
abstract contract Bidding is Checks {
    /// @dev A bid and what was known before it.
    struct Case {
        uint256 seller;
        uint256 bidder;
        AuctionTerms terms;
        Health health;
        Auction auction;
        Snapshot before;
        BidResult result;
    }

    function start(uint256 seed) external step(seed) {
        _look();
        uint256 index = _pickLiquidatable();
        if (_isIdle(index)) return;
        Snapshot memory before = _snapshot();
        bool isLiquidatable = HOUSE.health(_accounts[index]).isLiquidatable();
        bool isOpen = ENGINE.auctionOf(_accounts[index]).isOpen;
        (bool ok, ) = _try(
            address(this),
            address(ENGINE),
            abi.encodeCall(L.start, (_accounts[index])),
            abi.encodePacked(L.LiquidationEngine_AlreadyStarted.selector, L.LiquidationEngine_NotLiquidatable.selector),
            "start"
        );
        _require(ok == (isLiquidatable && !isOpen), "LIQ-01: start");
        _checkUnmoved(before);
    }

    function touch(uint256 seed) external step(seed) {
        uint256 index = _draw(ACTIVE);
        for (uint256 i = 0; i < ACTIVE && !ENGINE.auctionOf(_accounts[index]).isOpen; ++i) index = (index + 1) % ACTIVE;
        Snapshot memory before = _snapshot();
        Auction memory auction = ENGINE.auctionOf(_accounts[index]);
        Health memory health = HOUSE.health(_accounts[index]);
        (bool ok, ) = _try(
            address(this),
            address(ENGINE),
            abi.encodeCall(L.touch, (_accounts[index])),
            abi.encodePacked(L.LiquidationEngine_NoAuction.selector),
            "touch"
        );
        _require(ok == auction.isOpen, "LIQ-01: touch");
        Auction memory afterwards = ENGINE.auctionOf(_accounts[index]);
        if (ok) _require(afterwards.isOpen == (_distance(health) < 0), "LIQ-01: an auction ends at E >= tau MM");
        if (ok && !afterwards.isOpen) _reached("auction ended by touch");
        _checkClock(auction, afterwards, health.isLiquidatable());
        if (afterwards.isOpen) _require(afterwards.wasBelow == health.isLiquidatable(), "LIQ-01: state at a touch");
        _checkUnmoved(before);
    }

    function bid(uint256 seed) external step(seed) {
        _look();
        uint256 seller = _pickLiquidatable();
        if (_isIdle(seller)) return;
        uint256 bidder = _chance(60) ? KEEPER + _draw(2) : _draw(ACTIVE);
        uint256 fraction = _chance(50) ? UNIT : 1 + _draw(UNIT);
        if (_chance(10)) fraction = 1 + _draw(UNIT / 100);
        _bid(seller, bidder, fraction);
    }

    /// @dev LIQ-03: one wei of an account, in front of everybody.
    function bidOneWei(uint256 seed) external step(seed) {
        _look();
        uint256 seller = _pickLiquidatable();
        if (!_isIdle(seller)) _bid(seller, _chance(50) ? GRIEFER : _draw(ACTIVE), 1);
    }

    /// @dev LIQ-09: one that cannot succeed beside two that may.
    function bidMany(uint256 seed) external step(seed) {
        _look();
        uint256 first = _pickLiquidatable();
        if (_isIdle(first)) return;
        Snapshot memory before = _snapshot();
        uint256 bidder = KEEPER + _draw(2);
        uint256 second = _pickLiquidatable();
        BidRequest[] memory requests = new BidRequest[](3);
        requests[0] = _request(first, bidder, 1 + _draw(UNIT));
        requests[1] = _request(bidder, bidder, UNIT);
        requests[2] = _request(second, bidder, UNIT);
        bool isRich = _isRich(bidder, first) && _isRich(bidder, second);
        bool isDue = first != second && HOUSE.health(_accounts[second]).isLiquidatable();
        bool isLarge = HOUSE.health(_accounts[second]).maintenanceMargin() >= 5_000 * UNIT;
        (bool ok, bytes memory result) = _try(
            _accounts[bidder].owner(),
            address(ENGINE),
            abi.encodeCall(L.bidMany, (requests)),
            "",
            "bidMany"
        );
        if (!ok) return;
        bool[] memory filled = abi.decode(result, (bool[]));
        _require(!filled[1], "LIQ-09: a bid on the bidder's own account was filled");
        if (isDue && isRich && isLarge) _require(filled[2], "LIQ-09: a failed bid stopped another");
        if (filled[0] || filled[2]) _reached("bidMany filled");
        quoteDust += uint256(2 * (_roundingOf(before.prices) * int256(ACCOUNTS) + _chargeRounding()));
        _settleTwins();
    }

    /* STEPS */

    function _bid(uint256 seller, uint256 bidder, uint256 fraction) private {
        Case memory c = _open(seller, bidder);
        bool isRich = _isRich(bidder, seller);
        (bool ok, bytes memory result) = _try(
            _accounts[bidder].owner(),
            address(ENGINE),
            abi.encodeCall(L.bid, (_request(seller, bidder, fraction))),
            abi.encodePacked(
                L.LiquidationEngine_NotLiquidatable.selector,
                E.ClearingHouse_DustPosition.selector,
                E.ClearingHouse_BelowInitialMargin.selector,
                E.ClearingHouse_BlindAccount.selector,
                E.ClearingHouse_InAuction.selector,
                E.ClearingHouse_SelfTrade.selector,
                E.ClearingHouse_PartialBidAgainstOwnSide.selector
            ),
            "bid"
        );
        bool isDue = c.health.isLiquidatable();
        if (!ok) {
            _checkRefusal(c, bytes4(result), isDue, isRich, fraction);
            return;
        }
        _require(isDue, "LIQ-01: a bid at E >= MM");
        c.result = abi.decode(result, (BidResult));
        // The whole when what were left would be dust; then f* is the whole as well.
        uint256 asked = fraction < c.terms.maxFraction ? fraction : c.terms.maxFraction;
        bool isWhole = c.result.fraction == UNIT && c.terms.maxFraction == UNIT;
        _require(c.result.fraction == asked || isWhole, "LIQ-03: f");
        _checkBid(c);
        _settleTwins();
    }

    /// @dev INV-04: a bidder with money is never refused for lack of anybody else's.
    function _checkRefusal(Case memory c, bytes4 reason, bool isDue, bool isRich, uint256 fraction) private {
        if (!isDue)
            _require(reason == L.LiquidationEngine_NotLiquidatable.selector || c.seller == c.bidder, "LIQ-01: reason");
        else _require(reason != L.LiquidationEngine_NotLiquidatable.selector, "LIQ-01: refused below MM");
        if (isDue && isRich) _checkRefusalOfRich(c, reason, fraction);
        _checkUnmoved(c.before);
    }

    /// @dev He may be refused when the slice would leave him dust, and for a part of an account that he stands against.
    function _checkRefusalOfRich(Case memory c, bytes4 reason, uint256 fraction) private {
        bool isPart = reason == E.ClearingHouse_PartialBidAgainstOwnSide.selector;
        bool isDust = reason == E.ClearingHouse_DustPosition.selector;
        _require(isPart || isDust, "INV-04: a rich bidder was refused");
        if (isPart) _require(fraction < UNIT && c.terms.value < 0, "INV-04: a bid for the whole was refused as a part");
        if (isDust && fraction == UNIT) {
            bool isFlat = HOUSE.headerOf(_accounts[c.bidder]).markets == 0;
            _require(!isFlat, "LIQ-03: a flat bidder was refused for dust");
            _require(c.health.maintenanceMargin() < 5_000 * UNIT, "INV-04: a rich bidder was refused for dust");
            _reached("rich bidder refused for dust");
        }
    }

    function _checkBid(Case memory c) private {
        BidResult memory r = c.result;
        Snapshot memory afterwards = _checkOthers(c.before, c.seller, c.bidder, "bid");
        uint256 shortfall = c.terms.value < 0 ? _mulUp(uint256(-c.terms.value), r.fraction) : 0;
        _require(r.shortfall == shortfall && r.covered + r.socialized == shortfall, "INV-03: shortfall");
        _require(r.payment == _mulUp(c.terms.price, r.fraction), "LIQ-02: payment");
        _require(r.penalty == _mulUp(c.terms.penalty, r.fraction), "LIQ-02: penalty");
        _checkDrawn(c.before, afterwards, r.covered + r.reward, r.socialized);
        _newUnallocated(c.before, afterwards, r.penalty, r.covered + r.reward, r.socialized);
        _checkParties(c, afterwards);
        _checkEnd(c);
        _countBid(c);
    }

    /// @dev INV-06, INV-13: the bidder gains at most k MM f; the seller loses what he is paid less than V f, and no more.
    function _checkParties(Case memory c, Snapshot memory afterwards) private {
        BidResult memory r = c.result;
        int256 dust = _roundingOf(c.before.prices) * 4;
        int256 gain = afterwards.values[c.bidder] - c.before.values[c.bidder];
        _require(gain <= int256(_mulUp(c.terms.income, r.fraction)) + dust, "INV-06: the bidder gained more than k MM");
        int256 expected = int256(r.payment - r.penalty) - (c.terms.value * int256(r.fraction)) / int256(UNIT);
        int256 change = afterwards.values[c.seller] - c.before.values[c.seller] - expected;
        int256 slack = dust + _chargeRounding();
        _require(change <= slack && change >= -slack, "LIQ-02: the seller's account moved by something else");
    }

    function _checkEnd(Case memory c) private {
        AccountId seller = _accounts[c.seller];
        bool atTarget = c.result.fraction == c.terms.maxFraction && c.health.blindMargin == 0;
        _checkDistance(seller, c.health, atTarget && !c.health.hasBlind);
        Auction memory auction = ENGINE.auctionOf(seller);
        _require(auction.isOpen != atTarget, "LIQ-01: auction after a bid");
        _checkClock(c.auction, auction, true);
    }

    function _countBid(Case memory c) private {
        if (c.terms.value > 0) _reached("bid solvent");
        else _reached("bid insolvent");
        if (c.result.covered > 0) _reached("bid covered");
        if (c.result.reward > 0) _reached("bid rewarded");
        if (c.health.blindMargin > 0) _reached("bid with blind leg");
        if (c.result.fraction < c.terms.maxFraction) _reached("bid partial");
        if (_accounts[c.seller].owner() == _accounts[c.bidder].owner()) _reached("bid by self-dealer");
    }

    /// @dev A call that only keeps time, or that failed, moves no money.
    function _checkUnmoved(Snapshot memory before) internal {
        Snapshot memory afterwards = _snapshotAt(before.prices);
        for (uint256 i = 0; i <= ACCOUNTS; ++i) {
            _require(before.values[i] == afterwards.values[i], "LIQ-01: a value moved");
        }
        _require(_claims(before) == _claims(afterwards), "LIQ-01: money moved");
    }

    function _open(uint256 seller, uint256 bidder) private view returns (Case memory c) {
        (c.seller, c.bidder) = (seller, bidder);
        c.terms = ENGINE.termsOf(_accounts[seller]);
        c.health = HOUSE.health(_accounts[seller]);
        c.auction = ENGINE.auctionOf(_accounts[seller]);
        c.before = _snapshot();
    }

    /// @dev Has margin to spare for the whole account and can see all that it holds.
    function _isRich(uint256 bidder, uint256 seller) private view returns (bool) {
        if (bidder == seller) return false;
        Health memory health = HOUSE.health(_accounts[bidder]);
        AccountHeader memory header = HOUSE.headerOf(_accounts[bidder]);
        if (health.hasBlind || header.flags & AccountFlags.IN_AUCTION != 0) return false;
        uint256 spare = 4 * HOUSE.health(_accounts[seller]).initialMargin + 100_000 * UNIT;
        return health.initialBalance >= int256(health.initialMargin + spare);
    }

    function _request(uint256 seller, uint256 bidder, uint256 fraction) private view returns (BidRequest memory) {
        return BidRequest(_accounts[seller], _accounts[bidder], fraction, 0, type(uint256).max, 0);
    }

    function _mulUp(uint256 amount, uint256 fraction) internal pure returns (uint256) {
        return (amount * fraction + UNIT - 1) / UNIT;
    }

    function _settleTwins() internal virtual;
}

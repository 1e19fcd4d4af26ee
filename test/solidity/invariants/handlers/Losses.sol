// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {ILiquidationEngine as L} from "../../../../contracts/interfaces/ILiquidationEngine.sol";
import {Auction} from "../../../../contracts/types/Auction.sol";
import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {AccountId, FeedId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Bidding} from "./Bidding.sol";

/// @dev Deleveraging, write-offs and the sale of collateral that stands behind negative cash.
abstract contract Losses is Bidding {
    uint256 private constant SOLVENT_TIMEOUT = 20 minutes;
    uint256 private constant INSOLVENT_TIMEOUT = 10 minutes;
    uint256 private constant HARD_STOP = 6 hours;

    struct Closing {
        uint256 index;
        AccountId account;
        Health health;
        Auction auction;
        Snapshot before;
        bool isTimedOut;
    }

    function deleverage(uint256 seed) external step(seed) {
        _look();
        uint256 index = _pickLiquidatable();
        if (_isIdle(index)) return;
        if (_chance(40)) _outwait(_accounts[index]);
        Closing memory c = _openClosing(index);
        (bool ok, bytes memory result) = _try(
            address(this),
            address(ENGINE),
            abi.encodeCall(L.deleverage, (c.account)),
            abi.encodePacked(L.LiquidationEngine_NotLiquidatable.selector, L.LiquidationEngine_TooEarly.selector),
            "deleverage"
        );
        bool isDue = c.health.isLiquidatable();
        if (!ok) {
            bool early = bytes4(result) == L.LiquidationEngine_TooEarly.selector;
            _require(early == isDue, "LIQ-06: wrong reason");
            _require(!early || !c.isTimedOut, "INV-04: deleverage refused after its timeout");
            _checkUnmoved(c.before);
            return;
        }
        _require(isDue, "LIQ-06: deleveraged at E >= MM");
        for (uint256 market = 0; market < 2; ++market) baseDust[market] += ACCOUNTS + 1;
        Snapshot memory afterwards = _checkOthers(c.before, c.index, ACCOUNTS, "deleveraging");
        if (_fairValue(c.health) > 0) _checkSolvent(c, afterwards);
        else _checkInsolvent(c, afterwards);
        _require(ENGINE.auctionOf(c.account).isOpen == (c.health.blindMargin != 0), "LIQ-06: auction");
        if (c.health.blindMargin != 0) _reached("deleverage with blind leg");
        _settleTwins();
    }

    function writeOff(uint256 seed) external step(seed) {
        _look();
        AccountId account = HOUSE.clearingAccount();
        uint256 index = ACCOUNTS;
        if (_chance(80)) {
            index = _pickIndebted();
            if (_isIdle(index)) return;
            account = _accounts[index];
        }
        Closing memory c = _openClosing(index);
        AccountHeader memory header = HOUSE.headerOf(account);
        bool isDue = _fairValue(c.health) < 0 && header.markets == 0 && (index != ACCOUNTS || header.assets == 0);
        (bool ok, ) = _try(
            address(this),
            address(ENGINE),
            abi.encodeCall(L.writeOff, (account)),
            abi.encodePacked(L.LiquidationEngine_NotWriteOff.selector),
            "writeOff"
        );
        _require(ok == isDue, "LIQ-05: write-off");
        if (!ok) return _checkUnmoved(c.before);
        Snapshot memory afterwards = _checkOthers(c.before, index, ACCOUNTS, "write-off");
        _checkInsolvent(c, afterwards);
        _settleTwins();
    }

    function buyCollateral(uint256 seed) external step(seed) {
        uint256 buyer = _chance(70) ? KEEPER + _draw(2) : _draw(ACTIVE);
        uint256 seller = _chance(30) ? ACCOUNTS : _pickIndebted();
        AccountId from = seller == ACCOUNTS ? HOUSE.clearingAccount() : _accounts[seller];
        uint256 amount = 1 + _draw(HOUSE.collateralOf(from, WETH) * 2 + 1);
        Snapshot memory before = _snapshot();
        int256 margin = HOUSE.health(from).marginBalance;
        (bool ok, bytes memory result) = _try(
            _accounts[buyer].owner(),
            address(HOUSE),
            abi.encodeCall(
                IClearingHouseTreasury.buyCollateral,
                (from, _accounts[buyer], WETH, amount, type(uint256).max)
            ),
            abi.encodePacked(
                E.ClearingHouse_CollateralNotForSale.selector,
                E.ClearingHouse_BelowInitialMargin.selector,
                E.ClearingHouse_BlindAccount.selector,
                E.ClearingHouse_InAuction.selector,
                E.ClearingHouse_SelfTrade.selector
            ),
            "buyCollateral"
        );
        if (!ok) return _checkUnmoved(before);
        Snapshot memory afterwards = _checkOthers(before, seller, buyer, "sale of collateral");
        (uint256 bought, uint256 cost) = abi.decode(result, (uint256, uint256));
        int256 gain = afterwards.values[buyer] - before.values[buyer];
        _require(gain <= int256((bought * before.prices[0]) / UNIT / 20) + 2, "CLR-10: discount above 5%");
        _require(cost * 20 + 20 >= (bought * before.prices[0] * 19) / UNIT, "CLR-10: cost");
        if (seller == ACCOUNTS) _reached("clearing account sold");
        else _require(HOUSE.health(from).marginBalance >= margin, "CLR-10: E fell");
    }

    /* STEPS */

    function _checkSolvent(Closing memory c, Snapshot memory afterwards) private {
        _reached("deleverage solvent");
        int256 dust = _roundingOf(c.before.prices);
        int256 fee = c.before.values[c.index] - afterwards.values[c.index];
        int256 income =
            afterwards.fundAccount -
                int256(afterwards.unallocated) -
                c.before.fundAccount +
                int256(c.before.unallocated);
        _require(fee <= income + dust && fee >= income - dust, "LIQ-06: the equity stays with the account");
        uint256 most = (c.health.linearMargin + c.health.sizeMargin) / 10 + 1;
        _require(income >= 0 && uint256(income) <= most, "LIQ-06: penalty above pi MM");
        _checkDrawn(c.before, afterwards, 0, 0);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            if (i == c.index) continue;
            _require(afterwards.values[i] >= c.before.values[i] - dust, "LIQ-06: a holder paid for a solvent account");
        }
        bool closesAll = c.health.blindMargin == 0 && !c.health.hasBlind;
        _checkDistance(c.account, c.health, closesAll && HOUSE.headerOf(c.account).markets != 0);
    }

    /// @dev INV-03: -E of the account is paid by the reserve, by holders, or is unallocated; nothing else is.
    function _checkInsolvent(Closing memory c, Snapshot memory afterwards) private {
        _reached(c.index == ACCOUNTS ? bytes32("writeOff clearing") : bytes32("deleverage insolvent"));
        int256 margin = _fairMargin(c.health);
        uint256 shortfall = margin < 0 ? uint256(-margin) : 0;
        uint256 drawn = afterwards.segment.drawn - c.before.segment.drawn;
        _require(drawn <= shortfall, "INV-03: drawn more than the shortfall");
        if (drawn > 0) _reached("deleverage covered");
        _checkDrawn(c.before, afterwards, drawn, shortfall - drawn);
        _newUnallocated(c.before, afterwards, 0, drawn, shortfall - drawn);
        int256 raised = _pairValue(afterwards, c.index) - _pairValue(c.before, c.index) - int256(shortfall);
        int256 slack = _roundingOf(c.before.prices) + _chargeRounding();
        _require(raised <= slack && raised >= -slack, "LIQ-06: the account was not raised to E = 0");
        int256 left = _fairMargin(HOUSE.health(c.account));
        _require(left <= slack && left >= -slack, "LIQ-06: E after");
    }

    /// @dev V and E with what is blind taken in the account's favour, and never as a loss (R6).
    function _fairValue(Health memory health) private pure returns (int256) {
        return health.value + int256(health.blindRelief());
    }

    function _fairMargin(Health memory health) private pure returns (int256) {
        return health.marginBalance + int256(health.blindRelief());
    }

    /// @dev The account with what of it went to the clearing account.
    function _pairValue(Snapshot memory snapshot, uint256 index) private pure returns (int256) {
        return snapshot.values[index] + (index == ACCOUNTS ? int256(0) : snapshot.values[ACCOUNTS]);
    }

    function _openClosing(uint256 index) private view returns (Closing memory c) {
        c.index = index;
        c.account = index == ACCOUNTS ? HOUSE.clearingAccount() : _accounts[index];
        c.health = HOUSE.health(c.account);
        c.auction = ENGINE.auctionOf(c.account);
        c.before = _snapshot();
        if (!c.auction.isOpen || !c.auction.wasBelow) return c;
        uint256 elapsed = ENGINE.termsOf(c.account).elapsed;
        uint256 timeout = _fairValue(c.health) > 0 ? SOLVENT_TIMEOUT : INSOLVENT_TIMEOUT;
        c.isTimedOut = elapsed >= timeout || _time - c.auction.belowSince >= HARD_STOP;
    }

    /// @dev Nobody bids until the hard stop is over, and prices stay: what is due then must go through.
    function _outwait(AccountId account) private {
        if (!ENGINE.auctionOf(account).isOpen) {
            _try(
                address(this),
                address(ENGINE),
                abi.encodeCall(L.start, (account)),
                abi.encodePacked(L.LiquidationEngine_NotLiquidatable.selector),
                "start"
            );
        }
        _advance(HARD_STOP);
        _publish();
        ORACLE.refresh(FeedId.wrap(0));
        ORACLE.refresh(FeedId.wrap(1));
    }

    /// @dev An account with negative cash, from a random place on, or any.
    function _pickIndebted() private returns (uint256 index) {
        uint256 start = _draw(ACTIVE);
        for (uint256 i = 0; i < ACTIVE; ++i) {
            index = (start + i) % ACTIVE;
            if (HOUSE.headerOf(_accounts[index]).cash < 0) return index;
        }
        return start;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {ILiquidationEngine as L} from "../../../../contracts/interfaces/ILiquidationEngine.sol";
import {BidRequest, BidResult} from "../../../../contracts/types/Auction.sol";
import {Endings} from "./Endings.sol";

/// @dev Bids, deleveragings, write-offs and sales of collateral between flags, ends and exits. What each of them costs is foretold by the
/// other campaigns; here nobody else gains, no money appears, nothing is refused for lack of it, and what is measured
/// afterwards is what the rest owes.
abstract contract Liquidations is Endings {
    uint256 private constant HARD_STOP = 6 hours;
    uint256 private constant MOST_GAPS = 4;

    function startAuction(uint256 seed) external step(seed) {
        _openBooks();
        Snapshot memory before = _snapshot();
        _try(
            address(this),
            address(ENGINE),
            abi.encodeCall(L.start, (_accounts[_pickLiquidatable()])),
            abi.encodePacked(L.LiquidationEngine_AlreadyStarted.selector, L.LiquidationEngine_NotLiquidatable.selector),
            "start"
        );
        _checkOthers(before, ACCOUNTS, ACCOUNTS, "start");
    }

    function takeOver(uint256 seed) external step(seed) {
        _refreshBoth();
        uint256 seller = _pickLiquidatable();
        uint256 bidder = _chance(80) ? KEEPER + _draw(2) : _draw(ACTIVE);
        uint256 fraction = _chance(60) ? UNIT : 1 + _draw(UNIT);
        Snapshot memory before = _snapshot();
        (bool ok, bytes memory result) = _bid(seller, bidder, fraction);
        bool waits = !ok && bytes4(result) == E.ClearingHouse_DeficitUnbooked.selector;
        if (waits) _require(_measured() != 0, "CLR-07: a bid waits though nothing is measured");
        if (!ok) return;
        Snapshot memory afterwards = _checkOthers(before, seller, bidder, "bid");
        BidResult memory sold = abi.decode(result, (BidResult));
        _noteLoss(seller, sold.fraction, sold.shortfall, before, afterwards);
    }

    function closeOut(uint256 seed) external step(seed) {
        uint256 index = _pickInAuction();
        if (_chance(50)) {
            _advance(HARD_STOP);
            _publish();
        }
        _openBooks();
        if (_chance(40)) index = _measureEverybody();
        else if (!ENGINE.auctionOf(_accounts[index]).isOpen) index = _pickLiquidatable();
        (bool isOverdue, uint256 owed) = _isOverdue(index);
        bool isNew = !ENGINE.auctionOf(_accounts[index]).isOpen;
        Snapshot memory before = _snapshot();
        (bool ok, bytes memory result) = _try(
            address(this),
            address(ENGINE),
            abi.encodeCall(L.deleverage, (_accounts[index])),
            abi.encodePacked(L.LiquidationEngine_NotLiquidatable.selector, L.LiquidationEngine_TooEarly.selector),
            "close out"
        );
        if (!ok) {
            bool isEarly = bytes4(result) == L.LiquidationEngine_TooEarly.selector;
            _require(!isEarly || !isOverdue, "CLR-07: a loss that is measured beyond resources is booked at once");
            return;
        }
        for (uint256 m = 0; m < 2; ++m) baseDust[m] += ACCOUNTS + 1;
        Snapshot memory afterwards = _checkOthers(before, index, ACCOUNTS, "deleveraging");
        // Paid for whole: nothing but what is measured of others has spared it the timeout.
        bool isPaid = owed != 0 && afterwards.segment.drawn - before.segment.drawn + CENT > owed;
        if (isOverdue && isNew && isPaid) _reached("booked at once");
        _noteLoss(index, UNIT, 0, before, afterwards);
    }

    function bookDebt(uint256 seed) external step(seed) {
        _openBooks();
        uint256 index = _pickBankrupt();
        Snapshot memory before = _snapshot();
        (bool ok, ) = _try(
            address(this),
            address(ENGINE),
            abi.encodeCall(L.writeOff, (_idOf(index))),
            abi.encodePacked(L.LiquidationEngine_NotWriteOff.selector),
            "write off"
        );
        if (!ok) return;
        Snapshot memory afterwards = _checkOthers(before, index == ACTIVE ? ACCOUNTS : index, ACCOUNTS, "write-off");
        _noteLoss(index, UNIT, 0, before, afterwards);
    }

    function buyOut(uint256 seed) external step(seed) {
        uint256 seller = _pickIndebted();
        uint256 buyer = KEEPER + _draw(2);
        uint256 amount = 1 + _draw(HOUSE.collateralOf(_idOf(seller), WETH) * 2 + 1);
        Snapshot memory before = _snapshot();
        (bool ok, ) = _try(
            _accounts[buyer].owner(),
            address(HOUSE),
            abi.encodeCall(
                IClearingHouseTreasury.buyCollateral,
                (_idOf(seller), _accounts[buyer], WETH, amount, type(uint256).max)
            ),
            abi.encodePacked(
                E.ClearingHouse_CollateralNotForSale.selector,
                E.ClearingHouse_BelowInitialMargin.selector,
                E.ClearingHouse_BlindAccount.selector,
                E.ClearingHouse_InAuction.selector,
                E.ClearingHouse_SelfTrade.selector
            ),
            "buy out"
        );
        if (ok) _checkOthers(before, seller == ACTIVE ? ACCOUNTS : seller, buyer, "sale of collateral");
    }

    /* STEPS */

    function _bid(uint256 seller, uint256 bidder, uint256 fraction) private returns (bool ok, bytes memory result) {
        return
            _try(
                _accounts[bidder].owner(),
                address(ENGINE),
                abi.encodeCall(
                    L.bid,
                    (BidRequest(_accounts[seller], _accounts[bidder], fraction, 0, type(uint256).max, 0))
                ),
                abi.encodePacked(
                    L.LiquidationEngine_NotLiquidatable.selector,
                    E.ClearingHouse_DustPosition.selector,
                    E.ClearingHouse_BelowInitialMargin.selector,
                    E.ClearingHouse_BlindAccount.selector,
                    E.ClearingHouse_InAuction.selector,
                    E.ClearingHouse_SelfTrade.selector,
                    E.ClearingHouse_PartialBidAgainstOwnSide.selector,
                    E.ClearingHouse_DeficitUnbooked.selector
                ),
                "take over"
            );
    }

    /// @dev Prices of now, and nothing owed for time: what follows moves values by what it does itself.
    function _openBooks() private {
        _refreshBoth();
        _accrue(0);
        _accrue(1);
    }

    /// @dev Up to four gaps, until several owe more than they have. The fund gets what it takes to pay for the one who owes least, and all of
    /// them are flagged.
    function _measureEverybody() private returns (uint256 least) {
        Book memory book;
        uint256 many;
        for (uint256 k = 0; k < MOST_GAPS && many < 3; ++k) {
            _advance(1 + _draw(10 minutes));
            for (uint256 m = 0; m < 2; ++m) _shift(m, 6_000);
            _publish();
            _openBooks();
            book = _read();
            (least, many) = _bankruptOf(book);
        }
        if (many == 0) return _pickLiquidatable();
        _provideFor(least, uint256(-_worth(book, least)));
        for (uint256 i = 0; i < ACTIVE; ++i) if (_worth(book, i) < 0) _flag(i);
    }

    /// @dev How many owe more than they have and have not been auctioned yet, and who of them owes least.
    function _bankruptOf(Book memory book) private view returns (uint256 least, uint256 many) {
        int256 nearest = type(int256).min;
        for (uint256 i = 0; i < ACTIVE; ++i) {
            int256 worth = _worth(book, i);
            if (worth >= 0 || book.markets[i] == 0 || ENGINE.auctionOf(_accounts[i]).isOpen) continue;
            ++many;
            if (worth > nearest) (nearest, least) = (worth, i);
        }
    }

    /// @dev Gives the fund so much that its budgets (System.sol) pay for what one account owes: 35% of it for what markets have lost, 10% for
    /// the rest.
    function _provideFor(uint256 index, uint256 owed) private {
        (uint256[3] memory left, , ) = FUND.budgetLeft(SEGMENT);
        (, , uint256 major, , ) = HOUSE.assessLiquidation(_accounts[index], _accounts[index]);
        major = _min(major, owed);
        uint256 lacking = 3 * _less(major, left[0]) + 10 * _less(owed - major, left[2]);
        if (lacking != 0) _donate(lacking / CENT + 1);
    }

    /// @dev More is measured of the others, and owed by this account now, than the fund has (CLR-07). What was measured of it at another price
    /// counts no more (decision 188).
    function _isOverdue(uint256 index) private returns (bool isOverdue, uint256 owed) {
        Book memory book = _read();
        int256 worth = _worth(book, index);
        if (worth > 0 || _isBlind(book, index)) return (false, 0);
        uint256 slack = book.slack[0] + book.slack[1] + WEI;
        owed = _less(uint256(-worth), slack);
        isOverdue = _measuredOfOthers(index) + owed > FUND.resources(SEGMENT).total() + slack;
    }

    function _noteLoss(
        uint256 index,
        uint256 fraction,
        uint256 shortfall,
        Snapshot memory before,
        Snapshot memory afterwards
    ) private {
        uint256 drawn = afterwards.segment.drawn - before.segment.drawn;
        if (drawn != 0) _reached("fund drawn");
        _noteSold(index, fraction, shortfall, drawn, HOUSE.headerOf(_idOf(index)).markets);
    }

    /// @dev An account whose auction runs, from a random place on, or any.
    function _pickInAuction() private returns (uint256 index) {
        uint256 start = _draw(ACTIVE);
        for (uint256 i = 0; i < ACTIVE; ++i) {
            index = (start + i) % ACTIVE;
            if (ENGINE.auctionOf(_accounts[index]).isOpen) return index;
        }
        return start;
    }

    /// @dev An account with negative cash, the clearing account among them, from a random place on, or any.
    function _pickIndebted() private returns (uint256 index) {
        uint256 start = _draw(ALL);
        for (uint256 i = 0; i < ALL; ++i) {
            index = (start + i) % ALL;
            if (HOUSE.headerOf(_idOf(index)).cash < 0) return index;
        }
        return start;
    }
}

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
        if (!ENGINE.auctionOf(_accounts[index]).isOpen) index = _pickLiquidatable();
        Book memory book = _read();
        bool isOwing = _worth(book, index) <= 0 && !_isBlind(book, index);
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
            bool mustWait = !isOwing || _measured() <= FUND.resources(SEGMENT).total();
            _require(!isEarly || mustWait, "CLR-07: a loss that is measured beyond resources is booked at once");
            return;
        }
        for (uint256 m = 0; m < 2; ++m) baseDust[m] += ACCOUNTS + 1;
        _noteLoss(index, UNIT, 0, before, _checkOthers(before, index, ACCOUNTS, "deleveraging"));
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

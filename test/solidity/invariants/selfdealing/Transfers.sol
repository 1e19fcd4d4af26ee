// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseCore} from "../../../../contracts/interfaces/IClearingHouseCore.sol";
import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {IClearingHouseExtension} from "../../../../contracts/interfaces/IClearingHouseExtension.sol";
import {IClearingHouseTreasury} from "../../../../contracts/interfaces/IClearingHouseTreasury.sol";
import {MarginMath} from "../../../../contracts/libraries/MarginMath.sol";
import {AccountHeader, Trade} from "../../../../contracts/types/Clearing.sol";
import {AccountFlags} from "../../../../contracts/types/Flags.sol";
import {MarketId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Closings} from "./Closings.sol";

/// @dev Money in and out, moves and fills, with their outcome foretold.
abstract contract Transfers is Closings {
    /// @dev Something that is taken out of an account: amount in WAD, outcome, and whether rounding decides.
    struct Exit {
        uint256 index;
        bool isCash;
        uint256 amount;
        bytes4 expected;
        bool isClose;
    }

    /* DEPOSITS */

    function _depositAs(uint256 caller, uint256 index, bool isCash, uint256 native) internal {
        Books memory before = _books();
        bytes4 expected;
        if (!_isSameOwner(caller, index)) expected = E.ClearingHouse_NotAuthorized.selector;
        else if (native == 0) expected = E.ClearingHouse_InvalidAmount.selector;
        else if (!isCash && _isNewInAuction(index)) expected = E.ClearingHouse_InAuction.selector;
        _expect(
            _accounts[caller].owner(),
            address(HOUSE),
            abi.encodeCall(IClearingHouseCore.deposit, (_accounts[index], isCash ? CASH : WETH, native)),
            expected,
            "deposit"
        );
        Allowance memory nothing;
        _closeStill(before, nothing, index, 99, "deposit");
    }

    /* WITHDRAWALS AND MOVES (CLR-07) */

    function _withdrawAs(uint256 caller, uint256 index, bool isCash, uint256 native) internal {
        Exit memory x = Exit(index, isCash, isCash ? native * 1e12 : native, 0, false);
        if (!_isSameOwner(caller, index)) x.expected = E.ClearingHouse_NotAuthorized.selector;
        else if (native == 0) x.expected = E.ClearingHouse_InvalidAmount.selector;
        else _foretellExit(x);
        if (x.isClose) return;
        _withdraw(_accounts[caller].owner(), x, native);
    }

    function _withdraw(address caller, Exit memory x, uint256 native) private {
        int256 assets = _assetsOfHouse();
        uint256 missing = HOUSE.unallocatedLoss();
        if (x.expected == 0 && x.isCash && missing != 0 && assets <= 0) {
            x.expected = E.ClearingHouse_InsufficientLiquidity.selector;
        }
        Books memory before = _books();
        bytes memory data = abi.encodeCall(
            IClearingHouseCore.withdraw,
            (_accounts[x.index], x.isCash ? CASH : WETH, native)
        );
        (bool ok, bytes memory result) = _expect(caller, address(HOUSE), data, x.expected, "withdraw");
        if (ok && x.isCash) _checkPaid(abi.decode(result, (uint256)) * 1e12, x.amount, missing, assets);
        Allowance memory nothing;
        _closeStill(before, nothing, x.index, 99, "withdrawal");
    }

    /// @dev Tokens that nobody who waits has a claim on, less what is the fund's.
    function _assetsOfHouse() private view returns (int256) {
        uint256 held = SYSTEM.usd().balanceOf(address(HOUSE));
        (uint256 waiting, uint256 reserved) = HOUSE.withdrawalQueue();
        return int256(_less(held, (waiting + reserved + 1e12 - 1) / 1e12) * 1e12) - HOUSE.fundAccount();
    }

    function _isSameOwner(uint256 a, uint256 b) private view returns (bool) {
        return _accounts[a].owner() == _accounts[b].owner();
    }

    /// @dev The same part for everybody while a loss is unallocated; nothing yet where tokens are short.
    function _checkPaid(uint256 paid, uint256 asked, uint256 missing, int256 assets) private {
        uint256 due = missing == 0 ? asked : (asked * uint256(assets)) / (uint256(assets) + missing);
        _require(
            paid == 0 || _isNear(int256(paid + 5e11), int256(due - (due % 1e12) + 5e11)),
            "CLR-07: paid something else"
        );
        if (paid == 0 && due >= 1e12) _reached("withdraw queued");
        if (missing != 0) _reached("withdraw pro rata");
    }

    function _moveAs(uint256 caller, uint256 from, uint256 to, bool isCash, uint256 amount) internal {
        Exit memory x = Exit(from, isCash, amount, 0, false);
        bool isRight = _isSameOwner(caller, from) && _isSameOwner(from, to) && from != to;
        if (!isRight) x.expected = E.ClearingHouse_NotAuthorized.selector;
        else if (amount == 0) x.expected = E.ClearingHouse_InvalidAmount.selector;
        else _foretellExit(x);
        bool isShort = x.expected == E.ClearingHouse_InsufficientBalance.selector;
        if (isRight && amount != 0 && !isShort && !isCash && _isNewInAuction(to)) {
            x.expected = E.ClearingHouse_InAuction.selector;
        }
        if (!x.isClose) _move(_accounts[caller].owner(), x, to);
    }

    function _move(address caller, Exit memory x, uint256 to) private {
        Books memory before = _books();
        bytes memory data = abi.encodeCall(
            IClearingHouseExtension.move,
            (_accounts[x.index], _accounts[to], x.isCash ? CASH : WETH, x.amount)
        );
        _expect(caller, address(HOUSE), data, x.expected, "move");
        Allowance memory nothing;
        _closeStill(before, nothing, x.index, to, "move");
    }

    /// @dev ORC-05: collateral would be added to an account whose auction runs.
    function _isNewInAuction(uint256 i) private view returns (bool) {
        AccountHeader memory header = HOUSE.headerOf(_accounts[i]);
        return header.assets == 0 && header.flags & AccountFlags.IN_AUCTION != 0;
    }

    /// @dev What an account has; then its part of a measured loss, what is blind, and initial margin.
    function _foretellExit(Exit memory x) private view {
        AccountHeader memory header = HOUSE.headerOf(_accounts[x.index]);
        uint256 held = HOUSE.collateralOf(_accounts[x.index], WETH);
        int256 cash = header.cash;
        if ((x.isCash ? cash : int256(held)) < int256(x.amount)) {
            x.expected = E.ClearingHouse_InsufficientBalance.selector;
            return;
        }
        if (x.isCash) cash -= int256(x.amount);
        if (header.markets == 0 && cash >= 0) return;
        _foretellMargin(x, _books(), held);
    }

    function _foretellMargin(Exit memory x, Books memory b, uint256 held) private view {
        Health memory h = HOUSE.health(_accounts[x.index]);
        int256 spare = h.initialBalance - int256(h.initialMargin);
        uint256 left = x.isCash ? held : held - x.amount;
        if (x.isCash) spare -= int256(x.amount);
        else if (b.visible[0]) {
            spare -= int256(MarginMath.haircutValueDown(held, b.prices[0], 1_000));
            spare += int256(MarginMath.haircutValueDown(left, b.prices[0], 1_000));
        }
        bool isBlind =
            (!b.visible[0] && (b.base[x.index][0] != 0 || left != 0)) || (!b.visible[1] && b.base[x.index][1] != 0);
        int256 share = int256(_shareOf(x.index));
        x.isClose = (_isNear(spare, 0) && h.initialMargin != 0) || (share != 0 && _isNear(spare, share));
        if (share != 0 && spare < share) x.expected = E.ClearingHouse_DeficitShareWithheld.selector;
        else if (isBlind) x.expected = E.ClearingHouse_BlindAccount.selector;
        else if (spare < 0) x.expected = E.ClearingHouse_BelowInitialMargin.selector;
    }

    /* FILLS */

    function _tradeBetween(
        uint256 taker,
        uint256 maker,
        uint8 market,
        int256 size,
        uint256 price
    ) internal returns (bool) {
        if (size == 0) return false;
        return _trade(taker, maker, Trade(_accounts[taker], _accounts[maker], MarketId.wrap(market), size, price));
    }

    function _trade(uint256 taker, uint256 maker, Trade memory fill) private returns (bool ok) {
        Books memory before = _books();
        bytes4 expected = _foretellFill(before, fill);
        bytes memory data = abi.encodeCall(IClearingHouseCore.trade, (fill));
        Allowance memory allowed;
        if (expected != 0) {
            (ok, ) = _expect(address(SYSTEM.orders()), address(HOUSE), data, expected, "trade");
        } else {
            (ok, ) = _try(address(SYSTEM.orders()), address(HOUSE), data, _refusals(), "trade done");
            // 5 basis points of the notional.
            if (ok && _isDealer(taker)) allowed.fees = (((_abs(fill.size) * fill.price) / UNIT) * 5) / 10_000;
            if (ok) _payPremium(before, 1 << MarketId.unwrap(fill.market));
        }
        _closeStill(before, allowed, taker, maker, "fill");
    }

    /// @dev A fill takes what its market owes first (FND-02).
    function _payPremium(Books memory before, uint256 markets) private {
        int256[10] memory owed = _owedBy(before, markets);
        _payUp(before, owed, 1);
        _notePaid(owed, markets, "premium by a fill");
    }

    /// @dev What is refused before either account is looked at.
    function _foretellFill(Books memory b, Trade memory fill) private view returns (bytes4) {
        (uint256 measured, uint256 resources, uint256 markets) = HOUSE.deficits();
        uint256 m = MarketId.unwrap(fill.market);
        if (measured > resources && markets & (1 << m) != 0) return E.ClearingHouse_DeficitUnbooked.selector;
        if (!b.visible[m]) return E.ClearingHouse_NoConsensus.selector;
        uint256 away = fill.price > b.prices[m] ? fill.price - b.prices[m] : b.prices[m] - fill.price;
        return away * 10_000 > b.prices[m] * 200 ? E.ClearingHouse_PriceOutsideBand.selector : bytes4(0);
    }

    function _refusals() private pure returns (bytes memory) {
        return
            abi.encodePacked(
                E.ClearingHouse_BelowInitialMargin.selector,
                E.ClearingHouse_BlindAccount.selector,
                E.ClearingHouse_DustPosition.selector,
                E.ClearingHouse_InAuction.selector,
                E.ClearingHouse_Bankrupt.selector,
                E.ClearingHouse_ReductionTooCostly.selector
            );
    }

    /* COLLATERAL OF WHO OWES CASH (CLR-10) */

    function _buyFrom(uint256 seller, uint256 buyer, uint256 amount) internal {
        Books memory before = _books();
        (bool ok, bytes memory result) = _try(
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
            "buyCollateral"
        );
        Allowance memory allowed;
        if (ok && _isDealer(buyer) && !_isDealer(seller)) {
            (uint256 bought, ) = abi.decode(result, (uint256, uint256));
            allowed.discounts = (bought * before.prices[0]) / UNIT / 20;
        }
        _closeStill(before, allowed, seller, buyer, "sale of collateral");
    }
}

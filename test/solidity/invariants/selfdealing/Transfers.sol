// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseCore} from "../../../../contracts/interfaces/IClearingHouseCore.sol";
import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {IClearingHouseExtension} from "../../../../contracts/interfaces/IClearingHouseExtension.sol";
import {Closings} from "./Closings.sol";

/// @dev Money in and out, and moves, with their outcome foretold.
abstract contract Transfers is Closings {
    /// @dev Something that is taken out of an account: amount in WAD, and outcome.
    struct Exit {
        uint256 index;
        bool isCash;
        uint256 amount;
        Verdict verdict;
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
        Exit memory x;
        (x.index, x.isCash, x.amount) = (index, isCash, isCash ? native * 1e12 : native);
        if (!_isSameOwner(caller, index)) x.verdict.selector = E.ClearingHouse_NotAuthorized.selector;
        else if (native == 0) x.verdict.selector = E.ClearingHouse_InvalidAmount.selector;
        else _foretellExit(x);
        if (x.verdict.isClose) return;
        _withdraw(_accounts[caller].owner(), x, native);
    }

    function _withdraw(address caller, Exit memory x, uint256 native) private {
        int256 assets = _assetsOfHouse();
        uint256 missing = HOUSE.unallocatedLoss();
        if (x.verdict.selector == 0 && x.isCash && missing != 0 && assets <= 0) {
            x.verdict.selector = E.ClearingHouse_InsufficientLiquidity.selector;
        }
        Books memory before = _books();
        bytes memory data = abi.encodeCall(
            IClearingHouseCore.withdraw,
            (_accounts[x.index], x.isCash ? CASH : WETH, native)
        );
        (bool ok, bytes memory result) = _expectVerdict(caller, address(HOUSE), data, x.verdict, "withdraw");
        if (ok && x.isCash) _checkPaid(abi.decode(result, (uint256)) * 1e12, x.amount, missing, assets);
        Allowance memory nothing;
        _closeStill(before, nothing, x.index, 99, "withdrawal");
    }

    /// @dev Tokens that nobody who waits has a claim on, less what is the fund's.
    function _assetsOfHouse() private view returns (int256) {
        return int256(_tokensOfHouse() * 1e12) - HOUSE.fundAccount();
    }

    function _tokensOfHouse() internal view returns (uint256) {
        (uint256 waiting, uint256 reserved) = HOUSE.withdrawalQueue();
        return _less(SYSTEM.usd().balanceOf(address(HOUSE)), _divUp(waiting + reserved, 1e12));
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
        Exit memory x;
        (x.index, x.isCash, x.amount) = (from, isCash, amount);
        bool isRight = _isSameOwner(caller, from) && _isSameOwner(from, to) && from != to;
        if (!isRight) x.verdict.selector = E.ClearingHouse_NotAuthorized.selector;
        else if (amount == 0) x.verdict.selector = E.ClearingHouse_InvalidAmount.selector;
        else _foretellExit(x);
        bool isShort = x.verdict.selector == E.ClearingHouse_InsufficientBalance.selector;
        if (isRight && amount != 0 && !isShort && !isCash && _isNewInAuction(to)) {
            x.verdict.selector = E.ClearingHouse_InAuction.selector;
        }
        if (!x.verdict.isClose) _move(_accounts[caller].owner(), x, to);
    }

    function _move(address caller, Exit memory x, uint256 to) private {
        Books memory before = _books();
        bytes memory data = abi.encodeCall(
            IClearingHouseExtension.move,
            (_accounts[x.index], _accounts[to], x.isCash ? CASH : WETH, x.amount)
        );
        _expectVerdict(caller, address(HOUSE), data, x.verdict, "move");
        Allowance memory nothing;
        _closeStill(before, nothing, x.index, to, "move");
    }

    /// @dev ORC-05: collateral would be added to an account whose auction runs.
    function _isNewInAuction(uint256 i) private view returns (bool) {
        return HOUSE.headerOf(_accounts[i]).assets == 0 && _isInAuction(i);
    }

    /// @dev What an account has; then its part of a measured loss, what is blind, and initial margin.
    function _foretellExit(Exit memory x) private {
        Books memory b = _books();
        _checkStanding(b, x.index);
        Standing memory t = _standingOf(b, x.index);
        if ((x.isCash ? t.cash : int256(t.collateral)) < int256(x.amount)) {
            x.verdict.selector = E.ClearingHouse_InsufficientBalance.selector;
            return;
        }
        if (x.isCash) t.cash -= int256(x.amount);
        else t.collateral -= x.amount;
        if (HOUSE.headerOf(_accounts[x.index]).markets == 0 && t.cash >= 0) return;
        _weigh(t, b);
        x.verdict = _judgeExit(t, int256(_shareOf(x.index)));
        if (_isDecidedByWeights(t)) _reached("exit decided by weights");
        if (!t.isBlind && t.initial != 0 && t.initialBalance == int256(t.initial)) _reached("exit of all that is free");
    }

    /// @dev To the wei; a part of a measured loss is known within rounding.
    function _judgeExit(Standing memory t, int256 share) private pure returns (Verdict memory v) {
        int256 spare = t.initialBalance - int256(t.initial);
        if (share != 0 && _isNear(spare, share)) v.isClose = true;
        if (share != 0 && spare < share) {
            v.selector = E.ClearingHouse_DeficitShareWithheld.selector;
            return v;
        }
        t.initialBalance -= share;
        return _withClose(_judgeMargin(t, share == 0 ? int256(0) : DUST), v.isClose);
    }
}

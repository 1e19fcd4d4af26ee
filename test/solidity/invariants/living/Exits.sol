// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseCore} from "../../../../contracts/interfaces/IClearingHouseCore.sol";
import {IClearingHouseEvents as E} from "../../../../contracts/interfaces/IClearingHouseEvents.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Queue} from "./Queue.sol";

/// @dev Withdrawals of cash, foretold from MRG-01's figures of the account, its part of what is measured (CLR-07), a loss that nobody could bear
/// (LIQ-05), and the tokens that nobody waits for (CLR-10).
abstract contract Exits is Queue {
    struct Exit {
        uint256 i;
        uint256 charged;
        uint256 share;
        bytes4 refusal;
        uint256 due;
        uint256 givenUp;
        bool waits;
    }

    function takeOut(uint256 seed) external step(seed) {
        _takeOut(_draw(ACTIVE), _chance(40));
    }

    /// @dev Prices move, who can takes his profit, and everybody leaves, one behind the other. Where no loss stands against collateral the house
    /// has a token for all that it owes, and a run shows nothing.
    function run(uint256 seed) external step(seed) {
        _advance(1 + _draw(30 minutes));
        for (uint256 feed = 0; feed < 2; ++feed) _shift(feed, 800);
        _publish();
        for (uint256 k = 0; k < 6; ++k) _unwind();
        (, uint256 negativeCash) = HOUSE.totals();
        if (negativeCash < 100 * UNIT && !_chance(10)) return;
        uint256 start = _draw(ACTIVE);
        for (uint256 k = 0; k < ACTIVE; ++k) _takeOut((start + k) % ACTIVE, true);
        _reached("run on the house");
    }

    /* STEPS */

    function _takeOut(uint256 i, bool wholly) internal {
        Exit memory exit;
        exit.i = i;
        uint256 amount = _amountOf(i, wholly);
        exit.charged = amount * CENT;
        _foretell(exit);
        Lines memory lines = _lines();
        uint256 before = SYSTEM.usd().balanceOf(_accounts[i].owner());
        uint256 unallocated = HOUSE.unallocatedLoss();
        (bool ok, bytes memory result) = _try(
            _accounts[i].owner(),
            address(HOUSE),
            abi.encodeCall(IClearingHouseCore.withdraw, (_accounts[i], CASH, amount)),
            abi.encodePacked(
                E.ClearingHouse_BelowInitialMargin.selector,
                E.ClearingHouse_InsufficientBalance.selector,
                E.ClearingHouse_BlindAccount.selector,
                E.ClearingHouse_InsufficientLiquidity.selector,
                E.ClearingHouse_DeficitShareWithheld.selector
            ),
            "take out"
        );
        _require(ok ? exit.refusal == 0 : exit.refusal == bytes4(result), "CLR-07: outcome of a withdrawal");
        if (exit.refusal == E.ClearingHouse_DeficitShareWithheld.selector) _reached("share withheld");
        if (!ok) return;
        uint256 paid = SYSTEM.usd().balanceOf(_accounts[i].owner()) - before;
        _require(paid == (exit.waits ? 0 : exit.due), "CLR-10: what is held is paid at once, what is not waits");
        uint256 repaid = unallocated - HOUSE.unallocatedLoss();
        _require(repaid == _min(exit.givenUp, unallocated), "LIQ-05: what an exit leaves behind repays the loss");
        quoteDust += exit.givenUp - repaid;
        if (exit.due * CENT < exit.charged) _reached("take out pro rata");
        if (!exit.waits) return _checkLines(lines, "CLR-10: a withdrawal that is paid leaves the queue alone");
        _serve(lines);
        lines.waiting[i] += exit.due * CENT;
        lines.allWaiting += exit.due * CENT;
        _checkLines(lines, "CLR-10: who came before is served before");
        _reached("withdrawal waits");
    }

    /// @dev In units of the token: all that margin lets go, a part, a little more, or crumbs.
    function _amountOf(uint256 i, bool wholly) private returns (uint256) {
        int256 cash = HOUSE.headerOf(_accounts[i]).cash;
        Health memory health = HOUSE.health(_accounts[i]);
        int256 free = health.initialBalance - int256(health.initialMargin);
        if (cash < free || HOUSE.headerOf(_accounts[i]).markets == 0) free = cash;
        if (free < int256(CENT)) return 1 + _draw(1_000_000);
        uint256 most = uint256(free) / CENT;
        if (wholly) return most;
        return _chance(80) ? 1 + _draw(most) : most + 1 + _draw(100);
    }

    function _foretell(Exit memory exit) private view {
        Book memory book = _read();
        int256 left = book.cash[exit.i] - int256(exit.charged);
        if (left < 0) {
            exit.refusal = E.ClearingHouse_InsufficientBalance.selector;
            return;
        }
        if (book.markets[exit.i] != 0) {
            exit.share = _shareOf(book, exit.i);
            exit.refusal = _marginRefusal(exit);
            if (exit.refusal != 0) return;
        }
        _foretellPayment(exit);
    }

    /// @dev MRG-01: cash counts whole, so a withdrawal takes as much of the balance that initial margin is compared with.
    function _marginRefusal(Exit memory exit) private view returns (bytes4) {
        Health memory health = HOUSE.health(_accounts[exit.i]);
        bool hasMargin = health.initialBalance - int256(exit.charged + exit.share) >= int256(health.initialMargin);
        if (exit.share != 0 && !hasMargin) return E.ClearingHouse_DeficitShareWithheld.selector;
        if (health.hasBlind) return E.ClearingHouse_BlindAccount.selector;
        return hasMargin ? bytes4(0) : E.ClearingHouse_BelowInitialMargin.selector;
    }

    /// @dev Whole units of the token, fewer while a loss is unallocated: in proportion to what the house has for what it owes.
    function _foretellPayment(Exit memory exit) private view {
        uint256 free = _freeTokens();
        uint256 missing = HOUSE.unallocatedLoss();
        exit.due = exit.charged / CENT;
        if (missing != 0) {
            int256 assets = int256(free * CENT) - HOUSE.fundAccount();
            if (assets <= 0) {
                exit.refusal = E.ClearingHouse_InsufficientLiquidity.selector;
                return;
            }
            exit.due = (exit.charged * uint256(assets)) / (uint256(assets) + missing) / CENT;
            exit.givenUp = exit.charged - exit.due * CENT;
        }
        exit.waits = exit.due > free;
    }
}

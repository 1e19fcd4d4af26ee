// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouseRegistry} from "../../../../contracts/interfaces/IClearingHouseRegistry.sol";
import {AccountHeader} from "../../../../contracts/types/Clearing.sol";
import {AccountId} from "../../../../contracts/types/Identifiers.sol";
import {Health} from "../../../../contracts/types/Margin.sol";
import {Measuring} from "./Measuring.sol";

/// @dev Everybody leaves at once while somebody owes cash: withdrawals wait for tokens and are paid as they come in (CLR-10).
abstract contract Waiting is Measuring {
    int256 private constant SIZE = 16_000e18;
    uint256 private constant USD = 1e6;
    uint256 private constant KEEPERS_CASH = 20_000_000 * USD;

    function leave(uint256 seed) external step(seed) {
        if (!_chance(40)) return;
        uint256 debtor = _draw(TRADERS);
        _indebt(debtor);
        for (uint256 i = 0; i < ACTIVE; ++i) _takeOut((debtor + 1 + i) % ACTIVE);
        if (_chance(60)) _comeBack();
    }

    function claim(uint256 seed) external step(seed) {
        if (HOUSE.headerOf(_accounts[KEEPER]).cash < 1_000_000e18) _comeBack();
        uint256 start = _draw(ACTIVE);
        for (uint256 i = 0; i < ACTIVE; ++i) {
            AccountId account = _accounts[(start + i) % ACTIVE];
            (uint256 waiting, uint256 claimable) = HOUSE.queuedWithdrawalOf(account);
            if (waiting + claimable != 0) return _claim(account, waiting, claimable);
        }
        _claim(_accounts[start], 0, 0);
    }

    /* STEPS */

    /// @dev Opens and closes so far off the index, on much collateral, that more cash is owed than others must leave behind as margin.
    function _indebt(uint256 debtor) private {
        uint256[2] memory at = prices();
        _deposit(_accounts[debtor], WETH, 4_000e18);
        _takeOut(debtor);
        uint256 keeper = KEEPER + _draw(2);
        if (!_fill(debtor, keeper, 0, SIZE, (at[0] * 1_019) / 1_000, at)) return;
        _fill(debtor, keeper, 0, -SIZE, (at[0] * 981) / 1_000, at);
        if (HOUSE.headerOf(_accounts[debtor]).cash < 0) _reached("indebted");
    }

    /// @dev All that margin and a measured loss let go.
    function _takeOut(uint256 i) private {
        AccountHeader memory header = HOUSE.headerOf(_accounts[i]);
        if (header.cash <= 0) return;
        uint256 free = uint256(int256(header.cash));
        if (header.markets != 0) {
            Health memory h = HOUSE.health(_accounts[i]);
            int256 spare = h.initialBalance - int256(h.initialMargin + HOUSE.deficitShareOf(_accounts[i]));
            if (spare <= 0) return;
            if (uint256(spare) < free) free = uint256(spare);
        }
        if (free >= 1e12) _withdrawCash(_accounts[i], free / 1e12);
    }

    function _comeBack() private {
        _deposit(_accounts[KEEPER], CASH, KEEPERS_CASH);
        _deposit(_accounts[KEEPER + 1], CASH, KEEPERS_CASH);
    }

    /// @dev Tokens beyond what is set aside are set aside for all who wait, pro rata; each is paid his part in whole units of the token.
    function _claim(AccountId account, uint256 waiting, uint256 claimable) private {
        (uint256 all, uint256 reserved) = HOUSE.withdrawalQueue();
        uint256 balance = SYSTEM.usd().balanceOf(address(HOUSE)) * 1e12;
        uint256 served = balance > reserved ? balance - reserved : 0;
        if (served > all) served = all;
        uint256 due = claimable + (all == 0 ? 0 : (waiting * served) / all);
        Snapshot memory before = _snapshot();
        (bool ok, bytes memory result) = _try(
            address(this),
            address(HOUSE),
            abi.encodeCall(IClearingHouseRegistry.claimWithdrawal, (account)),
            "",
            "claim"
        );
        if (!ok) return;
        uint256 paid = abi.decode(result, (uint256)) * 1e12;
        // Credits are rounded by wei, payments to a unit of the token.
        _require(paid <= due + 1e6 && paid + 1e12 + 1e6 > due, "CLR-10: claimed something else");
        (uint256 left, uint256 kept) = HOUSE.withdrawalQueue();
        _require(left == all - served, "CLR-10: what waits still");
        _require(reserved + served - kept >= paid && reserved + served - kept < paid + 1e12, "CLR-10: set aside");
        // What does not make a unit of the token stays with the house.
        quoteDust += reserved + served - kept - paid;
        _checkUnmoved(before);
        if (paid != 0) _reached("claim paid");
        if (served != 0 && left != 0) _reached("queue served in part");
    }
}

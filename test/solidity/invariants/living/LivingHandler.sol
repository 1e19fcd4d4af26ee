// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {System} from "../../support/System.sol";
import {vm} from "../../support/Vm.sol";
import {Ledger} from "../handlers/Ledger.sol";
import {Liquidations} from "./Liquidations.sol";

/// @dev Traders of whom half have nothing but collateral, so that their losses leave the house with fewer tokens than cash; two keepers; a fund
/// that a larger loss exceeds.
contract LivingHandler is Liquidations {
    uint256 private constant USD = 1e6;
    uint256 private constant RESERVE = 400;

    constructor(System system) Ledger(system) {
        vm.warp(_time);
        _publish();
        for (uint256 i = 0; i < ACTIVE; ++i) _supply(i);
        _donate(RESERVE * USD);
        for (uint256 i = 0; i < 20; ++i) _tradeAtRandom();
    }

    /// @dev Several fills in one second: they do not differ by time.
    function deal(uint256 seed) external step(seed) {
        if (_chance(40)) _advance(1 + _draw(20 minutes));
        uint256 many = 2 + _draw(4);
        for (uint256 i = 0; i < many; ++i) _tradeAtRandom();
    }

    /// @dev Profits and losses become cash, positive on one side, negative where there is only collateral.
    function unwind(uint256 seed) external step(seed) {
        uint256 many = 1 + _draw(4);
        for (uint256 i = 0; i < many; ++i) _unwind();
    }

    /// @dev Some of the players come back with money.
    function supply(uint256 seed) external step(seed) {
        uint256 many = 1 + _draw(5);
        for (uint256 i = 0; i < many; ++i) _supply(_draw(ACTIVE));
    }

    /// @dev Somebody has an account measured, now and then right after a gap; while more is measured than there is, others try to leave.
    function flag(uint256 seed) external step(seed) {
        if (_chance(40)) {
            _advance(1 + _draw(10 minutes));
            _shift(_draw(2), _chance(70) ? 3_500 : 100);
            _publish();
        }
        _refreshBoth();
        _flag(_chance(75) ? _pickBankrupt() : _draw(ALL));
        if (_excess() == 0) return;
        _tradeAtRandom();
        _takeOut(_draw(ACTIVE), _chance(60));
    }

    function _supply(uint256 i) private {
        if (i >= KEEPER) return _deposit(_accounts[i], CASH, 20_000 * USD);
        _deposit(_accounts[i], CASH, (i % 2 == 0 ? 100 : 2_500) * USD);
        if (i % 2 == 0) _deposit(_accounts[i], WETH, 14 * UNIT);
    }

    /// @dev The campaign's own time, for whoever looks between two calls.
    function time() external view returns (uint256) {
        return _time;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SystemInvariants} from "./SystemInvariants.sol";

/// @dev A fund that can pay: bids below zero are covered, rewards flow. With twins (INV-18).
contract RichFundInvariantsTest is SystemInvariants(1_000_000, true) {
    /// forge-config: default.invariant.runs = 40
    /// forge-config: default.invariant.depth = 250
    function invariant_INV01to05_13_15_18_WholeSystemWithARichFund() public view {
        _checkAll();
    }
}

/// @dev A fund that is nearly empty, and no one but the players: losses are socialised, sides are deleveraged to nothing.
contract EmptyFundInvariantsTest is SystemInvariants(50, false) {
    /// forge-config: default.invariant.runs = 40
    /// forge-config: default.invariant.depth = 250
    function invariant_INV01to05_13_15_18_WholeSystemWithAnEmptyFund() public view {
        _checkAll();
    }
}

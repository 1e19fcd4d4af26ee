// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SystemInvariants} from "./SystemInvariants.sol";

/// @dev A fund that can pay: bids below zero are covered, rewards flow. With twins (INV-18).
contract RichFundInvariantsTest is SystemInvariants(1_000_000, true) {
    /// forge-config: default.invariant.runs = 60
    /// forge-config: default.invariant.depth = 250
    function invariant_INV01to05_13_15_18_WholeSystemWithARichFund() public view {
        _checkAll();
    }

    function _name() internal pure override returns (string memory) {
        return "bulwark.rich";
    }

    function _mustReach() internal pure override returns (string[] memory outcomes) {
        outcomes = new string[](8);
        outcomes[0] = "bid solvent";
        outcomes[1] = "bid covered";
        outcomes[2] = "bid rewarded";
        outcomes[3] = "bid partial";
        outcomes[4] = "bid with blind leg";
        outcomes[5] = "deleverage solvent";
        outcomes[6] = "settle moved";
        outcomes[7] = "twins settled";
    }
}

/// @dev A fund that is nearly empty, and no one but the players: losses are socialised, sides are deleveraged to nothing.
contract EmptyFundInvariantsTest is SystemInvariants(50, false) {
    /// forge-config: default.invariant.runs = 60
    /// forge-config: default.invariant.depth = 250
    function invariant_INV01to05_13_15_18_WholeSystemWithAnEmptyFund() public view {
        _checkAll();
    }

    function _name() internal pure override returns (string memory) {
        return "bulwark.empty";
    }

    function _mustReach() internal pure override returns (string[] memory outcomes) {
        outcomes = new string[](7);
        outcomes[0] = "bid solvent";
        outcomes[1] = "bid insolvent";
        outcomes[2] = "socialised";
        outcomes[3] = "deleverage solvent";
        outcomes[4] = "deleverage insolvent";
        outcomes[5] = "generation end";
        outcomes[6] = "clearing account sold";
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SystemInvariants} from "./SystemInvariants.sol";

/// @dev A fund that can pay: bids below zero are covered, rewards flow. With twins (INV-18).
contract RichFundInvariantsTest is SystemInvariants(1_000_000, true) {
    /// forge-config: default.invariant.runs = 60
    /// forge-config: default.invariant.depth = 250
    function invariant_INV01to05_13_15_18_CLR05_07_10_11_WholeSystemWithARichFund() public view {
        _checkAll();
    }

    function _name() internal pure override returns (string memory) {
        return "bulwark.rich";
    }

    function _mustReach() internal pure override returns (string[] memory outcomes) {
        outcomes = new string[](14);
        outcomes[0] = "bid solvent";
        outcomes[1] = "bid covered";
        outcomes[2] = "bid rewarded";
        outcomes[3] = "bid partial";
        outcomes[4] = "bid with blind leg";
        outcomes[5] = "deleverage solvent";
        outcomes[6] = "settle moved";
        outcomes[7] = "twins settled";
        outcomes[8] = "flag bankrupt";
        outcomes[9] = "premium accrued";
        outcomes[10] = "funding moved";
        outcomes[11] = "funding paid";
        outcomes[12] = "market closed";
        outcomes[13] = "fill refused before the end";
    }
}

/// @dev A fund that is nearly empty, and no one but the players: losses are socialised, sides are deleveraged to nothing.
contract EmptyFundInvariantsTest is SystemInvariants(50, false) {
    /// forge-config: default.invariant.runs = 60
    /// forge-config: default.invariant.depth = 250
    function invariant_INV01to05_13_15_18_CLR05_07_10_11_WholeSystemWithAnEmptyFund() public view {
        _checkAll();
    }

    function _name() internal pure override returns (string memory) {
        return "bulwark.empty";
    }

    function _mustReach() internal pure override returns (string[] memory outcomes) {
        outcomes = new string[](17);
        outcomes[0] = "bid solvent";
        outcomes[1] = "bid insolvent";
        outcomes[2] = "socialised";
        outcomes[3] = "deleverage solvent";
        outcomes[4] = "deleverage insolvent";
        outcomes[5] = "generation end";
        outcomes[6] = "clearing account sold";
        outcomes[7] = "flag bankrupt";
        outcomes[8] = "measured above the fund";
        outcomes[9] = "fill waits for a loss";
        outcomes[10] = "bid waits for a loss";
        outcomes[11] = "deficit share withheld";
        outcomes[12] = "withdraw queued";
        outcomes[13] = "claim paid";
        outcomes[14] = "premium accrued";
        outcomes[15] = "funding paid";
        outcomes[16] = "closing refused";
    }
}

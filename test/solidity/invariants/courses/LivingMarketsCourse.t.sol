// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LivingInvariants} from "../LivingMarkets.t.sol";
import {CourseTest} from "./CourseTest.sol";

/// @dev The campaign of LivingMarkets.t.sol on a course of its own.
contract LivingMarketsCourseTest is LivingInvariants, CourseTest {
    function setUp() public override {
        super.setUp();
        _layOut(address(handler), _actions());
    }

    function _countOf(bytes32 outcome) internal view override returns (uint256) {
        return handler.count(outcome);
    }

    /// forge-config: default.invariant.runs = 20
    /// forge-config: default.invariant.depth = 100
    function invariant_CLR05_CLR07_CLR10_CLR11_EveryOutcomeOfMarketsThatLive() public {
        _checkAll();
    }

    function _name() internal pure override returns (string memory) {
        return "bulwark.living";
    }

    function _runs() internal pure override returns (uint256) {
        return 20;
    }

    function _mustReach() internal pure override returns (string[] memory outcomes) {
        string[31] memory all = [
            "funding paid",
            "premium taken",
            "gap rate set",
            "fill waits",
            "withdrawal waits",
            "waiting paid",
            "end announced",
            "position settled",
            "rest measured",
            "fill after the end",
            "fill before the end",
            "flag bankrupt",
            "fund drawn",
            "market ended",
            "more measured than there is",
            "run on the house",
            "share withheld",
            "waited to the end",
            "take over",
            "booked at once",
            "accrue",
            "buy out",
            "claim",
            "close out",
            "end",
            "fill",
            "flag",
            "mark blind",
            "start",
            "take out",
            "write off"
        ];
        outcomes = new string[](all.length);
        for (uint256 i = 0; i < all.length; ++i) outcomes[i] = all[i];
    }
}

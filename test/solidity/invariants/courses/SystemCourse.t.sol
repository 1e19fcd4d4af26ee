// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SystemInvariants} from "../SystemInvariants.sol";
import {CourseTest} from "./CourseTest.sol";

/// @dev The campaigns of System.t.sol on a course of their own.
abstract contract SystemCourse is SystemInvariants, CourseTest {
    function setUp() public override {
        super.setUp();
        _layOut(address(handler), _actions());
    }

    function _countOf(bytes32 outcome) internal view override returns (uint256) {
        return handler.count(outcome);
    }
}

contract RichFundCourseTest is SystemCourse {
    constructor() SystemInvariants(1_000_000, true) {}

    /// forge-config: default.invariant.runs = 20
    /// forge-config: default.invariant.depth = 250
    function invariant_INV01to05_13_15_18_EveryOutcomeWithARichFund() public view {
        _checkAll();
    }

    function _name() internal pure override returns (string memory) {
        return "bulwark.rich";
    }

    function _runs() internal pure override returns (uint256) {
        return 20;
    }

    function _mustReach() internal pure override returns (string[] memory outcomes) {
        string[27] memory all = [
            "auction ended by touch",
            "bid by self-dealer",
            "bid covered",
            "bid insolvent",
            "bid partial",
            "bid rewarded",
            "bid solvent",
            "bid with blind leg",
            "bidMany filled",
            "clearing account sold",
            "dead seconds",
            "deleverage covered",
            "deleverage insolvent",
            "deleverage solvent",
            "deleverage with blind leg",
            "settle moved",
            "socialised",
            "twins grown",
            "twins settled",
            "bid",
            "deleverage",
            "move",
            "settle",
            "start",
            "touch",
            "trade",
            "withdraw"
        ];
        outcomes = new string[](all.length);
        for (uint256 i = 0; i < all.length; ++i) outcomes[i] = all[i];
    }
}

contract EmptyFundCourseTest is SystemCourse {
    constructor() SystemInvariants(50, false) {}

    /// forge-config: default.invariant.runs = 20
    /// forge-config: default.invariant.depth = 250
    function invariant_INV01to05_13_15_18_EveryOutcomeWithAnEmptyFund() public view {
        _checkAll();
    }

    function _name() internal pure override returns (string memory) {
        return "bulwark.empty";
    }

    function _runs() internal pure override returns (uint256) {
        return 20;
    }

    function _mustReach() internal pure override returns (string[] memory outcomes) {
        string[25] memory all = [
            "auction ended by touch",
            "bid covered",
            "bid insolvent",
            "bid partial",
            "bid rewarded",
            "bid solvent",
            "bid with blind leg",
            "bidMany filled",
            "clearing account sold",
            "dead seconds",
            "deleverage covered",
            "deleverage insolvent",
            "deleverage solvent",
            "deleverage with blind leg",
            "generation end",
            "settle moved",
            "socialised",
            "bid",
            "deleverage",
            "move",
            "settle",
            "start",
            "touch",
            "trade",
            "withdraw"
        ];
        outcomes = new string[](all.length);
        for (uint256 i = 0; i < all.length; ++i) outcomes[i] = all[i];
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketClass} from "../../../../contracts/types/Identifiers.sol";
import {MidSystem, SelfDealingInvariants, TailSystem} from "../SelfDealing.t.sol";
import {CourseTest} from "./CourseTest.sol";

/// @dev The campaigns of SelfDealing.t.sol on a course of their own.
abstract contract SelfDealingCourse is SelfDealingInvariants, CourseTest {
    function _countOf(bytes32 outcome) internal view override returns (uint256) {
        return handler.count(outcome);
    }
}

contract SelfDealingTailCourseTest is SelfDealingCourse {
    function setUp() public {
        _open(new TailSystem(), MarketClass.Tail);
        _layOut(address(actions), _actions());
    }

    /// forge-config: default.invariant.runs = 60
    /// forge-config: default.invariant.depth = 120
    function invariant_LIQ08_INV06_INV13_EveryOutcomeInATailMarket() public view {
        _checkAll();
    }

    function _name() internal pure override returns (string memory) {
        return "bulwark.selfdealing.tail";
    }

    function _runs() internal pure override returns (uint256) {
        return 60;
    }

    function _mustReach() internal pure override returns (string[] memory outcomes) {
        string[79] memory all = [
            "flag done",
            "flag bankrupt done",
            "deleverage NotLiquidatable",
            "deleverage ClearingAccount",
            "deleverage bankrupt done",
            "deleverage bankrupt TooEarly",
            "deleverage solvent TooEarly",
            "writeOff NotWriteOff",
            "bid done",
            "bid InvalidFraction",
            "bid NotLiquidatable",
            "bid NotAuthorized",
            "bid InitialMargin",
            "bid OwnSide",
            "bid Blind",
            "bid with blind leg",
            "withdraw done",
            "withdraw Insufficient",
            "withdraw InitialMargin",
            "withdraw Blind",
            "withdraw NotAuthorized",
            "move done",
            "move Blind",
            "move NotAuthorized",
            "deposit NotAuthorized",
            "trade NoConsensus",
            "own bid solvent",
            "own bid bankrupt",
            "dealer bids for honest",
            "drawn major",
            "drawn tail",
            "collateral swept",
            "honest charged for the move",
            "honest charged a remainder",
            "premium by a fill",
            "premium by a closing",
            "premium by anyone",
            "bid error with values",
            "bid decided by weights",
            "bid unrefreshed",
            "trade InitialMargin",
            "trade Blind",
            "trade Bankrupt",
            "trade TooCostly",
            "trade error with values",
            "fill decided by weights",
            "reduction below initial margin",
            "exit decided by weights",
            "exit of all that is free",
            "move InitialMargin",
            "withdraw error with values",
            "move error with values",
            "start done",
            "start NotLiquidatable",
            "start AlreadyStarted",
            "touch done",
            "touch NoAuction",
            "buyCollateral done",
            "buyCollateral NotForSale",
            "buyCollateral InitialMargin",
            "sync below 1",
            "writeOff done",
            "deleverage solvent done",
            "reward paid",
            "bid PriceAboveLimit",
            "bid InAuction",
            "trade DeficitUnbooked",
            "keeper bids for dealer",
            "others bore his loss",
            "withdraw DeficitShare",
            "move DeficitShare",
            "bid DeficitUnbooked",
            "bid past an old measure",
            "trade OutsideBand",
            "trade Dust",
            "bid Dust",
            "bid BelowMinimum",
            "bid SelfTrade",
            "trade InAuction"
        ];
        outcomes = new string[](all.length);
        for (uint256 i = 0; i < all.length; ++i) outcomes[i] = all[i];
    }
}

contract SelfDealingMidCourseTest is SelfDealingCourse {
    function setUp() public {
        _open(new MidSystem(), MarketClass.Mid);
        _layOut(address(actions), _actions());
    }

    /// forge-config: default.invariant.runs = 10
    /// forge-config: default.invariant.depth = 120
    function invariant_LIQ08_INV06_INV13_EveryOutcomeInAMidMarket() public view {
        _checkAll();
    }

    function _name() internal pure override returns (string memory) {
        return "bulwark.selfdealing.mid";
    }

    function _runs() internal pure override returns (uint256) {
        return 10;
    }

    function _mustReach() internal pure override returns (string[] memory outcomes) {
        outcomes = new string[](3);
        outcomes[0] = "bid error with values";
        outcomes[1] = "drawn mid";
        outcomes[2] = "exit decided by weights";
    }
}

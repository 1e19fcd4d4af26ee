// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketClass} from "../../../contracts/types/Identifiers.sol";
import {System} from "../support/System.sol";
import {Target} from "./Target.sol";
import {SelfDealingActions} from "./selfdealing/SelfDealingActions.sol";
import {SelfDealingHandler} from "./selfdealing/SelfDealingHandler.sol";

/// @dev The second market is one of class mid.
contract MidSystem is System {
    constructor() System(address(0xFEE)) {}

    function _classOf(uint8 market) internal pure override returns (MarketClass) {
        return market == 0 ? MarketClass.Major : MarketClass.Mid;
    }
}

/// @dev The second market is one of class tail.
contract TailSystem is System {
    constructor() System(address(0xFEE)) {}

    function _classOf(uint8 market) internal pure override returns (MarketClass) {
        return market == 0 ? MarketClass.Major : MarketClass.Tail;
    }
}

/// @dev LIQ-08 on every path, with the gap premium running: one owner with four accounts, two honest holders, a keeper, a griefer. Each handler
/// foretells the outcome of its calls from the specification; messages begin with the id of the promise.
abstract contract SelfDealingInvariants is Target {
    System internal system;
    SelfDealingHandler internal handler;
    SelfDealingActions internal actions;

    error Invariant_Broken(string what);

    function _open(System system_, MarketClass second) internal {
        system = system_;
        handler = new SelfDealingHandler(system, second);
        actions = new SelfDealingActions(handler);
        _aim(address(actions), _actions());
    }

    function _actions() internal view returns (bytes4[] memory selectors) {
        selectors = new bytes4[](3);
        selectors[0] = actions.deal.selector;
        selectors[1] = actions.stand.selector;
        selectors[2] = actions.live.selector;
    }

    function _checkAll() internal view {
        if (bytes(handler.broken()).length != 0) revert Invariant_Broken(handler.broken());
        if (!handler.isWithinBound()) revert Invariant_Broken("LIQ-08: the owner's profit over the path");
    }
}

/// @dev Profits in a market of class tail count half.
contract SelfDealingTailTest is SelfDealingInvariants {
    function setUp() public {
        _open(new TailSystem(), MarketClass.Tail);
    }

    /// forge-config: default.invariant.runs = 25
    /// forge-config: default.invariant.depth = 120
    function invariant_LIQ08_MRG01_INV06_INV13_NobodyProfitsFromDealingWithHimself() public view {
        _checkAll();
    }
}

/// @dev Profits in a market of class mid count three quarters.
contract SelfDealingMidTest is SelfDealingInvariants {
    function setUp() public {
        _open(new MidSystem(), MarketClass.Mid);
    }

    /// forge-config: default.invariant.runs = 10
    /// forge-config: default.invariant.depth = 120
    function invariant_LIQ08_MRG01_INV06_INV13_NobodyProfitsInAMidMarket() public view {
        _checkAll();
    }
}

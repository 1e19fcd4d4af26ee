// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketClass} from "../../../contracts/types/Identifiers.sol";
import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";
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
abstract contract SelfDealingInvariants {
    /// @dev One outcome of so many may be missed.
    uint256 private constant MISSES_PER = 20;

    System internal system;
    SelfDealingHandler internal handler;
    SelfDealingActions internal actions;

    error Invariant_Broken(string what);
    error Campaign_NeverReached(string outcomes);

    function _open(System system_, MarketClass second) internal {
        system = system_;
        handler = new SelfDealingHandler(system, second);
        actions = new SelfDealingActions(handler);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actions);
    }

    function _checkAll() internal view {
        if (bytes(handler.broken()).length != 0) revert Invariant_Broken(handler.broken());
        if (!handler.isWithinBound()) revert Invariant_Broken("LIQ-08: the owner's profit over the path");
    }

    /// @dev A campaign that has not seen what it is for proves nothing, and fails. Counters live in the environment of the test process.
    /// @param name prefix of the counters
    /// @param fullCampaign runs after which every outcome must have been reached
    function _count(string memory name, uint256 fullCampaign, string[] memory outcomes) internal {
        uint256 runs = vm.envOr(string.concat(name, "runs"), uint256(0)) + 1;
        vm.setEnv(string.concat(name, "runs"), handler.decimal(runs));
        string memory missing;
        uint256 count;
        for (uint256 i = 0; i < outcomes.length; ++i) {
            string memory key = string.concat(name, outcomes[i]);
            uint256 reached = vm.envOr(key, uint256(0)) + handler.count(bytes32(bytes(outcomes[i])));
            vm.setEnv(key, handler.decimal(reached));
            if (reached != 0) continue;
            missing = string.concat(missing, outcomes[i], ", ");
            ++count;
        }
        // What is expected five times in a campaign is missed once in 150: of many outcomes a few may be, by chance.
        if (runs >= fullCampaign && count > outcomes.length / MISSES_PER) revert Campaign_NeverReached(missing);
    }
}

/// @dev Profits in a market of class tail count half; outcomes must be reached.
contract SelfDealingTailTest is SelfDealingInvariants {
    uint256 private constant FULL_CAMPAIGN = 40;

    function setUp() public {
        _open(new TailSystem(), MarketClass.Tail);
    }

    /// forge-config: default.invariant.runs = 40
    /// forge-config: default.invariant.depth = 120
    function invariant_LIQ08_MRG01_INV06_INV13_NobodyProfitsFromDealingWithHimself() public view {
        _checkAll();
    }

    function afterInvariant() public {
        _count("bulwark.selfdealing.tail.", FULL_CAMPAIGN, _mustReach());
    }

    function _mustReach() private pure returns (string[] memory outcomes) {
        string[61] memory all = [
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
            "sync below 1"
        ];
        outcomes = new string[](all.length);
        for (uint256 i = 0; i < all.length; ++i) outcomes[i] = all[i];
    }
}

/// @dev Profits in a market of class mid count three quarters.
contract SelfDealingMidTest is SelfDealingInvariants {
    uint256 private constant FULL_CAMPAIGN = 16;

    function setUp() public {
        _open(new MidSystem(), MarketClass.Mid);
    }

    /// forge-config: default.invariant.runs = 16
    /// forge-config: default.invariant.depth = 120
    function invariant_LIQ08_MRG01_INV06_INV13_NobodyProfitsInAMidMarket() public view {
        _checkAll();
    }

    function afterInvariant() public {
        string[] memory outcomes = new string[](3);
        outcomes[0] = "bid error with values";
        outcomes[1] = "drawn mid";
        outcomes[2] = "exit decided by weights";
        _count("bulwark.selfdealing.mid.", FULL_CAMPAIGN, outcomes);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {System} from "../support/System.sol";
import {vm} from "../support/Vm.sol";
import {SelfDealingActions} from "./selfdealing/SelfDealingActions.sol";
import {SelfDealingHandler} from "./selfdealing/SelfDealingHandler.sol";

/// @dev LIQ-08 on every path, with the gap premium running: one owner with four accounts, two honest holders, a keeper, a griefer. Each handler foretells the outcome of
/// its calls from the specification; messages begin with the id of the promise.
contract SelfDealingInvariantsTest {
    uint256 private constant FULL_CAMPAIGN = 40;

    System internal system;
    SelfDealingHandler internal handler;
    SelfDealingActions internal actions;

    error Invariant_Broken(string what);
    error Campaign_NeverReached(string outcomes);

    function setUp() public {
        system = new System(address(0xFEE));
        handler = new SelfDealingHandler(system);
        actions = new SelfDealingActions(handler);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actions);
    }

    /// forge-config: default.invariant.runs = 40
    /// forge-config: default.invariant.depth = 120
    function invariant_LIQ08_INV06_INV13_NobodyProfitsFromDealingWithHimself() public view {
        if (bytes(handler.broken()).length != 0) revert Invariant_Broken(handler.broken());
        if (!handler.isWithinBound()) revert Invariant_Broken("LIQ-08: the owner's profit over the path");
    }

    /// @dev A campaign that has not seen what it is for proves nothing, and fails. Counters live in the environment of the test process.
    function afterInvariant() public {
        uint256 runs = vm.envOr("bulwark.selfdealing.runs", uint256(0)) + 1;
        vm.setEnv("bulwark.selfdealing.runs", handler.decimal(runs));
        string[37] memory outcomes = _mustReach();
        string memory missing;
        for (uint256 i = 0; i < outcomes.length; ++i) {
            string memory key = string.concat("bulwark.selfdealing.", outcomes[i]);
            uint256 reached = vm.envOr(key, uint256(0)) + handler.count(bytes32(bytes(outcomes[i])));
            vm.setEnv(key, handler.decimal(reached));
            if (reached == 0) missing = string.concat(missing, outcomes[i], ", ");
        }
        if (runs >= FULL_CAMPAIGN && bytes(missing).length != 0) revert Campaign_NeverReached(missing);
    }

    function _mustReach() private pure returns (string[37] memory) {
        return
            [
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
                "premium by anyone"
            ];
    }
}

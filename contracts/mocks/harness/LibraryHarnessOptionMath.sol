// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionMath} from "../../libraries/OptionMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice OptionMath from outside, for differential tests.
contract LibraryHarnessOptionMath is LibraryHarness {
    function deviationUp(uint256 variance, uint256 duration) external pure returns (uint256) {
        return OptionMath.deviationUp(variance, duration);
    }

    function cashOrNothingPutUp(uint256 spot, uint256 strike, uint256 deviation) external pure returns (uint256) {
        return OptionMath.cashOrNothingPutUp(spot, strike, deviation);
    }

    function putSpreadUp(
        uint256 spot,
        uint256 upper,
        uint256 lower,
        uint256 deviation
    ) external pure returns (uint256) {
        return OptionMath.putSpreadUp(spot, upper, lower, deviation);
    }

    function oneTouchUp(
        uint256 spot,
        uint256 barrier,
        bool isBelow,
        uint256 deviation
    ) external pure returns (uint256) {
        return OptionMath.oneTouchUp(spot, barrier, isBelow, deviation);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VolatilityMath} from "../../libraries/VolatilityMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice VolatilityMath from outside, for differential tests.
contract LibraryHarnessVolatilityMath is LibraryHarness {
    function isNewInterval(uint256 time, uint256 sampledAt) external pure returns (bool) {
        return VolatilityMath.isNewInterval(time, sampledAt);
    }

    function decay(uint256 elapsed, uint256 tau) external pure returns (uint256) {
        return VolatilityMath.decay(elapsed, tau);
    }

    function realizedVarianceUp(uint256 price, uint256 previous, uint256 elapsed) external pure returns (uint256) {
        return VolatilityMath.realizedVarianceUp(price, previous, elapsed);
    }

    function blendUp(uint256 variance, uint256 realized, uint256 elapsed, uint256 tau) external pure returns (uint256) {
        return VolatilityMath.blendUp(variance, realized, elapsed, tau);
    }

    function movingAverageDown(uint256 average, uint256 price, uint256 elapsed) external pure returns (uint256) {
        return VolatilityMath.movingAverageDown(average, price, elapsed);
    }

    function fromAnnualUp(uint256 volatility) external pure returns (uint256) {
        return VolatilityMath.fromAnnualUp(volatility);
    }

    function blindMoveUp(uint256 variance, uint256 age) external pure returns (uint256) {
        return VolatilityMath.blindMoveUp(variance, age);
    }
}

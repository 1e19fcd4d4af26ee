// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {WAD} from "../types/Constants.sol";

/// @title VolatilityMath
/// @notice Realised variance and moving average in continuous time (VOL-01). Variance is WAD per second, at most 2^64 - 1, rounded up: a higher one asks for more margin. Prices are WAD and
/// above 0. All functions are total on these ranges.
/// @custom:twin sdk/math/VolatilityMath.ts
library VolatilityMath {
    /// @dev The first refresh of each interval of this length is a sample.
    uint256 internal constant GRID = 15 minutes;
    uint256 internal constant FAST_TIME = 1 days;
    uint256 internal constant SLOW_TIME = 30 days;
    /// @dev Longest time that one sample can weigh: whoever lets samples go by cannot make one return count for a day.
    uint256 internal constant MAX_WEIGHT_TIME = 1 hours;
    uint256 internal constant AVERAGE_TIME = 1 hours;
    /// @dev z of ORC-07: a price without consensus is assumed to have moved by so many standard deviations.
    uint256 internal constant BLIND_DEVIATIONS = 4;

    /// @notice Whether a refresh at `time` is the first of an interval later than that of the last sample.
    function isNewInterval(uint256 time, uint256 sampledAt) internal pure returns (bool) {
        return time / GRID > sampledAt / GRID;
    }

    /// @notice Part that is left of something that decays with time constant `tau`, WAD.
    function decay(uint256 elapsed, uint256 tau) internal pure returns (uint256) {
        return uint256(FixedPointMathLib.expWad(-int256((elapsed * WAD) / tau)));
    }

    /// @notice ln(price / previous)^2 / elapsed.
    /// @param elapsed seconds between the two prices; 0 counts as 1
    function realizedVarianceUp(
        uint256 price,
        uint256 previous,
        uint256 elapsed
    ) internal pure returns (uint256 variance) {
        uint256 ratio = (price * WAD) / previous;
        // A fall to less than 1e-18 of the previous price counts as one to 1e-18: ln(0) does not exist.
        int256 move = FixedPointMathLib.lnWad(ratio == 0 ? int256(1) : int256(ratio));
        uint256 seconds_ = elapsed == 0 ? 1 : elapsed;
        return FixedPointMathLib.divUp(uint256(move * move), WAD * seconds_);
    }

    /// @notice (1 - w) variance + w realized, w = 1 - exp(-min(elapsed, 1 h) / tau).
    function blendUp(
        uint256 variance,
        uint256 realized,
        uint256 elapsed,
        uint256 tau
    ) internal pure returns (uint256 blended) {
        uint256 seconds_ = elapsed == 0 ? 1 : elapsed;
        uint256 kept = decay(FixedPointMathLib.min(seconds_, MAX_WEIGHT_TIME), tau);
        blended = FixedPointMathLib.divUp(variance * kept + realized * (WAD - kept), WAD);
        return FixedPointMathLib.min(blended, type(uint64).max);
    }

    /// @notice Moving average after `price` has stood for `elapsed` seconds. Favours nobody.
    function movingAverageDown(uint256 average, uint256 price, uint256 elapsed) internal pure returns (uint256) {
        uint256 kept = decay(elapsed, AVERAGE_TIME);
        return (average * kept + price * (WAD - kept)) / WAD;
    }

    /// @notice Variance per second of an annual volatility, 365 days to the year.
    function fromAnnualUp(uint256 volatility) internal pure returns (uint256) {
        return FixedPointMathLib.divUp(volatility * volatility, WAD * 365 days);
    }

    /// @notice z * sqrt(variance * age), WAD fraction (ORC-07).
    function blindMoveUp(uint256 variance, uint256 age) internal pure returns (uint256 fraction) {
        uint256 square = BLIND_DEVIATIONS * BLIND_DEVIATIONS * variance * age * WAD;
        fraction = FixedPointMathLib.sqrt(square);
        if (fraction * fraction < square) ++fraction;
    }
}

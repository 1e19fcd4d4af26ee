// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveMath} from "../../contracts/libraries/ReserveMath.sol";
import {SquareRoot} from "../../contracts/libraries/SquareRoot.sol";
import {VolatilityMath} from "../../contracts/libraries/VolatilityMath.sol";

/// @title Roots, tails and samples (FND-03, VOL-01)
/// prove-engine: bmc
contract StatisticProof {
    function root(uint128 square) external pure {
        uint256 up = SquareRoot.sqrtUp(square);
        // P-UNIT-05: A square root that is rounded up is never too small.
        // bounds: all uint128; Solady's square root as documented
        // bug in libraries/SquareRoot: "if (root * root < square) ++root;" -> ""
        assert(up * up >= square);
        // P-UNIT-06: A square root that is rounded up is too large by less than 1.
        // bounds: all uint128; Solady's square root as documented
        // bug in libraries/SquareRoot: "if (root * root < square) ++root;" -> "++root;"
        assert(up == 0 || (up - 1) * (up - 1) < square);
    }

    function sample(uint40 time, uint40 sampledAt) external pure {
        // P-UNIT-07: A refresh in the same interval as the last sample, or before it, is no sample.
        // bounds: times of uint40
        // bug in libraries/VolatilityMath: "return time / GRID > sampledAt / GRID;" -> "return time > sampledAt;"
        assert(!VolatilityMath.isNewInterval(time, sampledAt) || time / 900 > sampledAt / 900);
    }

    function tail(uint80 margin, uint64 scale) external pure {
        // P-UNIT-08: The probability of a tail is at most 1, and 0 where the price does not move.
        // bounds: margins of uint80, scales of uint64; Solady's square root as documented
        // bug in libraries/ReserveMath at 1: "if (scale == 0) return 0;" -> "if (scale == 0) return WAD;"
        assert(ReserveMath.tailProbabilityUp(margin, scale) <= (scale == 0 ? 0 : 1e18));
    }

    function blend(uint64 variance, uint64 realized, uint32 elapsed) external pure {
        uint256 blended = VolatilityMath.blendUp(variance, realized, elapsed, 1 days);
        // P-UNIT-09: A new variance lies between the old one and the realised one, but for one unit of rounding.
        // bounds: variances of uint64, times of uint32; Solady's exponential is from 0 to 1 below 0
        // bug in libraries/VolatilityMath: "variance * kept + realized * (WAD - kept), WAD" -> "variance * kept + realized * WAD, WAD"
        assert(blended <= (variance > realized ? variance : realized));
    }

    function average(uint96 before, uint96 price, uint32 elapsed) external pure {
        uint256 moved = VolatilityMath.movingAverageDown(before, price, elapsed);
        // P-UNIT-10: A moving average never leaves the range between what it was and the price.
        // bounds: prices of uint96, times of uint32; Solady's exponential is from 0 to 1 below 0
        // bug in libraries/VolatilityMath: "return (average * kept + price * (WAD - kept)) / WAD;" -> "return (average * kept + price * WAD) / WAD;"
        assert(before < price ? moved + 1 >= before && moved <= price : moved + 1 >= price && moved <= before);
    }
}

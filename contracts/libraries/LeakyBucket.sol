// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS_ONE} from "../types/Constants.sol";
import {WadMath} from "./WadMath.sol";

/// @title LeakyBucket
/// @notice A budget that refills with time: what was used leaks away linearly over a period (FND-02).
/// @dev Ranges: amounts below 2^127, shares at most BPS_ONE. Rounded so that less is left to use.
/// @custom:twin sdk/math/LeakyBucket.ts
library LeakyBucket {
    /// @notice What is still in the bucket after `elapsed` of `period` seconds, rounded up.
    /// @param used in the bucket at the last update
    /// @param elapsed seconds since then
    /// @param period seconds in which a full bucket leaks empty, above 0
    function remainingUp(uint256 used, uint256 elapsed, uint256 period) internal pure returns (uint256) {
        return used == 0 || elapsed >= period ? 0 : WadMath.mulDivUp(used, period - elapsed, period);
    }

    /// @notice What may still be used: share * (reserve + used) - used, not below 0, rounded down.
    /// @param share basis points
    /// @param reserve what is there now
    /// @param used what is in the bucket now; it was part of the reserve when the period began, so a budget that is
    /// used in many steps gives as much as one used at once
    function leftDown(uint256 share, uint256 reserve, uint256 used) internal pure returns (uint256) {
        uint256 budget = WadMath.mulDivDown(reserve + used, share, BPS_ONE);
        return budget > used ? budget - used : 0;
    }
}

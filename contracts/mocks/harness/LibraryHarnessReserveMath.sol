// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveMath} from "../../libraries/ReserveMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice ReserveMath from outside, for differential tests.
contract LibraryHarnessReserveMath is LibraryHarness {
    function scaleUp(uint256 fast, uint256 slow, uint256 floor) external pure returns (uint256) {
        return ReserveMath.scaleUp(fast, slow, floor);
    }

    function tailProbabilityUp(uint256 margin, uint256 scale) external pure returns (uint256) {
        return ReserveMath.tailProbabilityUp(margin, scale);
    }

    function expectedExcessUp(uint256 margin, uint256 scale) external pure returns (uint256) {
        return ReserveMath.expectedExcessUp(margin, scale);
    }

    function expectedShortfallUp(uint256 maintenanceRate, uint256 scale) external pure returns (uint256) {
        return ReserveMath.expectedShortfallUp(maintenanceRate, scale);
    }
}

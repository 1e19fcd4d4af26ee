// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PremiumCurve} from "../../libraries/PremiumCurve.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice PremiumCurve from outside, for differential tests.
contract LibraryHarnessPremiumCurve is LibraryHarness {
    function adaptedUp(uint256 kinkRate, uint256 utilisation, uint256 elapsed) external pure returns (uint256) {
        return PremiumCurve.adaptedUp(kinkRate, utilisation, elapsed);
    }

    function rateUp(uint256 kinkRate, uint256 utilisation) external pure returns (uint256) {
        return PremiumCurve.rateUp(kinkRate, utilisation);
    }

    function meanRateUp(uint256 kinkRate, uint256 from, uint256 to) external pure returns (uint256) {
        return PremiumCurve.meanRateUp(kinkRate, from, to);
    }
}

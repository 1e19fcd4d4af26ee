// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PremiumMath} from "../../libraries/PremiumMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessPremiumMath is LibraryHarness {
    function utilisationUp(uint256 bound, uint256 capital) external pure returns (uint256) {
        return PremiumMath.utilisationUp(bound, capital);
    }

    function curveUp(uint256 utilisation) external pure returns (uint256) {
        return PremiumMath.curveUp(utilisation);
    }

    function ratePerYearUp(
        uint256 hazardRate,
        uint256 loadingBps,
        uint256 utilisation
    ) external pure returns (uint256) {
        return PremiumMath.ratePerYearUp(hazardRate, loadingBps, utilisation);
    }

    function premiumUp(uint256 cost, uint256 ratePerYear, uint256 term) external pure returns (uint256) {
        return PremiumMath.premiumUp(cost, ratePerYear, term);
    }
}

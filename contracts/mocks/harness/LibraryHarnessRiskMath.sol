// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RiskMath} from "../../libraries/RiskMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice RiskMath from outside, for differential tests.
contract LibraryHarnessRiskMath is LibraryHarness {
    function highestVariance(uint256 fast, uint256 slow) external pure returns (uint256) {
        return RiskMath.highestVariance(fast, slow);
    }

    function maintenanceTargetUp(
        uint256 variance,
        uint256 deviations,
        uint256 floor,
        uint256 cap
    ) external pure returns (uint256) {
        return RiskMath.maintenanceTargetUp(variance, deviations, floor, cap);
    }

    function penaltyUp(uint256 fast, uint256 slow, uint256 basePenalty, uint256 ratio) external pure returns (uint256) {
        return RiskMath.penaltyUp(fast, slow, basePenalty, ratio);
    }

    function shortfallUp(uint256 scale, uint256 rate, uint256 floor) external pure returns (uint256) {
        return RiskMath.shortfallUp(scale, rate, floor);
    }

    function contributionUp(uint256 openInterest, uint256 price, uint256 shortfall) external pure returns (uint256) {
        return RiskMath.contributionUp(openInterest, price, shortfall);
    }

    function stressUp(
        uint256 absoluteBase,
        uint256 price,
        uint256 variance,
        uint256 rate
    ) external pure returns (uint256) {
        return RiskMath.stressUp(absoluteBase, price, variance, rate);
    }

    function ratioDown(uint256 resources, uint256 target) external pure returns (uint256) {
        return RiskMath.ratioDown(resources, target);
    }

    function factorOf(uint256 ratio) external pure returns (uint256) {
        return RiskMath.factorOf(ratio);
    }

    function capDown(
        uint256 resources,
        uint256 share,
        uint256 shortfall,
        uint256 price,
        uint256 listed
    ) external pure returns (uint256) {
        return RiskMath.capDown(resources, share, shortfall, price, listed);
    }

    function multipleUp(uint256 openInterest, uint256 cap) external pure returns (uint256) {
        return RiskMath.multipleUp(openInterest, cap);
    }

    function gapRateUp(
        uint256 scale,
        uint256 rate,
        uint256 chargedShare,
        uint256 loading,
        uint256 multiple
    ) external pure returns (uint256) {
        return RiskMath.gapRateUp(scale, rate, chargedShare, loading, multiple);
    }

    function risenDown(
        uint256 current,
        uint256 target,
        uint256 range,
        uint256 elapsed
    ) external pure returns (uint256) {
        return RiskMath.risenDown(current, target, range, elapsed);
    }

    function fallenUp(uint256 current, uint256 target, uint256 elapsed) external pure returns (uint256) {
        return RiskMath.fallenUp(current, target, elapsed);
    }
}

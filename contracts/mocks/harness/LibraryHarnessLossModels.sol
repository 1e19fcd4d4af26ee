// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LossModels} from "../../libraries/LossModels.sol";
import {FeedId} from "../../types/Identifiers.sol";
import {ModelKind, ModelTerms} from "../../types/Premium.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

/// @notice LossModels from outside, for differential tests.
contract LibraryHarnessLossModels is LibraryHarness {
    function varianceUp(uint256 fast, uint256 slow, uint256 volatilityFloor) external pure returns (uint256) {
        return LossModels.varianceUp(fast, slow, volatilityFloor);
    }

    function jumpHazardUp(uint256 spot, uint256 level, uint256 jumpRate) external pure returns (uint256) {
        return LossModels.jumpHazardUp(spot, level, jumpRate);
    }

    /// @param kind number of the kind
    function expectedLossUp(
        uint8 kind,
        bool isBelow,
        uint64 hazardRate,
        uint112 level,
        uint112 lowerLevel,
        uint256 spot,
        uint256 variance,
        uint256 duration
    ) external pure returns (uint256) {
        ModelTerms memory terms = ModelTerms({
            kind: ModelKind(kind),
            feed: FeedId.wrap(0),
            isBelow: isBelow,
            hazardRate: hazardRate,
            volatilityFloor: 0,
            level: level,
            lowerLevel: lowerLevel
        });
        return LossModels.expectedLossUp(terms, spot, variance, duration);
    }
}

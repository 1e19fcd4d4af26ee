// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Checkpoints of observed triggers
/// @notice One word: a reading in the low 128 bits, and above it the time at which it was taken. So two series that began at different
/// times have different marks, and what was observed for one says nothing about the other (CLM-08).
library Marks {
    uint256 private constant TIME_SHIFT = 128;

    /// @notice The mark of a reading of this second.
    function take(uint128 reading) internal view returns (uint256 mark) {
        return (block.timestamp << TIME_SHIFT) | reading;
    }

    /// @notice When a mark was taken.
    function timeOf(uint256 mark) internal pure returns (uint256) {
        return mark >> TIME_SHIFT;
    }

    /// @notice What was read then.
    function readingOf(uint256 mark) internal pure returns (uint128) {
        return uint128(mark); // Cuts the time off.
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Sets of small numbers, one bit each
library BitSet {
    /// @notice The set without its lowest member. The empty set stays empty.
    function withoutLowest(uint256 bits) internal pure returns (uint256) {
        // Below the lowest bit of 0 there is nothing: 0 & anything is 0.
        unchecked {
            return bits & (bits - 1);
        }
    }

    /// @notice Whether a set has exactly one member.
    function isSingle(uint256 bits) internal pure returns (bool) {
        return bits != 0 && withoutLowest(bits) == 0;
    }
}

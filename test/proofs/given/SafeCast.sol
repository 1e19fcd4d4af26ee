// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Casts with a check, as proofs read them
/// @notice Stands for OpenZeppelin's SafeCast: the same functions, with the same bounds, in `require`. The checker does not follow a
/// revert statement and would go on behind it.
library SafeCast {
    function toInt256(uint256 value) internal pure returns (int256) {
        require(value <= uint256(type(int256).max));
        return int256(value);
    }

    function toInt128(int256 value) internal pure returns (int128) {
        require(value >= type(int128).min && value <= type(int128).max);
        return int128(value);
    }

    function toUint112(uint256 value) internal pure returns (uint112) {
        require(value <= type(uint112).max);
        return uint112(value);
    }
}

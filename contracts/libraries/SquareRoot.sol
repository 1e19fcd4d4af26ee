// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @title SquareRoot
/// @notice Square roots of whole numbers that say in their name which way they round. Total on uint256.
/// @custom:twin sdk/math/SquareRoot.ts
library SquareRoot {
    /// @notice Largest whole number whose square is not above `square`.
    function sqrtDown(uint256 square) internal pure returns (uint256) {
        return FixedPointMathLib.sqrt(square);
    }

    /// @notice Smallest whole number whose square is not below `square`.
    function sqrtUp(uint256 square) internal pure returns (uint256 root) {
        root = FixedPointMathLib.sqrt(square);
        // The root is below 2^128: its square fits, and so does one more.
        unchecked {
            if (root * root < square) ++root;
        }
    }
}

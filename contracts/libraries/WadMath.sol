// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {WAD} from "../types/Constants.sol";

/// @title WadMath
/// @notice Multiplication and division that say in their name which way they round.
/// @dev For unsigned numbers down is toward zero and up is away from it; for signed numbers down is toward -infinity
/// and up toward +infinity, so that "down" never gives an account more and "up" never charges it less.
/// @custom:twin sdk/math/WadMath.ts
library WadMath {
    /// @notice a * b / d, rounded down. The product may take 512 bits; the result must fit in 256 and d be above 0.
    function mulDivDown(uint256 a, uint256 b, uint256 d) internal pure returns (uint256) {
        // Nearly always two numbers of 128 bits, whose product fits.
        unchecked {
            if ((a | b) >> 128 == 0 && d != 0) return (a * b) / d;
        }
        return FixedPointMathLib.fullMulDiv(a, b, d);
    }

    /// @notice a * b / d, rounded up. The product may take 512 bits; the result must fit in 256 and d be above 0.
    function mulDivUp(uint256 a, uint256 b, uint256 d) internal pure returns (uint256) {
        // As above. A quotient with a rest is below the product, so one more fits.
        unchecked {
            if ((a | b) >> 128 == 0 && d != 0) {
                uint256 product = a * b;
                uint256 quotient = product / d;
                return quotient * d == product ? quotient : quotient + 1;
            }
        }
        return FixedPointMathLib.fullMulDivUp(a, b, d);
    }

    /// @notice a * b / 1e18, rounded down.
    function mulWadDown(uint256 a, uint256 b) internal pure returns (uint256) {
        return mulDivDown(a, b, WAD);
    }

    /// @notice a * b / 1e18, rounded up.
    function mulWadUp(uint256 a, uint256 b) internal pure returns (uint256) {
        return mulDivUp(a, b, WAD);
    }

    /// @notice a * b / d, rounded toward -infinity. The magnitude of the result must be below 2^255.
    function signedMulDivDown(int256 a, uint256 b, uint256 d) internal pure returns (int256) {
        return a < 0 ? -SafeCast.toInt256(mulDivUp(abs(a), b, d)) : SafeCast.toInt256(mulDivDown(uint256(a), b, d));
    }

    /// @notice a * b / d, rounded toward +infinity. The magnitude of the result must be below 2^255.
    function signedMulDivUp(int256 a, uint256 b, uint256 d) internal pure returns (int256) {
        return a < 0 ? -SafeCast.toInt256(mulDivDown(abs(a), b, d)) : SafeCast.toInt256(mulDivUp(uint256(a), b, d));
    }

    /// @notice a / d, rounded toward -infinity, d > 0.
    /// @dev Solidity divides toward zero, which is one too many for a negative number with a remainder. The quotient
    /// cannot be the lowest int256 and have a remainder, so subtracting 1 does not overflow.
    function signedDivDown(int256 a, int256 d) internal pure returns (int256 quotient) {
        quotient = a / d;
        if (a < 0 && a % d != 0) --quotient;
    }

    /// @notice a / d, rounded toward +infinity, d > 0.
    function signedDivUp(int256 a, int256 d) internal pure returns (int256 quotient) {
        quotient = a / d;
        if (a > 0 && a % d != 0) ++quotient;
    }

    /// @notice |a|, also for the lowest int256.
    function abs(int256 a) internal pure returns (uint256) {
        // Two's complement: 0 - uint256(a) is |a| for every negative a, 2^255 for the lowest one.
        unchecked {
            return a < 0 ? 0 - uint256(a) : uint256(a);
        }
    }

    /// @notice max(a, 0).
    function positivePart(int256 a) internal pure returns (uint256) {
        return a > 0 ? uint256(a) : 0; // The cast is safe: a > 0.
    }

    /// @notice The smaller one.
    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    /// @notice The larger one.
    function max(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a : b;
    }
}

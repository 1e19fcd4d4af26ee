// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What proofs take of Solady's mathematics as given
/// @notice Its functions are assembly, of which the checker knows nothing. Here each returns any number at all that its documentation allows;
/// a proof holds for whichever it is.
library FixedPointMathLib {
    /// @dev Nothing is known of a product of more than 256 bits.
    function fullMulDiv(uint256, uint256, uint256) internal pure returns (uint256 result) {
        result = _any();
    }

    /// @dev As above.
    function fullMulDivUp(uint256, uint256, uint256) internal pure returns (uint256 result) {
        result = _any();
    }

    /// @dev The largest whole number whose square is not above x.
    function sqrt(uint256 x) internal pure returns (uint256 root) {
        root = _any();
        require(root < 2 ** 128);
        unchecked {
            require(root * root <= x && x - root * root <= 2 * root);
        }
    }

    /// @dev Between 0 and 1 for an exponent that is not above 0, 1 or more for one that is not below.
    function expWad(int256 x) internal pure returns (int256 result) {
        uint256 any = _any();
        require(any <= uint256(type(int256).max));
        result = int256(any);
        if (x <= 0) require(result <= 1e18);
        if (x >= 0) require(result >= 1e18);
    }

    /// @dev Nothing is known but its sign.
    function lnWad(int256 x) internal pure returns (int256 result) {
        result = int256(_any());
        if (x >= 1e18) require(result >= 0);
        if (x <= 1e18) require(result <= 0);
        require(result > -42e18 && result < 136e18);
    }

    function log2(uint256) internal pure returns (uint256 result) {
        result = _any();
        require(result < 256);
    }

    function divUp(uint256 x, uint256 d) internal pure returns (uint256) {
        require(d != 0);
        return x / d + (x % d == 0 ? 0 : 1);
    }

    function min(uint256 x, uint256 y) internal pure returns (uint256) {
        return x < y ? x : y;
    }

    /// @dev Assembly again, so that the checker takes it for any number.
    function _any() private pure returns (uint256 result) {
        assembly {
            result := calldataload(0)
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Brings fuzzed numbers into a range and compares numbers with a message that shows them.
library Fuzz {
    error Fuzz_NotEqual(int256 found, int256 expected, string what);
    error Fuzz_NotBetween(int256 found, int256 low, int256 high, string what);
    error Fuzz_Refuted(string what);

    /// @notice A number in [low, high]. The fuzzer's 0 to 2 give the low end, its highest ones the high end.
    function between(uint256 raw, uint256 low, uint256 high) internal pure returns (uint256) {
        uint256 span = high - low;
        if (span == type(uint256).max) return raw;
        if (raw <= 2) return low + (raw > span ? span : raw);
        uint256 fromTop = type(uint256).max - raw;
        if (fromTop <= 2) return high - (fromTop > span ? span : fromTop);
        return low + (raw % (span + 1));
    }

    /// @notice A number below 2^bits, of any number of bits, so that small ones are not rare.
    function ofAnySize(uint256 raw, uint256 bits) internal pure returns (uint256) {
        uint256 size = uint256(keccak256(abi.encode(raw))) % (bits + 1);
        return size == 0 ? 0 : (raw >> (256 - size));
    }

    function signedOfAnySize(uint256 raw, uint256 bits) internal pure returns (int256) {
        int256 size = int256(ofAnySize(raw, bits));
        return raw & 1 == 0 ? size : -size;
    }

    function assertEqual(int256 found, int256 expected, string memory what) internal pure {
        if (found != expected) revert Fuzz_NotEqual(found, expected, what);
    }

    function assertEqual(uint256 found, uint256 expected, string memory what) internal pure {
        if (found != expected) revert Fuzz_NotEqual(int256(found), int256(expected), what);
    }

    function assertBetween(int256 found, int256 low, int256 high, string memory what) internal pure {
        if (found < low || found > high) revert Fuzz_NotBetween(found, low, high, what);
    }

    function assertBetween(uint256 found, uint256 low, uint256 high, string memory what) internal pure {
        if (found < low || found > high) revert Fuzz_NotBetween(int256(found), int256(low), int256(high), what);
    }

    function assertTrue(bool holds, string memory what) internal pure {
        if (!holds) revert Fuzz_Refuted(what);
    }
}

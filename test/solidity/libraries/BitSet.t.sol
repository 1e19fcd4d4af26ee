// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BitSet} from "../../../contracts/libraries/BitSet.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice A set goes through its members from the lowest on (CLR-01: markets and assets of an account).
contract BitSetTest {
    function testFuzz_CLR01_membersAreTakenOutFromTheLowestOn(uint256 bits) external pure {
        for (uint256 member = 0; member < 256; ++member) {
            if (bits & (1 << member) == 0) continue;
            uint256 rest = BitSet.withoutLowest(bits);
            Fuzz.assertEqual(rest, bits & ~(1 << member), "without the lowest");
            Fuzz.assertTrue(BitSet.isSingle(bits) == (rest == 0), "single");
            bits = rest;
        }
        Fuzz.assertEqual(bits, uint256(0), "all were taken");
    }

    function test_CLR01_theEmptySetStaysEmpty() external pure {
        Fuzz.assertEqual(BitSet.withoutLowest(0), uint256(0), "empty");
        Fuzz.assertTrue(!BitSet.isSingle(0), "nothing is not single");
        for (uint256 member = 0; member < 256; ++member) Fuzz.assertTrue(BitSet.isSingle(1 << member), "single");
    }
}

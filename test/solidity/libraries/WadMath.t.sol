// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {WadMath} from "../../../contracts/libraries/WadMath.sol";
import {LibraryHarnessWadMath} from "../../../contracts/mocks/harness/LibraryHarnessWadMath.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @notice Rounding is what the names say (R2).
contract WadMathTest {
    LibraryHarnessWadMath private immutable HARNESS = new LibraryHarnessWadMath();

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_mulDiv_bracketsTheQuotient(uint128 a, uint128 b, uint128 d) external pure {
        if (d == 0) return;
        uint256 product = uint256(a) * b;
        uint256 down = WadMath.mulDivDown(a, b, d);
        uint256 up = WadMath.mulDivUp(a, b, d);
        Fuzz.assertTrue(down * d <= product, "down is not above");
        Fuzz.assertTrue(product - down * d < d, "down is the nearest below");
        Fuzz.assertEqual(up - down, product % d == 0 ? 0 : 1, "up is one more when there is a rest");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_mulDiv_undoesAMultiplicationOf512Bits(uint256 a, uint256 d) external pure {
        if (d == 0) return;
        Fuzz.assertEqual(WadMath.mulDivDown(a, d, d), a, "down");
        Fuzz.assertEqual(WadMath.mulDivUp(a, d, d), a, "up");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_mulWad_isMulDivByOneUnit(uint128 a, uint128 b) external pure {
        Fuzz.assertEqual(WadMath.mulWadDown(a, b), WadMath.mulDivDown(a, b, 1e18), "down");
        Fuzz.assertEqual(WadMath.mulWadUp(a, b), WadMath.mulDivUp(a, b, 1e18), "up");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_signedMulDiv_roundsTowardTheInfinities(int128 a, uint120 b, uint128 d) external pure {
        if (d == 0) return;
        int256 product = int256(a) * int256(uint256(b));
        int256 divisor = int256(uint256(d));
        int256 down = WadMath.signedMulDivDown(a, b, d);
        int256 up = WadMath.signedMulDivUp(a, b, d);
        Fuzz.assertBetween(product - down * divisor, 0, divisor - 1, "down");
        Fuzz.assertBetween(up * divisor - product, 0, divisor - 1, "up");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_signedMulDiv_isMirrored(int128 a, uint120 b, uint128 d) external pure {
        if (d == 0) return;
        Fuzz.assertEqual(
            WadMath.signedMulDivDown(-int256(a), b, d),
            -WadMath.signedMulDivUp(a, b, d),
            "one's down is the other's up"
        );
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_signedDiv_isSignedMulDivByOne(int256 a, uint128 d) external pure {
        if (d == 0 || a == type(int256).min) return;
        int256 divisor = int256(uint256(d));
        Fuzz.assertEqual(WadMath.signedDivDown(a, divisor), WadMath.signedMulDivDown(a, 1, d), "down");
        Fuzz.assertEqual(WadMath.signedDivUp(a, divisor), WadMath.signedMulDivUp(a, 1, d), "up");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_parts_addUp(int256 a) external pure {
        if (a == type(int256).min) return;
        Fuzz.assertEqual(
            int256(WadMath.positivePart(a)) - int256(WadMath.positivePart(-a)),
            a,
            "positive less negative part"
        );
        Fuzz.assertEqual(WadMath.positivePart(a) + WadMath.positivePart(-a), WadMath.abs(a), "sum of both parts");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_minAndMax_areBothNumbers(uint128 a, uint128 b) external pure {
        uint256 low = WadMath.min(a, b);
        uint256 high = WadMath.max(a, b);
        Fuzz.assertTrue(low <= high, "order");
        Fuzz.assertEqual(low + high, uint256(a) + b, "sum");
        Fuzz.assertTrue(low == a || low == b, "one of both");
    }

    function test_lowestInt256() external pure {
        Fuzz.assertEqual(WadMath.abs(type(int256).min), 1 << 255, "abs");
        Fuzz.assertEqual(WadMath.positivePart(type(int256).min), 0, "positive part");
        Fuzz.assertEqual(WadMath.signedDivDown(type(int256).min, 2), type(int256).min / 2, "without a rest");
        Fuzz.assertEqual(WadMath.signedDivDown(type(int256).min, 1e18), type(int256).min / 1e18 - 1, "with a rest");
    }

    function test_signedMulDiv_refusesWhatDoesNotFit() external {
        bytes memory reason = abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintToInt.selector, uint256(1) << 255);
        vm.expectRevert(reason);
        HARNESS.signedMulDivDown(1, 1 << 255, 1);
        vm.expectRevert(reason);
        HARNESS.signedMulDivUp(type(int256).min, 1, 1);
    }

    function test_mulDiv_refusesDivisionByZeroAndResultsThatDoNotFit() external {
        bytes memory reason = abi.encodeWithSelector(FixedPointMathLib.FullMulDivFailed.selector);
        vm.expectRevert(reason);
        HARNESS.mulDivDown(1, 1, 0);
        vm.expectRevert(reason);
        HARNESS.mulDivUp(0, 0, 0);
        vm.expectRevert(reason);
        HARNESS.mulDivDown(type(uint256).max, 2, 1);
        vm.expectRevert(reason);
        HARNESS.mulDivUp(type(uint256).max, type(uint256).max, type(uint256).max - 1);
    }
}

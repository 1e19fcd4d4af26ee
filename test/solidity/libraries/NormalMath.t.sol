// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NormalMath} from "../../../contracts/libraries/NormalMath.sol";
import {WAD} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice The distribution function of premiums (CVR-08) is one: symmetric, never falling, within [0, 1].
contract NormalMathTest {
    function test_CVR08_HalfInTheMiddle() external pure {
        Fuzz.assertEqual(NormalMath.cumulative(0), WAD / 2, "N(0)");
    }

    /// @dev With 60 digits: N(1) = 0.8413447460685429485852, N(-3) = 0.0013498980316300945266, N(6) = 1 - 9.865876450376981e-10.
    function test_CVR08_KnownValues() external pure {
        Fuzz.assertBetween(NormalMath.cumulative(1e18), 841344746068542948 - 17, 841344746068542948 + 18, "N(1)");
        Fuzz.assertBetween(NormalMath.cumulative(-3e18), 1349898031630094 - 17, 1349898031630094 + 18, "N(-3)");
        Fuzz.assertBetween(NormalMath.cumulative(6e18), WAD - 986587645 - 18, WAD - 986587645 + 18, "N(6)");
    }

    /// @dev N(-8.7) is 1.66 wei, N(-8.8) 0.68.
    function test_CVR08_EndsOfTheRange() external pure {
        Fuzz.assertEqual(NormalMath.cumulative(-8.7e18), 1, "the last wei");
        Fuzz.assertEqual(NormalMath.cumulative(-8.8e18), 0, "below a wei");
        Fuzz.assertEqual(NormalMath.cumulative(-8.8e18 - 1), 0, "outside");
        Fuzz.assertEqual(NormalMath.cumulative(8.7e18), WAD - 1, "the last wei");
        Fuzz.assertEqual(NormalMath.cumulative(8.8e18), WAD, "above all");
        Fuzz.assertEqual(NormalMath.cumulative(type(int256).min), 0, "lowest number");
        Fuzz.assertEqual(NormalMath.cumulative(type(int256).max), WAD, "highest number");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_Symmetric(uint256 raw) external pure {
        int256 x = int256(Fuzz.between(raw, 0, 9e18));
        Fuzz.assertEqual(NormalMath.cumulative(x) + NormalMath.cumulative(-x), WAD, "N(x) + N(-x)");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_NeverFallsFromOneWeiToTheNext(uint256 raw) external pure {
        int256 x = int256(Fuzz.between(raw, 0, 18e18)) - 9e18;
        uint256 here = NormalMath.cumulative(x);
        uint256 next = NormalMath.cumulative(x + 1);
        Fuzz.assertBetween(next, here, here + 1, "a wei of x is less than half a wei of N");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_NeverFalls(int256 x, int256 y) external pure {
        (int256 low, int256 high) = x < y ? (x, y) : (y, x);
        Fuzz.assertBetween(NormalMath.cumulative(low), 0, NormalMath.cumulative(high), "any");
        (low, high) = (low % 9e18, high % 9e18);
        (low, high) = low < high ? (low, high) : (high, low);
        Fuzz.assertBetween(NormalMath.cumulative(low), 0, NormalMath.cumulative(high), "in range");
        Fuzz.assertBetween(NormalMath.cumulative(high), 0, WAD, "a probability");
    }

    /// @dev Its slope is the density: N(x + h) - N(x - h) = 2 h n(x) (1 + (x^2 - 1) h^2 / 6 + ...), n(0) = 0.398942280401432678.
    function test_CVR08_SlopeIsTheDensity() external pure {
        uint256 slope = (NormalMath.cumulative(1e14) - NormalMath.cumulative(-1e14)) * 5_000;
        Fuzz.assertBetween(slope, 398942280401432678 - 1e9, 398942280401432678 + 1e9, "in the middle");
    }
}

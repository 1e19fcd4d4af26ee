// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveMath} from "../../../contracts/libraries/ReserveMath.sol";
import {WadMath} from "../../../contracts/libraries/WadMath.sol";
import {WAD} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice The closed forms of FND-03 behave like a probability, a mean and a coherent measure of risk on their whole range.
contract ReserveMathTest {
    uint256 private constant SCALE_BITS = 68;
    uint256 private constant MARGIN_BITS = 80;

    /// @dev Margins of 3/2 and 8/3 scales: then sqrt(x^2 + 4) is 5/2 and 10/3, and all is rational. Shortfalls: the formula with 50 digits.
    function test_FND03_ExactWhereTheRootIsRational() external pure {
        Fuzz.assertEqual(ReserveMath.tailProbabilityUp(1.5e18, WAD), 0.208e18, "probability at 3/2");
        Fuzz.assertEqual(ReserveMath.expectedExcessUp(1.5e18, WAD), 0.2e18, "excess at 3/2");
        Fuzz.assertEqual(ReserveMath.tailProbabilityUp(0.08e18, 0.03e18), 0.056e18 + 1, "probability at 8/3");
        Fuzz.assertEqual(ReserveMath.expectedExcessUp(0.08e18, 0.03e18), 0.002e18, "excess at 8/3");
        Fuzz.assertEqual(ReserveMath.expectedShortfallUp(15e18, 10e18), 71.103e18 + 29.722035563919568414e18, "below");
        Fuzz.assertEqual(ReserveMath.expectedShortfallUp(15e18, WAD), 0.582230330537971496e18, "above");
    }

    function test_FND03_LimitsAtZero() external pure {
        Fuzz.assertEqual(ReserveMath.scaleUp(0, 0, 0), 0, "scale");
        Fuzz.assertEqual(ReserveMath.tailProbabilityUp(0, 0), 0, "a price that stands still");
        Fuzz.assertEqual(ReserveMath.expectedExcessUp(0, 0), 0, "a price that stands still");
        Fuzz.assertEqual(ReserveMath.expectedShortfallUp(0.05e18, 0), 0, "a price that stands still");
        Fuzz.assertEqual(ReserveMath.tailProbabilityUp(0, 1), WAD, "no margin");
        Fuzz.assertEqual(ReserveMath.expectedExcessUp(0, 0.01e18), 0.01e18, "mean of |R|");
        Fuzz.assertEqual(ReserveMath.tailProbabilityUp(type(uint80).max, 1), 1, "never rounded to impossible");
        Fuzz.assertEqual(ReserveMath.expectedExcessUp(type(uint80).max, 1), 1, "never rounded to free");
    }

    /// @dev The highest of the three counts, alone: 40% a year is 0.302% an hour, over sqrt(2).
    function test_FND03_ScaleIsOfTheHighestVariance() external pure {
        uint256 variance = 5_073_566_718; // 0.16e18 / 31,536,000, rounded up
        uint256 scale = 3_021_989_426_255_493; // sqrt(5,073,566,718 * 1,800 / 1e18), rounded up
        Fuzz.assertEqual(ReserveMath.scaleUp(variance, 0, 0), scale, "fast");
        Fuzz.assertEqual(ReserveMath.scaleUp(1, variance, 2), scale, "slow");
        Fuzz.assertEqual(ReserveMath.scaleUp(1, 2, variance), scale, "floor");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_FND03_ScaleIsTheRootRoundedUp(uint64 fast, uint64 slow, uint64 floor) external pure {
        uint256 scale = ReserveMath.scaleUp(fast, slow, floor);
        uint256 square = WadMath.max(fast, WadMath.max(slow, floor)) * 1800 * WAD;
        Fuzz.assertTrue(scale * scale >= square, "not below the root");
        Fuzz.assertTrue(scale == 0 || (scale - 1) * (scale - 1) < square, "not a wei above it");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_FND03_MoreMarginNeverCostsMore(
        uint256 rawMargin,
        uint256 rawMore,
        uint256 rawScale
    ) external pure {
        uint256 scale = Fuzz.ofAnySize(rawScale, SCALE_BITS);
        uint256 margin = Fuzz.ofAnySize(rawMargin, MARGIN_BITS - 1);
        uint256 more = margin + Fuzz.ofAnySize(rawMore, MARGIN_BITS - 1);
        _atMost(
            ReserveMath.tailProbabilityUp(more, scale),
            ReserveMath.tailProbabilityUp(margin, scale),
            "probability"
        );
        _atMost(ReserveMath.expectedExcessUp(more, scale), ReserveMath.expectedExcessUp(margin, scale), "excess");
        _atMost(
            ReserveMath.expectedShortfallUp(more, scale),
            ReserveMath.expectedShortfallUp(margin, scale),
            "shortfall"
        );
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_FND03_MoreVolatilityNeverCostsLess(
        uint256 rawMargin,
        uint256 rawScale,
        uint256 rawMore
    ) external pure {
        uint256 margin = Fuzz.ofAnySize(rawMargin, MARGIN_BITS);
        uint256 scale = Fuzz.ofAnySize(rawScale, SCALE_BITS - 1);
        uint256 more = scale + Fuzz.ofAnySize(rawMore, SCALE_BITS - 1);
        _atMost(
            ReserveMath.tailProbabilityUp(margin, scale),
            ReserveMath.tailProbabilityUp(margin, more),
            "probability"
        );
        _atMost(ReserveMath.expectedExcessUp(margin, scale), ReserveMath.expectedExcessUp(margin, more), "excess");
        _atMost(
            ReserveMath.expectedShortfallUp(margin, scale),
            ReserveMath.expectedShortfallUp(margin, more),
            "shortfall"
        );
    }

    /// @dev E(|R| - M)+ lies between what a price that always moves by its mean would cost and the mean itself.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_FND03_Bounds(uint256 rawMargin, uint256 rawScale) external pure {
        uint256 scale = Fuzz.ofAnySize(rawScale, SCALE_BITS);
        uint256 margin = Fuzz.ofAnySize(rawMargin, MARGIN_BITS);
        uint256 excess = ReserveMath.expectedExcessUp(margin, scale);
        Fuzz.assertBetween(excess, scale > margin ? scale - margin : 0, scale, "excess");
        Fuzz.assertBetween(ReserveMath.tailProbabilityUp(margin, scale), scale == 0 ? 0 : 1, WAD, "probability");
        // The mean of the worst of 1,000 is never below what one of 1,000 exceeds, and never above 1,000 times the mean of all.
        uint256 shortfall = ReserveMath.expectedShortfallUp(margin, scale);
        uint256 quantile = WadMath.mulWadUp(scale, ReserveMath.QUANTILE);
        Fuzz.assertBetween(shortfall, quantile > margin ? quantile - margin : 0, 1000 * scale, "shortfall");
    }

    /// @dev The excess falls by the probability for each unit of margin: the three forms belong to one law.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_FND03_ExcessFallsByTheProbability(uint256 rawMargin, uint256 rawScale) external pure {
        uint256 scale = Fuzz.between(rawScale, 1e12, 1e20);
        uint256 margin = Fuzz.between(rawMargin, 0, 20 * scale);
        uint256 step = scale / 1000;
        uint256 fall = ReserveMath.expectedExcessUp(margin, scale) - ReserveMath.expectedExcessUp(margin + step, scale);
        uint256 least = WadMath.mulWadDown(ReserveMath.tailProbabilityUp(margin + step, scale), step);
        uint256 most = WadMath.mulWadUp(ReserveMath.tailProbabilityUp(margin, scale), step);
        Fuzz.assertBetween(fall + 2, least, most + 4, "between the probabilities at both ends");
    }

    /// @dev A price in other units, or a horizon of another length, changes nothing but the unit.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_FND03_Homogeneous(uint256 rawMargin, uint256 rawScale, uint256 rawFactor) external pure {
        uint256 scale = Fuzz.between(rawScale, 1, 1 << (SCALE_BITS - 10));
        uint256 margin = Fuzz.ofAnySize(rawMargin, MARGIN_BITS - 10);
        uint256 factor = Fuzz.between(rawFactor, 1, 1000);
        uint256 scaled = ReserveMath.expectedExcessUp(margin * factor, scale * factor);
        uint256 once = factor * ReserveMath.expectedExcessUp(margin, scale);
        // Up to one wei of rounding for each of `factor`, and what the floor of the small root has added.
        Fuzz.assertBetween(scaled, once - WadMath.min(once, 3 * factor), once, "homogeneous");
        Fuzz.assertEqual(
            ReserveMath.tailProbabilityUp(margin * factor, scale * factor),
            ReserveMath.tailProbabilityUp(margin, scale),
            "same probability"
        );
    }

    /// @dev Rockafellar and Uryasev: over all margins from mmr on, (M - mmr) + 1,000 E(M) is least at the quantile. So the shortfall is not
    /// above it at any other margin but for the digits of the quantile.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_FND03_ShortfallIsTheLeast(uint256 rawRate, uint256 rawScale, uint256 rawOther) external pure {
        uint256 scale = Fuzz.between(rawScale, 1e9, 1 << SCALE_BITS);
        uint256 rate = Fuzz.between(rawRate, 0, 20 * scale);
        uint256 other = rate + Fuzz.between(rawOther, 0, 20 * scale);
        uint256 there = other - rate + 1000 * ReserveMath.expectedExcessUp(other, scale);
        _atMost(ReserveMath.expectedShortfallUp(rate, scale), there + scale / 1e12 + 1, "least");
    }

    function _atMost(uint256 small, uint256 large, string memory what) private pure {
        Fuzz.assertBetween(small, 0, large, what);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PremiumCurve} from "../../../contracts/libraries/PremiumCurve.sol";
import {PremiumMath} from "../../../contracts/libraries/PremiumMath.sol";
import {WadMath} from "../../../contracts/libraries/WadMath.sol";
import {WAD} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice The curve adapts as its differential equation says, and buying in parts never pays (CVR-08, INV-21).
contract PremiumCurveTest {
    uint256 private constant START = 0.04e18;

    function test_CVR08_CornersOfTheCurve() external pure {
        Fuzz.assertEqual(PremiumCurve.rateUp(START, 0), 0, "nothing bound");
        Fuzz.assertEqual(PremiumCurve.rateUp(START, 0.4e18), 0.02e18, "half way to the kink");
        Fuzz.assertEqual(PremiumCurve.rateUp(START, 0.8e18), 0.04e18, "at the kink");
        Fuzz.assertEqual(PremiumCurve.rateUp(START, 0.9e18), 0.32e18, "half way behind it");
        Fuzz.assertEqual(PremiumCurve.rateUp(START, WAD), 0.6e18, "all bound");
        Fuzz.assertEqual(PremiumCurve.rateUp(START, 2 * WAD), 0.6e18, "more than all");
        Fuzz.assertEqual(PremiumCurve.rateUp(START, 1), 1, "rounded up");
        Fuzz.assertEqual(PremiumCurve.rateUp(START, 0.8e18 + 1), 0.04e18 + 3, "2.8 wei behind the kink");
    }

    /// @dev Two thirds below the kink at a mean of 1.5%, and 5% below and 5% behind it at means of 3.875% and 11%.
    function test_CVR08_MeanOverAPurchase() external pure {
        Fuzz.assertEqual(PremiumCurve.meanRateUp(START, 0.2e18, 0.4e18), 0.015e18, "below");
        Fuzz.assertEqual(PremiumCurve.meanRateUp(START, 0.75e18, 0.85e18), 0.074375e18, "across");
        Fuzz.assertEqual(PremiumCurve.meanRateUp(START, 0.8e18, WAD), 0.32e18, "behind");
        Fuzz.assertEqual(PremiumCurve.meanRateUp(START, 0, WAD), 0.08e18, "all of it");
        Fuzz.assertEqual(PremiumCurve.meanRateUp(START, 0.9e18, 0.9e18), 0.32e18, "nothing bought");
        Fuzz.assertEqual(PremiumCurve.meanRateUp(START, WAD, 3 * WAD), 0.6e18, "beyond all");
    }

    /// @dev e^(50 * 7 / 365) = 2.608836, and a week of nothing bound is its inverse.
    function test_CVR08_AWeekAtTheEnds() external pure {
        _near(PremiumCurve.adaptedUp(START, WAD, 7 days), 104_353_436_320_837_774, 100, "all bound");
        _near(PremiumCurve.adaptedUp(START, 0, 7 days), 15_332_508_984_953_326, 100, "nothing bound");
        Fuzz.assertEqual(PremiumCurve.adaptedUp(START, 0.8e18, 3650 days), START, "at the kink it stands still");
        Fuzz.assertEqual(PremiumCurve.adaptedUp(START, 0.1e18, 0), START, "no time");
        Fuzz.assertEqual(PremiumCurve.adaptedUp(0, WAD, 7 days), START, "nothing written yet");
        _near(PremiumCurve.adaptedUp(START, 0.9e18, 7 days), 64_607_564_981_459_493, 100, "half as fast half way");
        _near(PremiumCurve.adaptedUp(START, 0.4e18, 7 days), 24_764_901_764_354_589, 100, "half as fast half way");
    }

    function test_CVR08_Bounds() external pure {
        Fuzz.assertEqual(PremiumCurve.adaptedUp(START, WAD, 1 << 40), 0.2e18, "highest");
        Fuzz.assertEqual(PremiumCurve.adaptedUp(START, 0, 1 << 40), 0.01e18, "lowest");
        Fuzz.assertEqual(PremiumCurve.adaptedUp(0.01e18, WAD, type(uint256).max), 0.2e18, "from the lowest");
        Fuzz.assertEqual(PremiumCurve.adaptedUp(0.2e18, 0, type(uint256).max), 0.01e18, "from the highest");
        Fuzz.assertEqual(PremiumCurve.adaptedUp(0.2e18, type(uint256).max, 1), 0.2e18, "any utilisation");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_TheSameAsTheFixedCurveAtFirst(uint256 utilisation) external pure {
        uint256 used = Fuzz.between(utilisation, 0, 2 * WAD);
        Fuzz.assertEqual(PremiumCurve.rateUp(START, used), PremiumMath.curveUp(used), "4% at the kink, 60% at the end");
    }

    /// @dev However often anyone comes: r(t) is one exponential. Each step rounds up by one wei and by exp's last digits.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_TwoStepsAreOne(uint256[4] calldata raw) external pure {
        (uint256 rate, uint256 used, uint256 first, uint256 second) = _draw(raw);
        uint256 once = PremiumCurve.adaptedUp(rate, used, first + second);
        uint256 twice = PremiumCurve.adaptedUp(PremiumCurve.adaptedUp(rate, used, first), used, second);
        Fuzz.assertBetween(twice, once - once / 1e15 - 2, once + once / 1e15 + 2, "adds up");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_TowardScarcity(uint256[4] calldata raw) external pure {
        (uint256 rate, uint256 used, uint256 first, uint256 more) = _draw(raw);
        uint256 after_ = PremiumCurve.adaptedUp(rate, used, first);
        uint256 later = PremiumCurve.adaptedUp(rate, used, first + more);
        if (used <= 0.8e18) Fuzz.assertTrue(after_ <= rate && later <= after_, "falls");
        if (used >= 0.8e18) Fuzz.assertTrue(after_ >= rate && later >= after_, "rises");
        Fuzz.assertBetween(after_, 0.01e18, 0.2e18, "within bounds");
        uint256 fuller = Fuzz.between(raw[3], used, WAD);
        Fuzz.assertTrue(PremiumCurve.adaptedUp(rate, fuller, first) >= after_, "the more is bound, the higher");
        Fuzz.assertTrue(
            PremiumCurve.adaptedUp(rate + 1e12, used, first) >= after_,
            "the higher before, the higher after"
        );
    }

    /// @dev A second of it is the differential equation: dr = 50 e r dt.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_SpeedIsThatOfTheEquation(uint256 rawRate, uint256 rawUsed) external pure {
        uint256 rate = Fuzz.between(rawRate, 0.02e18, 0.1e18);
        uint256 used = Fuzz.between(rawUsed, 0, WAD);
        int256 error =
            used <= 0.8e18 ? -int256(((0.8e18 - used) * WAD) / 0.8e18) : int256(((used - 0.8e18) * WAD) / 0.2e18);
        int256 expected = (50 * error * int256(rate)) / 1e18 / 365 days;
        int256 found = int256(PremiumCurve.adaptedUp(rate, used, 1)) - int256(rate);
        // Half of the square of 50 / 31,536,000 is what a second of an exponential is above its tangent.
        Fuzz.assertBetween(found, expected - 3, expected + 3 + int256(rate / 7e11), "slope");
    }

    /// @dev INV-21: what two parts cost, weighed by what they bind, is what the whole costs, but for the roundings.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_PartsCostWhatTheWholeCosts(uint256 rawRate, uint256[3] calldata raw) external pure {
        uint256 rate = Fuzz.between(rawRate, 0.01e18, 0.2e18);
        uint256 from = Fuzz.between(raw[0], 0, WAD);
        uint256 to = Fuzz.between(raw[1], from, WAD);
        uint256 middle = Fuzz.between(raw[2], from, to);
        uint256 whole = PremiumCurve.meanRateUp(rate, from, to) * (to - from);
        uint256 parts =
            PremiumCurve.meanRateUp(rate, from, middle) * (middle - from) +
                PremiumCurve.meanRateUp(rate, middle, to) * (to - middle);
        Fuzz.assertBetween(parts, whole > to - from ? whole - (to - from) : 0, whole + (to - from), "splitting");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_MeanLiesBetweenTheEnds(uint256 rawRate, uint256 rawFrom, uint256 rawTo) external pure {
        uint256 rate = Fuzz.between(rawRate, 0.01e18, 0.2e18);
        uint256 from = Fuzz.between(rawFrom, 0, 2 * WAD);
        uint256 to = Fuzz.between(rawTo, from, 2 * WAD);
        uint256 low = PremiumCurve.rateUp(rate, from);
        Fuzz.assertBetween(
            PremiumCurve.meanRateUp(rate, from, to),
            low == 0 ? 0 : low - 1,
            PremiumCurve.rateUp(rate, to),
            "between"
        );
        Fuzz.assertTrue(low <= PremiumCurve.rateUp(rate, to), "never falls with what is bound");
        uint256 exact = WadMath.mulDivUp(rate, 15, 1);
        Fuzz.assertTrue(PremiumCurve.rateUp(rate, to) <= exact, "15 times the kink at most");
    }

    function _draw(
        uint256[4] calldata raw
    ) private pure returns (uint256 rate, uint256 used, uint256 first, uint256 second) {
        rate = Fuzz.between(raw[0], 0.01e18, 0.2e18);
        used = Fuzz.between(raw[1], 0, WAD);
        first = Fuzz.between(raw[2], 0, 30 days);
        second = Fuzz.between(raw[3], 0, 30 days);
    }

    function _near(uint256 found, uint256 exact, uint256 error, string memory what) private pure {
        Fuzz.assertBetween(found, exact - error, exact + error, what);
    }
}

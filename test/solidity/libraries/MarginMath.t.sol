// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginMath} from "../../../contracts/libraries/MarginMath.sol";
import {LibraryHarnessMarginMath} from "../../../contracts/mocks/harness/LibraryHarnessMarginMath.sol";
import {BPS_ONE, INITIAL_MARGIN_POINTS, RATE_ONE, RATIO_ONE} from "../../../contracts/types/Constants.sol";
import {MarketClass} from "../../../contracts/types/Identifiers.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @notice Needs round up, values down, and nothing jumps (MRG-01, MRG-02, ORC-07).
contract MarginMathTest {
    LibraryHarnessMarginMath private immutable HARNESS = new LibraryHarnessMarginMath();

    /* POSITIONS */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_MRG01_marginIsRoundedUpByLessThanTwoWei(
        uint256 rawBase,
        uint256 rawPrice,
        uint16 rate
    ) external pure {
        uint256 base = Fuzz.ofAnySize(rawBase, 95);
        uint256 price = Fuzz.ofAnySize(rawPrice, 90);
        (uint256 linear, ) = MarginMath.positionMarginUp(base, price, rate, 0);
        // linear >= base * price * rate / (1e18 * 1e5), in products that fit.
        uint256 exact = base * price * rate;
        Fuzz.assertTrue(linear * 1e18 * RATE_ONE >= exact, "not below");
        // The notional is rounded up (one wei, at most 65% of which is margin), then the margin.
        Fuzz.assertTrue(linear < 2 || (linear - 2) * 1e18 * RATE_ONE < exact, "not more than needed");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_MRG02_theAddOnGrowsWithTheSquareOfSize(
        uint256 rawBase,
        uint256 rawPrice,
        uint24 addOn
    ) external pure {
        uint256 base = Fuzz.ofAnySize(rawBase, 80);
        uint256 price = Fuzz.ofAnySize(rawPrice, 85);
        (, uint256 once) = MarginMath.positionMarginUp(base, price, 0, addOn);
        (, uint256 twice) = MarginMath.positionMarginUp(2 * base, price, 0, addOn);
        // One wei of notional, twice, and one of the result: 2 * notional * addOn / 1e30 each.
        uint256 notional = MarginMath.notionalUp(base, price);
        uint256 bound = (4 * notional * addOn) / 1e30 + 5;
        Fuzz.assertBetween(int256(twice) - int256(4 * once), -int256(bound), int256(bound), "four times");
    }

    function test_MRG02_theAddOnIsPerMillionOfNotional() external pure {
        // 2 million of notional, 0.5% of mmr per million: 1% of 2 million.
        (uint256 linear, uint256 size) = MarginMath.positionMarginUp(1_000e18, 2_000e18, 3_000, 5_000);
        Fuzz.assertEqual(linear, 60_000e18, "3% of 2 million");
        Fuzz.assertEqual(size, 20_000e18, "1% of 2 million");
        Fuzz.assertEqual(MarginMath.initialMarginUp(1_000e18, 2_000e18, 9_000, 5_000), 200_000e18, "9% and 1%");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_MRG01_aSplitPositionNeedsNoMoreLinearMarginButForTwoWei(
        uint256 rawFirst,
        uint256 rawSecond,
        uint256 rawPrice,
        uint16 rate
    ) external pure {
        uint256 first = Fuzz.ofAnySize(rawFirst, 94);
        uint256 second = Fuzz.ofAnySize(rawSecond, 94);
        uint256 price = Fuzz.ofAnySize(rawPrice, 90);
        (uint256 whole, ) = MarginMath.positionMarginUp(first + second, price, rate, 0);
        (uint256 a, ) = MarginMath.positionMarginUp(first, price, rate, 0);
        (uint256 b, ) = MarginMath.positionMarginUp(second, price, rate, 0);
        Fuzz.assertBetween(a + b, whole, whole + 3, "sum of the parts");
    }

    /* INITIAL MARGIN */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_MRG02_initialRateRisesAsTheRatioFalls(uint16 target, uint32 ratio) external pure {
        uint256 rate = MarginMath.initialRate(target, ratio);
        uint256 base = uint256(target) + INITIAL_MARGIN_POINTS;
        Fuzz.assertBetween(rate, base, 2 * base, "clamp(2 - ratio, 1, 2)");
        if (ratio > 0) Fuzz.assertTrue(MarginMath.initialRate(target, ratio - 1) >= rate, "monotone");
        uint256 capped = ratio > RATIO_ONE ? RATIO_ONE : ratio;
        Fuzz.assertBetween(rate * RATIO_ONE - base * (2 * RATIO_ONE - capped), 0, RATIO_ONE - 1, "rounded up");
    }

    function test_MRG02_initialRateIsTargetAndSixPoints() external pure {
        Fuzz.assertEqual(MarginMath.initialRate(3_000, RATIO_ONE), 9_000, "full fund");
        Fuzz.assertEqual(MarginMath.initialRate(3_000, 3 * RATIO_ONE), 9_000, "overfull fund");
        Fuzz.assertEqual(MarginMath.initialRate(3_000, RATIO_ONE / 2), 13_500, "half a fund");
        Fuzz.assertEqual(MarginMath.initialRate(3_000, 0), 18_000, "no fund");
        // 24 h of the ramp are the 6 points between initial and maintenance margin.
        Fuzz.assertEqual(24 * MarginMath.RISE_PER_HOUR, INITIAL_MARGIN_POINTS, "24 hours of ramp");
    }

    /* RAMP */

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_MRG02_theRampIsNeverFasterThanItsLimit(uint16 set, uint16 target, uint24 elapsed) external pure {
        uint256 rate = MarginMath.currentRateUp(set, target, 1_000, 1_000 + uint256(elapsed));
        if (target >= set) {
            uint256 moved = rate - set;
            Fuzz.assertBetween(rate, set, target, "between both");
            Fuzz.assertTrue(moved == 0 || (moved - 1) * 1 hours < uint256(elapsed) * 250, "not faster");
            Fuzz.assertTrue(rate == target || moved * 1 hours >= uint256(elapsed) * 250, "not slower");
        } else {
            uint256 moved = set - rate;
            Fuzz.assertBetween(rate, target, set, "between both");
            Fuzz.assertTrue(moved * 1 hours <= uint256(elapsed) * 50, "not faster");
            Fuzz.assertTrue(rate == target || (moved + 1) * 1 hours > uint256(elapsed) * 50, "not slower");
        }
    }

    /// @dev RSK-01: limits are per elapsed time and not per call. Writing the same target again and again, at any
    /// moments, gives what one write gives.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_RSK01_pokingDoesNotBendTheRamp(uint16 set, uint16 target, uint256 raw) external pure {
        uint256 rate = set;
        uint256 settledAt = 1_000;
        uint256 time = 1_000;
        uint256 count = 1 + (raw % 40);
        for (uint256 i = 0; i < count; ++i) {
            uint256 gap = uint256(keccak256(abi.encode(raw, i)));
            time += i & 1 == 0 ? gap % 8 : gap % 4_000;
            (rate, settledAt) = MarginMath.settledRate(rate, target, settledAt, time);
            Fuzz.assertTrue(settledAt <= time, "not in the future");
        }
        uint256 poked = MarginMath.currentRateUp(rate, target, settledAt, time);
        uint256 left = MarginMath.currentRateUp(set, target, 1_000, time);
        if (target < set) {
            // A unit of a fall takes 72 whole seconds, so nothing is lost.
            Fuzz.assertEqual(poked, left, "fall");
        } else {
            // A unit of a rise takes 14.4 s, so each write may lose less than a second: 250 / 3600 of a unit.
            Fuzz.assertBetween(poked, left - _min(left - set, 2 + (count * 250) / 3_600), left, "rise");
        }
    }

    function test_MRG02_theRampTakesItsTime() external pure {
        Fuzz.assertEqual(MarginMath.currentRateUp(3_000, 10_000, 0, 1 hours), 3_250, "0.25 points after an hour");
        Fuzz.assertEqual(MarginMath.currentRateUp(3_000, 10_000, 0, 28 hours), 10_000, "7 points after 28 hours");
        Fuzz.assertEqual(MarginMath.currentRateUp(3_000, 10_000, 0, 29 hours), 10_000, "and no more");
        Fuzz.assertEqual(MarginMath.currentRateUp(3_000, 10_000, 0, 1), 3_001, "a rise shows early");
        Fuzz.assertEqual(MarginMath.currentRateUp(10_000, 3_000, 0, 1 hours), 9_950, "0.05 points after an hour");
        Fuzz.assertEqual(MarginMath.currentRateUp(10_000, 3_000, 0, 140 hours), 3_000, "7 points after 140 hours");
        Fuzz.assertEqual(MarginMath.currentRateUp(10_000, 3_000, 0, 71), 10_000, "a fall shows late");
    }

    function test_MRG02_aRampCannotBeReadBeforeItBegins() external {
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        HARNESS.currentRateUp(3_000, 10_000, 2, 1);
    }

    /* VALUES */

    function test_MRG01_profitWeightsByClass() external pure {
        Fuzz.assertEqual(MarginMath.profitWeight(MarketClass.Major, RATIO_ONE), 1e18, "major");
        Fuzz.assertEqual(MarginMath.profitWeight(MarketClass.Mid, RATIO_ONE), 0.75e18, "mid");
        Fuzz.assertEqual(MarginMath.profitWeight(MarketClass.Tail, RATIO_ONE), 0.5e18, "tail");
        Fuzz.assertEqual(MarginMath.profitWeight(MarketClass.Mid, 2 * RATIO_ONE), 0.75e18, "overfull fund");
        Fuzz.assertEqual(MarginMath.profitWeight(MarketClass.Mid, RATIO_ONE / 2), 0.375e18, "half a fund");
        Fuzz.assertEqual(MarginMath.profitWeight(MarketClass.Major, 0), 0, "no fund");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_ORC07_blindPricesMoveAgainstTheAccount(
        uint256 rawPrice,
        uint16 rate,
        uint256 rawMove
    ) external pure {
        uint256 price = Fuzz.ofAnySize(rawPrice, 90);
        uint256 blindMove = Fuzz.between(rawMove, 0, 2e18);
        uint256 move = _min(uint256(rate) * 1e13, blindMove);
        uint256 long = MarginMath.blindPrice(price, true, rate, blindMove);
        uint256 short = MarginMath.blindPrice(price, false, rate, blindMove);
        Fuzz.assertTrue(long <= price && price <= short, "against the account");
        uint256 kept = move < 1e18 ? 1e18 - move : 0;
        Fuzz.assertBetween(price * kept - long * 1e18, 0, 1e18 - 1, "long: rounded down");
        Fuzz.assertBetween(short * 1e18 - price * (1e18 + move), 0, 1e18 - 1, "short: rounded up");
    }

    function test_ORC07_blindPriceTakesTheSmallerMoveAndStopsAtZero() external pure {
        Fuzz.assertEqual(MarginMath.blindPrice(100e18, true, 5_000, 0.02e18), 98e18, "sigma is smaller");
        Fuzz.assertEqual(MarginMath.blindPrice(100e18, true, 5_000, 0.2e18), 95e18, "mmr is smaller");
        Fuzz.assertEqual(MarginMath.blindPrice(100e18, false, 5_000, 0.2e18), 105e18, "short");
        Fuzz.assertEqual(MarginMath.blindPrice(100e18, true, RATE_ONE, 1e18), 0, "never below 0");
        Fuzz.assertEqual(MarginMath.blindPrice(100e18, true, 2 * RATE_ONE, 3e18), 0, "never below 0");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_MRG01_haircutsAreTakenOnceAndRoundedDown(
        uint256 rawAmount,
        uint256 rawPrice,
        uint256 rawHaircut
    ) external pure {
        uint256 amount = Fuzz.ofAnySize(rawAmount, 95);
        uint256 price = Fuzz.ofAnySize(rawPrice, 90);
        uint256 haircut = Fuzz.between(rawHaircut, 0, BPS_ONE);
        uint256 counted = MarginMath.haircutValueDown(amount, price, haircut);
        uint256 exact = amount * price * (BPS_ONE - haircut);
        Fuzz.assertBetween(exact - counted * 1e18 * BPS_ONE, 0, 1e18 * BPS_ONE - 1, "rounded down");
        Fuzz.assertTrue(counted <= MarginMath.valueDown(amount, price), "not above the full value");
        if (haircut == 0) Fuzz.assertEqual(counted, MarginMath.valueDown(amount, price), "no haircut");
    }

    function test_MRG01_aHaircutAboveAllIsRefused() external {
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        HARNESS.haircutValueDown(1, 1, BPS_ONE + 1);
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}

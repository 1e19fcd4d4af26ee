// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReserveMath} from "../../../contracts/libraries/ReserveMath.sol";
import {RiskMath} from "../../../contracts/libraries/RiskMath.sol";
import {BPS_ONE, MAX_OPEN_INTEREST, MAX_PRICE, RATIO_ONE, WAD} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @dev Figures from volatilities of 40%, 100% and 200% a year were worked out with 60 decimal digits, apart from this code.
contract RiskMathTest {
    /// @dev Variances per second of 10%, 40%, 100%, 200% and 400% a year.
    uint256 private constant VAR_10 = 317_097_920;
    uint256 private constant VAR_40 = 5_073_566_718;
    uint256 private constant VAR_100 = 31_709_791_984;
    uint256 private constant VAR_200 = 126_839_167_936;
    /// @dev kappa of 100% a year.
    uint256 private constant KAPPA_100 = 7_554_973_565_221_788;

    /* MRG-02: TARGET OF mmr */

    function test_MRG02_TargetCoversFourDeviationsOfAnHour() public pure {
        // 4 * 1.0684346% = 4.2737384%, rounded up to 1e-5.
        Fuzz.assertEqual(RiskMath.maintenanceTargetUp(VAR_100, 400, 3_000, 25_000), 4_274, "100% a year");
        Fuzz.assertEqual(RiskMath.maintenanceTargetUp(VAR_200, 400, 3_000, 25_000), 8_548, "200% a year");
        Fuzz.assertEqual(RiskMath.maintenanceTargetUp(VAR_200, 300, 3_000, 25_000), 6_411, "three deviations");
    }

    function test_MRG02_TargetStaysBetweenFloorAndCap() public pure {
        Fuzz.assertEqual(RiskMath.maintenanceTargetUp(VAR_40, 400, 1_710, 25_000), 1_710, "at the floor");
        Fuzz.assertEqual(RiskMath.maintenanceTargetUp(VAR_40, 400, 1_709, 25_000), 1_710, "above the floor");
        Fuzz.assertEqual(RiskMath.maintenanceTargetUp(VAR_40, 400, 3_000, 25_000), 3_000, "below the floor");
        Fuzz.assertEqual(RiskMath.maintenanceTargetUp(VAR_100, 400, 3_000, 4_273), 4_273, "above the cap");
        Fuzz.assertEqual(RiskMath.maintenanceTargetUp(type(uint64).max, 800, 3_000, 50_000), 50_000, "at most the cap");
        Fuzz.assertEqual(RiskMath.maintenanceTargetUp(0, 400, 3_000, 25_000), 3_000, "no variance");
    }

    /// forge-config: default.fuzz.runs = 2000
    function testFuzz_MRG02_TargetIsTheLeastThatCovers(uint256 variance, uint256 deviations) public pure {
        variance = Fuzz.ofAnySize(variance, 64);
        deviations = Fuzz.between(deviations, 300, 800);
        uint256 rate = RiskMath.maintenanceTargetUp(variance, deviations, 0, type(uint64).max);
        // (rate / 1e5)^2 against (deviations / 100)^2 * variance / 1e18 * 3600, both times 1e32.
        uint256 square = deviations * deviations * variance * 3_600 * 1e10;
        Fuzz.assertTrue(rate * rate * 1e22 >= square, "covers");
        Fuzz.assertTrue(rate == 0 || (rate - 1) * (rate - 1) * 1e22 < square, "and one unit less would not");
    }

    function test_MRG02_VarianceIsTheGreaterOfBothAndHasAFloor() public pure {
        Fuzz.assertEqual(RiskMath.highestVariance(VAR_100, VAR_40), VAR_100, "fast");
        Fuzz.assertEqual(RiskMath.highestVariance(VAR_40, VAR_100), VAR_100, "slow");
        Fuzz.assertEqual(RiskMath.highestVariance(0, VAR_10 - 1), VAR_10, "floor");
        Fuzz.assertEqual(RiskMath.highestVariance(0, VAR_10 + 1), VAR_10 + 1, "above the floor");
    }

    /* FND-03: TARGET AND RATIO */

    function test_FND03_ShortfallIsExpectedShortfallOrTheFloor() public pure {
        // ES = 3.7505508187628...% at mmr 5%, 4.4765508187628...% at 4.274%.
        _assertAbout(RiskMath.shortfallUp(KAPPA_100, 5_000, 150), 37_505_508_187_628_570, "mmr 5%");
        _assertAbout(RiskMath.shortfallUp(KAPPA_100, 4_274, 150), 44_765_508_187_628_570, "mmr 4.274%");
        Fuzz.assertEqual(RiskMath.shortfallUp(KAPPA_100, 5_000, 600), 0.06e18, "floor of 6%");
        Fuzz.assertEqual(RiskMath.shortfallUp(KAPPA_100, 5_000, 376), 0.0376e18, "just above");
        Fuzz.assertTrue(RiskMath.shortfallUp(KAPPA_100, 5_000, 375) > 0.0375e18, "just below");
        Fuzz.assertEqual(RiskMath.shortfallUp(0, 0, 150), 0.015e18, "a price that does not move");
    }

    function test_FND03_ContributionIsShortfallOfOneSidesNotional() public pure {
        Fuzz.assertEqual(RiskMath.contributionUp(1_000e18, 200e18, 0.015e18), 3_000e18, "1.5% of 200,000");
        Fuzz.assertEqual(RiskMath.contributionUp(0, 200e18, 0.015e18), 0, "empty market");
        Fuzz.assertEqual(RiskMath.contributionUp(1, 1, 1), 1, "rounded up");
        Fuzz.assertEqual(
            RiskMath.contributionUp(MAX_OPEN_INTEREST, MAX_PRICE, 1e30),
            type(uint128).max,
            "at most what the books hold"
        );
    }

    function test_FND03_RatioIsResourcesOverTarget() public pure {
        Fuzz.assertEqual(RiskMath.ratioDown(0, 1), 0, "nothing there");
        Fuzz.assertEqual(RiskMath.ratioDown(5e18, 5e18), RATIO_ONE, "1");
        Fuzz.assertEqual(RiskMath.ratioDown(10e18, 5e18), 2 * RATIO_ONE, "2");
        Fuzz.assertEqual(RiskMath.ratioDown(5e18 - 1, 5e18), RATIO_ONE - 1, "a wei short");
        Fuzz.assertEqual(RiskMath.ratioDown(20e18, 5e18), 4 * RATIO_ONE, "the highest");
        Fuzz.assertEqual(RiskMath.ratioDown(type(uint136).max, 1), 4 * RATIO_ONE, "no higher");
        Fuzz.assertEqual(RiskMath.ratioDown(0, 0), RATIO_ONE, "nothing at risk, nothing there");
        Fuzz.assertEqual(RiskMath.ratioDown(7e18, 0), RATIO_ONE, "nothing at risk");
    }

    function test_FND04_FactorIsTwoLessTheRatioBetweenOneAndTwo() public pure {
        Fuzz.assertEqual(RiskMath.factorOf(0), 2 * RATIO_ONE, "ratio 0");
        Fuzz.assertEqual(RiskMath.factorOf(RATIO_ONE / 4), (7 * RATIO_ONE) / 4, "a quarter");
        Fuzz.assertEqual(RiskMath.factorOf(RATIO_ONE - 1), RATIO_ONE + 1, "just below 1");
        Fuzz.assertEqual(RiskMath.factorOf(RATIO_ONE), RATIO_ONE, "ratio 1");
        Fuzz.assertEqual(RiskMath.factorOf(2 * RATIO_ONE), RATIO_ONE, "ratio 2");
        Fuzz.assertEqual(RiskMath.factorOf(4 * RATIO_ONE), RATIO_ONE, "ratio 4");
    }

    function test_FND03_StressIsWhatSixDeviationsTakeBeyondMargin() public pure {
        // 6 * 1.06843460793...% = 6.41060764758...%; less 5%: 1.41060764758...% of 200,000.
        _assertAbout(RiskMath.stressUp(1_000e18, 200e18, VAR_100, 5_000), 2_821_215_295_168_239_372_800, "margin 5%");
        Fuzz.assertEqual(RiskMath.stressUp(1_000e18, 200e18, VAR_100, 6_411), 0, "margin covers it");
        Fuzz.assertTrue(RiskMath.stressUp(1_000e18, 200e18, VAR_100, 6_410) > 0, "margin almost covers it");
        Fuzz.assertEqual(RiskMath.stressUp(0, 200e18, VAR_100, 5_000), 0, "no position");
    }

    /// @dev Why a flash of two accounts cannot crowd out the market's own figure where mmr is at its target (docs/decisions.md).
    /// forge-config: default.fuzz.runs = 2000
    function testFuzz_FND03_TwoLargestOfAMarketCountNoMoreThanTheMarket(uint256 variance, uint256 size) public pure {
        variance = Fuzz.between(variance, VAR_10, 100 * VAR_100);
        size = Fuzz.between(size, 1e18, MAX_OPEN_INTEREST);
        uint256 rate = RiskMath.maintenanceTargetUp(variance, 400, 0, type(uint64).max);
        uint256 shortfall = RiskMath.shortfallUp(ReserveMath.scaleUp(variance, 0, 0), rate, 1);
        uint256 stress = RiskMath.stressUp(size, 200e18, variance, rate);
        Fuzz.assertTrue(2 * stress <= RiskMath.contributionUp(size, 200e18, shortfall), "both sides of it");
    }

    /* FND-04: CAP */

    function test_FND04_CapIsTheSharesWorthOfNotional() public pure {
        // 35% of 3,000 at 1.5% of notional: 70,000, which is 350 at a price of 200.
        Fuzz.assertEqual(RiskMath.capDown(3_000e18, 3_500, 0.015e18, 200e18, 1_000e18), 350e18, "by resources");
        Fuzz.assertEqual(RiskMath.capDown(3_000e18, 3_500, 0.015e18, 200e18, 350e18), 350e18, "at the listed cap");
        Fuzz.assertEqual(RiskMath.capDown(3_000e18, 3_500, 0.015e18, 200e18, 350e18 - 1), 350e18 - 1, "by listing");
        Fuzz.assertEqual(RiskMath.capDown(0, 3_500, 0.015e18, 200e18, 350e18), 0, "without resources");
    }

    /// forge-config: default.fuzz.runs = 2000
    function testFuzz_FND04_AMarketAtItsCapNeedsNoMoreThanItsShare(
        uint256 resources,
        uint256 share,
        uint256 shortfall,
        uint256 price
    ) public pure {
        resources = Fuzz.ofAnySize(resources, 100);
        share = Fuzz.between(share, 1, BPS_ONE);
        shortfall = Fuzz.between(shortfall, 0.0001e18, 10e18);
        price = Fuzz.between(price, 1, MAX_PRICE);
        uint256 cap = RiskMath.capDown(resources, share, shortfall, price, MAX_OPEN_INTEREST);
        // cap * price * shortfall against resources * share, WAD^3 * BPS: no rounding of its own.
        Fuzz.assertTrue(cap * price * shortfall <= (resources * share * 1e36) / BPS_ONE, "stands behind it");
        if (cap == MAX_OPEN_INTEREST) return;
        Fuzz.assertTrue(
            (cap + 1) * price * shortfall > ((resources * share) / BPS_ONE) * 1e36,
            "and a wei more would not"
        );
    }

    /* FND-02: GAP PREMIUM */

    function test_FND02_MultipleGrowsFromFourFifthsOfTheCapToTheCap() public pure {
        Fuzz.assertEqual(RiskMath.multipleUp(0, 1_000e18), WAD, "empty");
        Fuzz.assertEqual(RiskMath.multipleUp(800e18, 1_000e18), WAD, "at 80%");
        Fuzz.assertTrue(RiskMath.multipleUp(800e18 + 100, 1_000e18) > WAD, "beyond 80%");
        Fuzz.assertEqual(RiskMath.multipleUp(850e18, 1_000e18), 1.75e18, "85%");
        Fuzz.assertEqual(RiskMath.multipleUp(900e18, 1_000e18), 2.5e18, "90%");
        Fuzz.assertTrue(RiskMath.multipleUp(1_000e18 - 1e9, 1_000e18) < 4e18, "below the cap");
        Fuzz.assertEqual(RiskMath.multipleUp(1_000e18, 1_000e18), 4e18, "at the cap");
        Fuzz.assertEqual(RiskMath.multipleUp(5_000e18, 1_000e18), 4e18, "beyond the cap");
        Fuzz.assertEqual(RiskMath.multipleUp(1, 0), 4e18, "no cap");
        Fuzz.assertEqual(RiskMath.multipleUp(0, 0), WAD, "no cap, nothing open");
    }

    /// forge-config: default.fuzz.runs = 2000
    function testFuzz_FND02_MultipleRisesWithUse(uint256 cap, uint256 less, uint256 more) public pure {
        cap = Fuzz.between(cap, 0, MAX_OPEN_INTEREST);
        more = Fuzz.between(more, 0, MAX_OPEN_INTEREST);
        less = Fuzz.between(less, 0, more);
        uint256 lower = RiskMath.multipleUp(less, cap);
        uint256 higher = RiskMath.multipleUp(more, cap);
        Fuzz.assertBetween(lower, WAD, higher, "monotone, from 1");
        Fuzz.assertBetween(higher, WAD, 4e18, "to 4");
    }

    function test_FND02_GapRateChargesForWhatIsExpectedBeyondTheMargin() public pure {
        // 0.1 * 1.5 * 2.24549192989994...e-5 / 3600 s = 9.35621637458309...e-10: 935,622 units of 1e-15.
        Fuzz.assertEqual(RiskMath.gapRateUp(KAPPA_100, 5_000, 1_000, 15_000, WAD), 935_622, "m 1");
        Fuzz.assertEqual(RiskMath.gapRateUp(KAPPA_100, 5_000, 1_000, 15_000, 4e18), 3_742_487, "m 4");
        Fuzz.assertEqual(RiskMath.gapRateUp(KAPPA_100, 5_000, 1_000, 30_000, WAD), 1_871_244, "loading 3");
        Fuzz.assertEqual(RiskMath.gapRateUp(KAPPA_100, 5_000, 2_000, 15_000, WAD), 1_871_244, "u 0.2");
        // Beyond 8.6103 kappa = 6.505% margin counts: at 10%, 6.37006782...e-6.
        Fuzz.assertEqual(RiskMath.gapRateUp(KAPPA_100, 10_000, 1_000, 15_000, WAD), 265_420, "mmr 10%");
        Fuzz.assertEqual(RiskMath.gapRateUp(KAPPA_100, 6_505, 1_000, 15_000, WAD), 935_622, "mmr just below");
        Fuzz.assertTrue(RiskMath.gapRateUp(KAPPA_100, 6_510, 1_000, 15_000, WAD) < 935_622, "mmr just above");
        Fuzz.assertEqual(RiskMath.gapRateUp(0, 5_000, 1_000, 15_000, 4e18), 0, "a price that does not move");
        Fuzz.assertEqual(RiskMath.gapRateUp(1e22, 5_000, 10_000, 30_000, 4e18), 1e8, "the highest");
    }

    /* LIQ-07: PENALTY */

    function test_LIQ07_PenaltyFollowsVolatilityAndRatio() public pure {
        Fuzz.assertEqual(RiskMath.penaltyUp(VAR_100, VAR_100, 1_000, RATIO_ONE), 1_000, "calm and full");
        Fuzz.assertEqual(RiskMath.penaltyUp(VAR_100, VAR_100, 1_000, 2 * RATIO_ONE), 1_000, "more than full");
        Fuzz.assertEqual(RiskMath.penaltyUp(VAR_100, VAR_100, 1_000, RATIO_ONE / 2), 1_500, "half full");
        Fuzz.assertEqual(RiskMath.penaltyUp(VAR_100, VAR_100, 1_000, 0), 2_000, "empty");
        // sqrt(sigmaFast / sigmaSlow): 2 for volatilities 4 : 1, 1.41421... for 2 : 1.
        Fuzz.assertEqual(RiskMath.penaltyUp(16 * VAR_100, VAR_100, 600, RATIO_ONE), 1_200, "four times as volatile");
        Fuzz.assertEqual(RiskMath.penaltyUp(4 * VAR_100, VAR_100, 1_000, RATIO_ONE), 1_500, "on the grid, rounded up");
        Fuzz.assertEqual(RiskMath.penaltyUp(VAR_100, 4 * VAR_100, 1_000, RATIO_ONE), 800, "half as volatile");
    }

    function test_LIQ07_PenaltyStaysBetweenFiveAndTwentyPercent() public pure {
        Fuzz.assertEqual(RiskMath.penaltyUp(VAR_100, 16 * VAR_100, 1_000, RATIO_ONE), 500, "a quarter: 5%");
        Fuzz.assertEqual(RiskMath.penaltyUp(VAR_100, 10_000 * VAR_100, 1_000, RATIO_ONE), 500, "less is 5% too");
        Fuzz.assertEqual(RiskMath.penaltyUp(16 * VAR_100, VAR_100, 1_000, RATIO_ONE), 2_000, "20%");
        Fuzz.assertEqual(RiskMath.penaltyUp(type(uint64).max, 0, 2_000, 0), 2_000, "more is 20% too");
        Fuzz.assertEqual(RiskMath.penaltyUp(0, 0, 1_000, RATIO_ONE), 1_000, "without variance, by the floor of both");
    }

    /// forge-config: default.fuzz.runs = 2000
    function testFuzz_LIQ07_PenaltyIsOnTheGridAndNeverBelowTheFormula(
        uint256 fast,
        uint256 slow,
        uint256 base,
        uint256 ratio
    ) public pure {
        fast = Fuzz.between(fast, VAR_10, type(uint64).max);
        slow = Fuzz.between(slow, VAR_10, type(uint64).max);
        base = Fuzz.between(base, 500, 2_000);
        ratio = Fuzz.between(ratio, 0, 4 * RATIO_ONE);
        uint256 penalty = RiskMath.penaltyUp(fast, slow, base, ratio);
        Fuzz.assertBetween(penalty, 500, 2_000, "bounds");
        Fuzz.assertEqual(penalty % 100, 0, "grid");
        if (penalty == 2_000) return;
        // (penalty / (base factor))^4 >= fast / slow, in whole numbers.
        uint256 needed = base * RiskMath.factorOf(ratio);
        uint256 got = (penalty * RATIO_ONE * 1e6) / needed + 1;
        Fuzz.assertTrue(got ** 4 * slow >= fast * 1e24, "not below");
    }

    /* RSK-01: SPEED */

    function test_RSK01_WhatRisesDoesSoByElapsedTime() public pure {
        Fuzz.assertEqual(RiskMath.risenDown(100, 90, 2_400, 0), 90, "down at once");
        Fuzz.assertEqual(RiskMath.risenDown(100, 500, 2_400, 0), 100, "not up within a second");
        Fuzz.assertEqual(RiskMath.risenDown(100, 500, 2_400, 35), 100, "nor before a unit is whole");
        Fuzz.assertEqual(RiskMath.risenDown(100, 500, 2_400, 36), 101, "a unit in 36 s");
        Fuzz.assertEqual(RiskMath.risenDown(100, 500, 2_400, 1 hours - 1), 199, "a second before the hour");
        Fuzz.assertEqual(RiskMath.risenDown(100, 500, 2_400, 1 hours), 200, "a twenty-fourth in an hour");
        Fuzz.assertEqual(RiskMath.risenDown(100, 500, 2_400, 30 days), 200, "and no more after a month");
        Fuzz.assertEqual(RiskMath.risenDown(100, 150, 2_400, 1 hours), 150, "not beyond the target");
    }

    function test_RSK01_GapPremiumFallsByElapsedTime() public pure {
        Fuzz.assertEqual(RiskMath.fallenUp(600, 900, 0), 900, "up at once");
        Fuzz.assertEqual(RiskMath.fallenUp(600, 0, 0), 600, "not down within a second");
        Fuzz.assertEqual(RiskMath.fallenUp(600, 0, 35), 600, "nor before a unit is whole");
        Fuzz.assertEqual(RiskMath.fallenUp(600, 0, 36), 599, "a unit in 36 s");
        Fuzz.assertEqual(RiskMath.fallenUp(600, 0, 1 hours), 500, "a sixth in an hour");
        Fuzz.assertEqual(RiskMath.fallenUp(600, 0, 30 days), 500, "and no more after a month");
        Fuzz.assertEqual(RiskMath.fallenUp(600, 550, 1 hours), 550, "not beyond the target");
        Fuzz.assertEqual(RiskMath.fallenUp(0, 0, 1 hours), 0, "nothing to fall");
    }

    /// forge-config: default.fuzz.runs = 1000
    function testFuzz_RSK01_MoreCallsMoveNothingFaster(
        uint256 current,
        uint256 range,
        uint256 elapsed,
        uint8 calls
    ) public pure {
        current = Fuzz.ofAnySize(current, 32);
        range = Fuzz.ofAnySize(range, 95);
        elapsed = Fuzz.between(elapsed, 0, 2 days);
        uint256 pieces = uint256(calls % 50) + 1;
        uint256 risen = current;
        uint256 fallen = current;
        for (uint256 i = 0; i < pieces; ++i) {
            uint256 part = (elapsed * (i + 1)) / pieces - (elapsed * i) / pieces;
            risen = RiskMath.risenDown(risen, type(uint128).max, range, part);
            fallen = RiskMath.fallenUp(fallen, 0, part);
        }
        Fuzz.assertTrue((risen - current) * 24 hours <= range * elapsed, "a rise by range a day at most");
        Fuzz.assertTrue((current - fallen) * 6 hours <= current * elapsed, "a fall by a sixth an hour at most");
    }

    /// @dev Not below the exact figure, and above it by less than one part in 1e12.
    function _assertAbout(uint256 found, uint256 exactDown, string memory what) private pure {
        Fuzz.assertBetween(found, exactDown, exactDown + exactDown / 1e12 + 2, what);
    }
}

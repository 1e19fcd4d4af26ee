// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionMath} from "../../../contracts/libraries/AuctionMath.sol";
import {LibraryHarnessAuctionMath} from "../../../contracts/mocks/harness/LibraryHarnessAuctionMath.sol";
import {Fuzz} from "../support/Fuzz.sol";
import {vm} from "../support/Vm.sol";

/// @notice Income, penalty and the largest fraction (LIQ-02, LIQ-03, LIQ-06, INV-05, INV-15).
/// @dev Amounts up to 2^64 here, so that the inequalities can be checked in whole numbers of 256 bits; larger ones are
/// checked in test/typescript/differential/AuctionMath.test.ts.
contract AuctionMathTest {
    uint256 private constant TARGET = 1.15e18;
    LibraryHarnessAuctionMath private immutable HARNESS = new LibraryHarnessAuctionMath();

    /* INCOME AND PENALTY */

    function test_LIQ02_incomeRateAtItsKnees() external pure {
        Fuzz.assertEqual(AuctionMath.incomeRate(0), 0.02e18, "start");
        Fuzz.assertEqual(AuctionMath.incomeRate(150), 0.06e18, "half way to the knee");
        Fuzz.assertEqual(AuctionMath.incomeRate(299), 0.02e18 + (uint256(0.08e18) * 299) / 300, "before the knee");
        Fuzz.assertEqual(AuctionMath.incomeRate(300), 0.1e18, "5 minutes");
        Fuzz.assertEqual(AuctionMath.incomeRate(750), 0.3e18, "half way to the end");
        Fuzz.assertEqual(AuctionMath.incomeRate(1_200), 0.5e18, "20 minutes");
        Fuzz.assertEqual(AuctionMath.incomeRate(type(uint256).max), 0.5e18, "for ever");
    }

    /// @dev A quarter of what it takes leaves half of the account, and numbers of 160 bits lose nothing when they are cut to 126.
    function test_LIQ06_whatIsExactStaysExactInLargeNumbers() external pure {
        uint256 size = 1 << 100;
        uint256 fraction = AuctionMath.deleverageFractionUp(int256(size / 4), 0, 0, size, 0, 1e18);
        Fuzz.assertEqual(fraction, 0.5e18, "half");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_INV15_incomeRateNeverFalls(uint16 elapsed) external pure {
        uint256 rate = AuctionMath.incomeRate(elapsed);
        Fuzz.assertTrue(AuctionMath.incomeRate(uint256(elapsed) + 1) >= rate, "monotone");
        Fuzz.assertBetween(rate, 0.02e18, 0.5e18, "range");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_LIQ02_incomeIsBoundedByHalfOfMM(
        uint120 maintenance,
        int120 balance,
        uint16 elapsed
    ) external pure {
        uint256 rate = AuctionMath.incomeRate(elapsed);
        uint256 income = AuctionMath.incomeDown(maintenance, balance, rate);
        Fuzz.assertTrue(2 * income <= maintenance, "k_max");
        Fuzz.assertTrue(income >= (uint256(maintenance) * rate) / 1e18, "k_time");
        Fuzz.assertTrue(AuctionMath.incomeDown(maintenance, balance, 0.5e18) >= income, "grows with time");
        int256 gap = int256(uint256(maintenance)) - balance;
        int256 floor = gap > 0 ? (gap * 3) / 10 : int256(0);
        Fuzz.assertTrue(int256(income) >= floor || income == maintenance / 2, "30% of what is missing");
    }

    function test_LIQ02_incomeByHand() external pure {
        Fuzz.assertEqual(AuctionMath.incomeDown(100e18, 90e18, 0.02e18), 3e18, "30% of 10");
        Fuzz.assertEqual(AuctionMath.incomeDown(100e18, 99e18, 0.02e18), 2e18, "2% of 100");
        Fuzz.assertEqual(AuctionMath.incomeDown(100e18, 120e18, 0.02e18), 2e18, "no gap");
        Fuzz.assertEqual(AuctionMath.incomeDown(100e18, -1_000e18, 0.02e18), 50e18, "k_max");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_LIQ02_penaltyTakesOnlyWhatIsThere(
        uint256 rawRate,
        uint120 maintenance,
        int120 value,
        uint120 income
    ) external pure {
        uint256 rate = Fuzz.between(rawRate, 0, 0.2e18);
        uint256 penalty = AuctionMath.penaltyOf(rate, maintenance, value, income);
        int256 left = int256(value) - int256(uint256(income));
        if (left <= 0) return Fuzz.assertEqual(penalty, 0, "nothing is there");
        Fuzz.assertTrue(int256(penalty) <= left, "what is there");
        uint256 exact = uint256(maintenance) * rate;
        Fuzz.assertTrue(int256(penalty) == left || penalty * 1e18 >= exact, "rounded up");
        Fuzz.assertTrue(penalty == 0 || (penalty - 1) * 1e18 < exact, "by less than a wei");
    }

    /* FRACTIONS */

    /// @dev INV-05 with tolerance 0: at f the rest is at target. Two wei of x more and it would not be.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_INV05_afterTheLargestFractionTheRestIsAtTarget(uint256 raw) external pure {
        AuctionMath.FractionInput memory input = draw(raw);
        uint256 remaining = 1e18 - AuctionMath.maxFractionUp(input);
        if (int256(input.retained * 1e18) <= int256(input.blindMargin * TARGET)) {
            return Fuzz.assertEqual(remaining, 0, "all is sold");
        }
        Fuzz.assertTrue(missing(input, remaining) <= 0, "at target");
        if (remaining < 1e18) Fuzz.assertTrue(missing(input, remaining + 2) > 0, "no more than needed");
    }

    /// @dev INV-05, second part: any smaller bid brings the account nearer to its target, not further from it.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_INV05_anyBidLiftsTheDistanceToTarget(uint256 raw, uint256 rawPart) external pure {
        AuctionMath.FractionInput memory input = draw(raw);
        // Nothing blind: k MM counts blind margin too, which a bid does not relieve the account of.
        input.blindMargin = 0;
        uint256 largest = AuctionMath.maxFractionUp(input);
        uint256 part = Fuzz.between(rawPart, 0, largest);
        int256 before = missing(input, 1e18);
        if (before <= 0) return;
        Fuzz.assertTrue(missing(input, 1e18 - part) <= before, "E - tau MM does not fall");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_LIQ03_withoutAddOnTheClosedFormHolds(uint256 raw) external pure {
        AuctionMath.FractionInput memory input = draw(raw);
        input.sizeMargin = 0;
        input.blindMargin = 0;
        if (input.retained == 0) return;
        int256 short = int256(input.linearMargin * TARGET) - input.marginBalance * 1e18;
        uint256 expected;
        if (short > 0) {
            // (tau MM - E) / (tau MM - E + c), rounded up.
            uint256 divisor = uint256(short) + input.retained * 1e18;
            expected = (uint256(short) * 1e18 + divisor - 1) / divisor;
        }
        uint256 found = AuctionMath.maxFractionUp(input);
        Fuzz.assertBetween(found, expected, expected + 1, "closed form");
    }

    /// @dev Less kept by the account means that more must be sold: a bidder cannot gain by a larger k and a smaller f.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_LIQ03_theFractionFallsWithWhatIsRetained(uint256 raw, uint256 rawMore) external pure {
        AuctionMath.FractionInput memory input = draw(raw);
        uint256 fraction = AuctionMath.maxFractionUp(input);
        // Only where the account is below target; above it, f = 0 at any c.
        if (missing(input, 1e18) <= 0) return;
        input.retained += Fuzz.ofAnySize(rawMore, 63);
        Fuzz.assertTrue(AuctionMath.maxFractionUp(input) <= fraction + 1, "monotone");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_LIQ06_afterDeleveragingTheRestIsAtTarget(uint256 raw, uint256 rawPenalty) external pure {
        AuctionMath.FractionInput memory input = draw(raw);
        uint256 penalty = Fuzz.ofAnySize(rawPenalty, 60);
        uint256 remaining = 1e18 - deleverageFraction(input, penalty);
        int256 kept = input.marginBalance - int256(penalty);
        if (kept * 1e18 <= int256(input.blindMargin * TARGET)) return Fuzz.assertEqual(remaining, 0, "all is closed");
        Fuzz.assertTrue(missingAfterClosing(input, penalty, remaining) <= 0, "at target");
        if (remaining < 1e18) {
            Fuzz.assertTrue(missingAfterClosing(input, penalty, remaining + 2) > 0, "no more than needed");
        }
    }

    function test_LIQ03_edges() external pure {
        AuctionMath.FractionInput memory input = AuctionMath.FractionInput(90e18, 100e18, 0, 0, 0, TARGET);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 1e18, "c = 0: all");
        input.marginBalance = -50e18;
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 1e18, "under water: all");
        input = AuctionMath.FractionInput(0, 0, 0, 0, 0, TARGET);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 1e18, "an empty account: all of nothing");
        input = AuctionMath.FractionInput(115e18, 100e18, 0, 0, 80e18, TARGET);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 0, "at target: nothing");
        input = AuctionMath.FractionInput(0, 0, 0, 0, 1, TARGET);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 0, "no margin needed: nothing");
        input = AuctionMath.FractionInput(500e18, 0, 0, 0, 10e18, TARGET);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 0, "K < 0 and B = 0: nothing");
        // MM 100, E 90, c 80: 25 / 105.
        input = AuctionMath.FractionInput(90e18, 100e18, 0, 0, 80e18, TARGET);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 238_095_238_095_238_096, "25 / 105");
        // tau 1, A 0, B 100, E 0, c 25: 100 x^2 + 25 x = 25: x = (sqrt(10625) - 25) / 200.
        input = AuctionMath.FractionInput(0, 0, 100e18, 0, 25e18, 1e18);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 1e18 - 390_388_203_202_207_568, "with add-on");
    }

    /// @dev Three accounts whose exact x lies just below one half, by less than any digit that the computation keeps: a
    /// step that rounds the wrong way gives one half, and the rest would miss its target.
    function test_INV05_everyStepRoundsAgainstTheRest() external pure {
        // B = 0, tau A = (a 1e18 + 1)(1e18 + 1), c = a 1e18 + a + 1: slope = 2 c 1e18 + 1, x = c 1e18 / slope.
        uint256 a = 1_000;
        uint256 c = a * 1e18 + a + 1;
        AuctionMath.FractionInput memory input = AuctionMath.FractionInput(0, a * 1e18 + 1, 0, 0, c, 1e18 + 1);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 0.5e18 + 1, "slope");

        // A = 0, E = c, tau B = 4 c 1e18 + 1: slope = 0, x = sqrt(c 1e18 / (4 c 1e18 + 1)).
        uint256 b = 1_003;
        c = (b * 1e18 + b + 1) / 4;
        input = AuctionMath.FractionInput(int256(c), 0, b * 1e18 + 1, 0, c, 1e18 + 1);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 0.5e18 + 1, "curvature");

        // The same with 126 bits, where nothing is shifted and only the root is rounded.
        b = 47;
        c = (b * 1e18 + b + 1) / 4;
        input = AuctionMath.FractionInput(int256(c), 0, b * 1e18 + 1, 0, c, 1e18 + 1);
        Fuzz.assertEqual(AuctionMath.maxFractionUp(input), 0.5e18 + 1, "root");
    }

    function test_LIQ03_theEdgesOfTheRangeDoNotOverflow() external pure {
        uint256 top = (1 << 127) - 1;
        for (uint256 corner = 0; corner < 64; ++corner) {
            AuctionMath.FractionInput memory input = AuctionMath.FractionInput({
                marginBalance: corner & 1 == 0 ? int256(top) : -int256(top) - 1,
                linearMargin: corner & 2 == 0 ? top : corner & 32,
                sizeMargin: corner & 4 == 0 ? top : corner & 32,
                blindMargin: corner & 8 == 0 ? top : 0,
                retained: corner & 16 == 0 ? top : corner & 32,
                targetRatio: TARGET
            });
            Fuzz.assertBetween(AuctionMath.maxFractionUp(input), 0, 1e18, "bid");
            Fuzz.assertBetween(deleverageFraction(input, input.retained), 0, 1e18, "deleverage");
        }
    }

    function test_LIQ03_whatDoesNotFitIsRefused() external {
        AuctionMath.FractionInput memory input = AuctionMath.FractionInput(0, 1 << 250, 0, 0, 1, TARGET);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        HARNESS.maxFractionUp(input);
    }

    /* HELPERS */

    /// @dev An account whose amounts have 1 to 64 bits; E around the target, c anything up to E.
    function draw(uint256 raw) private pure returns (AuctionMath.FractionInput memory input) {
        input.linearMargin = Fuzz.ofAnySize(word(raw, 0), 60);
        input.sizeMargin = Fuzz.ofAnySize(word(raw, 1), 60);
        if (raw & 3 == 0) input.blindMargin = Fuzz.ofAnySize(word(raw, 2), 58);
        uint256 margin = input.linearMargin + input.sizeMargin + input.blindMargin;
        input.marginBalance = int256(word(raw, 3) % (2 * margin + 1));
        input.retained = word(raw, 4) % (uint256(input.marginBalance) + 1);
        if (raw & 12 == 0) input.marginBalance -= int256(margin);
        input.targetRatio = TARGET;
    }

    function word(uint256 raw, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(raw, i)));
    }

    /// @dev (tau MM' - E') * 1e54 when x (WAD) of the account remains. Below 2^60 * 2^60 * 2^61 * 2^60.
    function missing(AuctionMath.FractionInput memory input, uint256 x) private pure returns (int256) {
        uint256 maintenance = (x * input.linearMargin + input.blindMargin * 1e18) * 1e18 + x * x * input.sizeMargin;
        int256 balance = int256(x) * input.marginBalance + int256((1e18 - min(x, 1e18)) * input.retained);
        if (x > 1e18) balance -= int256((x - 1e18) * input.retained);
        return int256(input.targetRatio * maintenance) - balance * 1e36;
    }

    function missingAfterClosing(
        AuctionMath.FractionInput memory input,
        uint256 penalty,
        uint256 x
    ) private pure returns (int256) {
        uint256 maintenance = (x * input.linearMargin + input.blindMargin * 1e18) * 1e18 + x * x * input.sizeMargin;
        int256 balance = input.marginBalance * 1e18 - (1e18 - int256(x)) * int256(penalty);
        return int256(input.targetRatio * maintenance) - balance * 1e36;
    }

    function deleverageFraction(
        AuctionMath.FractionInput memory input,
        uint256 penalty
    ) private pure returns (uint256) {
        return
            AuctionMath.deleverageFractionUp(
                input.marginBalance,
                penalty,
                input.linearMargin,
                input.sizeMargin,
                input.blindMargin,
                input.targetRatio
            );
    }

    function min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FundingMath} from "../../../contracts/libraries/FundingMath.sol";
import {WadMath} from "../../../contracts/libraries/WadMath.sol";
import {WAD} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice Funding decays, adds up, and is never cheap to move (CLR-05).
contract FundingMathTest {
    int256 private constant LARGEST = 1 << 79;

    /// @dev Paid in two steps, with the velocity decayed between them, is paid in one, but for rounding.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CLR05_TwoStepsAreOne(int256 raw, uint256 rawFirst, uint256 rawSecond) external pure {
        int256 velocity = _signed(raw, LARGEST);
        uint256 first = Fuzz.between(rawFirst, 0, 2 days);
        uint256 second = Fuzz.between(rawSecond, 0, 2 days);
        int256 once = FundingMath.accrued(velocity, first + second);
        int256 twice =
            FundingMath.accrued(velocity, first) + FundingMath.accrued(FundingMath.decayed(velocity, first), second);
        // Each exponential is good to a few parts in 1e18, the decayed velocity to one unit; tau turns it into 3,600.
        uint256 tolerance = 2 * FundingMath.DECAY_SECONDS + (WadMath.abs(once) + WadMath.abs(twice)) / 1e14;
        Fuzz.assertBetween(WadMath.abs(once - twice), 0, tolerance, "adds up");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CLR05_NeverPaysMoreThanVelocityTimesTau(int256 raw, uint256 rawElapsed) external pure {
        int256 velocity = _signed(raw, LARGEST);
        uint256 elapsed = Fuzz.between(rawElapsed, 0, 3650 days);
        int256 paid = FundingMath.accrued(velocity, elapsed);
        uint256 most = WadMath.abs(velocity) * WadMath.min(elapsed, FundingMath.DECAY_SECONDS);
        Fuzz.assertBetween(WadMath.abs(paid), 0, most + WadMath.abs(velocity) / 1e14 + 1, "bounded");
        Fuzz.assertTrue(paid == 0 || (paid > 0) == (velocity > 0), "same sign");
        Fuzz.assertTrue(
            WadMath.abs(FundingMath.accrued(velocity, elapsed + 1)) >= WadMath.abs(paid),
            "never gives back"
        );
    }

    function test_CLR05_AfterAHundredTimeConstantsNothingIsLeft() external pure {
        uint256 longest = 100 * FundingMath.DECAY_SECONDS;
        Fuzz.assertTrue(FundingMath.decayed(LARGEST, longest + 1) == 0, "of the largest");
        Fuzz.assertTrue(FundingMath.decayed(-LARGEST, longest + 1) == 0, "either way");
    }

    /// @dev The bound that keeps moving it dear: a fill changes what a holder of all open interest receives by at most its taker fee.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CLR05_MovingItCostsAtLeastWhatItEarns(
        int256 rawVelocity,
        uint256 rawPrice,
        uint256 rawFill,
        uint256 rawNotional,
        uint256 rawOpen,
        uint256 rawFee
    ) external pure {
        uint256 index = Fuzz.between(rawPrice, 1e6, 1e27);
        uint256 fill = Fuzz.between(rawFill, (index * 98) / 100, (index * 102) / 100);
        uint256 open = Fuzz.between(rawOpen, 1e18, 1e30);
        uint256 notional = Fuzz.between(rawNotional, 1e12, 1e30);
        uint256 feeBps = Fuzz.between(rawFee, 0, 100);
        uint256 share = FundingMath.maxShareOf(feeBps);
        int256 limit = int256(WadMath.mulWadDown(index, share) / FundingMath.DECAY_SECONDS);
        int256 velocity = _signed(rawVelocity, limit);
        int256 moved = FundingMath.afterFill(velocity, index, fill, notional, open, share) - velocity;
        // Value of the move for one who holds all open interest: |dv| tau per unit of base, open / index units.
        uint256 earned = WadMath.mulDivDown(WadMath.abs(moved) * FundingMath.DECAY_SECONDS, open, index);
        uint256 cost = (notional * feeBps) / 10_000;
        Fuzz.assertBetween(earned, 0, cost + cost / 1e6 + open / 1e17 + 1, "dearer than what it earns");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CLR05_StaysWithinItsBound(
        int256 rawVelocity,
        uint256 rawPrice,
        uint256 rawFill,
        uint256 notional,
        uint96 open
    ) external pure {
        uint256 index = Fuzz.between(rawPrice, 1, 1e27);
        uint256 fill = Fuzz.between(rawFill, 0, 2 * index);
        int256 velocity = _signed(rawVelocity, LARGEST);
        uint256 weighed = Fuzz.between(notional, 0, 1e36);
        int256 next = FundingMath.afterFill(velocity, index, fill, weighed, open, FundingMath.MAX_SHARE);
        uint256 limit = (index * FundingMath.MAX_SHARE) / WAD / FundingMath.DECAY_SECONDS;
        Fuzz.assertBetween(WadMath.abs(next), 0, limit, "bounded");
    }

    function test_CLR05_WeightIsOneWhereNothingIsOpen() external pure {
        Fuzz.assertEqual(FundingMath.weightOf(1, 0), WAD, "first fill");
        Fuzz.assertEqual(FundingMath.weightOf(0, 1e18), 0, "no fill");
        // A fill of k OI weighs 1 - 1/e.
        Fuzz.assertBetween(FundingMath.weightOf(0.5e18, 1e18), 632120558828557677, 632120558828557679, "1 - 1/e");
        Fuzz.assertEqual(FundingMath.weightOf(1e36, 1), WAD, "far above");
    }

    function test_CLR05_MaxShareFollowsTheFee() external pure {
        Fuzz.assertEqual(FundingMath.maxShareOf(5), 0.00025e18, "5 bp times k");
        Fuzz.assertEqual(FundingMath.maxShareOf(0), 0, "no fee, no funding");
        Fuzz.assertEqual(FundingMath.maxShareOf(1_000), 0.0005e18, "never above the clamp");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CLR05_StoredVelocityIsExactTo22Bits(int256 raw) external pure {
        int256 velocity = _signed(raw, LARGEST);
        int256 stored = FundingMath.unpack(FundingMath.pack(velocity));
        Fuzz.assertTrue(velocity == 0 ? stored == 0 : (stored > 0) == (velocity > 0), "sign kept");
        uint256 lost = WadMath.abs(velocity) - WadMath.abs(stored);
        Fuzz.assertBetween(lost, 0, WadMath.abs(velocity) >> 22, "toward 0, by less than a part in 2^22");
    }

    function _signed(int256 raw, int256 limit) private pure returns (int256) {
        return int256(Fuzz.between(uint256(raw), 0, 2 * uint256(limit))) - limit;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LeakyBucket} from "../../../contracts/libraries/LeakyBucket.sol";
import {BPS_ONE} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice Draw budgets that refill with time (FND-02, FND-09).
contract LeakyBucketTest {
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_FND02_theBucketLeaksLinearlyAndRoundsUp(
        uint128 used,
        uint32 elapsed,
        uint32 period
    ) external pure {
        uint256 remaining = LeakyBucket.remainingUp(used, elapsed, period);
        if (elapsed >= period) return Fuzz.assertEqual(remaining, 0, "empty");
        uint256 exact = uint256(used) * (period - elapsed);
        Fuzz.assertBetween(remaining * period - exact, 0, period - 1, "rounded up");
        if (elapsed == 0) Fuzz.assertEqual(remaining, used, "full");
        Fuzz.assertTrue(LeakyBucket.remainingUp(used, uint256(elapsed) + 1, period) <= remaining, "never refills");
    }

    /// @dev Leaking in steps is never faster than at once, so no one can free a budget by touching it.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_FND09_touchingDoesNotFreeABudget(
        uint96 used,
        uint32 first,
        uint32 second,
        uint32 period
    ) external pure {
        uint256 steps = LeakyBucket.remainingUp(LeakyBucket.remainingUp(used, first, period), second, period);
        uint256 once = LeakyBucket.remainingUp(used, uint256(first) + second, period);
        Fuzz.assertTrue(steps >= once, "not faster");
    }

    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_FND02_usedAndLeftAreTheShare(uint256 rawShare, uint120 reserve, uint120 used) external pure {
        uint256 share = Fuzz.between(rawShare, 0, BPS_ONE);
        uint256 left = LeakyBucket.leftDown(share, reserve, used);
        uint256 budget = (uint256(reserve) + used) * share;
        if (left == 0) return Fuzz.assertTrue(budget < (uint256(used) + 1) * BPS_ONE, "all is used");
        Fuzz.assertBetween(budget - (left + used) * BPS_ONE, 0, BPS_ONE - 1, "rounded down");
        Fuzz.assertTrue(left <= reserve, "never more than is there");
    }

    /// @dev Using a part moves it from the reserve to the bucket; what is left falls by exactly that part.
    /// forge-config: default.fuzz.runs = 10000
    function testFuzz_INV21_aBudgetUsedInPartsIsTheSameBudget(
        uint256 rawShare,
        uint120 reserve,
        uint120 used,
        uint256 rawPart
    ) external pure {
        uint256 share = Fuzz.between(rawShare, 0, BPS_ONE);
        uint256 left = LeakyBucket.leftDown(share, reserve, used);
        uint256 part = Fuzz.between(rawPart, 0, left);
        Fuzz.assertEqual(LeakyBucket.leftDown(share, reserve - part, used + part), left - part, "left");
    }

    function test_FND02_byHand() external pure {
        Fuzz.assertEqual(LeakyBucket.remainingUp(100, 6 hours, 24 hours), 75, "a quarter has leaked");
        Fuzz.assertEqual(LeakyBucket.remainingUp(1, 1, 24 hours), 1, "up");
        Fuzz.assertEqual(LeakyBucket.remainingUp(100, 24 hours, 24 hours), 0, "empty");
        Fuzz.assertEqual(LeakyBucket.leftDown(3_500, 1_000, 0), 350, "35%");
        Fuzz.assertEqual(LeakyBucket.leftDown(3_500, 700, 300), 50, "35% of 1,000 less 300");
        Fuzz.assertEqual(LeakyBucket.leftDown(3_500, 600, 400), 0, "overdrawn");
    }
}

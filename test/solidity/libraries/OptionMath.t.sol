// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NormalMath} from "../../../contracts/libraries/NormalMath.sol";
import {OptionMath} from "../../../contracts/libraries/OptionMath.sol";
import {WadMath} from "../../../contracts/libraries/WadMath.sol";
import {WAD} from "../../../contracts/types/Constants.sol";
import {Fuzz} from "../support/Fuzz.sol";

/// @notice Premium models behave like expectations of what they price, on the whole range that products can have (CVR-08).
contract OptionMathTest {
    /// @dev Levels are within this factor of the spot.
    uint256 private constant FACTOR = 1_000;

    function test_CVR08_WithoutDeviationTheOutcomeIsKnown() external pure {
        Fuzz.assertEqual(OptionMath.cashOrNothingPutUp(100e18, 100e18 - 1, 0), 0, "above the strike");
        Fuzz.assertEqual(OptionMath.cashOrNothingPutUp(100e18, 100e18, 0), WAD, "at the strike");
        Fuzz.assertEqual(OptionMath.putSpreadUp(100e18, 100e18, 50e18, 0), 0, "at the upper strike");
        Fuzz.assertEqual(OptionMath.putSpreadUp(100e18, 100e18 + 3, 50e18, 0), 1, "rounded up");
        Fuzz.assertEqual(OptionMath.putSpreadUp(75e18, 100e18, 50e18, 0), WAD / 2, "between the strikes");
        Fuzz.assertEqual(OptionMath.putSpreadUp(50e18, 100e18, 50e18, 0), WAD, "at the lower strike");
        Fuzz.assertEqual(OptionMath.putSpreadUp(49e18, 100e18, 50e18, 0), WAD, "below both");
        Fuzz.assertEqual(OptionMath.oneTouchUp(100e18, 100e18 - 1, true, 0), 0, "below, not touched");
        Fuzz.assertEqual(OptionMath.oneTouchUp(100e18, 100e18 + 1, false, 0), 0, "above, not touched");
    }

    function test_CVR08_TouchedIsTouched() external pure {
        Fuzz.assertEqual(OptionMath.oneTouchUp(100e18, 100e18, true, 0), WAD, "at a barrier below");
        Fuzz.assertEqual(OptionMath.oneTouchUp(100e18, 100e18, false, 0), WAD, "at a barrier above");
        Fuzz.assertEqual(OptionMath.oneTouchUp(99e18, 100e18, true, 0.1e18), WAD, "through a barrier below");
        Fuzz.assertEqual(OptionMath.oneTouchUp(101e18, 100e18, false, 0.1e18), WAD, "through a barrier above");
    }

    /// @dev s = 1, K = S / e: N(-1/2) = 0.308537538725986896 and N(-3/2) = 0.066807201268858066 with S/K = 2.718281828459045235.
    function test_CVR08_ClosedForms() external pure {
        (uint256 spot, uint256 level) = (2.718281828459045235360287471e27, 1e27);
        _near(OptionMath.cashOrNothingPutUp(spot, level, WAD), 308537538725986896, 40, "put");
        _near(OptionMath.oneTouchUp(spot, level, true, WAD), 490138339945329846, 160, "touch below");
        // Above: N(-3/2) + N(-1/2) / e.
        _near(OptionMath.oneTouchUp(level, spot, false, WAD), 180311818595786369, 60, "touch above");
        // (K N(-1/2) - S N(-3/2)) with a lower strike of nothing: 0.308537538725986896 - e 0.066807201268858066.
        _near(OptionMath.putSpreadUp(spot, level, 1, WAD), 126936737506643945, 220, "put spread");
    }

    /// @dev 80% a year over 365 days is 0.8: the variance per second is rounded up.
    function test_CVR08_DeviationOfTheTerm() external pure {
        Fuzz.assertEqual(OptionMath.deviationUp(20_294_266_870, 365 days), 800_000_000_007_700_000, "80% a year");
        Fuzz.assertEqual(OptionMath.deviationUp(0, 365 days), 0, "no variance");
        Fuzz.assertEqual(OptionMath.deviationUp(1, 0), 0, "no time");
        Fuzz.assertEqual(OptionMath.deviationUp(1, 1), 1e9, "root of one wei");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_DeviationIsTheRootRoundedUp(uint64 variance, uint40 duration) external pure {
        uint256 s = OptionMath.deviationUp(variance, duration);
        uint256 square = uint256(variance) * duration * WAD;
        Fuzz.assertTrue(s * s >= square && (s == 0 || (s - 1) * (s - 1) < square), "root");
    }

    /// @dev To the wei: a worse price, a higher strike or more deviation never makes cover cheaper.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_PutIsMonotone(
        uint256 rawSpot,
        uint256 rawLevel,
        uint256 rawMore,
        uint256 rawS
    ) external pure {
        uint256 spot = Fuzz.between(rawSpot, 1e6, 1e27);
        uint256 strike = Fuzz.between(rawLevel, 1, spot);
        uint256 s = Fuzz.ofAnySize(rawS, 70);
        uint256 value = OptionMath.cashOrNothingPutUp(spot, strike, s);
        uint256 more = Fuzz.ofAnySize(rawMore, 80);
        _atMost(value, OptionMath.cashOrNothingPutUp(spot, strike + more, s), 0, "strike");
        _atMost(OptionMath.cashOrNothingPutUp(spot + more, strike, s), value, 0, "spot");
        if (strike < spot) _atMost(value, OptionMath.cashOrNothingPutUp(spot, strike, s + more), 0, "deviation");
        _atMost(value, WAD, 0, "a probability");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_TouchIsMonotone(uint256[3] calldata raw, uint256 step, bool isBelow) external pure {
        uint256 spot = Fuzz.between(raw[0], 1e12, 1e24);
        uint256 s = Fuzz.between(raw[2], 0.001e18, 20e18);
        uint256 barrier =
            isBelow ? Fuzz.between(raw[1], spot / FACTOR, spot) : Fuzz.between(raw[1], spot, FACTOR * spot);
        _touchAtMost(
            spot,
            isBelow ? barrier - (step % barrier) / 2 : barrier + (step % barrier),
            spot,
            barrier,
            s,
            isBelow
        );
        _touchAtMost(isBelow ? spot + (step % spot) : spot - (step % spot) / 2, barrier, spot, barrier, s, isBelow);
        uint256 error = _touchError(spot, barrier, s);
        uint256 value = OptionMath.oneTouchUp(spot, barrier, isBelow, s);
        _atMost(value, OptionMath.oneTouchUp(spot, barrier, isBelow, s + (step % 1e20)), error, "deviation");
    }

    /// @dev Who is below a level at the end has touched it on the way, and by reflection one of about two who touched is; and no game
    /// with a fair price multiplies the stake by K/S with more than the chance S/K (Doob).
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_TouchBounds(uint256 rawSpot, uint256 rawLevel, uint256 rawS) external pure {
        uint256 spot = Fuzz.between(rawSpot, 1e12, 1e24);
        uint256 below = Fuzz.between(rawLevel, spot / FACTOR, spot);
        uint256 above = Fuzz.between(rawLevel, spot, FACTOR * spot);
        uint256 s = Fuzz.between(rawS, 0, 20e18);
        _atMost(
            OptionMath.cashOrNothingPutUp(spot, below, s),
            OptionMath.oneTouchUp(spot, below, true, s),
            0,
            "the end is a part of the way"
        );
        uint256 touched = OptionMath.oneTouchUp(spot, above, false, s);
        _atMost(touched, WadMath.mulDivUp(spot, WAD, above), 100, "fair price");
        _atMost(WAD - OptionMath.cashOrNothingPutUp(spot, above, s), touched, 0, "the end is a part of the way");
    }

    /// @dev It is the mean of puts with strikes between its two.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_SpreadBounds(
        uint256 rawSpot,
        uint256 rawUpper,
        uint256 rawLower,
        uint256 rawS
    ) external pure {
        uint256 spot = Fuzz.between(rawSpot, 1e12, 1e24);
        uint256 upper = Fuzz.between(rawUpper, spot / FACTOR + 2, 2 * spot);
        uint256 lower = Fuzz.between(rawLower, spot / FACTOR, upper - 1);
        uint256 s = rawS % 8 == 0 ? 0 : Fuzz.between(rawS, 1e12, 20e18);
        uint256 value = OptionMath.putSpreadUp(spot, upper, lower, s);
        _atMost(value, OptionMath.cashOrNothingPutUp(spot, upper, s), 0, "the higher strike is worth more");
        uint256 slack = s == 0 ? 0 : 36 + 20e18 / s;
        _atMost(s == 0 && spot <= lower ? WAD : _below(spot, lower, s), value, slack, "the lower strike less");
    }

    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_SpreadIsMonotone(uint256[4] calldata raw, uint256 step) external pure {
        uint256 spot = Fuzz.between(raw[0], 1e12, 1e24);
        uint256 upper = Fuzz.between(raw[1], spot / FACTOR + 2, spot);
        uint256 lower = Fuzz.between(raw[2], spot / FACTOR, upper - 1);
        uint256 s = Fuzz.between(raw[3], 0.001e18, 20e18);
        uint256 value = OptionMath.putSpreadUp(spot, upper, lower, s);
        _atMost(
            value,
            OptionMath.putSpreadUp(spot, upper, lower, s + (step % 1e20)),
            _spreadError(spot, upper, lower),
            "s"
        );
        uint256 more = step % spot;
        uint256 error = 2 * _spreadError(spot + more, upper + more, lower + more);
        _atMost(OptionMath.putSpreadUp(spot + more, upper, lower, s), value, error, "spot");
        _atMost(value, OptionMath.putSpreadUp(spot, upper + more, lower + more, s), error, "both strikes");
    }

    /// @dev Prices in other units change nothing: only ratios count.
    /// forge-config: default.fuzz.runs = 5000
    function testFuzz_CVR08_OnlyRatiosCount(uint256[3] calldata raw, uint256 rawFactor) external pure {
        uint256 spot = Fuzz.between(raw[0], 1e9, 1e20);
        uint256 level = Fuzz.between(raw[1], spot / FACTOR + 1, spot);
        uint256 s = Fuzz.ofAnySize(raw[2], 70);
        uint256 factor = Fuzz.between(rawFactor, 1, 1e7);
        uint256 value = OptionMath.cashOrNothingPutUp(spot, level, s);
        Fuzz.assertEqual(OptionMath.cashOrNothingPutUp(spot * factor, level * factor, s), value, "put");
        value = OptionMath.oneTouchUp(spot, level, true, s);
        Fuzz.assertEqual(OptionMath.oneTouchUp(spot * factor, level * factor, true, s), value, "touch");
        value = OptionMath.putSpreadUp(2 * spot, 2 * level, level, s);
        factor *= 2;
        Fuzz.assertEqual(
            OptionMath.putSpreadUp(spot * factor, level * factor, (level * factor) / 2, s),
            value,
            "spread"
        );
    }

    /// @dev A deviation above which nothing changes, also where no price ever has one.
    function testFuzz_CVR08_TotalInTheDeviation(uint256 s) external pure {
        uint256 high = 1_000e18 + (s % (type(uint256).max - 1_000e18));
        Fuzz.assertEqual(OptionMath.cashOrNothingPutUp(1e27, 1, high), WAD, "put");
        Fuzz.assertEqual(OptionMath.oneTouchUp(1e27, 1, true, high), WAD, "touch");
        Fuzz.assertEqual(OptionMath.oneTouchUp(1, 1e27, false, high), NormalMath.ERROR + 1, "never multiplied");
        Fuzz.assertEqual(OptionMath.putSpreadUp(2e18, 2e18, 1e18, high), WAD, "spread");
    }

    function _below(uint256 spot, uint256 level, uint256 s) private pure returns (uint256) {
        uint256 up = OptionMath.cashOrNothingPutUp(spot, level, s);
        return up > 36 ? up - 36 : 0;
    }

    /// @dev What two N and errors of the logarithm can amount to, wei.
    function _touchError(uint256 spot, uint256 barrier, uint256 s) private pure returns (uint256) {
        uint256 ratio = 1 + spot / barrier;
        return (ratio + 1) * (40 + (4e18 * (1 + barrier / spot)) / s);
    }

    function _spreadError(uint256 spot, uint256 upper, uint256 lower) private pure returns (uint256) {
        return (60 * (2 * upper + 2 * spot)) / (upper - lower) + 1;
    }

    /// @dev A touch of `farther` from `away` is not likelier than one of `barrier` from `spot`.
    function _touchAtMost(
        uint256 away,
        uint256 farther,
        uint256 spot,
        uint256 barrier,
        uint256 s,
        bool isBelow
    ) private pure {
        uint256 error = _touchError(spot, barrier, s) + _touchError(away, farther, s);
        uint256 large = OptionMath.oneTouchUp(spot, barrier, isBelow, s);
        _atMost(OptionMath.oneTouchUp(away, farther, isBelow, s), large, error, "farther away");
    }

    function _atMost(uint256 small, uint256 large, uint256 error, string memory what) private pure {
        Fuzz.assertBetween(small, 0, large + error, what);
    }

    /// @dev Not below the exact value, and above it by `error` at most.
    function _near(uint256 found, uint256 exact, uint256 error, string memory what) private pure {
        Fuzz.assertBetween(found, exact, exact + error, what);
    }
}

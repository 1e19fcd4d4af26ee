// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {WAD} from "../types/Constants.sol";
import {PremiumMath} from "./PremiumMath.sol";
import {WadMath} from "./WadMath.sol";

/// @title PremiumCurve
/// @notice What scarcity of capital asks for, in continuous time (CVR-08). The rate rises linearly with utilisation u up to the kink and 14 times
/// as much behind it, to 15 times the rate at the kink r. And r itself moves: it grows while more is bound than the kink and falls
/// while less is, so that the market finds the rate at which the kink is used. Rounded up, in favour of underwriters.
/// @dev dr/dt = SPEED * e(u) * r with e = (u - kink) / kink below the kink and (u - kink) / (1 - kink) above it, from -1 to 1. Utilisation is
/// constant between two changes, so r(t) = r exp(SPEED e t) is exact, however seldom anyone comes. The idea of a curve that moves
/// with a given speed to its target is that of Morpho's AdaptiveCurveIrm; formulas here are derived from the two lines above.
/// @custom:twin sdk/math/PremiumCurve.ts
library PremiumCurve {
    /// @dev Rate per year at full utilisation over that at the kink: 60% over 4%.
    uint256 internal constant STEEPNESS = PremiumMath.FULL_RATE / PremiumMath.KINK_RATE;
    /// @dev Bounds of the rate per year at the kink, WAD. At the upper one cover of 10 weeks costs at most 58% of what it can pay.
    uint256 internal constant LOWEST_KINK_RATE = 0.01e18;
    uint256 internal constant HIGHEST_KINK_RATE = 0.2e18;
    /// @dev Speed of adaptation, per year: with all capital bound the rate doubles in 5 days.
    uint256 internal constant SPEED = 50;
    /// @dev e^4 is more than the upper bound is of the lower one: beyond that only bounds count.
    int256 private constant FARTHEST = 4e18;

    /// @notice Rate at the kink after `elapsed` seconds in which `utilisation` stood, per year, WAD.
    /// @param kinkRate at the beginning; 0 means that nothing was ever written: the first rate, 4%
    /// @param utilisation WAD; above 1 counts as 1
    function adaptedUp(uint256 kinkRate, uint256 utilisation, uint256 elapsed) internal pure returns (uint256) {
        if (kinkRate == 0) return PremiumMath.KINK_RATE;
        uint256 growth = uint256(FixedPointMathLib.expWad(_exponentUp(utilisation, elapsed))); // Positive: an exponential.
        uint256 rate = WadMath.mulWadUp(kinkRate, growth);
        return WadMath.max(WadMath.min(rate, HIGHEST_KINK_RATE), LOWEST_KINK_RATE);
    }

    /// @notice Rate per year at one utilisation, WAD.
    /// @param kinkRate WAD
    /// @param utilisation WAD; above 1 counts as 1
    function rateUp(uint256 kinkRate, uint256 utilisation) internal pure returns (uint256) {
        uint256 kink = PremiumMath.KINK;
        if (utilisation <= kink) return WadMath.mulDivUp(utilisation, kinkRate, kink);
        uint256 beyond = WadMath.min(utilisation, WAD) - kink;
        return kinkRate + WadMath.mulDivUp(beyond, (STEEPNESS - 1) * kinkRate, WAD - kink);
    }

    /// @notice Mean rate per year over a purchase that moves utilisation from `from` to `to`, WAD, exact but for one rounding: whoever buys in
    /// parts pays the same (INV-21).
    /// @param kinkRate WAD, within its bounds
    /// @param from WAD; above 1 counts as 1
    /// @param to WAD, not below `from`; above 1 counts as 1
    function meanRateUp(uint256 kinkRate, uint256 from, uint256 to) internal pure returns (uint256) {
        (from, to) = (WadMath.min(from, WAD), WadMath.min(to, WAD));
        if (from == to) return rateUp(kinkRate, to);
        uint256 kink = PremiumMath.KINK;
        uint256 area = _area(to) - _area(from);
        return WadMath.mulDivUp(area, kinkRate, 2 * kink * (WAD - kink) * (to - from));
    }

    /// @dev Integral of the curve from 0 to u for a rate of 1 at the kink, times 2 kink (1 - kink): WAD^3 times WAD, no rounding.
    function _area(uint256 utilisation) private pure returns (uint256) {
        uint256 kink = PremiumMath.KINK;
        if (utilisation <= kink) return utilisation * utilisation * (WAD - kink);
        uint256 beyond = utilisation - kink;
        return kink * ((kink + 2 * beyond) * (WAD - kink) + (STEEPNESS - 1) * beyond * beyond);
    }

    /// @dev SPEED e(u) t, WAD, rounded up.
    function _exponentUp(uint256 utilisation, uint256 elapsed) private pure returns (int256) {
        uint256 kink = PremiumMath.KINK;
        // Longer than a year only bounds count.
        uint256 time = SPEED * WadMath.min(elapsed, 100 * PremiumMath.YEAR);
        if (utilisation <= kink) {
            uint256 fall = WadMath.mulDivDown((kink - utilisation) * time, WAD, kink * PremiumMath.YEAR);
            return -int256(WadMath.min(fall, uint256(FARTHEST))); // The cast is safe: at most 4e18.
        }
        uint256 beyond = WadMath.min(utilisation, WAD) - kink;
        uint256 rise = WadMath.mulDivUp(beyond * time, WAD, (WAD - kink) * PremiumMath.YEAR);
        return int256(WadMath.min(rise, uint256(FARTHEST))); // As above.
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {WAD} from "../types/Constants.sol";
import {NormalMath} from "./NormalMath.sol";
import {SquareRoot} from "./SquareRoot.sol";
import {WadMath} from "./WadMath.sol";

/// @title OptionMath
/// @notice Expected payment of cover on a price, per unit of limit, WAD and at most 1 (CVR-08). The price is lognormal without drift, interest
/// or carry: its logarithm's standard deviation over the term is s. Everything is rounded up, in favour of underwriters: each result
/// is the exact value or a little more, never less.
/// @dev Prices are WAD and within [1, MAX_PRICE]. With b = ln(K / S) for a level K and a spot S, and N the normal
/// distribution function, a put pays at the end with probability N((b + s^2/2) / s) (F. Black, M. Scholes, The pricing of options and
/// corporate liabilities, J. Political Economy 81 (1973), 637-654). Below the spot its value rises with s, above it may fall: so
/// products take levels below the spot only, and a volatility that is too high never makes cover cheaper.
/// @custom:twin sdk/math/OptionMath.ts
library OptionMath {
    /// @dev Errors of Solady's lnWad, wei: ln(x) lies between lnWad(x) - 1 and lnWad(x) + 2.
    int256 private constant LN_TOO_HIGH = 1;
    int256 private constant LN_TOO_LOW = 2;
    /// @dev Above this nothing changes any more, WAD: N is 0 or 1 whatever the prices.
    uint256 private constant HIGHEST_DEVIATION = 1_000e18;
    /// @dev Error of one N and of the rounding of its argument, in wei.
    uint256 private constant ERROR = NormalMath.ERROR + 2;

    /// @notice s = sqrt(variance * duration), WAD.
    /// @param variance WAD per second, at most 64 bits
    /// @param duration in seconds, at most 40 bits
    function deviationUp(uint256 variance, uint256 duration) internal pure returns (uint256) {
        return SquareRoot.sqrtUp(variance * duration * WAD);
    }

    /// @notice P(price at the end <= strike): a put that pays all or nothing. Without deviation 1 at and below the strike, else 0.
    /// Rises with the strike, falls with the spot; for a strike up to the spot rises with the deviation.
    function cashOrNothingPutUp(uint256 spot, uint256 strike, uint256 deviation) internal pure returns (uint256) {
        if (deviation == 0) return spot <= strike ? WAD : 0;
        return _cumulativeUp(_distance(_logUp(spot, strike), _signed(deviation)));
    }

    /// @notice E[(upper - price at the end)+ - (lower - price at the end)+] / (upper - lower): pays nothing at `upper`, all at `lower`,
    /// linear between. It is the mean of all puts that pay all or nothing with strikes between the two.
    /// @param lower below `upper`; with a lower strike of at least spot / 1e6 and a deviation of 0 or at least 1e-6 the result is an upper bound
    function putSpreadUp(
        uint256 spot,
        uint256 upper,
        uint256 lower,
        uint256 deviation
    ) internal pure returns (uint256 value) {
        uint256 width = upper - lower;
        if (deviation == 0) {
            if (spot >= upper) return 0;
            return spot <= lower ? WAD : WadMath.mulDivUp(upper - spot, WAD, width);
        }
        int256 s = _signed(deviation);
        int256 atUpper = _distance(_logUp(spot, upper), s);
        int256 atLower = _distance(_logUp(spot, lower), s);
        // Put of strike K: K N(d) - S N(d - s). It is highest at the exact d, so that an error of d counts by its square.
        uint256 gained = upper * NormalMath.cumulative(atUpper) + spot * NormalMath.cumulative(atLower - s);
        uint256 lost = lower * NormalMath.cumulative(atLower) + spot * NormalMath.cumulative(atUpper - s);
        gained += ERROR * (upper + lower + 2 * spot);
        value = gained > lost ? FixedPointMathLib.divUp(gained - lost, width) : 0;
        // No spread is worth more than its limit whenever it pays at all.
        return WadMath.min(value, _cumulativeUp(atUpper));
    }

    /// @notice P(the price touches the barrier before the end). 1 once touched; without deviation else 0. Falls with the distance of barrier
    /// and spot, rises with the deviation.
    /// @dev Reflection principle: N(e (b + s^2/2) / s) + (S/K) N(e (b - s^2/2) / s), e = 1 for a barrier below the spot, -1 above (E. G.
    /// Haug, The Complete Guide to Option Pricing Formulas (1998), cash-at-expiry binary barrier, with interest and carry 0).
    /// @param isBelow whether falling to the barrier touches it; else rising
    function oneTouchUp(
        uint256 spot,
        uint256 barrier,
        bool isBelow,
        uint256 deviation
    ) internal pure returns (uint256) {
        if (isBelow ? spot <= barrier : spot >= barrier) return WAD;
        if (deviation == 0) return 0;
        uint256 ratio = _quotientUp(spot, barrier);
        // e * b, which is never above 0.
        int256 logarithm = isBelow ? _logUp(spot, barrier) : _negativeLogUp(spot, barrier);
        int256 s = _signed(deviation);
        int256 distance = _distance(logarithm, s);
        uint256 near = _cumulativeUp(distance);
        // The logarithm is not above 0: so the distance is at most s / 2 rounded up, which is not above s, and the far term at most 1/2 and its
        // error. A ratio times that, over 1e18, is below 2^196; for e = -1 the ratio is at most 1. So no sum reaches 2^256.
        unchecked {
            uint256 far = NormalMath.tail(uint256(s - distance)) + NormalMath.ERROR;
            // For e = -1 both terms change places, and S/K stays with the distance that is the greater.
            if (!isBelow) (near, far) = (far, near);
            return WadMath.min(near + _productUp(ratio, far), WAD);
        }
    }

    /// @dev (logarithm + s^2/2) / s, rounded up. One unit more of s never makes it less while the logarithm is not above 0.
    function _distance(int256 logarithm, int256 s) private pure returns (int256) {
        // A logarithm is within 1.4e20 and s in [1, 1e21]: no product reaches 1e43. Division truncates, which is up for what is not above 0.
        unchecked {
            int256 twice = 2 * logarithm * int256(WAD) + s * s;
            int256 divisor = 2 * s;
            if (twice > 0) twice += divisor - 1;
            return twice / divisor;
        }
    }

    /// @dev The cast is safe: at most 1e21.
    function _signed(uint256 deviation) private pure returns (int256) {
        return int256(WadMath.min(deviation, HIGHEST_DEVIATION));
    }

    /// @dev ln(level / spot), or a little more; never above 0 for a level up to the spot.
    function _logUp(uint256 spot, uint256 level) private pure returns (int256 logarithm) {
        // A logarithm is within 1.4e20.
        unchecked {
            logarithm = FixedPointMathLib.lnWad(int256(_quotientUp(level, spot))) + LN_TOO_LOW;
        }
        if (logarithm > 0 && level <= spot) return 0;
    }

    /// @dev ln(spot / level), or a little more, for a level above the spot; never above 0.
    function _negativeLogUp(uint256 spot, uint256 level) private pure returns (int256 logarithm) {
        // As above.
        unchecked {
            logarithm = LN_TOO_HIGH - FixedPointMathLib.lnWad(int256(WadMath.mulDivDown(level, WAD, spot)));
        }
        return logarithm > 0 ? int256(0) : logarithm;
    }

    /// @dev N(x), or at most 36 wei more; at most 1.
    function _cumulativeUp(int256 x) private pure returns (uint256) {
        // N is at most 1e18.
        unchecked {
            return WadMath.min(NormalMath.cumulative(x) + NormalMath.ERROR, WAD);
        }
    }

    /// @dev a / b of two prices, WAD, rounded up.
    function _quotientUp(uint256 a, uint256 b) private pure returns (uint256) {
        // Prices are below 2^90; up to 2^128 the sum is below 2^188 + 2^128. What is above, and a divisor of 0, goes the long way.
        unchecked {
            uint256 highestRest = b - 1;
            if ((a | highestRest) >> 128 == 0) return (a * WAD + highestRest) / b;
        }
        return WadMath.mulDivUp(a, WAD, b);
    }

    /// @dev ratio * part, WAD, rounded up.
    /// @param ratio of two prices
    /// @param part at most 1
    function _productUp(uint256 ratio, uint256 part) private pure returns (uint256) {
        // A ratio of prices is below 2^150, and a part below 2^60: the sum is below 2^253 for ratios up to 2^192.
        unchecked {
            if (ratio >> 192 == 0) return (ratio * part + (WAD - 1)) / WAD;
        }
        return WadMath.mulWadUp(ratio, part);
    }
}

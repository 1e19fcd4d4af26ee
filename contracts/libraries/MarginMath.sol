// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS_ONE, INITIAL_MARGIN_POINTS, RATE_ONE, RATIO_ONE, WAD} from "../types/Constants.sol";
import {MarketClass} from "../types/Identifiers.sol";
import {WadMath} from "./WadMath.sol";

/// @title MarginMath
/// @notice What positions need and collateral counts (MRG-01, MRG-02, ORC-07). Needs are rounded up, values down.
/// @dev Ranges: base <= 2^95, price <= 2^91, so notional <= 2^125. No function reverts inside them.
/// @custom:twin sdk/math/MarginMath.ts
library MarginMath {
    /// @dev How fast mmr may rise, per hour, in units of RATE_ONE: 0.25 points.
    uint256 internal constant RISE_PER_HOUR = 250;
    /// @dev How fast mmr may fall, per hour, in units of RATE_ONE: 0.05 points.
    uint256 internal constant FALL_PER_HOUR = 50;
    /// @dev addOn is in 1e-6 of mmr per million units of notional: 1e6 * 1e6 * 1e18 (notional is WAD).
    uint256 internal constant ADD_ON_SCALE = 1e30;
    /// @dev A rate in units of RATE_ONE times this is WAD.
    uint256 internal constant RATE_TO_WAD = WAD / RATE_ONE;

    /* POSITIONS */

    /// @notice Value of `absoluteBase` (wei) at `price` (WAD), rounded up.
    function notionalUp(uint256 absoluteBase, uint256 price) internal pure returns (uint256) {
        return WadMath.mulWadUp(absoluteBase, price);
    }

    /// @notice Maintenance margin of one position in its two parts (MRG-01, MRG-02), each rounded up.
    /// @param absoluteBase size, wei
    /// @param price WAD
    /// @param rate mmr now, in units of RATE_ONE
    /// @param addOn growth of mmr per million units of notional, 1e-6
    /// @return linear grows with size (A of LIQ-03)
    /// @return size grows with the square of size (B of LIQ-03)
    function positionMarginUp(
        uint256 absoluteBase,
        uint256 price,
        uint256 rate,
        uint256 addOn
    ) internal pure returns (uint256 linear, uint256 size) {
        uint256 notional = notionalUp(absoluteBase, price);
        linear = WadMath.mulDivUp(notional, rate, RATE_ONE);
        // notional * addOn < 2^149; the product with notional may pass 256 bits, the result is below 2^175.
        size = WadMath.mulDivUp(notional, notional * addOn, ADD_ON_SCALE);
    }

    /// @notice imr without add-on: (target + 6 points) * clamp(2 - ratio, 1, 2), in units of RATE_ONE, rounded up
    /// (MRG-02).
    /// @param rateTarget target of mmr, in units of RATE_ONE
    /// @param ratio of the fund, in units of RATIO_ONE
    function initialRate(uint256 rateTarget, uint256 ratio) internal pure returns (uint256) {
        uint256 multiplier = 2 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE);
        return WadMath.mulDivUp(rateTarget + INITIAL_MARGIN_POINTS, multiplier, RATIO_ONE);
    }

    /// @notice Initial margin of one position, both parts, each rounded up (MRG-02).
    /// @param absoluteBase size, wei
    /// @param price WAD
    /// @param rate imr from initialRate, in units of RATE_ONE
    /// @param addOn as for maintenance margin, so initial margin grows with size by the same amount
    function initialMarginUp(
        uint256 absoluteBase,
        uint256 price,
        uint256 rate,
        uint256 addOn
    ) internal pure returns (uint256) {
        (uint256 linear, uint256 size) = positionMarginUp(absoluteBase, price, rate, addOn);
        return linear + size;
    }

    /* RAMP OF MMR */

    /// @notice mmr now, in units of RATE_ONE (MRG-02). Rounded up in both directions, in favour of the house: a rise
    /// shows early and a fall late, each by less than one unit.
    /// @param rateSet mmr when the target was written
    /// @param rateTarget where the ramp ends
    /// @param setAt when the target was written, not after `timestamp`
    /// @param timestamp now
    function currentRateUp(
        uint256 rateSet,
        uint256 rateTarget,
        uint256 setAt,
        uint256 timestamp
    ) internal pure returns (uint256) {
        uint256 elapsed = timestamp - setAt;
        if (rateTarget >= rateSet) {
            return WadMath.min(rateTarget, rateSet + WadMath.mulDivUp(elapsed, RISE_PER_HOUR, 1 hours));
        }
        uint256 fall = WadMath.mulDivDown(elapsed, FALL_PER_HOUR, 1 hours);
        return fall < rateSet - rateTarget ? rateSet - fall : rateTarget;
    }

    /// @notice What to store as rateSet and rateSetAt when a new target is written: the whole units that the ramp has
    /// made and the second at which the last one was complete (MRG-02).
    /// @dev Not currentRateUp and now: anyone may write targets (RSK-01), and a caller who does so every second would
    /// round the ramp up each time, which makes a rise 14 times too fast and stops a fall. Here the part of a unit
    /// that is not complete stays in `settledAt`, so the speed depends on elapsed time and not on the number of calls,
    /// and is never above the limit. `settledAt` is `timestamp` once the target is reached.
    function settledRate(
        uint256 rateSet,
        uint256 rateTarget,
        uint256 setAt,
        uint256 timestamp
    ) internal pure returns (uint256 rate, uint256 settledAt) {
        bool rises = rateTarget >= rateSet;
        uint256 speed = rises ? RISE_PER_HOUR : FALL_PER_HOUR;
        uint256 distance = rises ? rateTarget - rateSet : rateSet - rateTarget;
        uint256 steps = WadMath.mulDivDown(timestamp - setAt, speed, 1 hours);
        if (steps >= distance) return (rateTarget, timestamp);
        rate = rises ? rateSet + steps : rateSet - steps;
        settledAt = setAt + WadMath.mulDivUp(steps, 1 hours, speed);
    }

    /* VALUES */

    /// @notice Weight of positive unrealised PnL in initial margin and withdrawals, WAD (MRG-01). Exact.
    /// @param class class of the market
    /// @param ratio of the fund, in units of RATIO_ONE
    function profitWeight(MarketClass class, uint256 ratio) internal pure returns (uint256) {
        uint256 weight =
            class == MarketClass.Major
                ? 1e18
                : class == MarketClass.Mid
                    ? 0.75e18
                    : 0.5e18;
        if (ratio >= RATIO_ONE) return weight;
        // Every weight is a multiple of RATIO_ONE, so nothing is cut off.
        return WadMath.mulDivDown(weight, ratio, RATIO_ONE);
    }

    /// @notice Price of a position without consensus (ORC-07): the last one, moved against the account by
    /// min(rate, blindMove) and rounded against it; never below 0.
    /// @param price last consensus, WAD
    /// @param long whether the position is long
    /// @param rate mmr now, in units of RATE_ONE
    /// @param blindMove z sigma sqrt(age), WAD
    function blindPrice(uint256 price, bool long, uint256 rate, uint256 blindMove) internal pure returns (uint256) {
        uint256 move = WadMath.min(rate * RATE_TO_WAD, blindMove);
        if (!long) return WadMath.mulWadUp(price, WAD + move);
        return move < WAD ? WadMath.mulWadDown(price, WAD - move) : 0;
    }

    /// @notice Value of `amount` (WAD) at `price` (WAD), rounded down.
    function valueDown(uint256 amount, uint256 price) internal pure returns (uint256) {
        return WadMath.mulWadDown(amount, price);
    }

    /// @notice Value of `amount` (WAD) at `price` (WAD) less a haircut, rounded down once.
    /// @param haircut basis points, at most BPS_ONE
    function haircutValueDown(uint256 amount, uint256 price, uint256 haircut) internal pure returns (uint256) {
        return WadMath.mulDivDown(amount, price * (BPS_ONE - haircut), WAD * BPS_ONE);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {
    BPS_ONE,
    GAP_RATE_ONE,
    MAX_GAP_RATE,
    MAX_PENALTY_RATE,
    MIN_PENALTY_RATE,
    PENALTY_STEP,
    RATE_ONE,
    RATIO_ONE,
    WAD
} from "../types/Constants.sol";
import {ReserveMath} from "./ReserveMath.sol";
import {SquareRoot} from "./SquareRoot.sol";
import {WadMath} from "./WadMath.sol";

/// @title RiskMath
/// @notice What risk control asks of a market, from its volatility, its open interest and what the fund has (RSK-01, FND-02 to FND-04,
/// MRG-02, LIQ-07). Rounded in favour of the fund: needs, charges and penalties up, room and ratio down.
/// @dev Ranges: variances 64 bits, prices MAX_PRICE, sizes MAX_OPEN_INTEREST, resources and targets 136 bits, rates and basis points 16
/// bits. Total on them, but for a price or a shortfall of 0 in `capDown`.
/// @custom:twin sdk/math/RiskMath.ts
library RiskMath {
    /// @dev Lowest variance that counts: 10% a year. Feeds have floors of their own; this one keeps quotients finite where one has none.
    uint256 internal constant MIN_VARIANCE = 317_097_920;
    /// @dev Part of its cap from which a market pays more than the plain gap premium.
    uint256 internal constant KINK = 0.8e18;
    /// @dev How many times as much it pays at the whole cap and above.
    uint256 internal constant STEEPEST = 4e18;
    /// @dev Highest ratio that is told apart; everything acts below 1.
    uint256 internal constant MAX_RATIO = 4 * RATIO_ONE;
    /// @dev A registered account is measured by a move of so many standard deviations of an hour.
    uint256 internal constant STRESS_DEVIATIONS = 6;
    /// @dev Most time that one step away from safety can be made of: who waits a day cannot move anything by a day's worth at once.
    uint256 internal constant MAX_CREDIT = 1 hours;
    /// @dev Time in which the ratio may rise by 1, and a cap from 0 to all that the resources allow.
    uint256 internal constant RISE_TIME = 24 hours;
    /// @dev A gap premium falls by at most elapsed / FALL_TIME of itself.
    uint256 internal constant FALL_TIME = 6 hours;

    /// @dev A rate of RATE_ONE times this is WAD, and likewise for basis points.
    uint256 private constant RATE_TO_WAD = WAD / RATE_ONE;
    uint256 private constant BPS_TO_WAD = WAD / BPS_ONE;
    /// @dev `deviations` are in hundredths.
    uint256 private constant DEVIATION_ONE = 100;
    /// @dev Brings (WAD excess) * bps * bps * (WAD multiple) to units of GAP_RATE_ONE per second.
    uint256 private constant GAP_DIVISOR = (WAD * BPS_ONE * BPS_ONE * WAD * ReserveMath.HORIZON) / GAP_RATE_ONE;

    /* MARGIN AND PENALTY */

    /// @notice The greater of both variances, not below MIN_VARIANCE.
    function highestVariance(uint256 fast, uint256 slow) internal pure returns (uint256) {
        return WadMath.max(WadMath.max(fast, slow), MIN_VARIANCE);
    }

    /// @notice mmr target = clamp(z sigma sqrt(h), floor, cap), in units of RATE_ONE, rounded up (MRG-02).
    /// @param variance WAD per second
    /// @param deviations z, in hundredths
    /// @param floor cap bounds, in units of RATE_ONE; the floor wins
    function maintenanceTargetUp(
        uint256 variance,
        uint256 deviations,
        uint256 floor,
        uint256 cap
    ) internal pure returns (uint256) {
        uint256 move = _moveUp(variance, deviations); // WAD * DEVIATION_ONE
        uint256 rate = FixedPointMathLib.divUp(move, RATE_TO_WAD * DEVIATION_ONE);
        return WadMath.max(WadMath.min(rate, cap), floor);
    }

    /// @notice pi = clamp(pi0 sqrt(sigmaFast / sigmaSlow) clamp(2 - ratio, 1, 2), 5%, 20%), basis points of MM, rounded up to a multiple of
    /// PENALTY_STEP (LIQ-07).
    /// @param basePenalty pi0, basis points
    function penaltyUp(
        uint256 fast,
        uint256 slow,
        uint256 basePenalty,
        uint256 ratio
    ) internal pure returns (uint256 penalty) {
        // The square root of a quotient of volatilities is the fourth root of that of variances: 1e36 becomes 1e9.
        uint256 quotient = WadMath.mulDivUp(WadMath.max(fast, MIN_VARIANCE), 1e36, WadMath.max(slow, MIN_VARIANCE));
        uint256 root = SquareRoot.sqrtUp(SquareRoot.sqrtUp(quotient));
        penalty = WadMath.mulDivUp(basePenalty * root, factorOf(ratio), 1e9 * RATIO_ONE);
        penalty = FixedPointMathLib.divUp(penalty, PENALTY_STEP) * PENALTY_STEP;
        return WadMath.max(WadMath.min(penalty, MAX_PENALTY_RATE), MIN_PENALTY_RATE);
    }

    /* TARGET AND RATIO */

    /// @notice max(ES, floor): what the fund must have for one unit of a market's notional, WAD (FND-03).
    /// @param scale kappa, from ReserveMath.scaleUp, WAD
    /// @param rate mmr now, in units of RATE_ONE
    /// @param floor basis points
    function shortfallUp(uint256 scale, uint256 rate, uint256 floor) internal pure returns (uint256) {
        return WadMath.max(ReserveMath.expectedShortfallUp(rate * RATE_TO_WAD, scale), floor * BPS_TO_WAD);
    }

    /// @notice A market's part of the target, WAD, at most 2^128 - 1 (FND-03).
    /// @param openInterest base of one side, wei
    /// @param shortfall from shortfallUp
    function contributionUp(uint256 openInterest, uint256 price, uint256 shortfall) internal pure returns (uint256) {
        uint256 amount = WadMath.mulWadUp(WadMath.mulWadUp(openInterest, price), shortfall);
        return WadMath.min(amount, type(uint128).max);
    }

    /// @notice What one position of a registered account adds to its stress, WAD: |b| p max(0, 6 sigma sqrt(h) - mmr) (FND-03).
    /// @param rate mmr now, in units of RATE_ONE
    function stressUp(
        uint256 absoluteBase,
        uint256 price,
        uint256 variance,
        uint256 rate
    ) internal pure returns (uint256) {
        uint256 move = _moveUp(variance, STRESS_DEVIATIONS);
        uint256 margin = rate * RATE_TO_WAD;
        if (move <= margin) return 0;
        return WadMath.mulWadUp(WadMath.mulWadUp(absoluteBase, price), move - margin);
    }

    /// @notice resources / target in units of RATIO_ONE, at most MAX_RATIO; 1 where nothing is at risk (FND-03).
    function ratioDown(uint256 resources, uint256 target) internal pure returns (uint256) {
        if (target == 0) return RATIO_ONE;
        return WadMath.min(WadMath.mulDivDown(resources, RATIO_ONE, target), MAX_RATIO);
    }

    /// @notice clamp(2 - ratio, 1, 2) in units of RATIO_ONE: what margins, penalties and premiums are multiplied with (FND-04).
    function factorOf(uint256 ratio) internal pure returns (uint256) {
        return 2 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE);
    }

    /* CAP AND GAP PREMIUM */

    /// @notice Open interest that the market's share of the resources can stand behind, wei of base, at most `listed` (FND-04).
    /// @param share of the resources, basis points
    /// @param shortfall from shortfallUp, above 0
    /// @param price above 0
    /// @param listed cap that the market was listed with, wei of base
    function capDown(
        uint256 resources,
        uint256 share,
        uint256 shortfall,
        uint256 price,
        uint256 listed
    ) internal pure returns (uint256) {
        uint256 allotted = WadMath.mulDivDown(resources, share, BPS_ONE);
        return WadMath.min(WadMath.mulDivDown(allotted, WAD * WAD, shortfall * price), listed);
    }

    /// @notice m: 1 up to KINK of the cap, then in a straight line to STEEPEST at the cap and above, WAD (FND-02).
    function multipleUp(uint256 openInterest, uint256 cap) internal pure returns (uint256) {
        if (openInterest * WAD <= cap * KINK) return WAD;
        if (openInterest >= cap) return STEEPEST;
        uint256 used = WadMath.mulDivUp(openInterest, WAD, cap);
        return WAD + ((used - KINK) * (STEEPEST - WAD)) / (WAD - KINK); // The slope is 15, so nothing is cut off.
    }

    /// @notice g = u loading m E[(|R| - M)+] / h with M = max(mmr, 8.6103 kappa), 1e-15 per second and unit of notional, for each side, at
    /// most MAX_GAP_RATE (FND-02).
    /// @param scale kappa, WAD
    /// @param rate mmr now, in units of RATE_ONE
    /// @param chargedShare u, basis points
    /// @param loading basis points
    /// @param multiple m, WAD
    function gapRateUp(
        uint256 scale,
        uint256 rate,
        uint256 chargedShare,
        uint256 loading,
        uint256 multiple
    ) internal pure returns (uint256) {
        uint256 margin = WadMath.max(rate * RATE_TO_WAD, WadMath.mulWadUp(scale, ReserveMath.QUANTILE));
        uint256 excess = ReserveMath.expectedExcessUp(margin, scale);
        return WadMath.min(WadMath.mulDivUp(excess * chargedShare * loading, multiple, GAP_DIVISOR), MAX_GAP_RATE);
    }

    /* SPEED: toward safety at once, away from it by elapsed time */

    /// @notice `target`, or what `current` may have risen to in `elapsed` seconds at `range` in RISE_TIME. Rounded down.
    function risenDown(
        uint256 current,
        uint256 target,
        uint256 range,
        uint256 elapsed
    ) internal pure returns (uint256) {
        uint256 step = WadMath.mulDivDown(range, WadMath.min(elapsed, MAX_CREDIT), RISE_TIME);
        return WadMath.min(target, current + step);
    }

    /// @notice `target`, or what `current` may have fallen to in `elapsed` seconds. Rounded up.
    function fallenUp(uint256 current, uint256 target, uint256 elapsed) internal pure returns (uint256) {
        uint256 step = WadMath.mulDivDown(current, WadMath.min(elapsed, MAX_CREDIT), FALL_TIME);
        return WadMath.max(target, current - step);
    }

    /* PRIVATE */

    /// @dev `deviations` * sigma * sqrt(h), WAD times the unit of `deviations`.
    function _moveUp(uint256 variance, uint256 deviations) private pure returns (uint256) {
        return SquareRoot.sqrtUp(deviations * deviations * variance * ReserveMath.HORIZON * WAD);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {WAD} from "../types/Constants.sol";
import {WadMath} from "./WadMath.sol";

/// @title AuctionMath
/// @notice What a bidder earns, what the fund takes, and how much of an account is sold (LIQ-02, LIQ-03, LIQ-06).
/// @dev Ranges: every amount below 2^127 in magnitude. The functions are exact to 2^190 and checked beyond.
/// @custom:twin sdk/math/AuctionMath.ts
library AuctionMath {
    using SafeCast for uint256;

    /// @notice What a bid is measured by (LIQ-03). Amounts in WAD of the settlement asset.
    /// @param marginBalance E
    /// @param linearMargin A
    /// @param sizeMargin B
    /// @param blindMargin maintenance margin of positions that cannot be sold, they stay whole (ORC-07)
    /// @param retained c = max(0, V - k MM) - penalty: what the account keeps when all of it is sold
    /// @param targetRatio tau, WAD
    struct FractionInput {
        int256 marginBalance;
        uint256 linearMargin;
        uint256 sizeMargin;
        uint256 blindMargin;
        uint256 retained;
        uint256 targetRatio;
    }

    /// @dev k at the start of an auction.
    uint256 internal constant START_RATE = 0.02e18;
    /// @dev k after KNEE_SECONDS.
    uint256 internal constant KNEE_RATE = 0.1e18;
    /// @dev k after END_SECONDS and for ever: k_max.
    uint256 internal constant MAX_RATE = 0.5e18;
    /// @dev Live seconds to KNEE_RATE.
    uint256 internal constant KNEE_SECONDS = 5 minutes;
    /// @dev Live seconds to MAX_RATE.
    uint256 internal constant END_SECONDS = 20 minutes;
    /// @dev Part of max(0, MM - E) that a bidder earns from the first second (LIQ-02).
    uint256 internal constant GAP_SHARE = 0.3e18;
    /// @dev Coefficients of the quadratic are brought to this many bits, so that its discriminant fits in 256.
    uint256 private constant COEFFICIENT_BITS = 126;

    /* INCOME AND PENALTY */

    /// @notice k_time, WAD, rounded down. Never falls with time (INV-15).
    /// @param elapsed live seconds of the auction
    function incomeRate(uint256 elapsed) internal pure returns (uint256) {
        if (elapsed >= END_SECONDS) return MAX_RATE;
        if (elapsed < KNEE_SECONDS) {
            return START_RATE + WadMath.mulDivDown(KNEE_RATE - START_RATE, elapsed, KNEE_SECONDS);
        }
        return KNEE_RATE + WadMath.mulDivDown(MAX_RATE - KNEE_RATE, elapsed - KNEE_SECONDS, END_SECONDS - KNEE_SECONDS);
    }

    /// @notice k MM, a bidder's gross income for the whole account, rounded down (LIQ-02).
    /// @param maintenance MM
    /// @param marginBalance E
    /// @param rate k_time, WAD
    function incomeDown(uint256 maintenance, int256 marginBalance, uint256 rate) internal pure returns (uint256) {
        uint256 gap = WadMath.positivePart(maintenance.toInt256() - marginBalance);
        uint256 income = WadMath.max(WadMath.mulWadDown(maintenance, rate), WadMath.mulWadDown(gap, GAP_SHARE));
        return WadMath.min(income, WadMath.mulWadDown(maintenance, MAX_RATE));
    }

    /// @notice Penalty for the whole account: min(pi MM, max(0, V - k MM)) (LIQ-02). pi MM is rounded up, in favour of
    /// the fund; the second bound is exact, so the penalty is never more than what is there.
    /// @param rate pi, WAD
    /// @param maintenance MM
    /// @param value V
    /// @param income k MM
    function penaltyOf(
        uint256 rate,
        uint256 maintenance,
        int256 value,
        uint256 income
    ) internal pure returns (uint256) {
        return WadMath.min(WadMath.mulWadUp(maintenance, rate), WadMath.positivePart(value - income.toInt256()));
    }

    /* FRACTIONS */

    /// @notice Largest part of an account that a bid may take, WAD, rounded up (LIQ-03).
    /// @dev With the share x remaining, E' = x E + (1 - x) c and MM' = x A + x^2 B + blind. E' >= tau MM' reads
    /// tau B x^2 + K x <= c' with K = tau A - E + c and c' = c - tau blind. x is rounded down, so the rest is at target
    /// or above it (INV-05).
    function maxFractionUp(FractionInput memory input) internal pure returns (uint256) {
        return
            maxFractionUp(
                input.marginBalance,
                input.linearMargin,
                input.sizeMargin,
                input.blindMargin,
                input.retained,
                input.targetRatio
            );
    }

    /// @notice As above, of numbers that lie in no struct.
    function maxFractionUp(
        int256 marginBalance,
        uint256 linearMargin,
        uint256 sizeMargin,
        uint256 blindMargin,
        uint256 retained,
        uint256 targetRatio
    ) internal pure returns (uint256) {
        // Everything is held at 1e18 times its size, so that the products with tau are exact.
        int256 kept = _scaled(retained.toInt256());
        int256 slope = _times(linearMargin, targetRatio) - _scaled(marginBalance) + kept;
        return
            WAD -
            _remainingShareDown({
                curvature: sizeMargin * targetRatio,
                slope: slope,
                bound: kept - _times(blindMargin, targetRatio)
            });
    }

    /// @notice Part of an account with V > 0 that deleveraging closes, WAD, rounded up (LIQ-06).
    /// @param marginBalance E
    /// @param penalty for the whole account; a part f of it is taken
    /// @param linearMargin A
    /// @param sizeMargin B
    /// @param blindMargin margin of positions that stay whole
    /// @param targetRatio tau, WAD
    /// @dev E' = E - (1 - x) penalty and MM' as in maxFractionUp: K = tau A - penalty, c' = E - penalty - tau blind.
    /// With B = 0 and nothing blind f = (tau MM - E)/(tau MM - penalty).
    function deleverageFractionUp(
        int256 marginBalance,
        uint256 penalty,
        uint256 linearMargin,
        uint256 sizeMargin,
        uint256 blindMargin,
        uint256 targetRatio
    ) internal pure returns (uint256) {
        int256 scaledPenalty = _scaled(penalty.toInt256());
        int256 bound = _scaled(marginBalance) - scaledPenalty - _times(blindMargin, targetRatio);
        return
            WAD -
            _remainingShareDown({
                curvature: sizeMargin * targetRatio,
                slope: _times(linearMargin, targetRatio) - scaledPenalty,
                bound: bound
            });
    }

    /* PRIVATE */

    /// @dev Largest x in [0, 1] with curvature x^2 + slope x <= bound, WAD, rounded down; 0 if bound <= 0.
    ///
    /// The three are shifted together until the largest has 126 bits, which leaves x as it is. Where bits fall off,
    /// curvature and slope are rounded up and bound down: the parabola only rises and x only falls. A coefficient that
    /// loses all its bits would have moved x by less than 2^-66, far below one wei of x. Then
    /// discriminant = slope^2 + 4 curvature bound <= 2^252 + 2^254, which fits.
    function _remainingShareDown(uint256 curvature, int256 slope, int256 bound) private pure returns (uint256 share) {
        if (bound <= 0) return 0;

        uint256 largest = WadMath.max(WadMath.max(curvature, WadMath.abs(slope)), uint256(bound));
        uint256 bits;
        uint256 shift;
        // A logarithm is at most 255, and the smaller is taken from the larger.
        unchecked {
            bits = FixedPointMathLib.log2(largest) + 1;
            shift = bits > COEFFICIENT_BITS ? bits - COEFFICIENT_BITS : COEFFICIENT_BITS - bits;
        }
        if (bits > COEFFICIENT_BITS) {
            curvature = _shiftRightUp(curvature, shift);
            slope = -(-slope >> shift); // >> rounds toward -infinity, so this rounds toward +infinity.
            bound >>= shift;
        } else {
            // No bit is lost: the largest has `bits` bits.
            curvature <<= shift;
            slope <<= shift;
            bound <<= shift;
        }
        return WadMath.min(_positiveRootDown(curvature, slope, uint256(bound)), WAD);
    }

    /// @dev Positive root of curvature x^2 + slope x = bound, WAD, rounded down; the largest uint256 if there is none.
    /// Two forms, so that neither subtracts nearly equal numbers. The three have at most 126 bits, so the discriminant is below 2^255, its
    /// root below 2^128 and what is multiplied by WAD below 2^129.
    function _positiveRootDown(uint256 curvature, int256 slope, uint256 bound) private pure returns (uint256) {
        unchecked {
            uint256 absoluteSlope = WadMath.abs(slope);
            uint256 discriminant = absoluteSlope * absoluteSlope + 4 * curvature * bound;
            uint256 root = FixedPointMathLib.sqrt(discriminant);

            if (slope < 0) {
                return curvature == 0 ? type(uint256).max : ((root + absoluteSlope) * WAD) / (2 * curvature);
            }
            if (root * root < discriminant) ++root; // Rounded up: it divides.
            uint256 divisor = absoluteSlope + root;
            return divisor == 0 ? type(uint256).max : WadMath.mulDivDown(2 * bound, WAD, divisor);
        }
    }

    function _shiftRightUp(uint256 value, uint256 shift) private pure returns (uint256 result) {
        result = value >> shift;
        // Where a bit was lost there is room for one more.
        unchecked {
            if (result << shift != value) ++result;
        }
    }

    function _scaled(int256 amount) private pure returns (int256) {
        return amount * int256(WAD); // The constant 1e18 fits.
    }

    function _times(uint256 amount, uint256 ratio) private pure returns (int256) {
        return (amount * ratio).toInt256();
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {WAD} from "../types/Constants.sol";
import {ModelKind, ModelTerms} from "../types/Premium.sol";
import {OptionMath} from "./OptionMath.sol";
import {PremiumMath} from "./PremiumMath.sol";
import {VolatilityMath} from "./VolatilityMath.sol";
import {WadMath} from "./WadMath.sol";

/// @title LossModels
/// @notice Expected payment of cover per unit of limit (CVR-08): a closed form for a price that moves steadily, and never less than what sudden
/// moves alone would cost. WAD, at most 1, rounded up, in favour of underwriters.
/// @custom:twin sdk/math/LossModels.ts
library LossModels {
    /// @dev Volatility is taken 1.25 times: variance 25/16 times.
    uint256 private constant VARIANCE_FACTOR = 25;
    uint256 private constant VARIANCE_DIVISOR = 16;
    /// @dev J of the law of sudden moves, as a logarithm: a move is 10% on average.
    uint256 internal constant JUMP_SCALE = 0.2e18;
    /// @dev From a spot that is so many times a level, a chord is no longer above the hazard: ln(44.7) = 4 - J.
    uint256 private constant CHORD_LIMIT = 44;
    /// @dev ln(x) is not below Solady's lnWad less so many wei.
    uint256 private constant LN_TOO_HIGH = 1;

    /// @notice Variance that cover is priced at: that of 1.25 max(fast, slow, floor of the cycle), WAD per second.
    /// @param fast slow realised variances as of now, WAD per second, at most 64 bits
    /// @param volatilityFloor annual, WAD, at most 64 bits
    function varianceUp(uint256 fast, uint256 slow, uint256 volatilityFloor) internal pure returns (uint256) {
        uint256 highest = WadMath.max(WadMath.max(fast, slow), VolatilityMath.fromAnnualUp(volatilityFloor));
        return WadMath.mulDivUp(highest, VARIANCE_FACTOR, VARIANCE_DIVISOR);
    }

    /// @notice How often a year a sudden move goes from `spot` to `level` or beyond: rate * (J / (J + |ln(level / spot)|))^3, WAD.
    /// @dev The number of moves beyond x falls as x^-3, as it does in recorded returns (P. Gopikrishnan, V. Plerou, L. A. N. Amaral, M.
    /// Meyer, H. E. Stanley, Scaling of the distribution of fluctuations of financial market indices, Phys. Rev. E 60 (1999),
    /// 5305-5316); with J in it the law holds for small ones too (Lomax).
    /// @param jumpRate sudden moves of any size toward the level a year, WAD
    function jumpHazardUp(uint256 spot, uint256 level, uint256 jumpRate) internal pure returns (uint256) {
        uint256 distance = 0;
        if (spot != level) {
            (uint256 low, uint256 high) = spot < level ? (spot, level) : (level, spot);
            // The ratio is 1 or more, so its logarithm is not negative.
            distance = uint256(FixedPointMathLib.lnWad(int256(WadMath.mulDivDown(high, WAD, low))));
            distance = distance > LN_TOO_HIGH ? distance - LN_TOO_HIGH : 0;
        }
        uint256 sum = JUMP_SCALE + distance;
        return FixedPointMathLib.divUp(jumpRate * JUMP_SCALE * JUMP_SCALE * JUMP_SCALE, sum * sum * sum);
    }

    /// @notice Expected payment of `terms` per unit of limit.
    /// @param spot price now, WAD; not used by HazardRate
    /// @param variance WAD per second; not used by HazardRate
    /// @param duration seconds to the end of the cover
    function expectedLossUp(
        ModelTerms memory terms,
        uint256 spot,
        uint256 variance,
        uint256 duration
    ) internal pure returns (uint256) {
        if (terms.kind == ModelKind.HazardRate) return _overTimeUp(terms.hazardRate, duration);
        uint256 deviation = OptionMath.deviationUp(variance, duration);
        uint256 sudden = jumpHazardUp(spot, terms.level, terms.hazardRate);
        uint256 steady;
        if (terms.kind == ModelKind.CashOrNothingPut) {
            steady = OptionMath.cashOrNothingPutUp(spot, terms.level, deviation);
        } else if (terms.kind == ModelKind.OneTouch) {
            steady = OptionMath.oneTouchUp(spot, terms.level, terms.isBelow, deviation);
        } else {
            steady = OptionMath.putSpreadUp(spot, terms.level, terms.lowerLevel, deviation);
            // A spread pays the mean over its levels. The hazard is convex in the level, so that the mean of both ends is not below it.
            if (spot < CHORD_LIMIT * terms.lowerLevel) {
                sudden = FixedPointMathLib.divUp(sudden + jumpHazardUp(spot, terms.lowerLevel, terms.hazardRate), 2);
            }
        }
        return WadMath.max(steady, _overTimeUp(sudden, duration));
    }

    /// @dev 1 - exp(-rate * time) is below it.
    function _overTimeUp(uint256 ratePerYear, uint256 duration) private pure returns (uint256) {
        return WadMath.min(WadMath.mulDivUp(ratePerYear, duration, PremiumMath.YEAR), WAD);
    }
}

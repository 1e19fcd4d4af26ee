// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WAD} from "../types/Constants.sol";
import {SquareRoot} from "./SquareRoot.sol";
import {WadMath} from "./WadMath.sol";

/// @title ReserveMath
/// @notice What a gap beyond the margin costs, in closed form (FND-02, FND-03). The return R of the horizon follows Student's law with 4
/// degrees of freedom, scaled so that its standard deviation is sigma * sqrt(horizon): the fat tail is in the law, not in a multiplier.
/// All results are rounded up, in favour of the reserve, and fall or stay when the margin rises. Total for variances of 64 bits, scales
/// of 68 and margins of 80.
/// @dev Derived from the distribution of Student's t with 4 degrees of freedom, density (3/8) (1 + t^2/4)^(-5/2), by integration. With
/// x = margin / scale and w = sqrt(x^2 + 4):
///   P(|R| > margin)      = 1 - x (x^2 + 6) / w^3              = 4 (3 x^2 + 16) / (w^3 (w^3 + x (x^2 + 6)))
///   E[(|R| - margin)+]   = scale (x^2 + 2 - x w) / w          = 4 scale / (w (x^2 + 2 + x w))
/// The forms on the right subtract nothing, so that nothing cancels far out in the tail.
/// @custom:twin sdk/math/ReserveMath.ts
library ReserveMath {
    /// @dev Time in which nobody is liquidated in the worst case: h of FND-03.
    uint256 internal constant HORIZON = 1 hours;
    /// @dev |R| exceeds so many scales in one of 1,000 horizons, WAD (exactly 8.610302 scales).
    uint256 internal constant QUANTILE = 8.6103e18;
    /// @dev 1 / (1 - 99.9%): an expected shortfall is the mean of the worst one of so many horizons.
    uint256 internal constant ONE_OF = 1_000;

    /// @notice kappa = max(fast, slow, floor) of the volatilities * sqrt(horizon) / sqrt(2), WAD fraction of the price.
    /// @dev Variance of Student's t with 4 degrees of freedom is 2, hence the sqrt(2).
    /// @param fast slow realised variances, WAD per second, at most 64 bits
    /// @param floor lowest variance, WAD per second, at most 64 bits
    function scaleUp(uint256 fast, uint256 slow, uint256 floor) internal pure returns (uint256) {
        uint256 highest = WadMath.max(WadMath.max(fast, slow), floor);
        return SquareRoot.sqrtUp((highest * HORIZON * WAD) / 2); // Exact: the horizon is even.
    }

    /// @notice P(|R| > margin) of one horizon, WAD, at most 1.
    /// @param margin fraction of the price, WAD
    /// @param scale kappa, WAD; 0 means that the price does not move
    function tailProbabilityUp(uint256 margin, uint256 scale) internal pure returns (uint256 probability) {
        if (scale == 0) return 0;
        // Beyond 1e6 scales the probability is below one wei.
        uint256 x = WadMath.min((margin * WAD) / scale, 1e24);
        uint256 square = x * x; // WAD^2, as everything named square
        uint256 w = SquareRoot.sqrtDown(square + 4 * WAD * WAD);
        uint256 cube = (w * (square + 4 * WAD * WAD)) / (WAD * WAD);
        uint256 other = (x * (square + 6 * WAD * WAD)) / (WAD * WAD);
        probability = WadMath.mulDivUp(4 * (3 * square + 16 * WAD * WAD), WAD, cube * (cube + other));
        return WadMath.min(probability, WAD);
    }

    /// @notice E[(|R| - margin)+] of one horizon: what is lost on average beyond the margin, WAD fraction of the price.
    /// @param margin fraction of the price, WAD
    /// @param scale kappa, WAD; 0 means that the price does not move
    function expectedExcessUp(uint256 margin, uint256 scale) internal pure returns (uint256) {
        return _excessUp(margin, scale, 1);
    }

    /// @notice ES_99.9 of one horizon beyond the maintenance margin: (M - mmr) + 1,000 E[(|R| - M)+] with M = max(mmr, 8.6103 kappa), WAD
    /// fraction of the price.
    /// @dev That the quantile has 5 digits cannot make the result too small: over all M the sum is least at the exact quantile, and there
    /// its slope is 0 (R. T. Rockafellar, S. Uryasev, Optimization of conditional value-at-risk, Journal of Risk 2 (2000), 21-41).
    /// @param maintenanceRate mmr, WAD
    /// @param scale kappa, WAD; 0 means that the price does not move
    function expectedShortfallUp(uint256 maintenanceRate, uint256 scale) internal pure returns (uint256) {
        uint256 margin = WadMath.max(maintenanceRate, WadMath.mulWadUp(scale, QUANTILE));
        return margin - maintenanceRate + _excessUp(margin, scale, ONE_OF);
    }

    /// @dev `times` the expected excess, with one rounding: 4 kappa^4 / (W (M^2 + 2 kappa^2 + M W)), W = sqrt(M^2 + 4 kappa^2).
    function _excessUp(uint256 margin, uint256 scale, uint256 times) private pure returns (uint256) {
        if (scale == 0) return 0;
        uint256 square = scale * scale;
        uint256 root = SquareRoot.sqrtDown(margin * margin + 4 * square);
        uint256 weight = margin * margin + 2 * square + margin * root;
        return WadMath.mulDivUp(4 * times * square, square, root * weight);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS_ONE, WAD} from "../types/Constants.sol";
import {WadMath} from "./WadMath.sol";

/// @title Price of cover (CVR-08)
/// @notice premium = max(model * (1 + loading), utilisation curve, floor). Everything rounds up: in favour of underwriters.
/// @custom:twin sdk/math/PremiumMath.ts
library PremiumMath {
    /// @dev Rate-on-line floor per year, WAD.
    uint256 internal constant FLOOR_RATE = 0.03e18;
    /// @dev Utilisation at which the curve turns, WAD.
    uint256 internal constant KINK = 0.8e18;
    /// @dev Rate per year at the kink, WAD.
    uint256 internal constant KINK_RATE = 0.04e18;
    /// @dev Rate per year at full utilisation, WAD.
    uint256 internal constant FULL_RATE = 0.6e18;
    uint256 internal constant YEAR = 365 days;

    /// @notice Part of the capital that is bound, WAD, rounded up, at most 1. Capital that does not exist is fully bound.
    function utilisationUp(uint256 bound, uint256 capital) internal pure returns (uint256) {
        return bound >= capital ? WAD : WadMath.mulDivUp(bound, WAD, capital);
    }

    /// @notice Rate per year that scarcity of capital asks for, WAD: linear to the kink, steeper behind it.
    /// @param utilisation WAD; above 1 counts as 1
    function curveUp(uint256 utilisation) internal pure returns (uint256) {
        if (utilisation <= KINK) return WadMath.mulDivUp(utilisation, KINK_RATE, KINK);
        return KINK_RATE + WadMath.mulDivUp(WadMath.min(utilisation, WAD) - KINK, FULL_RATE - KINK_RATE, WAD - KINK);
    }

    /// @notice Premium per year and unit of limit, WAD.
    /// @param hazardRate expected loss per year and unit of limit, WAD
    /// @param loadingBps on top of it
    /// @param utilisation of the capital after the purchase, WAD
    function ratePerYearUp(
        uint256 hazardRate,
        uint256 loadingBps,
        uint256 utilisation
    ) internal pure returns (uint256) {
        uint256 model = WadMath.mulDivUp(hazardRate, BPS_ONE + loadingBps, BPS_ONE);
        return WadMath.max(WadMath.max(model, curveUp(utilisation)), FLOOR_RATE);
    }

    /// @notice Premium for `cost` over a term, WAD. One rounding for the whole product.
    /// @param cost most that the cover can pay, WAD
    /// @param ratePerYear WAD
    /// @param term in seconds
    function premiumUp(uint256 cost, uint256 ratePerYear, uint256 term) internal pure returns (uint256) {
        return WadMath.mulDivUp(cost, ratePerYear * term, WAD * YEAR);
    }
}

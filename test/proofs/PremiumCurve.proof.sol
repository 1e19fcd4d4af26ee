// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PremiumCurve} from "../../contracts/libraries/PremiumCurve.sol";

/// @title The rate at the kink and the curve through it (CVR-08)
/// prove-engine: bmc
contract PremiumCurveProof {
    function adapted(uint64 kinkRate, uint64 used, uint32 elapsed) external pure {
        uint256 moved = PremiumCurve.adaptedUp(kinkRate, used, elapsed);
        // P-PREM-09: However long anyone waits, the rate at the kink stays between 1% and 20% a year.
        // bounds: rates of uint64, times of uint32; growth is whatever Solady's exponential returns
        // bug in libraries/PremiumCurve: "WadMath.max(WadMath.min(rate, HIGHEST_KINK_RATE), LOWEST_KINK_RATE)" -> "WadMath.max(rate, LOWEST_KINK_RATE)"
        assert(moved >= 0.01e18 && moved <= 0.2e18);
        // P-PREM-10: Below the kink the rate never rises above what it was or the lower bound.
        // bounds: rates of uint64, times of uint32; growth is at most 1 for exponents not above 0
        // bug in libraries/PremiumCurve: "return -int256(WadMath.min(fall" -> "return int256(WadMath.min(fall"
        assert(kinkRate == 0 || used > 0.8e18 || moved <= kinkRate || moved == 0.01e18);
    }

    function curve(uint64 kinkRate, uint64 low, uint64 high) external pure {
        require(low <= high && kinkRate <= 0.2e18);
        // P-PREM-11: The curve through any rate at the kink never falls when more is bound.
        // bounds: every kink rate to 20%, utilisation of uint64
        // bug in libraries/PremiumCurve: "return kinkRate + WadMath.mulDivUp(beyond" -> "return WadMath.mulDivUp(beyond"
        assert(PremiumCurve.rateUp(kinkRate, low) <= PremiumCurve.rateUp(kinkRate, high));
        // P-PREM-12: At full utilisation the rate is at most 15 times the rate at the kink.
        // bounds: every kink rate to 20%, utilisation of uint64
        // bug in libraries/PremiumCurve at 1: "WadMath.min(utilisation, WAD) - kink;" -> "utilisation - kink;"
        assert(PremiumCurve.rateUp(kinkRate, high) <= 15 * uint256(kinkRate));
    }
}

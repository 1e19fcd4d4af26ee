// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PremiumMath} from "../../contracts/libraries/PremiumMath.sol";

/// @title Prices of cover stay within their bounds and never fall with risk, time or amount (CVR-08)
/// prove-engine: bmc
contract PremiumProof {
    function utilisation(uint128 bound, uint128 capital) external pure {
        uint256 used = PremiumMath.utilisationUp(bound, capital);
        // P-PREM-01: Utilisation never passes 1, also where nothing is there to be bound.
        // bounds: all uint128
        // bug in libraries/PremiumMath: "return bound >= capital ? WAD" -> "return bound > capital ? 2 * WAD"
        assert(used <= 1e18);
        // P-PREM-02: Utilisation is rounded up: capital never seems less bound than it is.
        // bounds: all uint128
        // bug in libraries/PremiumMath: "WadMath.mulDivUp(bound, WAD, capital)" -> "WadMath.mulDivDown(bound, WAD, capital)"
        assert(bound >= capital || used * capital >= uint256(bound) * 1e18);
    }

    function curve(uint64 low, uint64 high) external pure {
        require(low <= high);
        // P-PREM-03: The rate that scarcity asks for never falls when more is bound.
        // bounds: all uint64
        // bug in libraries/PremiumMath: "return KINK_RATE + WadMath" -> "return WadMath"
        assert(PremiumMath.curveUp(low) <= PremiumMath.curveUp(high));
        // P-PREM-04: The rate that scarcity asks for is at most 60% a year.
        // bounds: all uint64
        // bug in libraries/PremiumMath: "WadMath.min(utilisation, WAD) - KINK" -> "utilisation - KINK"
        assert(PremiumMath.curveUp(high) <= 0.6e18);
    }

    function rate(uint64 hazard, uint16 loading, uint64 used) external pure {
        uint256 perYear = PremiumMath.ratePerYearUp(hazard, loading, used);
        // P-PREM-05: No cover is sold below the rate-on-line floor.
        // bounds: rates of uint64, loadings of uint16
        // bug in libraries/PremiumMath: "curveUp(utilisation)), FLOOR_RATE)" -> "curveUp(utilisation)), 0)"
        assert(perYear >= 0.03e18);
        // P-PREM-06: No cover is sold below its expected loss with the loading on it.
        // bounds: rates of uint64, loadings of uint16
        // bug in libraries/PremiumMath: "WadMath.mulDivUp(hazardRate, BPS_ONE + loadingBps, BPS_ONE)" -> "WadMath.mulDivDown(hazardRate, BPS_ONE + loadingBps, BPS_ONE)"
        assert(perYear * 1e4 >= uint256(hazard) * (1e4 + uint256(loading)));
    }

    function parts(uint96 first, uint96 second, uint64 perYear, uint32 term) external pure {
        // P-PREM-07: Who buys in two parts never pays less than who buys at once.
        // bounds: amounts of uint96, rates of uint64, terms of uint32
        // bug in libraries/PremiumMath: "return WadMath.mulDivUp(cost, ratePerYear * term, WAD * YEAR);" -> "return WadMath.mulDivDown(cost, ratePerYear * term, WAD * YEAR);"
        assert(
            PremiumMath.premiumUp(first, perYear, term) + PremiumMath.premiumUp(second, perYear, term) >=
                PremiumMath.premiumUp(uint256(first) + second, perYear, term)
        );
    }

    function longer(uint96 cost, uint64 perYear, uint32 term, uint32 more) external pure {
        require(term <= more);
        // P-PREM-08: A longer term never costs less.
        // bounds: amounts of uint96, rates of uint64, terms of uint32
        // bug in libraries/PremiumMath: "ratePerYear * term, WAD * YEAR" -> "type(uint32).max - term, 1"
        assert(PremiumMath.premiumUp(cost, perYear, term) <= PremiumMath.premiumUp(cost, perYear, more));
    }
}

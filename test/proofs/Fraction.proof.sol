// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionMath} from "../../contracts/libraries/AuctionMath.sol";

/// @title The largest fraction never overshoots: what stays is at target or above (LIQ-03, INV-05)
/// @dev The quadratic as it is solved, behind the shift that brings coefficients to 126 bits.
/// prove-engine: bmc
contract FractionProof {
    function linearShare(uint96 bound) external pure {
        uint256 share = AuctionMath._positiveRootDown(0, 2 ** 64, bound);
        // P-AUC-07: Without an add-on the share that stays meets the target: slope x <= bound.
        // bounds: bounds of uint96, a slope of 2^64; Solady's square root as documented
        // bug in libraries/AuctionMath: "WadMath.mulDivDown(2 * bound, WAD, divisor)" -> "WadMath.mulDivUp(2 * bound, WAD, divisor)"
        assert(share * 2 ** 64 <= uint256(bound) * 1e18);
        // P-AUC-08: Without an add-on less than a wei more could stay: nobody is sold more than must be.
        // bounds: bounds of uint96, a slope of 2^64; Solady's square root as documented
        // bug in libraries/AuctionMath: "uint256 divisor = absoluteSlope + root;" -> "uint256 divisor = absoluteSlope + root + 1;"
        assert((share + 1) * 2 ** 64 > uint256(bound) * 1e18);
    }

    function equivalence(int64 balance, uint64 linear, uint64 size, uint64 blind, uint64 retained) external pure {
        // Half of the account stays and tau is 1.15: E' = (E + c) / 2 against tau (A / 2 + B / 4 + blind).
        int256 c = int256(uint256(retained));
        int256 rest = 2 * (int256(balance) + c) * 100;
        int256 need = 115 * int256(2 * uint256(linear) + size + 4 * uint256(blind));
        int256 slope = AuctionMath._times(linear, 1.15e18) - AuctionMath._scaled(balance) + AuctionMath._scaled(c);
        int256 bound = AuctionMath._scaled(c) - AuctionMath._times(blind, 1.15e18);
        // P-AUC-09: The quadratic inequality that is solved says exactly that the rest is at target.
        // bounds: amounts of 64 bits, a remaining share of one half, tau of 1.15
        // bug in libraries/AuctionMath: "return amount * int256(WAD);" -> "return amount * int256(WAD) / 2;"
        assert((1.15e18 * int256(uint256(size)) + 2 * slope <= 4 * bound) == (rest >= need));
    }

    function noneLeft(uint128 curvature, int128 slope, int128 bound) external pure {
        require(bound <= 0);
        // P-AUC-10: An account that keeps nothing after penalty and income is sold whole.
        // bounds: coefficients of 128 bits
        // bug in libraries/AuctionMath: "if (bound <= 0) return 0;" -> "if (bound <= 0) return WAD;"
        assert(AuctionMath._remainingShareDown(curvature, slope, bound) == 0);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FundingMath} from "../../contracts/libraries/FundingMath.sol";
import {WadMath} from "../../contracts/libraries/WadMath.sol";

/// @title Funding decays, keeps its sign and stays within the clamp (CLR-05)
/// @dev The exponential is Solady's: of it only its bounds are taken as given.
/// prove-engine: bmc
contract FundingProof {
    function accrual(int80 velocity, uint32 elapsed) external pure {
        int256 paid = FundingMath.accrued(velocity, elapsed);
        // P-FUNDING-01: However long nobody came, at most one time constant of the velocity is paid.
        // bounds: velocities of int80, times of uint32
        // bug in libraries/FundingMath: "WAD - _remainingShare(elapsed)" -> "WAD + _remainingShare(elapsed)"
        assert(WadMath.abs(paid) <= WadMath.abs(velocity) * 1 hours);
        // P-FUNDING-02: Funding flows the way of its velocity, never back.
        // bounds: velocities of int80, times of uint32
        // bug in libraries/FundingMath: "return velocity < 0 ? -int256(sum) : int256(sum);" -> "return int256(sum);"
        assert(velocity >= 0 ? paid >= 0 : paid <= 0);
    }

    function decay(int80 velocity, uint32 elapsed) external pure {
        int256 left = FundingMath.decayed(velocity, elapsed);
        // P-FUNDING-03: A velocity never grows by itself and never changes its sign.
        // bounds: velocities of int80, times of uint32
        // bug in libraries/FundingMath: "return velocity < 0 ? -int256(left) : int256(left);" -> "return velocity < 0 ? int256(left) : -int256(left);"
        assert(velocity >= 0 ? left >= 0 && left <= velocity : left <= 0 && left >= velocity);
        // P-FUNDING-04: After 100 time constants nothing is left.
        // bounds: velocities of int80, times of uint32
        // bug in libraries/FundingMath: "if (elapsed > 100 * DECAY_SECONDS) return 0;" -> "if (elapsed > 100 * DECAY_SECONDS) return 1e9;"
        assert(elapsed <= 360_000 || left == 0);
    }

    function weight(uint96 notional, uint96 open) external pure {
        // P-FUNDING-05: No fill weighs more than 1, however large.
        // bounds: amounts of uint96
        // bug in libraries/FundingMath: "if (ratio > 100e18) return WAD;" -> "if (ratio > 100e18) return ratio;"
        assert(FundingMath.weightOf(notional, open) <= 1e18);
    }

    function fee(uint16 bps) external pure {
        uint256 share = FundingMath.maxShareOf(bps);
        // P-FUNDING-06: What may be paid within one time constant is at most the taker fee times k: moving it costs what it earns.
        // bounds: fees of uint16
        // bug in libraries/FundingMath: "(takerFeeBps * DEPTH) / BPS_ONE" -> "takerFeeBps * DEPTH"
        assert(share * 1e4 <= uint256(bps) * 0.5e18);
        // P-FUNDING-07: What may be paid within one time constant is at most 0.05% of the index.
        // bounds: fees of uint16
        // bug in libraries/FundingMath: "return WadMath.min(MAX_SHARE, " -> "return WadMath.max(MAX_SHARE, "
        assert(share <= 0.0005e18);
    }

    function clamp(int128 value, uint96 limit) external pure {
        int256 kept = FundingMath._clamp(value, int256(uint256(limit)));
        // P-FUNDING-08: A clamped velocity is within its limit on both sides, and untouched inside.
        // bounds: values of int128, limits of uint96
        // bug in libraries/FundingMath: "return value < -limit ? -limit : value;" -> "return value;"
        assert(WadMath.abs(kept) <= limit && (WadMath.abs(value) > limit || kept == value));
    }
}

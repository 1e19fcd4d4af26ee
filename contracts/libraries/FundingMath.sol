// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {BPS_ONE, WAD} from "../types/Constants.sol";
import {WadMath} from "./WadMath.sol";

/// @title FundingMath
/// @notice Funding between the two sides of a market (CLR-05): what longs pay to shorts per unit of base, driven by the premium of
/// fills over the index and decaying by itself.
///
/// The state is a velocity v (settlement units per unit of base and second) as of one moment. It decays with time constant tau, so
/// F(t) = F0 + v tau (1 - e^(-t/tau)): a pure function of what is stored, the same for every position and every reader, whoever
/// looks and however often. No price enters between two fills.
///
/// A fill at premium p = fill price - index pulls v by w p / tau, with w = 1 - e^(-notional / (k OI)): alone, it makes one unit of base
/// pay w p until the velocity has decayed. |v| tau is held to `maxShare` of the index.
///
/// Why nobody earns by moving it: a fill of notional n moves what is still to be paid by at most w maxShare per unit of notional,
/// w <= n / (k OI), and nobody holds more than OI, so it moves at most n maxShare / k towards him. He pays at least the taker fee
/// on n, also when he fills his own orders. Hence maxShare <= fee k, which is `maxShareOf`.
/// @dev Ranges: price <= 1e27, so |v| tau <= 1e27 and |v| < 2^79; |F| grows by less than 2^91 before the next fill.
/// @custom:twin sdk/math/FundingMath.ts
library FundingMath {
    /// @dev tau: time constant of the decay.
    uint256 internal constant DECAY_SECONDS = 1 hours;
    /// @dev k: weight of a fill is 1 - exp(-notional / (k OI)).
    uint256 internal constant DEPTH = 0.5e18;
    /// @dev Most that may be paid within one time constant, as a share of the index: 0.05% in the first hour.
    uint256 internal constant MAX_SHARE = 0.0005e18;

    /// @dev A velocity is stored as a signed mantissa of 24 bits and an exponent of 8 bits.
    uint256 private constant MANTISSA_BITS = 23;

    /// @notice What has been paid in `elapsed` seconds since `velocity` was written, WAD per unit of base, rounded toward 0.
    function accrued(int256 velocity, uint256 elapsed) internal pure returns (int256) {
        uint256 sum = WadMath.mulWadDown(WadMath.abs(velocity) * DECAY_SECONDS, WAD - _remainingShare(elapsed));
        return velocity < 0 ? -int256(sum) : int256(sum); // Below 2^91.
    }

    /// @notice The velocity after `elapsed` seconds, rounded toward 0.
    function decayed(int256 velocity, uint256 elapsed) internal pure returns (int256) {
        uint256 left = WadMath.mulWadDown(WadMath.abs(velocity), _remainingShare(elapsed));
        return velocity < 0 ? -int256(left) : int256(left); // Not above what it was.
    }

    /// @notice The velocity after a fill (CLR-05).
    /// @param velocity decayed to now
    /// @param indexPrice consensus, WAD, above 0
    /// @param fillPrice WAD
    /// @param notional of the fill, WAD
    /// @param openNotional open interest before the fill at the index price, WAD; 0 gives weight 1
    /// @param maxShare from maxShareOf, WAD
    function afterFill(
        int256 velocity,
        uint256 indexPrice,
        uint256 fillPrice,
        uint256 notional,
        uint256 openNotional,
        uint256 maxShare
    ) internal pure returns (int256) {
        int256 limit = int256(WadMath.mulWadDown(indexPrice, maxShare) / DECAY_SECONDS); // Below 2^91.
        int256 premium = int256(fillPrice) - int256(indexPrice); // Both below 2^91.
        int256 target = _clamp(premium / int256(DECAY_SECONDS), limit);
        int256 pull = int256(WadMath.mulWadDown(WadMath.abs(target), weightOf(notional, openNotional)));
        return _clamp(velocity + (target < 0 ? -pull : pull), limit);
    }

    /// @notice Weight of a fill, WAD: 1 - exp(-notional / (k OI)), 1 where nothing is open.
    function weightOf(uint256 notional, uint256 openNotional) internal pure returns (uint256) {
        if (openNotional == 0) return WAD;
        uint256 ratio = WadMath.mulDivDown(notional, WAD, openNotional);
        // Above 41 the exponential is 0; the bound also keeps the cast in range.
        if (ratio > 100e18) return WAD;
        return WAD - uint256(FixedPointMathLib.expWad(-int256((ratio * WAD) / DEPTH)));
    }

    /// @notice Highest share of the index that may be paid within one time constant, WAD: what keeps moving it dearer than holding it.
    /// @param takerFeeBps fee of every fill, basis points
    function maxShareOf(uint256 takerFeeBps) internal pure returns (uint256) {
        return WadMath.min(MAX_SHARE, (takerFeeBps * DEPTH) / BPS_ONE);
    }

    /* STORAGE */

    /// @notice Velocity of a stored rate: mantissa * 2^exponent.
    function unpack(int32 rate) internal pure returns (int256) {
        int256 mantissa = int256(rate) >> 8; // Keeps the sign.
        uint256 exponent = uint32(rate) & 0xff;
        return mantissa * int256(1 << exponent); // Exponents come from `pack` and are below 2^7.
    }

    /// @notice A velocity as stored, rounded toward 0: exact up to 2^23, to 1 part in 2^22 above.
    function pack(int256 velocity) internal pure returns (int32) {
        uint256 size = WadMath.abs(velocity);
        uint256 exponent = 0;
        if (size >> MANTISSA_BITS != 0) {
            exponent = FixedPointMathLib.log2(size) + 1 - MANTISSA_BITS;
            size >>= exponent;
        }
        int256 mantissa = velocity < 0 ? -int256(size) : int256(size); // Below 2^23.
        return int32((mantissa << 8) | int256(exponent));
    }

    /* PRIVATE */

    /// @dev e^(-elapsed / tau), WAD.
    function _remainingShare(uint256 elapsed) private pure returns (uint256) {
        // Above 41 time constants nothing is left; the bound also keeps the cast in range.
        if (elapsed > 100 * DECAY_SECONDS) return 0;
        return uint256(FixedPointMathLib.expWad(-int256((elapsed * WAD) / DECAY_SECONDS)));
    }

    function _clamp(int256 value, int256 limit) private pure returns (int256) {
        if (value > limit) return limit;
        return value < -limit ? -limit : value;
    }
}

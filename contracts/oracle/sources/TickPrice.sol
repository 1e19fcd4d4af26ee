// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {WadMath} from "../../libraries/WadMath.sol";

/// @title TickPrice
/// @notice Ticks of a Uniswap v3 pool to prices: token1 per token0, in the tokens' smallest units, is 1.0001^tick.
library TickPrice {
    /// @dev Highest tick of a pool, and the lowest one's magnitude.
    int256 internal constant MAX_TICK = 887_272;

    /// @dev ln(1.0001) and ln(10), 36 decimals, so that a tick's logarithm is exact to less than a wei before it is rounded.
    int256 private constant LN_TICK = 99_995_000_333_308_335_333_166_680_951_131;
    int256 private constant LN_TEN = 2_302_585_092_994_045_684_017_991_454_684_364_208;
    int256 private constant LN_SCALE = 1e18;
    /// @dev exp(21) is above MAX_PRICE, and far below where exp overflows.
    int256 private constant HIGHEST_EXPONENT = 21e18;

    /// @notice 1.0001^tick * 10^decimals in WAD; 0 when that is above e^21 = 1.3e9 or below half a wei. Rounded down by less than a wei
    /// and 3e-18 of the price: the logarithm is rounded down to 1e-18, and exp adds less than that.
    /// @param tick of magnitude at most MAX_TICK
    /// @param decimals of magnitude at most 72: how many more the token priced has than the one it is priced in
    function toWadDown(int256 tick, int256 decimals) internal pure returns (uint256 price) {
        // Magnitudes are below 2^20 * 2^107 and 2^7 * 2^121.
        int256 logarithm;
        unchecked {
            logarithm = WadMath.signedDivDown(tick * LN_TICK + decimals * LN_TEN, LN_SCALE);
        }
        if (logarithm >= HIGHEST_EXPONENT) return 0;
        return uint256(FixedPointMathLib.expWad(logarithm));
    }

    /// @notice Mean tick of a window, rounded toward negative infinity like the pool's own ticks.
    /// @param change of the tick accumulator
    /// @param window seconds, above 0
    function meanTickDown(int56 change, uint32 window) internal pure returns (int256) {
        return WadMath.signedDivDown(change, int256(uint256(window)));
    }
}

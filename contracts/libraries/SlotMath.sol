// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BPS_ONE, INITIAL_MARGIN_POINTS, PRODUCT_ONE, RATE_ONE, RATIO_ONE, SUM_ONE, WAD} from "../types/Constants.sol";
import {SideWord} from "../types/Words.sol";
import {MarginMath} from "./MarginMath.sol";
import {WadMath} from "./WadMath.sol";

/// @title SlotMath
/// @notice The formulas of SideIndex and MarginMath for numbers that come out of slots and prices that come out of the oracle: equal
/// results, without the checks that the widths of those numbers make superfluous.
/// @dev Ranges: |shares| < 2^111 and P <= 1e30 < 2^100, so |base| < 2^111, also after rolls, which only shrink it; what a trade asks
/// for is at most MAX_OPEN_INTEREST = 2^95. |S| < 2^127, |F| < 2^97 (an int96 and what has accrued since), a price is a uint112,
/// or at most twice that where it was moved (ORC-07). Every function says the largest product that it forms: all are below 2^255.
/// Equality is tested in test/solidity/libraries/SlotMath.t.sol.
library SlotMath {
    /// @dev As in SideIndex: P (1e30) * F (1e18) over this has the scale of S.
    int256 private constant PRODUCT_TIMES_WAD = int256((PRODUCT_ONE * WAD) / SUM_ONE);

    /* POSITIONS */

    /// @notice SideIndex.baseOf. shares * P < 2^211.
    function baseOf(int256 shares, uint256 product) internal pure returns (int256) {
        unchecked {
            return (shares * int256(product)) / int256(PRODUCT_ONE);
        }
    }

    /// @notice SideIndex.sharesOf. base * 1e30 < 2^212.
    function sharesOf(int256 base, uint256 product) internal pure returns (int256) {
        unchecked {
            uint256 size = smallMulDivUp(WadMath.abs(base), PRODUCT_ONE, product);
            return base < 0 ? -int256(size) : int256(size);
        }
    }

    /// @notice SideIndex.effectiveSumDown. P * F < 2^197.
    function effectiveSumDown(SideWord side, int256 funding) internal pure returns (int256) {
        if (funding == 0) return side.sum();
        unchecked {
            return side.sum() - _divUp(int256(side.product()) * funding, PRODUCT_TIMES_WAD);
        }
    }

    /// @notice SideIndex.quoteValueDown. |effective S| < 2^129, so shares * S < 2^240.
    function quoteValueDown(int256 shares, int256 quote, int256 effectiveSum) internal pure returns (int256) {
        unchecked {
            return quote + _divDown(shares * effectiveSum, int256(SUM_ONE));
        }
    }

    /// @notice SideIndex.storedQuoteDown. As above.
    function storedQuoteDown(int256 shares, int256 quoteValue, int256 effectiveSum) internal pure returns (int256) {
        unchecked {
            return quoteValue - _divUp(shares * effectiveSum, int256(SUM_ONE));
        }
    }

    /// @notice What quoteValueDown makes of storedQuoteDown at the same sum: a wei less than what was stored where the product has a rest,
    /// which the one rounds up and the other down. As above.
    function readBackDown(int256 shares, int256 quoteValue, int256 effectiveSum) internal pure returns (int256) {
        unchecked {
            return (shares * effectiveSum) % int256(SUM_ONE) == 0 ? quoteValue : quoteValue - 1;
        }
    }

    /// @notice base * price / WAD, rounded toward -infinity. base * price < 2^224.
    function notionalDown(int256 base, uint256 price) internal pure returns (int256) {
        unchecked {
            return _divDown(base * int256(price), int256(WAD));
        }
    }

    /* MARGINS */

    /// @notice MarginMath.initialRate. Both factors are below 2^32.
    function initialRate(uint256 rateTarget, uint256 ratio) internal pure returns (uint256) {
        unchecked {
            uint256 multiplier = 2 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE);
            return smallMulDivUp(rateTarget + INITIAL_MARGIN_POINTS, multiplier, RATIO_ONE);
        }
    }

    /// @notice MarginMath.positionMarginUp and initialMarginUp of one position; notional is computed once. base * price < 2^224, so
    /// notional < 2^165 and its product with a rate < 2^183.
    /// @param rate mmr now, startRate from initialRate; both in units of RATE_ONE
    /// @return linear as positionMarginUp returns it
    /// @return size likewise
    /// @return initial as initialMarginUp returns it
    function marginsUp(
        uint256 absoluteBase,
        uint256 price,
        uint256 rate,
        uint256 startRate,
        uint256 addOn
    ) internal pure returns (uint256 linear, uint256 size, uint256 initial) {
        unchecked {
            uint256 notional = smallMulDivUp(absoluteBase, price, WAD);
            linear = smallMulDivUp(notional, rate, RATE_ONE);
            // The square of a notional may pass 256 bits.
            if (addOn != 0) size = WadMath.mulDivUp(notional, notional * addOn, MarginMath.ADD_ON_SCALE);
            initial = smallMulDivUp(notional, startRate, RATE_ONE) + size;
        }
    }

    /// @notice MarginMath.valueDown and haircutValueDown of collateral. An amount is at most the cap of its asset, 2^64 units of 1e18,
    /// so amount * price * BPS_ONE < 2^250.
    function collateralDown(
        uint256 amount,
        uint256 price,
        uint256 haircut
    ) internal pure returns (uint256 value, uint256 counted) {
        unchecked {
            uint256 product = amount * price;
            value = product / WAD;
            counted = (product * (BPS_ONE - haircut)) / (WAD * BPS_ONE);
        }
    }

    /* SMALL NUMBERS */

    /// @notice a * b / d, rounded up, where a * b < 2^256 and d > 0: WadMath.mulDivUp without its 512 bits.
    function smallMulDivUp(uint256 a, uint256 b, uint256 d) internal pure returns (uint256 quotient) {
        unchecked {
            uint256 product = a * b;
            quotient = product / d;
            if (quotient * d != product) ++quotient;
        }
    }

    /// @dev Rounded toward -infinity, d > 0.
    function _divDown(int256 a, int256 d) private pure returns (int256 quotient) {
        unchecked {
            quotient = a / d;
            if (quotient * d > a) --quotient;
        }
    }

    /// @dev Rounded toward +infinity, d > 0.
    function _divUp(int256 a, int256 d) private pure returns (int256 quotient) {
        unchecked {
            quotient = a / d;
            if (quotient * d < a) ++quotient;
        }
    }
}

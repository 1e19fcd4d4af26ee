// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {GenerationEnd, Side} from "../types/Clearing.sol";
import {PRODUCT_FLOOR, PRODUCT_ONE, SUM_ONE, SUM_ROLL_LIMIT, WAD} from "../types/Constants.sol";
import {WadMath} from "./WadMath.sol";

/// @title SideIndex
/// @notice The index of one side of a market (CLR-09). One write changes every position of the side.
///
/// base = shares * P, quote value = quote + shares * effective S, effective S = S - P * F.
///
/// Shares are signed, so both sides use the same formula: a long has shares > 0 and loses when S falls, a short has
/// shares < 0 and loses when S rises. F is what longs have paid to shorts per unit of base, one number for both sides.
///
/// @dev Safe ranges, checked at the door by the clearing house (layout.md): price <= 1e27 (90 bits), base and open
/// interest <= 2^95, PRODUCT_FLOOR <= P <= 1e30 (100 bits) while a generation lives, so |shares| <= 2^111;
/// |F| < 2^95; |effective S| < 2^120 before a step and one step moves it by less than 2^121, so |effective S| < 2^122
/// (+ drift of funding between two steps, below 2^125) and |S| < 2^122 + 2^125 < 2^127.
/// Products: shares * S < 2^238, shares * P < 2^211, P * F < 2^195, base * 1e30 < 2^195. All arithmetic is checked
/// all the same: outside the ranges a function reverts and never wraps.
/// @custom:twin sdk/math/SideIndex.ts
library SideIndex {
    using SafeCast for int256;
    using SafeCast for uint256;

    /// @dev P (1e30) * WAD / PRODUCT_TIMES_WAD has the scale of S (1e27).
    uint256 private constant PRODUCT_TIMES_WAD = (PRODUCT_ONE * WAD) / SUM_ONE;
    /// @dev P / PRODUCT_PER_SUM has the scale of S.
    uint256 private constant PRODUCT_PER_SUM = PRODUCT_ONE / SUM_ONE;

    /* READING A POSITION */

    /// @notice Base that `shares` stand for, signed, magnitude rounded down.
    function baseOf(int256 shares, uint256 product) internal pure returns (int256) {
        // Division of signed numbers truncates, which is the magnitude rounded down. P <= 1e30 fits in int256.
        return (shares * int256(product)) / int256(PRODUCT_ONE);
    }

    /// @notice Shares for `base`, signed, magnitude rounded up. Needs product > 0.
    /// @dev baseOf(sharesOf(b, P), P) == b for 0 < P <= 1e30: rounding up adds less than one share, and less than one
    /// share is worth less than one wei of base, which baseOf cuts off. So a trade is exact in base (R2a).
    function sharesOf(int256 base, uint256 product) internal pure returns (int256 shares) {
        shares = WadMath.mulDivUp(WadMath.abs(base), PRODUCT_ONE, product).toInt256();
        if (base < 0) shares = -shares;
    }

    /// @notice Effective S, rounded toward -infinity.
    /// @dev A short is credited the rounding: below 1e-27 per share (layout.md), and only while it is read; deleverage
    /// and startGeneration carry it on exactly.
    function effectiveSumDown(Side memory side, int256 funding) internal pure returns (int256) {
        return int256(side.sum) - _fundingPerShareUp(side.product, funding);
    }

    /// @notice What a position's quote is worth now, rounded down: `quote + shares * effective S`.
    function quoteValueDown(int256 shares, int256 quote, int256 effectiveSum) internal pure returns (int256) {
        return quote + WadMath.signedDivDown(shares * effectiveSum, int256(SUM_ONE));
    }

    /// @notice The quote to store so that a position is worth `quoteValue` now, rounded down.
    /// @dev shares * S is rounded up here and down in quoteValueDown, so a touch gives the house at most 1 wei and
    /// never costs it one.
    function storedQuoteDown(int256 shares, int256 quoteValue, int256 effectiveSum) internal pure returns (int256) {
        return quoteValue - WadMath.signedDivUp(shares * effectiveSum, int256(SUM_ONE));
    }

    /* CHANGING A SIDE */

    /// @notice Charges `amount` to a side, every unit of base alike (LIQ-05).
    /// @param side changed in place
    /// @param long whether it is the long side
    /// @param amount WAD of the settlement asset, at most openInterest * MAX_PRICE
    /// @param openInterest base of the side, wei; must be above 0
    /// @return perUnit charge to one unit of base, WAD, rounded up (a fact, CLM-03)
    /// @dev amount <= 2^95 * 1e9 < 2^125, so amount * P < 2^225 and S moves by at most 1e9 * 1e27 < 2^120.
    function charge(
        Side memory side,
        bool long,
        uint256 amount,
        uint256 openInterest
    ) internal pure returns (uint256 perUnit) {
        _chargePerShare(side, long, WadMath.mulDivUp(amount, side.product, openInterest * PRODUCT_PER_SUM));
        return WadMath.mulDivUp(amount, WAD, openInterest);
    }

    /// @notice Charges `perUnit` settlement units (WAD) to every unit of base of a side.
    /// @dev perUnit <= 1e27, so perUnit * P < 2^190 and S moves by at most 1e36 < 2^120.
    function chargePerUnit(Side memory side, bool long, uint256 perUnit) internal pure {
        _chargePerShare(side, long, WadMath.mulDivUp(perUnit, side.product, PRODUCT_TIMES_WAD));
    }

    /// @notice Closes `base` of the `openInterest` of a side pro rata at `price` (LIQ-06).
    /// @param side changed in place
    /// @param long whether it is the long side
    /// @param base wei that are closed, at most openInterest
    /// @param openInterest base of the side before, wei; must be above 0
    /// @param price WAD, at most 2 * MAX_PRICE; may be 0
    /// @param funding F of the market
    /// @return productBefore P before
    /// @dev P is rounded down, so the side never keeps more base than openInterest - base; what is cut off is closed
    /// at `price` too. Effective S moves by exactly the proceeds: the two funding terms are rounded alike and the sum
    /// of a position changes by nothing else. Proceeds <= 1e30 * 2e27 / 1e21 < 2^121.
    function deleverage(
        Side memory side,
        bool long,
        uint256 base,
        uint256 openInterest,
        uint256 price,
        int256 funding
    ) internal pure returns (uint256 productBefore) {
        productBefore = side.product;
        uint256 productAfter = WadMath.mulDivDown(productBefore, openInterest - base, openInterest);

        // A long is credited and gets less; a short has negative shares, so the larger S charges it more.
        uint256 closed = productBefore - productAfter;
        uint256 proceeds =
            long
                ? WadMath.mulDivDown(closed, price, PRODUCT_TIMES_WAD)
                : WadMath.mulDivUp(closed, price, PRODUCT_TIMES_WAD);

        int256 sum = effectiveSumDown(side, funding) + proceeds.toInt256();
        side.product = productAfter.toUint112();
        side.sum = (sum + _fundingPerShareUp(productAfter, funding)).toInt128();
    }

    /* GENERATIONS */

    /// @notice Whether the side must start a new generation now: P is too small or effective S too large.
    /// @dev Effective S and not S: the part P * F of S may pass the limit on its own without costing precision, and no
    /// new generation could bring it down, so every step would end one.
    function endsGeneration(Side memory side, int256 funding) internal pure returns (bool) {
        return side.product < PRODUCT_FLOOR || WadMath.abs(effectiveSumDown(side, funding)) >= uint256(SUM_ROLL_LIMIT); // A positive constant.
    }

    /// @notice Ends the generation of a side and starts the next at P = 1, effective S = 0.
    /// @return end what positions of the old generation are worth, for rollOnce
    /// @dev At P = 1e30 the product P * F divides by 1e21 without rest, so effective S starts at exactly 0. The
    /// caller sees to it that fewer than 2^16 generations pass; the addition is checked.
    function startGeneration(Side memory side, int256 funding) internal pure returns (GenerationEnd memory end) {
        end.product = side.product;
        end.sum = effectiveSumDown(side, funding).toInt128();

        side.product = uint112(PRODUCT_ONE); // 1e30 < 2^100.
        side.sum = _fundingPerShareUp(PRODUCT_ONE, funding).toInt128();
        side.generation += 1;
    }

    /// @notice Carries a position over the end of a generation. Base and value stay the same to the wei (INV-18).
    function rollOnce(int256 shares, int256 quote, GenerationEnd memory end) internal pure returns (int256, int256) {
        return (baseOf(shares, end.product), quoteValueDown(shares, quote, end.sum));
    }

    /// @notice -ln(P' / P), WAD, saturating at the largest uint64 (CLM-03). A fact, not an amount: within 2 wei.
    function deleveragedLn(uint256 productBefore, uint256 productAfter) internal pure returns (uint256) {
        if (productAfter == 0) return type(uint64).max;
        if (productAfter >= productBefore) return 0;
        // Both are at most 1e30 and fit in int256; a difference of logarithms keeps the digits of a small quotient.
        int256 change = FixedPointMathLib.lnWad(int256(productBefore)) - FixedPointMathLib.lnWad(int256(productAfter));
        return WadMath.min(WadMath.positivePart(change), type(uint64).max);
    }

    /* PRIVATE */

    /// @dev P * F in the scale of S, rounded toward +infinity.
    function _fundingPerShareUp(uint256 product, int256 funding) private pure returns (int256) {
        // P <= 1e30 and the divisor 1e21 fit in int256.
        return WadMath.signedDivUp(int256(product) * funding, int256(PRODUCT_TIMES_WAD));
    }

    /// @dev The charge was rounded up, so it is never less than what is owed; longs lose when S falls, shorts when it
    /// rises.
    function _chargePerShare(Side memory side, bool long, uint256 perShareUp) private pure {
        int256 change = perShareUp.toInt256();
        side.sum = (long ? int256(side.sum) - change : int256(side.sum) + change).toInt128();
    }
}

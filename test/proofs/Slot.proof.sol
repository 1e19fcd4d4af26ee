// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginMath} from "../../contracts/libraries/MarginMath.sol";
import {SideIndex} from "../../contracts/libraries/SideIndex.sol";
import {SlotMath} from "../../contracts/libraries/SlotMath.sol";

/// @title The formulas for numbers out of slots are those of SideIndex and MarginMath, though they check nothing
/// prove-engine: bmc
contract SlotProof {
    function base(int112 shares, uint112 product) external pure {
        require(product <= 1e30);
        // P-SLOT-01: Base of shares is the same, in the whole range.
        // bounds: shares of int112, every product to 1e30
        // bug in libraries/SlotMath: "return (shares * int256(product)) / int256(PRODUCT_ONE);" -> "return (shares * int256(product)) / int256(PRODUCT_ONE) + 1;"
        assert(SlotMath.baseOf(shares, product) == SideIndex.baseOf(shares, product));
    }

    function value(int112 shares, int120 quote, int112 sum) external pure {
        // P-SLOT-02: The value of a position is the same: rounded toward -infinity, and nothing wraps.
        // bounds: shares and S of int112, quote of int120
        // bug in libraries/SlotMath: "if (quotient * d > a) --quotient;" -> ""
        assert(SlotMath.quoteValueDown(shares, quote, sum) == SideIndex.quoteValueDown(shares, quote, sum));
        // P-SLOT-03: The quote that is stored is the same.
        // bounds: shares and S of int112, quote of int120
        // bug in libraries/SlotMath: "if (quotient * d < a) ++quotient;" -> ""
        assert(SlotMath.storedQuoteDown(shares, quote, sum) == SideIndex.storedQuoteDown(shares, quote, sum));
    }

    function shares(int96 base_, uint112 product) external pure {
        require(product > 0 && product <= 1e30);
        int256 found = SlotMath.sharesOf(base_, product);
        // P-SLOT-04: Shares bought for a base stand for exactly that base here too.
        // bounds: base of int96, every product to 1e30
        // bug in libraries/SlotMath: "return base < 0 ? -int256(size) : int256(size);" -> "return int256(size);"
        assert(SlotMath.baseOf(found, product) == base_);
    }

    function notional(int96 base_, uint96 price) external pure {
        int256 found = SlotMath.notionalDown(base_, price);
        // P-SLOT-05: A notional is rounded toward -infinity: no account is worth more for it.
        // bounds: base of int96, prices of uint96
        // bug in libraries/SlotMath: "return _divDown(base * int256(price), int256(WAD));" -> "return base * int256(price) / int256(WAD);"
        assert(found * 1e18 <= int256(base_) * int256(uint256(price)));
    }

    function collateral(uint96 amount, uint96 price, uint16 cut) external pure {
        require(cut <= 1e4);
        (uint256 whole, uint256 counted) = SlotMath.collateralDown(amount, price, cut);
        // P-SLOT-06: The value of collateral is the same, with its haircut and without.
        // bounds: amounts and prices of uint96, haircuts to 100%
        // bug in libraries/SlotMath: "counted = (product * (BPS_ONE - haircut)) / (WAD * BPS_ONE);" -> "counted = (value * (BPS_ONE - haircut)) / BPS_ONE;"
        assert(
            whole == MarginMath.valueDown(amount, price) && counted == MarginMath.haircutValueDown(amount, price, cut)
        );
    }

    function initial(uint16 target, uint32 ratio) external pure {
        // P-SLOT-07: The rate of initial margin is the same.
        // bounds: targets of uint16, ratios of uint32
        // bug in libraries/SlotMath: "2 * RATIO_ONE - WadMath.min(ratio, RATIO_ONE)" -> "2 * RATIO_ONE - ratio"
        assert(SlotMath.initialRate(target, ratio) == MarginMath.initialRate(target, ratio));
    }
}

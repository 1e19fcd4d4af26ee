// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SlotMath} from "../../libraries/SlotMath.sol";
import {SideWord} from "../../types/Words.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessSlotMath is LibraryHarness {
    function baseOf(int256 shares, uint256 product) external pure returns (int256) {
        return SlotMath.baseOf(shares, product);
    }

    function sharesOf(int256 base, uint256 product) external pure returns (int256) {
        return SlotMath.sharesOf(base, product);
    }

    function effectiveSumDown(SideWord side, int256 funding) external pure returns (int256) {
        return SlotMath.effectiveSumDown(side, funding);
    }

    function quoteValueDown(int256 shares, int256 quote, int256 effectiveSum) external pure returns (int256) {
        return SlotMath.quoteValueDown(shares, quote, effectiveSum);
    }

    function storedQuoteDown(int256 shares, int256 quoteValue, int256 effectiveSum) external pure returns (int256) {
        return SlotMath.storedQuoteDown(shares, quoteValue, effectiveSum);
    }

    function notionalDown(int256 base, uint256 price) external pure returns (int256) {
        return SlotMath.notionalDown(base, price);
    }

    function initialRate(uint256 rateTarget, uint256 ratio) external pure returns (uint256) {
        return SlotMath.initialRate(rateTarget, ratio);
    }

    function marginsUp(
        uint256 absoluteBase,
        uint256 price,
        uint256 rate,
        uint256 startRate,
        uint256 addOn
    ) external pure returns (uint256 linear, uint256 size, uint256 initial) {
        return SlotMath.marginsUp(absoluteBase, price, rate, startRate, addOn);
    }

    function collateralDown(
        uint256 amount,
        uint256 price,
        uint256 haircut
    ) external pure returns (uint256 value, uint256 counted) {
        return SlotMath.collateralDown(amount, price, haircut);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginMath} from "../../libraries/MarginMath.sol";
import {MarketClass} from "../../types/Identifiers.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessMarginMath is LibraryHarness {
    function notionalUp(uint256 absoluteBase, uint256 price) external pure returns (uint256) {
        return MarginMath.notionalUp(absoluteBase, price);
    }

    function positionMarginUp(
        uint256 absoluteBase,
        uint256 price,
        uint256 rate,
        uint256 addOn
    ) external pure returns (uint256 linear, uint256 size) {
        return MarginMath.positionMarginUp(absoluteBase, price, rate, addOn);
    }

    function initialRate(uint256 rateTarget, uint256 ratio) external pure returns (uint256) {
        return MarginMath.initialRate(rateTarget, ratio);
    }

    function initialMarginUp(
        uint256 absoluteBase,
        uint256 price,
        uint256 rate,
        uint256 addOn
    ) external pure returns (uint256) {
        return MarginMath.initialMarginUp(absoluteBase, price, rate, addOn);
    }

    function currentRateUp(
        uint256 rateSet,
        uint256 rateTarget,
        uint256 setAt,
        uint256 timestamp
    ) external pure returns (uint256) {
        return MarginMath.currentRateUp(rateSet, rateTarget, setAt, timestamp);
    }

    function settledRate(
        uint256 rateSet,
        uint256 rateTarget,
        uint256 setAt,
        uint256 timestamp
    ) external pure returns (uint256 rate, uint256 settledAt) {
        return MarginMath.settledRate(rateSet, rateTarget, setAt, timestamp);
    }

    function profitWeight(MarketClass marketClass, uint256 ratio) external pure returns (uint256) {
        return MarginMath.profitWeight(marketClass, ratio);
    }

    function blindPrice(uint256 price, bool long, uint256 rate, uint256 blindMove) external pure returns (uint256) {
        return MarginMath.blindPrice(price, long, rate, blindMove);
    }

    function valueDown(uint256 amount, uint256 price) external pure returns (uint256) {
        return MarginMath.valueDown(amount, price);
    }

    function haircutValueDown(uint256 amount, uint256 price, uint256 haircut) external pure returns (uint256) {
        return MarginMath.haircutValueDown(amount, price, haircut);
    }
}

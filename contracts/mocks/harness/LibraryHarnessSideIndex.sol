// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SideIndex} from "../../libraries/SideIndex.sol";
import {GenerationEnd, Side} from "../../types/Clearing.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessSideIndex is LibraryHarness {
    function baseOf(int256 shares, uint256 product) external pure returns (int256) {
        return SideIndex.baseOf(shares, product);
    }

    function sharesOf(int256 base, uint256 product) external pure returns (int256) {
        return SideIndex.sharesOf(base, product);
    }

    function effectiveSumDown(Side memory side, int256 funding) external pure returns (int256) {
        return SideIndex.effectiveSumDown(side, funding);
    }

    function quoteValueDown(int256 shares, int256 quote, int256 effectiveSum) external pure returns (int256) {
        return SideIndex.quoteValueDown(shares, quote, effectiveSum);
    }

    function storedQuoteDown(int256 shares, int256 quoteValue, int256 effectiveSum) external pure returns (int256) {
        return SideIndex.storedQuoteDown(shares, quoteValue, effectiveSum);
    }

    function charge(
        Side memory side,
        bool long,
        uint256 amount,
        uint256 openInterest
    ) external pure returns (Side memory, uint256 perUnit) {
        perUnit = SideIndex.charge(side, long, amount, openInterest);
        return (side, perUnit);
    }

    function chargePerUnit(Side memory side, bool long, uint256 perUnit) external pure returns (Side memory) {
        SideIndex.chargePerUnit(side, long, perUnit);
        return side;
    }

    function deleverage(
        Side memory side,
        bool long,
        uint256 base,
        uint256 openInterest,
        uint256 price,
        int256 funding
    ) external pure returns (Side memory, uint256 productBefore) {
        productBefore = SideIndex.deleverage(side, long, base, openInterest, price, funding);
        return (side, productBefore);
    }

    function endsGeneration(Side memory side, int256 funding) external pure returns (bool) {
        return SideIndex.endsGeneration(side, funding);
    }

    function startGeneration(
        Side memory side,
        int256 funding
    ) external pure returns (Side memory, GenerationEnd memory end) {
        end = SideIndex.startGeneration(side, funding);
        return (side, end);
    }

    function rollOnce(int256 shares, int256 quote, GenerationEnd memory end) external pure returns (int256, int256) {
        return SideIndex.rollOnce(shares, quote, end);
    }

    function deleveragedLn(uint256 productBefore, uint256 productAfter) external pure returns (uint256) {
        return SideIndex.deleveragedLn(productBefore, productAfter);
    }
}

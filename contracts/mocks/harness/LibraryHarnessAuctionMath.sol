// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionMath} from "../../libraries/AuctionMath.sol";
import {LibraryHarness} from "./LibraryHarness.sol";

contract LibraryHarnessAuctionMath is LibraryHarness {
    function incomeRate(uint256 elapsed) external pure returns (uint256) {
        return AuctionMath.incomeRate(elapsed);
    }

    function incomeDown(uint256 maintenance, int256 marginBalance, uint256 rate) external pure returns (uint256) {
        return AuctionMath.incomeDown(maintenance, marginBalance, rate);
    }

    function penaltyOf(
        uint256 rate,
        uint256 maintenance,
        int256 value,
        uint256 income
    ) external pure returns (uint256) {
        return AuctionMath.penaltyOf(rate, maintenance, value, income);
    }

    function maxFractionUp(AuctionMath.FractionInput memory input) external pure returns (uint256) {
        return AuctionMath.maxFractionUp(input);
    }

    function deleverageFractionUp(
        int256 marginBalance,
        uint256 penalty,
        uint256 linearMargin,
        uint256 sizeMargin,
        uint256 blindMargin,
        uint256 targetRatio
    ) external pure returns (uint256) {
        return
            AuctionMath.deleverageFractionUp(
                marginBalance,
                penalty,
                linearMargin,
                sizeMargin,
                blindMargin,
                targetRatio
            );
    }
}
